"""The provisional month: found by the corridor's own past, marked, not judged, and not learnt from."""

import numpy as np
import polars as pl
import pytest

from counterpoise.monitoring import Detection, detect
from tests.monitoring.builders import Array, kinds, series_archive, start_of, steady

ROUTE = "test-route"
LAST = 59


def months(last_known: float, last_unknown: float, unknown_before: float = 1.0) -> dict[str, Array]:
    known, unknown = steady(60), np.full(60, unknown_before)
    known[LAST], unknown[LAST] = last_known, last_unknown
    return {"IRQ": known, "UNK": unknown}


def found(series: dict[str, Array]) -> Detection:
    return detect(series_archive({(ROUTE, code): counts for code, counts in series.items()}))


def is_provisional(result: Detection) -> bool:
    check = next(check for check in result.checks if check.name == "provisional_month")
    marked = result.bands.filter(pl.col("flag").str.contains("provisional"))
    assert check.status == ("passed" if marked.is_empty() else "inconclusive")
    return not marked.is_empty()


def test_a_month_mostly_unknown_raises_no_alarm() -> None:
    result = found(months(last_known=100, last_unknown=900))
    assert is_provisional(result)
    assert result.alarms.is_empty()
    marked = result.bands.filter(pl.col("flag").str.contains("provisional"))
    assert marked["period_start"].unique().to_list() == [start_of(LAST)]
    assert set(marked["nationality"]) == {"IRQ", "TOTAL", "UNK"}


def test_the_check_gives_the_shares() -> None:
    check = found(months(last_known=100, last_unknown=900)).checks[0]
    assert f"{ROUTE} December 2014 (90% unknown, usually 2%)" in check.text
    assert check.table["share"].item() == pytest.approx(0.9)


def test_the_same_surge_with_known_nationalities_is_an_alarm() -> None:
    result = found(months(last_known=1000, last_unknown=1))
    assert not is_provisional(result)
    assert kinds(result.alarms, nationality="TOTAL") == [(LAST, "surge")]


def test_it_is_not_counted_among_the_judged_months() -> None:
    judged = found(months(last_known=1000, last_unknown=1)).expected_false_alarms
    unjudged = found(months(last_known=100, last_unknown=900)).expected_false_alarms
    assert unjudged == pytest.approx(judged * 35 / 36, abs=0.06)


def test_a_corridor_where_many_are_always_unknown_is_not_provisional() -> None:
    assert not is_provisional(found(months(last_known=50, last_unknown=45, unknown_before=40.0)))


@pytest.mark.parametrize(
    ("known", "unknown", "provisional"),
    [
        (30, 19, False),  # 49 people: too few
        (31, 19, True),  # 50 people, 38 % unknown
        (81, 19, False),  # 19 % unknown: under a fifth
        (75, 25, True),
    ],
)
def test_the_limits_of_the_rule(known: float, unknown: float, provisional: bool) -> None:
    assert is_provisional(found(months(known, unknown, unknown_before=0.0))) is provisional


def test_an_earlier_month_is_judged() -> None:
    series = months(last_known=50, last_unknown=1)
    series["UNK"][LAST - 1] = 900
    result = found(series)
    assert not is_provisional(result)
    assert (LAST - 1, "reporting_change") in kinds(result.alarms, nationality="UNK")


def test_another_corridor_is_judged_in_the_same_month() -> None:
    here = {(ROUTE, code): counts for code, counts in months(100, 900).items()}
    surge = steady(60, seed=2)
    surge[LAST] *= 15
    result = detect(series_archive({**here, ("other-route", "SYR"): surge}))
    assert set(result.alarms["corridor"]) == {"other-route"}


def test_nobody_of_unknown_nationality_is_never_provisional() -> None:
    assert not is_provisional(found({"IRQ": steady(60)}))
