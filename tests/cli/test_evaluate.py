"""``counterpoise evaluate``."""

from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Cli


def test_it_says_what_is_joint_what_is_not_known_and_why(cli: Cli) -> None:
    ended = cli("evaluate", "belarus-eu-2021", "--outcome", "detections", "--full")
    assert ended.code == 0
    assert "joint_bounds" in ended.out
    assert "Who is counted, by how often first decisions gave protection" in ended.out
    assert "say nothing about the need for protection" in ended.out
    assert (
        "not identifiable: detections at eastern-borders: a counting rule changed on 2021-08-03" in ended.out
    )
    assert "whatever caused it" in ended.out


def test_without_a_response_it_is_a_paragraph_for_each_group_with_rights_beside_it(cli: Cli) -> None:
    lines = cli("evaluate", "belarus-eu-2021", "--outcome", "detections").out.splitlines()
    heads = [i for i, line in enumerate(lines) if line[:2] == "20"]
    assert f"in {len(heads)} groups" in lines[0]
    for i, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        paragraph = "\n".join(lines[i:end])
        assert any(word in paragraph for word in ("[", "Not identifiable: ", "Refused: "))
        assert "    Rights: " in paragraph
        assert paragraph.count("(") == paragraph.count(")")
    november = lines[next(i for i in heads if lines[i].startswith("2021-11")) + 1]
    assert "joint bounds [" in november
    assert len(lines) < 100


def test_the_table_has_a_row_for_each_effect(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "effects.csv"
    assert cli("evaluate", "belarus-eu-2021", "--outcome", "detections", "--out", str(out)).code == 0
    answer = cli("evaluate", "belarus-eu-2021", "--outcome", "detections", "--json").answer
    assert pl.read_csv(out).height == len(answer["effects"])


def test_one_response_is_shown_with_those_it_cannot_be_told_apart_from(cli: Cli) -> None:
    answer = cli(
        "evaluate", "belarus-eu-2021", "--response", "r16", "--outcome", "detections", "--json"
    ).answer
    assert all("r16" in e["responses"] or e["status"] == "not_identifiable" for e in answer["effects"])


def test_a_response_that_is_not_in_the_case_is_one_sentence(cli: Cli) -> None:
    ended = cli("evaluate", "belarus-eu-2021", "--response", "r99")
    assert ended.code == 2
    assert "--response" in ended.sentence


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_case_without_responses_is_one_sentence(cli: Cli, form: tuple[str, ...]) -> None:
    ended = cli("evaluate", "ukraine-2022", *form)
    assert ended.code == 1
    assert "a case with responses" in ended.err
