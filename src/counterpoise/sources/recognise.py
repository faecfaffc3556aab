"""What a document is, told by its content and never by its name."""

import zipfile
import zlib
from enum import StrEnum
from io import BytesIO

from counterpoise.errors import InputError
from counterpoise.sources.eurostat import is_answer, is_bulk

__all__ = ["ACCEPTED", "DocumentKind", "recognise"]

ACCEPTED = (
    "Frontex's workbook of monthly detections (.xlsx), a bulk file of Eurostat (.tsv, .tsv.gz) or an answer of its API "
    "(JSON), a table of UNHCR, of IOM or of landings in Italy, our observation columns as CSV or Parquet, or any long "
    "CSV or Parquet with a mapping file"
)

MAX_UNPACKED_BYTES = 500_000_000
"""Largest workbook that is unpacked; the publisher's own has 5 MB. More is a broken or hostile file."""


class DocumentKind(StrEnum):
    """The kinds of document that can be read."""

    WORKBOOK = "workbook"
    EUROSTAT = "eurostat"
    EUROSTAT_ANSWER = "eurostat_answer"
    CSV = "csv"
    PARQUET = "parquet"


_OTHER_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "an older Excel file (.xls) or a locked workbook",
        "save it as .xlsx without a password",
    ),
    (b"%PDF", "a PDF file", "use the publisher's workbook, or type the figures into a CSV"),
    (b"\x1f\x8b", "a gzip-compressed file", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd-compressed file", "unpack it first"),
    (b"ARROW1", "an Arrow file", "save it as Parquet"),
    (b"SQLite format 3", "a database", "write the figures as CSV or Parquet"),
)


def recognise(content: bytes, where: str) -> DocumentKind:
    """Return what kind of document the bytes are.

    Raises
    ------
    InputError
        If they are none that can be read; the sentence says what they look like and what is accepted.
    """
    if not content.strip():
        raise _refusal("an empty file", where, "check that the download was complete")
    if is_bulk(content):
        return DocumentKind.EUROSTAT
    if is_answer(content):
        return DocumentKind.EUROSTAT_ANSWER
    for start, name, hint in _OTHER_KINDS:
        if content.startswith(start):
            raise _refusal(name, where, hint)
    if content.startswith(b"PK"):
        return _recognise_zip(content, where)
    if content.startswith(b"PAR1"):
        if not content.endswith(b"PAR1") or len(content) < 12:
            raise _refusal("a Parquet file that is cut off", where, "download or copy it again")
        return DocumentKind.PARQUET
    start_of_text = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if (
        start_of_text.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))
        or b"<html" in start_of_text
    ):
        raise _refusal(
            "an HTML page", where, "open the address in a browser and save the file itself, not the page"
        )
    if start_of_text.startswith((b"<?xml", b"{", b"[")):
        raise _refusal("an XML or JSON document", where, "convert it to CSV or Parquet")
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refusal("binary data", where, "give one of these")
    return DocumentKind.CSV


def _recognise_zip(content: bytes, where: str) -> DocumentKind:
    again = "download or copy it again"
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            unpacked = sum(item.file_size for item in archive.infolist())
            if unpacked > MAX_UNPACKED_BYTES:
                raise _refusal(f"a file that unpacks to {unpacked / 1e6:,.0f} MB", where, again)
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError) as error:
        raise _refusal(
            f"a workbook or zip file that is cut off or damaged ({error})", where, again
        ) from error
    if damaged is not None:
        raise _refusal(f"a workbook or zip file whose part {damaged} is damaged", where, again)
    if "xl/workbook.xml" in names:
        return DocumentKind.WORKBOOK
    if "word/document.xml" in names:
        raise _refusal("a Word document", where, "give one of these")
    raise _refusal("a zip file without a workbook in it", where, "unpack it and give the file inside")


def _refusal(found: str, where: str, hint: str) -> InputError:
    return InputError(expected=ACCEPTED, found=found, where=where, hint=hint)
