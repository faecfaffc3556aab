"""Look at every web address in the bundled data: syntax, scheme, denied domains; with ``--online`` whether it answers.

Offline by default, and a test. Online it asks for the head of each page, one after the other and a second apart for
each host, and prints what does not answer; nothing is stored, and no address is changed: that is for a person to do.
"""

import argparse
import csv
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (ROOT / "src" / "counterpoise" / "data", ROOT / "src" / "counterpoise" / "sources")
DENIED = Path(__file__).with_name("denied_domains.csv")
SUFFIXES = {".csv", ".yml", ".md"}
_ADDRESS = re.compile(r"\b[a-z][a-z+.-]{1,9}://[^\s\"'<>]+", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_CACHE = re.compile(r"\+?&cd=\d+|&ct=clnk")


class Place(NamedTuple):
    """Where an address stands."""

    file: Path
    line: int


def addresses(folders: Iterable[Path] = FOLDERS) -> dict[str, Place]:
    """Return every address in the data, with the first place where it stands."""
    found: dict[str, Place] = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in SUFFIXES):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for address in _addresses(line, prose=path.suffix == ".md"):
                found.setdefault(address, Place(path, number))
    return found


def _addresses(line: str, *, prose: bool) -> Iterator[str]:
    for raw in _ADDRESS.findall(line):
        # cells of a CSV end at a comma, several addresses are parted by a semicolon; a sentence ends with a full stop
        for part in re.split(r"[,;|](?=[a-z]+://|$)|,(?=[^/]*$)", raw):
            address = part.rstrip(".,;:`" if prose else ",;`")
            if address.count(")") > address.count("("):
                address = address.rstrip(").,;")
            if "://" in address:
                yield address


def denied_domains() -> dict[str, str]:
    """Return the domains that are never a source, each with the reason."""
    with DENIED.open(encoding="utf-8", newline="") as file:
        return {row["domain"]: row["reason"] for row in csv.DictReader(file)}


def fault_of(address: str, denied: Mapping[str, str]) -> str | None:
    """Return what is wrong with an address as it is written, or None."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        return str(error)
    labels = host.split(".")
    named = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    names = (".".join(labels[i:]) for i in range(len(labels)))
    faults = {
        f"scheme {parts.scheme}, not http or https": parts.scheme not in {"http", "https"},
        f"host {host!r}, which is no public name": not named,
        "a port or a user's name in it": port is not None or parts.username is not None,
        "a character that no address has": not address.isprintable() or "\\" in address,
        "the end of a search engine's copy of the page": _CACHE.search(address) is not None,
        **{f"{name}: {denied[name]}": True for name in names if name in denied},
    }
    return next((fault for fault, found in faults.items() if found), None)


def answer_of(address: str, *, timeout: float = 20) -> str:
    """Return 'ok', 'moved to …', or what happened instead; no file of this machine is opened."""
    for method in ("HEAD", "GET"):
        request = urllib.request.Request(
            address, method=method, headers={"User-Agent": "counterpoise-link-check"}
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                there = str(answer.url)
            return "ok" if there.rstrip("/") == address.rstrip("/") else f"moved to {there}"
        except urllib.error.HTTPError as error:
            if method == "HEAD" and error.code in {403, 405, 501}:
                continue  # some servers know no HEAD
            return f"HTTP {error.code}"
        except (OSError, ValueError) as error:
            return " ".join(str(getattr(error, "reason", error)).split()) or type(error).__name__
    return "HTTP 405"


def online(found: Mapping[str, Place], *, pause: float = 1.0) -> Iterator[tuple[str, str]]:
    """Yield each address with its answer, never two to a host within ``pause`` seconds."""
    asked: dict[str, float] = {}
    for address in found:
        host = urlsplit(address).netloc
        time.sleep(max(0.0, asked.get(host, 0.0) + pause - time.monotonic()))
        yield address, answer_of(address)
        asked[host] = time.monotonic()


def main() -> int:
    """Print faults, and with ``--online`` what does not answer; 1 if there is any."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--online", action="store_true", help="ask every server (takes long)")
    wanted = parser.parse_args()
    found = addresses()
    denied = denied_domains()
    faults = {address: fault for address in found if (fault := fault_of(address, denied))}
    if wanted.online:
        sound = {address: place for address, place in found.items() if address not in faults}
        faults |= {address: answer for address, answer in online(sound) if answer != "ok"}
    for address, fault in faults.items():
        place = found[address]
        print(f"{place.file.relative_to(ROOT)}, line {place.line}: {address}: {fault}")
    print(f"{len(found)} addresses, {len(faults)} with a fault.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
