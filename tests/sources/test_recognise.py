import gzip
import io
import zipfile

import polars as pl
import pytest

from counterpoise.errors import InputError
from counterpoise.observations.corridors import load_corridors
from counterpoise.sources import read_document
from counterpoise.sources import recognise as recognise_module
from counterpoise.sources.recognise import ACCEPTED, DocumentKind, recognise
from counterpoise.sources.tables import parse_parquet
from tests.sources.builders import CSV_HEAD, CSV_ROWS, columns_csv, parquet, parse, workbook


def zipped(name):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "content")
    return buffer.getvalue()


def damaged(content):
    """Return a workbook with one byte of a compressed part changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        item = max(archive.infolist(), key=lambda part: part.compress_size)
    middle = item.header_offset + 30 + len(item.filename) + item.compress_size // 2
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (workbook(), DocumentKind.WORKBOOK),
        (columns_csv(), DocumentKind.CSV),
        (b"\xef\xbb\xbf" + columns_csv(), DocumentKind.CSV),
        (parquet(pl.DataFrame({"a": [1]})), DocumentKind.PARQUET),
    ],
)
def test_the_kind_is_told_by_content(content, kind):
    assert recognise(content, "misleading.pdf") is kind


REFUSED = [
    ("truncated workbook", workbook()[:-200], "cut off or damaged"),
    ("start of a workbook", workbook()[:50], "cut off or damaged"),
    ("damaged workbook", damaged(workbook()), "damaged"),
    ("HTML named .xlsx", b"<!DOCTYPE html><html><body>Not found</body></html>", "an HTML page"),
    ("HTML with blanks before", b"\n\n  <HTML lang='en'>", "an HTML page"),
    ("empty", b"", "an empty file"),
    ("only blanks", b" \n\n", "an empty file"),
    ("old Excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "older Excel"),
    ("PDF", b"%PDF-1.7\n", "a PDF"),
    ("gzip in gzip", gzip.compress(gzip.compress(columns_csv())), "gzip"),
    ("Word", zipped("word/document.xml"), "a Word document"),
    ("zip", zipped("figures.csv"), "a zip file without a workbook"),
    ("truncated Parquet", parquet(pl.DataFrame({"a": [1]}))[:-10], "cut off"),
    ("JSON", b'{"figures": []}', "XML or JSON"),
    ("binary", bytes(range(256)), "binary data"),
]


@pytest.mark.parametrize(("content", "found"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_cannot_be_read_is_refused_with_what_can(content, found):
    with pytest.raises(InputError) as caught:
        parse(content, "figures.xlsx")

    assert found in caught.value.found
    assert caught.value.expected == ACCEPTED
    assert caught.value.where == "figures.xlsx"
    assert caught.value.exit_code == 2


UNREADABLE = [
    ("UTF-16", columns_csv().decode().encode("utf-16"), "UTF-16"),
    ("Latin-1", columns_csv(*CSV_ROWS[:1], "Côte").decode().encode("latin-1"), "line 3"),
    ("column twice", columns_csv(head="corridor,corridor,measure,period_start,frequency,value"), "stands twice"),
    ("longer row", columns_csv("BY-PL,IRQ,detections,2021-08-01,M,1,2,3,4"), "more"),
    ("no row", columns_csv().split(b"\n", 1)[0] + b"\n", "no row with a figure"),
    ("column without a name", columns_csv(f"{CSV_ROWS[0]},9", head=f"{CSV_HEAD},"), "column 7 has no name"),
    ("damaged Parquet", b"PAR1" + bytes(40) + b"PAR1", "cannot be read"),
    ("day of no calendar", parquet(pl.select(d=pl.lit(2**30).cast(pl.Int32).cast(pl.Date))), "cannot be read"),
    ("lists in Parquet", parquet(pl.DataFrame({"value": [[1, 2]]})), "lists, records or bytes in value"),
    ("reserved name", columns_csv("1", head="_row"), "reserved"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "found"), [c[1:] for c in UNREADABLE], ids=[c[0] for c in UNREADABLE])
def test_a_table_that_is_none_is_refused_in_one_sentence(content, found):
    with pytest.raises(InputError) as caught:
        parse(content)

    assert found in caught.value.found
    assert "\n" not in str(caught.value)


def test_a_workbook_that_unpacks_to_far_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(recognise_module, "MAX_UNPACKED_BYTES", 1_000)

    with pytest.raises(InputError) as caught:
        parse(workbook(), "ibc.xlsx")

    assert "unpacks to" in caught.value.found


def test_a_workbook_takes_no_mapping():
    mapping = (
        "{dataset: user.a, columns: {}, constants: {corridor: BY-PL, nationality: IRQ, measure: detections,"
    )
    mapping += " period_start: 2021-08-01, frequency: M, value: 1, known_on: 2021-10-01}}"

    with pytest.raises(InputError) as caught:
        parse(workbook(), "ibc.xlsx", mapping)

    assert caught.value.found == "an Excel workbook"


def test_read_document_reads_what_parse_document_parses(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_bytes(columns_csv())

    assert read_document(path).observations.equals(parse(columns_csv()).observations)
    assert read_document(path, registry=load_corridors()).notes == parse(columns_csv()).notes
    assert [item.name for item in tmp_path.iterdir()] == ["figures.csv"]


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_path_that_cannot_be_read_is_refused(tmp_path, name):
    with pytest.raises(InputError) as caught:
        read_document(tmp_path / name)

    assert caught.value.expected == "a file that can be read"


def test_a_damaged_parquet_file_never_ends_the_process(tmp_path):
    """Polars asks for 2 exbibytes when the lengths of a page are damaged so; a later reader must not."""
    import random

    whole = parquet(pl.DataFrame({"corridor": ["BY-PL"] * 9, "value": [*range(8), None]}))
    rng = random.Random(6)
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(3):
            data[rng.randrange(4, len(data) - 8)] ^= 1 << rng.randrange(8)
        try:
            parse_parquet(bytes(data), "figures.parquet")
        except InputError:
            continue
