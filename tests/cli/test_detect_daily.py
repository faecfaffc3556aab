"""``counterpoise detect --frequency D`` and ``W``, and the two clocks beside months."""

from pathlib import Path

from tests.cli.conftest import Cli


def test_bundled_daily_figures_have_no_baseline_and_say_so(cli: Cli) -> None:
    ended = cli("detect", "--frequency", "D", "--corridor", "BY-LT")
    assert ended.code == 0
    assert "0 alarms in 0 series with a baseline" in ended.out
    assert "BY-LT TOTAL prevented: no baseline: 143 days with figures since 03 August 2021" in ended.out


def test_a_series_without_a_baseline_is_not_drawn_and_the_reason_is_said(cli: Cli, tmp_path: Path) -> None:
    ended = cli("detect", "--frequency", "D", "--corridor", "BY-LT", "--out", str(tmp_path / "days.svg"))
    assert ended.code == 2
    assert "none for BY-LT and all nationalities (" in ended.sentence
    assert "56 in all and 28 of the 56 days before are needed)" in ended.sentence
    assert "earlier --as-of" in ended.sentence


def test_another_frequency_is_refused(cli: Cli) -> None:
    ended = cli("detect", "--frequency", "H")
    assert ended.code == 2
    assert "--frequency" in ended.sentence


def test_weeks_are_told_in_weeks(cli: Cli) -> None:
    ended = cli("detect", "--frequency", "W", "--corridor", "BY-LT")
    assert ended.code == 0
    assert "no baseline: 4 whole weeks with figures since" in ended.out


def test_national_figures_stand_beside_the_months_of_a_corridor(cli: Cli) -> None:
    ended = cli("detect", "--corridor", "eastern-borders", "--as-of", "2021-09-15")
    assert (
        "2021-07-02 BY-LT detained: 150 for 2021-07-01, 3.7 a day from 2021-01-01 to 2021-06-30" in ended.out
    )
    assert "alarmed with 2021-06, published 2021-08-03, 32 days later" in ended.out
    answer = cli("detect", "--corridor", "eastern-borders", "--as-of", "2021-09-15", "--json").answer
    assert [(c["known_on"], c["lead_days"]) for c in answer["clocks"]] == [("2021-07-02", 32)]
    weekly = cli("detect", "--frequency", "W", "--corridor", "BY-LT", "--json").answer
    assert list(weekly) == list(answer)
    assert weekly["provenance"]["options"]["frequency"] == "W"
    late = cli(
        "detect", "--corridor", "eastern-borders", "--as-of", "2021-09-15", "--since", "2021-08-01", "--json"
    )
    assert late.answer["clocks"] == []
