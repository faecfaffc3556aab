"""The folder of downloads beside an archive: documents as they came, what is known of each address, and the ledger.

Everything in it can be deleted: figures are in the archive. Each file is written whole or not at all, except the
beginning of a document whose download was cut off, which is kept so that the rest can be asked for.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from filelock import FileLock, Timeout

from counterpoise.errors import SourceError
from counterpoise.provenance import sha256_of

__all__ = ["Downloads", "Kept", "downloads_folder", "no_room"]


def downloads_folder(archive: Path) -> Path:
    """Return where the downloads of an archive lie."""
    return archive.with_name(f"{archive.name}.sync")


def no_room(folder: Path, error: OSError) -> SourceError:
    """Return the sentence for a folder that cannot be written."""
    return SourceError(
        expected="room and permission to keep downloads",
        found=error.strerror or str(error),
        where=str(folder),
        hint="free some space, or choose another place with --archive; figures stored before are kept",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of an address since it last answered.

    Parameters
    ----------
    url
        The address that was asked for.
    sha256, content_type
        Of the document that is kept.
    etag, last_modified
        What the server said, for asking whether it has changed.
    first_seen_at, changed_at, checked_at
        UTC times: first answer, last answer with other bytes, last answer at all.
    said
        What was said of the document elsewhere (the entry of a feed) when it was fetched.
    """

    url: str
    sha256: str
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    first_seen_at: str = ""
    changed_at: str = ""
    checked_at: str = ""
    said: str = ""


class Downloads:
    """The folder, and the files in it.

    Parameters
    ----------
    folder
        Made when something is first written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def body(self, url: str) -> Path:
        """Return the file of the document of an address."""
        return self._file(url, "body")

    def part(self, url: str) -> Path:
        """Return the file for the beginning of a document."""
        return self._file(url, "part")

    def _file(self, url: str, suffix: str) -> Path:
        return self.folder / "documents" / f"{sha256_of(url.encode())[:24]}.{suffix}"

    def kept(self, url: str) -> Kept | None:
        """Return what is known of an address; None if nothing is, or its document is not whole."""
        try:
            said = json.loads(self._file(url, "json").read_bytes())
            found = Kept(**{field.name: str(said[field.name]) for field in fields(Kept)})
            whole = sha256_of(self.body(url).read_bytes()) == found.sha256 and found.url == url
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if whole else None

    def keep(self, kept: Kept, content: bytes | None = None) -> None:
        """Write what is known of an address, and its document if it is another one."""
        if content is not None:
            self._write(self.body(kept.url), content)
        self._write(self._file(kept.url, "json"), json.dumps(asdict(kept), indent=1).encode())

    def erase(self, url: str) -> None:
        """Drop a document, its beginning, and what is known of its address."""
        self.forget(url)
        for suffix in ("body", "json"):
            self._file(url, suffix).unlink(missing_ok=True)

    def distrust(self, url: str) -> None:
        """Let a document that could not be read be sent whole again, whatever its server says of changes."""
        kept = self.kept(url)
        if kept is not None:
            self.keep(replace(kept, etag="", last_modified="", said=""))

    def validator(self, url: str) -> str:
        """Return the strong validator under which the beginning of a document is kept; empty if none is."""
        try:
            return self._file(url, "part-of").read_text(encoding="utf-8") if self.part(url).exists() else ""
        except (OSError, UnicodeDecodeError):
            return ""

    def begin(self, url: str, validator: str) -> None:
        """Note under which validator a document is about to be written to ``part``; none: it cannot be resumed."""
        self.forget(url)
        self.part(url).parent.mkdir(parents=True, exist_ok=True)
        if validator:
            self._write(self._file(url, "part-of"), validator.encode())

    def forget(self, url: str) -> None:
        """Drop the beginning of a document."""
        self.part(url).unlink(missing_ok=True)
        self._file(url, "part-of").unlink(missing_ok=True)

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def append_line(self, name: str, line: str) -> None:
        """Add a line to a file of lines; a line half written by a killed run is left alone, on its own line."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / name).open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    line = f"\n{line}"
            file.write(f"{line}\n".encode())

    def lines(self, name: str) -> Iterator[str]:
        """Yield the lines of a file of lines; none if there is none."""
        try:
            text = (self.folder / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return
        yield from text.splitlines()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder for one run.

        Raises
        ------
        SourceError
            If another run holds it, or it cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / "lock", timeout=0):
                yield
        except Timeout as error:
            raise SourceError(
                expected="to be the only 'counterpoise sync' of this archive",
                found="another one that is running",
                where=str(self.folder),
                hint="wait for it to end; nothing was changed",
            ) from error
        except OSError as error:
            raise no_room(self.folder, error) from error
