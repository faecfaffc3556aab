"""Bytes of an answer as they are meant: unpacked within a limit, and text in the charset it really has."""

import re
import zlib
from collections.abc import Iterator

from counterpoise.errors import SourceError

__all__ = ["UnpackError", "Unpacker", "decode_text"]

_PIECE = 256 * 1024
_CHARSET = re.compile(
    rb"""(?:charset\s*=\s*["']?|encoding\s*=\s*["'])\s*([a-z0-9_\-]{2,20})""", re.IGNORECASE
)
_WEB_CHARSETS = re.compile(r"utf-?8|us-?ascii|windows-?125[0-8]|iso-?8859-?\d{1,2}|utf-?16(le|be)?|koi8-[ru]")
"""Those that occur on the web; Python knows others that are no text, or slow."""


class UnpackError(Exception):
    """A body is not packed as its server says, or unpacks to more than is allowed."""


class Unpacker:
    """Undo the content coding of a body piece by piece, never holding more than a piece of it.

    Parameters
    ----------
    coding
        The header ``Content-Encoding``.
    limit_bytes
        Most bytes that may come out.
    """

    def __init__(self, coding: str, limit_bytes: int) -> None:
        self._left = limit_bytes
        self.coding = coding.strip().lower()
        match self.coding:
            case "" | "identity":
                self._inflate = None
            case "gzip" | "x-gzip":
                self._inflate = zlib.decompressobj(wbits=31)
            case "deflate":
                self._inflate = zlib.decompressobj()
            case other:
                raise UnpackError(f"a body packed as {other!r}, which was not asked for")

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield what a piece unpacks to."""
        if self._inflate is None:
            yield self._counted(piece)
            return
        while not self._inflate.eof:
            try:
                found = self._inflate.decompress(piece, _PIECE)
            except zlib.error as error:
                raise UnpackError(f"a body that says it is {self.coding} and is not") from error
            yield self._counted(found)
            piece = self._inflate.unconsumed_tail
            if not piece and len(found) < _PIECE:
                return

    def finish(self) -> None:
        """Raise if the packed body ended too early."""
        if self._inflate is not None and not self._inflate.eof:
            raise UnpackError(f"a {self.coding} body that is cut off")

    def _counted(self, piece: bytes) -> bytes:
        self._left -= len(piece)
        if self._left < 0:
            raise UnpackError("more than the card's limit")
        return piece


def decode_text(content: bytes, *, content_type: str, where: str) -> str:
    """Return the text of a page or feed.

    Bytes that are UTF-8 are read as UTF-8 whatever is said of them: nothing else looks like it by chance. Else the
    charset of the header holds, then the one the document names.

    Raises
    ------
    SourceError
        If the bytes are in none of these.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        said = ["utf-16"]
    else:
        heads = (content_type.encode("ascii", "replace"), content[:2048])
        said = [found[1].decode("ascii").lower() for head in heads if (found := _CHARSET.search(head))]
    for name in said:
        if _WEB_CHARSETS.fullmatch(name):
            try:
                return content.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
    raise SourceError(
        expected="text in UTF-8, or in the charset the page names",
        found=f"bytes that are not {' nor '.join(dict.fromkeys(['utf-8', *said]))}",
        where=where,
        hint="nothing was stored; if it stays so, save the page as UTF-8 and give it to 'counterpoise bulletins'",
    )
