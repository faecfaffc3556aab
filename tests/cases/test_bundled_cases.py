"""The bundled cases hold what the project promises of them."""

import json
import re
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from counterpoise.cases import list_cases, load_case, parse_case
from counterpoise.cases.template import case_schema_json, case_template
from counterpoise.errors import InputError
from counterpoise.observations.corridors import load_corridors
from counterpoise.vocabulary import Confidence, EventKind, LabelStatus

CASES = list_cases()


@pytest.mark.parametrize("name", CASES)
def test_a_bundled_case_is_valid_and_named_like_its_file(name: str) -> None:
    assert load_case(name).id == name


@pytest.mark.parametrize("name", CASES)
def test_every_source_is_used_and_low_confidence_stays_out(name: str) -> None:
    case = load_case(name)
    entries = [*case.events, *case.responses, *case.harms]
    used = {source for entry in entries for source in entry.sources}
    assert used == {source.id for source in case.sources}
    assert all(entry.confidence is not Confidence.LOW for entry in entries)
    assert all(event.kind is not EventKind.OUTCOME for event in case.events), "counts are observations"


@pytest.mark.parametrize("name", CASES)
def test_a_case_file_is_fit_to_be_read(name: str) -> None:
    lines = (
        files("counterpoise.data").joinpath("cases", f"{name}.yml").read_text(encoding="utf-8").splitlines()
    )
    assert lines[0].startswith("# yaml-language-server: $schema=")
    assert all(len(line) <= 110 for line in lines if "url:" not in line)


def test_the_belarus_case_leaves_ukrainians_out() -> None:
    assert load_case("belarus-eu-2021").left_out_codes == ("UKR",)


def test_the_control_names_no_coercer() -> None:
    case = load_case("ukraine-2022")
    assert case.label_status is LabelStatus.CONTROL
    assert case.actors.coercers == ()
    assert case.left_out_codes == ()


def test_counts_of_deaths_nest_in_one_chain() -> None:
    harms = {harm.id: harm for harm in load_case("belarus-eu-2021").harms}
    for harm in harms.values():
        if harm.nested_in is None:
            continue
        wider = harms[harm.nested_in]
        assert wider.kind == harm.kind
        assert wider.period_start <= harm.period_start
        assert harm.period_end <= wider.period_end
        if harm.value is not None and wider.value is not None:
            assert harm.value <= wider.value


def test_corridors_of_all_cases_exist() -> None:
    registry = load_corridors()
    assert all(corridor in registry for name in CASES for corridor in load_case(name).corridors)


def test_texts_are_our_own(shared: Path) -> None:
    """No run of ten words of the inputs stands in a case, so that sentences stay ours."""
    n = 10

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}

    theirs: set[tuple[str, ...]] = set()
    for name, columns in {
        "events.csv": ["what"],
        "responses.csv": ["what", "claimed_effect"],
        "rights_harms.csv": ["note"],
    }.items():
        frame = pl.read_csv(shared / "facts" / name, infer_schema_length=0)
        for column in columns:
            theirs.update(*(runs(text) for text in frame[column].drop_nulls()))
    for name in CASES:
        case = load_case(name)
        texts = [e.text for e in case.events] + [r.what for r in case.responses]
        texts += [h.note or "" for h in case.harms]
        assert not [text for text in texts if runs(text) & theirs]


def test_the_schema_in_the_docs_is_current(repository: Path) -> None:
    committed = (repository / "docs" / "schemas" / "case.schema.json").read_text(encoding="utf-8")
    assert committed == case_schema_json(), "run 'counterpoise cases schema' and commit the file"


def test_every_field_is_described_in_the_schema() -> None:
    schema = json.loads(case_schema_json())
    parts = [schema, *(part for part in schema["$defs"].values() if "properties" in part)]
    for part in parts:
        assert all("description" in field for field in part["properties"].values()), part["title"]


def test_the_template_is_a_valid_case() -> None:
    case = parse_case(case_template("my-border-2026"), "template")
    assert case.id == "my-border-2026"


def test_the_commented_examples_of_the_template_are_valid_too() -> None:
    text = (
        case_template("my-border-2026")
        .replace("responses: []", "responses:")
        .replace("harms: []", "harms:")
        .replace("evidence: []", "evidence:")
    )
    case = parse_case(re.sub(r"^#(  [- ] \w)", r"\1", text, flags=re.MULTILINE), "template")
    assert len(case.responses) == 1
    assert len(case.harms) == 1
    assert len(case.evidence) == 1


@pytest.mark.parametrize("name", ["", "Has Space", "UPPER", "a--b", "../up", "x" * 61])
def test_a_wrong_id_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        case_template(name)
    assert caught.value.found == repr(name)
