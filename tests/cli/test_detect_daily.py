"""``counterpoise detect --frequency D`` and ``W``, and the two clocks beside months."""

from pathlib import Path

from tests.cli.conftest import Cli


def test_bundled_daily_figures_have_no_baseline_and_say_so(cli: Cli) -> None:
    ended = cli("detect", "--frequency", "D", "--corridor", "BY-LT")
    assert ended.code == 0
    assert "0 alarms since 2024-08-01, in 0 series with a baseline" in ended.out
    assert (
        "BY-LT TOTAL prevented (vsat.bulletin): no baseline: 143 days with figures since 3 August 2021"
        in ended.out
    )


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


def test_text_begins_with_totals_of_the_newest_month_and_tells_of_earlier_alarms(cli: Cli) -> None:
    words = ("detect", "--corridor", "eastern-borders", "--as-of", "2021-09-15")
    lines = cli(*words).out.splitlines()
    assert lines[0].startswith("As of 2021-09-15: 30 alarms since 2019-09-01")
    table = [line for line in lines if " eastern-borders  " in line]
    assert [line.split()[2] for line in table[:2]] == ["TOTAL", "TOTAL-UKR"]
    assert table[0].startswith("2021-07")
    assert min(line[:7] for line in table) >= "2019-09"
    answer = cli(*words, "--json").answer
    earlier = [alarm for alarm in answer["alarms"] if alarm["period_start"] < "2019-09-01"]
    assert len(table) + len(earlier) == len(answer["alarms"])
    assert f"{len(earlier)} earlier alarms: --since {earlier[0]['period_start']}" in lines
    all_of_it = cli(*words, "--since", earlier[0]["period_start"]).out
    assert "earlier alarm" not in all_of_it
    (expected,) = [line for line in lines if line.startswith("Expected false alarms")]
    assert float(expected.split("about ")[1].split(",")[0]) < answer["expected_false_alarms"]


def test_what_was_not_judged_is_said(cli: Cli) -> None:
    lines = cli("detect", "--corridor", "BY-PL", "--as-of", "2026-08-06").out.splitlines()
    (attempts,) = [line for line in lines if line.startswith("BY-PL TOTAL attempts")]
    assert "judged since 2024-10-01; the months before, from 2020-08-01, were not judged" in attempts
    (detained,) = [line for line in lines if line.startswith("BY-PL TOTAL detained")]
    assert "1 month with figures since August 2021" in detained
    assert detained.endswith("not judged")
