"""``observations`` and ``trace`` on the bundled figures and on a small archive."""

import json
from pathlib import Path

import polars as pl
import pytest

from counterpoise.observations.store import append_batch
from tests.cli.conftest import Cli
from tests.observations.builders import batch

HEADER = ["stage", "version", "as_of", "seed", "result_id"]
IRQ = ("--corridor", "eastern-borders", "--nationality", "IRQ", "--measure", "detections")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.duckdb"
    append_batch(path, batch("2021-08-04", {("BY-PL", "IRQ", "2021-05"): 10, ("BY-LT", "SYR", "2021-05"): 3}))
    append_batch(path, batch("2021-09-04", {("BY-PL", "IRQ", "2021-05"): 12}))
    return path


def test_what_there_is(cli: Cli) -> None:
    ended = cli("observations")
    assert ended.code == 0
    assert "frontex.ibc" in ended.out
    assert ended.err == ""


def test_figures_of_a_corridor(cli: Cli, small: Path) -> None:
    words = ("observations", "--corridor", "eastern-borders", "--archive", small)
    answer = cli(*words, "--json", "--small-counts", "--as-of", "2021-08-20").answer
    assert list(answer)[:5] == HEADER
    assert answer["as_of"] == "2021-08-20"
    ours = [r for r in answer["observations"] if r["dataset"] == "test.flow"]
    assert [(r["nationality"], r["value"], r["known_on"]) for r in ours] == [
        ("IRQ", 10.0, "2021-08-04"),
        ("SYR", 3.0, "2021-08-04"),
    ]
    exported = cli(*words, "--json", "--as-of", "2021-08-20").answer["observations"]
    assert [(r["value"], r["flag"]) for r in exported if r["dataset"] == "test.flow"] == [
        (None, "suppressed"),  # 10, withheld: it would give the 3 away
        (None, "suppressed"),
    ]
    newest = cli(*words, "--json").answer["observations"]
    assert [(r["nationality"], r["value"]) for r in newest if r["dataset"] == "test.flow"] == [("IRQ", 12.0)]


def test_the_same_question_has_the_same_id_and_another_another(cli: Cli) -> None:
    ids = [
        cli("observations", *IRQ, "--json", *more).answer["result_id"]
        for more in ((), (), ("--since", "2021-01-01"))
    ]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".json"])
def test_figures_into_a_file(cli: Cli, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"figures{suffix}"
    ended = cli("observations", *IRQ, "--since", "2021-06-01", "--as-of", "2021-09-15", "--out", out)
    assert (ended.code, ended.out) == (0, "")
    match suffix:
        case ".csv":
            values = pl.read_csv(out).filter(dataset="frontex.ibc")["value"]
        case ".parquet":
            values = pl.read_parquet(out).filter(dataset="frontex.ibc")["value"]
        case _:
            rows = json.loads(out.read_text())["observations"]
            values = [r["value"] for r in rows if r["dataset"] == "frontex.ibc"]
    assert next(iter(values)) == 352


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("observations", "--as-of", "yesterday"), 2, "'yesterday'"),
        (("observations", "--as-of", "2021-02-30"), 2, "'2021-02-30'"),
        (("observations", "--corridor", "eastern-border"), 2, "eastern-borders"),
        (("observations", "--corridor", "BY-PL", "--measure", "residence_permits"), 1, "none known"),
        (("observations", "--measure", "detection"), 2, "detections"),
        (("observations", "--nationality", "Iraq"), 2, "'Iraq'"),
        (("observations", "--out", "figures.docx"), 2, ".docx"),
        (("observations", "--since", "soon"), 2, "'soon'"),
        (("observations", "--archive", "nowhere.duckdb"), 2, "nowhere.duckdb"),
        (("observations", "--no-such-option"), 2, "--no-such-option"),
        (("detect", "--as-of", "1990-01-01"), 1, "none known"),
        (("detect", "--corridor", "easter-borders"), 2, "eastern-borders"),
        (("trace",), 2, "--corridor"),
        (("trace", "brief.html"), 2, "brief.html"),
        (("trace", "nowhere.html", "1"), 2, "nowhere.html"),
        (("trace", "detect-0123456789abcdef", "IRQ"), 2, "'IRQ'"),
        (("trace", *IRQ), 2, "--period"),
        (("trace", *IRQ, "--period", "June"), 2, "'June'"),
        (("trace", *IRQ, "--period", "2021-06", "--as-of", "2021-06-30"), 1, "none known"),
        (("trace", "--corridor", "BY-PL", "--measure", "detection", "--period", "2021"), 2, "detections"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_questions_have_one_sentence(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = cli(*words)
    assert ended.code == code, ended.err
    assert said in ended.sentence
    assert ended.out == ""
    as_json = cli(*words, "--json")
    assert as_json.code == code
    assert set(as_json.answer["error"]) == {"class", "expected", "found", "where", "hint"}


def test_trace_by_corridor_measure_and_period(cli: Cli) -> None:
    ended = cli("trace", *IRQ, "--period", "2021-06", "--as-of", "2021-09-15")
    assert ended.code == 0
    assert "352 events" in ended.out
    assert "SHA-256" in ended.out
    answer = cli("trace", *IRQ, "--period", "2021-06", "--as-of", "2021-09-15", "--json").answer
    assert list(answer)[:5] == HEADER
    assert [f["value"] for f in answer["figures"]] == [352]
    assert all(row["document"] in {d["document"] for d in answer["documents"]} for row in answer["rows"])


@pytest.mark.parametrize(
    "options", [("--corridor", "eastern-borders"), IRQ[:4]], ids=["corridor", "nationality"]
)
def test_trace_by_result_and_key(cli: Cli, options: tuple[str, ...]) -> None:
    found = cli("detect", *options, "--as-of", "2021-09-15", "--json").answer
    alarm = next(a for a in found["alarms"] if (a["nationality"], a["period_start"]) == ("IRQ", "2021-06-01"))
    key = "eastern-borders/IRQ/detections/2021-06"
    ended = cli("trace", found["result_id"], key, "--as-of", "2021-09-15", "--json")
    assert [f["value"] for f in ended.answer["figures"]] == [alarm["observed"]]


def test_a_result_of_another_day_is_not_traced(cli: Cli) -> None:
    ended = cli("trace", "detect-0123456789abcdef", "eastern-borders/IRQ/detections/2021-06")
    assert ended.code == 2
    assert "detect-0123456789abcdef" in ended.sentence


def test_trace_by_brief_and_number(cli: Cli, tmp_path: Path) -> None:
    brief = tmp_path / "brief.html"
    assert cli("brief", "belarus-eu-2021", "--as-of", "2021-09-15", "--out", brief).code == 0
    answer = cli("trace", brief, "1", "--json").answer
    assert answer["citation"]["value"] == answer["figures"][0]["value"]
    assert answer["as_of"] == "2021-09-15"
    assert answer["citation"]["text"] in cli("trace", brief, "1").out
    missing = cli("trace", brief, "9999")
    assert missing.code == 2
    assert "'9999'" in missing.sentence
    brief.write_text("<html></html>")
    assert "list of numbers" in cli("trace", brief, "1").sentence


def test_trace_of_another_result_says_what_it_takes_and_how_to_make_the_result_again(cli: Cli) -> None:
    for words in (("attribute-ee98153d0639be64",), ("attribute-ee98153d0639be64", "a/b/c/d")):
        ended = cli("trace", *words)
        assert ended.code == 2
        assert "a brief and a number" in ended.sentence
        assert "made again by its own command with the same --as-of" in ended.sentence


def test_a_trace_withholds_small_counts_of_nationalities(cli: Cli) -> None:
    words = ("trace", "--corridor", "eastern-borders", "--measure", "detections", "--period", "2021-07")
    open_rows = [row for row in cli(*words, "--small-counts", "--json").answer["rows"] if row["sign"]]
    small = [row for row in open_rows if row["nationality"] != "TOTAL" and 1 <= row["value"] < 10]
    assert small, "or this tests nothing"
    traced = cli(*words, "--json").answer
    shown = [row["value"] for row in traced["rows"] if row["nationality"] != "TOTAL" and row["value"]]
    assert min(shown) >= 10
    assert sum(row["value"] for row in traced["figures"]) == sum(
        row["value"] * row["sign"] for row in open_rows
    )
    text = cli(*words).out
    assert "withheld" in text
    assert "--small-counts" in text
    one = ("trace", "--corridor", "eastern-borders", "--nationality", small[0]["nationality"], *words[3:])
    assert {row["value"] for row in cli(*one, "--json").answer["figures"]} == {None}
