"""Every reader of bytes from outside, each with a document it reads: what the fuzzers change."""

import gzip
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from counterpoise.cases.sheets import parse_csv_tables, parse_workbook_tables
from counterpoise.observations.corrections import parse_corrections
from counterpoise.observations.corridors import load_corridors
from counterpoise.sources.acts.candidates import read_candidates
from counterpoise.sources.bulletins.documents import figures_of, read_bulletins
from counterpoise.sources.bulletins.pages import parse_page
from counterpoise.sources.bulletins.review import read_reviewed
from counterpoise.sources.cards import parse_card
from counterpoise.sources.mapping import parse_mapping
from counterpoise.sources.read import parse_document
from counterpoise.sources.sync.decode import Unpacker, UnpackError, decode_text
from counterpoise.sources.sync.links import links_of
from tests.observations.test_corrections import ENTRY
from tests.sources.builders import columns_csv, parquet, workbook
from tests.sources.sync.test_bulletins import FIRST, NOTE, SECOND, feed, page
from tests.sources.test_eurostat import content as bulk
from tests.sources.test_eurostat_answer import cube
from tests.sources.test_published import APPLICATIONS, DAILY, INCIDENTS, RUNNING

CARD = Path(__file__).resolve().parents[2] / "src/counterpoise/sources/frontex/source.yml"
MAPPING = b"""dataset: my.flow
columns: {corridor: where, nationality: who, period_start: month, value: n}
constants: {measure: detections, frequency: M, known_on: 2022-01-10}
"""
LONG = b"month,where,who,n\n2021-08-01,BY-PL,IRQ,5\n2021-09-01,BY-PL,IRQ,7\n"


@dataclass(frozen=True, kw_only=True)
class Parser:
    """A reader, and a document it takes."""

    seed: bytes
    read: Callable[[bytes], object]


def _document(content: bytes) -> object:
    return parse_document(content, path=Path("document"), mapping=None, registry=load_corridors())


def _mapped(content: bytes) -> object:
    rules = parse_mapping(MAPPING, "mapping.yml")
    return parse_document(content, path=Path("long.csv"), mapping=rules, registry=load_corridors())


def _in_a_file(read: Callable[[Path], object], name: str) -> Callable[[bytes], object]:
    def written(content: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            return read(path)

    return written


def _bulletins(path: Path) -> object:
    return [figures_of(bulletin) for bulletin in read_bulletins(path)]


def _unpacked(content: bytes) -> object:
    unpacker = Unpacker("gzip", 1_000_000)
    try:
        pieces = [piece for i in range(0, len(content), 97) for piece in unpacker.feed(content[i : i + 97])]
        unpacker.finish()
    except UnpackError:
        return None
    return pieces


def _web(content: bytes) -> object:
    text = decode_text(content, content_type="text/html; charset=windows-1257", where="page")
    return parse_page(text, name="page"), links_of(text, base="https://a.example/", pattern=r"\d")


def _jsonl() -> bytes:
    lines = [
        {"id": str(i), "text": NOTE.format(n=i), "lang": "lt", "published": "2026-03-01"} for i in (1, 2, 30)
    ]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


def _case_tables() -> tuple[bytes, bytes]:
    from counterpoise.cases.load import load_case
    from counterpoise.cases.sheets import render_csv_tables, render_workbook_tables
    from counterpoise.cases.tables import tables_of

    tables = tables_of(load_case("russia-finland-2023"))
    return render_csv_tables(tables), render_workbook_tables(tables)


def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _parquet() -> bytes:
    import polars as pl

    return parquet(pl.read_csv(io.BytesIO(columns_csv())))


def parsers() -> dict[str, Parser]:
    """Return all of them by name."""
    case_csv, case_workbook = _case_tables()
    feed_seed = feed(FIRST, SECOND)
    documents = {
        "workbook": workbook(),
        "our columns": columns_csv(),
        "parquet": _parquet(),
        "Eurostat, bulk": bulk(),
        "Eurostat, gzipped": _gzipped(bulk()),
        "Eurostat, answer": json.dumps(cube()).encode(),
        "UNHCR": APPLICATIONS.write_csv().encode(),
        "IOM": INCIDENTS.encode(),
        "Italy, days": DAILY.encode(),
        "Italy, totals": RUNNING.encode(),
    }
    others = {
        "a long table": (LONG, _mapped),
        "mapping file": (MAPPING, lambda c: parse_mapping(c, "mapping.yml")),
        "source card": (CARD.read_bytes(), lambda c: parse_card(c, "source.yml")),
        "corrections": (
            ENTRY.format(corrected="", id="a").encode(),
            lambda c: parse_corrections(c, "corrections.yml"),
        ),
        "feed of bulletins": (feed_seed, _in_a_file(_bulletins, "feed.xml")),
        "page of a bulletin": (page(NOTE.format(n=12)), _in_a_file(_bulletins, "page.html")),
        "bulletins as JSON lines": (_jsonl(), _in_a_file(_bulletins, "notes.jsonl")),
        "text of a bulletin": (NOTE.format(n=12).encode(), _in_a_file(_bulletins, "note.txt")),
        "reviewed figures": (
            b"key,id,text,published,why,sentence,date,corridor,measure,period,value,decision\n"
            b"abc,a,1f,2026-03-01,time,12 people,2026-02-28,BY-LT,prevented,day,12,accept\n",
            _in_a_file(read_reviewed, "reviewed.csv"),
        ),
        "feed of acts": (feed_seed, _in_a_file(read_candidates, "acts.xml")),
        "body of an answer": (_gzipped(bulk() * 20), _unpacked),
        "page of the web": (page(NOTE.format(n=12) + '<a href="/x/1">y</a>'), _web),
        "case as CSV": (case_csv, lambda c: parse_csv_tables(c, "case.csv")),
        "case as a workbook": (case_workbook, lambda c: parse_workbook_tables(c, "case.xlsx")),
    }
    return {
        **{name: Parser(seed=seed, read=_document) for name, seed in documents.items()},
        **{name: Parser(seed=seed, read=read) for name, (seed, read) in others.items()},
    }
