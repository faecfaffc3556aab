"""One document from one address: asked for politely, bounded in time and size, and taken up where it was cut off.

Nothing of an answer is trusted: its length, packing, type and redirects are checked while it comes, and what is not
whole never takes the place of what was there before.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from counterpoise.errors import SourceError
from counterpoise.provenance import sha256_of, version
from counterpoise.sources.sync.address import is_same_site, resolve
from counterpoise.sources.sync.decode import Unpacker, UnpackError
from counterpoise.sources.sync.downloads import Downloads, Kept
from counterpoise.sources.sync.limits import Limits

__all__ = ["Clock", "Wanted", "get_document", "open_client"]

_ABSENT = frozenset({httpx.codes.NOT_FOUND, httpx.codes.GONE})
_KEPT = "what was there before is kept"
_BY_HAND = f"download it by hand and give it to 'counterpoise ingest'; {_KEPT}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Time, as tests may replace it."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A document that is wanted.

    Parameters
    ----------
    url
        Where it is fetched.
    where
        What to call it in a sentence.
    limit_bytes
        Most bytes, as sent and unpacked.
    no_page
        Whether an HTML page is not what is wanted.
    optional
        Whether it may be missing (404, 410): nothing is then an empty document, which is not kept.
    said
        What is said of it elsewhere, kept with it.
    """

    url: str
    where: str
    limit_bytes: int
    no_page: bool = False
    optional: bool = False
    said: str = ""


class _AgainError(Exception):
    """Something that may go better in a moment."""

    def __init__(self, found: str, pause_seconds: float | None = None) -> None:
        super().__init__(found)
        self.found = found
        self.pause_seconds = pause_seconds


@asynccontextmanager
async def open_client(limits: Limits) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client that says who it is, trusts the system's certificates, and follows nothing by itself."""
    timeout = httpx.Timeout(limits.silence_seconds, connect=limits.connect_seconds)
    headers = {
        "User-Agent": f"counterpoise/{version()} (aggregate migration statistics; robots.txt is honoured)",
        "Accept": "*/*",
        "Accept-Encoding": "identity",  # a part of a packed body could not be taken up again
    }
    async with httpx.AsyncClient(
        verify=ssl.create_default_context(), timeout=timeout, headers=headers, follow_redirects=False
    ) as client:
        yield client


async def get_document(
    client: httpx.AsyncClient, wanted: Wanted, downloads: Downloads, limits: Limits, clock: Clock
) -> tuple[Kept, bytes]:
    """Return a document, and what is known of its address; from the folder of downloads if it has not changed.

    Raises
    ------
    SourceError
        If it cannot be had whole, in time, and as what it should be. The document kept before is still there.
    """
    longest = limits.total_seconds + wanted.limit_bytes / limits.bytes_per_second
    try:
        async with asyncio.timeout(longest):
            return await _with_patience(client, wanted, downloads, limits, clock)
    except TimeoutError as error:
        raise SourceError(
            expected=f"the whole document within {longest:.0f} seconds",
            found="an answer that comes too slowly",
            where=wanted.where,
            hint=f"run the command again later, it goes on where it can; {_KEPT}",
        ) from error


async def _with_patience(
    client: httpx.AsyncClient, wanted: Wanted, downloads: Downloads, limits: Limits, clock: Clock
) -> tuple[Kept, bytes]:
    pause = limits.first_pause_seconds
    for attempt in range(1, limits.attempts + 1):
        try:
            return await _attempt(client, wanted, downloads, limits, clock)
        except _AgainError as fault:
            asked = fault.pause_seconds
            if attempt == limits.attempts or (asked or 0) > limits.longest_pause_seconds:
                later = f"in {asked:.0f} seconds" if asked else "later"
                raise SourceError(
                    expected=f"the document, in {limits.attempts} attempts",
                    found=fault.found,
                    where=wanted.where,
                    hint=f"run the command again {later}; {_KEPT}",
                ) from fault
            await clock.sleep(min(pause if asked is None else asked, limits.longest_pause_seconds))
            pause *= 2
    raise AssertionError("the last attempt ends in a document or an error")


async def _attempt(
    client: httpx.AsyncClient, wanted: Wanted, downloads: Downloads, limits: Limits, clock: Clock
) -> tuple[Kept, bytes]:
    """Ask once, following redirects of the same site.

    Raises
    ------
    _AgainError
        If the same may go better in a moment.
    """
    before = downloads.kept(wanted.url)
    url = wanted.url
    try:
        for _ in range(limits.redirects + 1):
            headers = _headers(before, downloads, wanted.url)
            async with client.stream("GET", url, headers=headers) as response:
                if not response.has_redirect_location:
                    return await _taken(response, before, wanted, downloads, clock)
                url = _redirected(url, response.headers["Location"], wanted)
    except httpx.TimeoutException as error:
        raise _AgainError("no answer in time") from error
    except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError) as error:
        raise _refusal(wanted, "an address that can be asked", str(error), "correct the card") from error
    except httpx.TransportError as error:
        if _is_certificate(error):
            raise _refusal(
                wanted,
                "a certificate this machine trusts, for this host",
                "another one",
                "look at the site in a browser; behind a proxy, set SSL_CERT_FILE to its certificates",
            ) from error
        raise _AgainError(f"a connection that failed ({_plain(error)})") from error
    raise _refusal(wanted, f"at most {limits.redirects} redirects", "more", "look at it in a browser")


def _headers(before: Kept | None, downloads: Downloads, url: str) -> dict[str, str]:
    """Return the headers that ask for the rest of a document, or only for a new one."""
    validator = downloads.validator(url)
    if validator:
        return {"Range": f"bytes={downloads.part(url).stat().st_size}-", "If-Range": validator}
    headers = {}
    if before is not None and before.etag:
        headers["If-None-Match"] = before.etag
    if before is not None and before.last_modified:
        headers["If-Modified-Since"] = before.last_modified
    return headers


def _redirected(url: str, location: str, wanted: Wanted) -> str:
    target = resolve(url, location)
    if target is None or not is_same_site(wanted.url, target):
        raise _refusal(
            wanted,
            "a redirect within the site",
            f"one to {location[:200]!r}",
            "if the page has moved, correct the address on the source's card",
        )
    return target


async def _taken(
    response: httpx.Response, before: Kept | None, wanted: Wanted, downloads: Downloads, clock: Clock
) -> tuple[Kept, bytes]:
    """Return the document of an answer, and keep it."""
    now = clock.now().isoformat(timespec="seconds")
    status = response.status_code
    asked_for_changes = before is not None and (before.etag or before.last_modified)
    if status == httpx.codes.NOT_MODIFIED and before is not None and asked_for_changes:
        kept = replace(before, checked_at=now, said=wanted.said or before.said)
        content = downloads.body(wanted.url).read_bytes()
        downloads.keep(kept)
        return kept, content
    if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and downloads.validator(wanted.url):
        downloads.forget(wanted.url)  # the document is shorter now: ask for the whole
        raise _AgainError("another length than before", 0)
    if wanted.optional and status in _ABSENT:
        return Kept(url=wanted.url, sha256=sha256_of(b""), checked_at=now), b""
    _require_success(response, wanted, downloads, clock)
    _require_type(response, wanted)
    path = await _written(response, wanted, downloads)
    content = path.read_bytes()
    _require_content(content, response, wanted, downloads)
    sha256 = sha256_of(content)
    same = before is not None and before.sha256 == sha256
    kept = Kept(
        url=wanted.url,
        sha256=sha256,
        content_type=response.headers.get("Content-Type", ""),
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
        first_seen_at=before.first_seen_at if before else now,
        changed_at=before.changed_at if before and same else now,
        checked_at=now,
        said=wanted.said,
    )
    downloads.keep(kept, content)
    downloads.forget(wanted.url)
    return kept, content


def _require_success(response: httpx.Response, wanted: Wanted, downloads: Downloads, clock: Clock) -> None:
    status = response.status_code
    said = f"HTTP status {status}"
    if status == httpx.codes.OK:
        return
    if status == httpx.codes.PARTIAL_CONTENT:
        if _continues(response, wanted.url, downloads):
            return
        downloads.forget(wanted.url)
        raise _AgainError("another part of the document than was asked for", 0)
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= 500:
        raise _AgainError(said, _retry_after(response.headers.get("Retry-After", ""), clock.now()))
    if status in _ABSENT:
        raise _refusal(
            wanted, "a document at this address", said, "if it has moved, correct the source's card"
        )
    refused = status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}
    found = f"{said}: the site does not answer programs" if refused else said
    raise _refusal(wanted, "a document at this address", found, _BY_HAND)


def _continues(response: httpx.Response, url: str, downloads: Downloads) -> bool:
    """Return whether a partial answer begins just where the kept beginning ends, and is of the same document."""
    validator = downloads.validator(url)
    said: str = response.headers.get("Content-Range", "")
    start = f"bytes {downloads.part(url).stat().st_size}-" if validator else ""
    return bool(start) and said.startswith(start) and response.headers.get("ETag", validator) == validator


def _require_type(response: httpx.Response, wanted: Wanted) -> None:
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if wanted.no_page and kind in {"text/html", "application/xhtml+xml"}:
        raise _refusal(wanted, "a document, not a page", f"content type {kind}", _BY_HAND)


async def _written(response: httpx.Response, wanted: Wanted, downloads: Downloads) -> Path:
    """Write the body to the file of beginnings, after what is there already, and return the file.

    Raises
    ------
    _AgainError
        If the body is cut off. What came of it stays, if the server named a strong validator.
    """
    part = downloads.part(wanted.url)
    continued = response.status_code == httpx.codes.PARTIAL_CONTENT
    coding = response.headers.get("Content-Encoding", "")
    etag = response.headers.get("ETag", "")
    if not continued:
        plain = coding.strip().lower() in {"", "identity"}
        downloads.begin(wanted.url, etag if plain and etag.startswith('"') else "")
    size = part.stat().st_size if continued else 0
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and len(length) < 20 and size + int(length) > wanted.limit_bytes:
        raise _too_large(wanted, downloads)
    received = size
    try:
        unpacker = Unpacker(coding, wanted.limit_bytes - size)
        with part.open("ab" if continued else "wb") as file:
            async for piece in response.aiter_raw():
                received += len(piece)
                if received > wanted.limit_bytes:
                    raise _too_large(wanted, downloads)
                for content in unpacker.feed(piece):
                    file.write(content)
        unpacker.finish()
    except UnpackError as fault:
        downloads.forget(wanted.url)
        if "limit" in str(fault):
            raise _too_large(wanted, downloads) from fault
        raise _AgainError(str(fault)) from fault
    total = response.headers.get("Content-Range", "").rpartition("/")[2]
    if continued and total.isdecimal() and str(part.stat().st_size) != total:
        raise _AgainError("a document that is cut off")
    return part


def _require_content(content: bytes, response: httpx.Response, wanted: Wanted, downloads: Downloads) -> None:
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    found = ""
    if not content and not wanted.optional:
        found = "an empty answer"
    elif wanted.no_page and start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        found = f"an HTML page that is called {response.headers.get('Content-Type', 'nothing')[:60]!r}"
    if found:
        downloads.forget(wanted.url)
        raise _refusal(wanted, "a document, not a page", found, _BY_HAND)


def _too_large(wanted: Wanted, downloads: Downloads) -> SourceError:
    downloads.forget(wanted.url)
    return _refusal(
        wanted,
        f"at most {wanted.limit_bytes / 1e6:g} MB, the limit of the source's card",
        "more",
        "look at it in a browser; if it has grown, raise limit_mb on the card",
    )


def _refusal(wanted: Wanted, expected: str, found: str, hint: str) -> SourceError:
    hint = hint if _KEPT in hint else f"{hint}; {_KEPT}"
    return SourceError(expected=expected, found=found, where=wanted.where, hint=hint)


def _retry_after(text: str, now: datetime) -> float | None:
    """Return the seconds a server asks to wait: it says a number or a date."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        day = parsedate_to_datetime(text)
        return max(0.0, (day.replace(tzinfo=day.tzinfo or UTC) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _is_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _plain(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:120] or type(error).__name__
