"""``counterpoise detect --frequency D``."""

from tests.cli.conftest import Cli


def test_bundled_daily_figures_have_no_baseline_and_say_so(cli: Cli) -> None:
    ended = cli("detect", "--frequency", "D", "--corridor", "BY-LT")
    assert ended.code == 0
    assert "0 alarms in 0 series with a baseline" in ended.out
    assert "BY-LT TOTAL prevented: no baseline: 143 days with figures since 03 August 2021" in ended.out


def test_the_answer_has_the_keys_of_detect(cli: Cli) -> None:
    daily = cli("detect", "--frequency", "D", "--corridor", "BY-LT", "--json").answer
    monthly = cli("detect", "--corridor", "eastern-borders", "--json").answer
    assert list(daily) == list(monthly)
    assert daily["provenance"]["options"]["frequency"] == "D"


def test_another_frequency_is_refused(cli: Cli) -> None:
    ended = cli("detect", "--frequency", "H")
    assert ended.code == 2
    assert "--frequency" in ended.sentence
