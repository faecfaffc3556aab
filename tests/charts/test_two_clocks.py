"""Figures over the days they are about, with the day each was published."""

from datetime import date
from typing import Any

import polars as pl

from counterpoise.charts.timeline import Span
from counterpoise.charts.two_clocks import ClockPanel, chart_two_clocks, describe_two_clocks

SPAN = Span(first=date(2021, 6, 1), last=date(2021, 8, 31))


def panel(title: str, *rows: tuple[date, date, float, date, bool]) -> ClockPanel:
    columns = ["period_start", "period_end", "per_day", "known_on", "alarm"]
    return ClockPanel(
        title=title, detail="people a day; Test", figures=pl.DataFrame(rows, schema=columns, orient="row")
    )


DAYS = panel(
    "Days",
    (date(2021, 7, 1), date(2021, 7, 1), 150.0, date(2021, 7, 2), True),
    (date(2021, 7, 9), date(2021, 7, 9), 40.0, date(2021, 7, 10), False),
    (date(2021, 8, 30), date(2021, 8, 30), 40.0, date(2021, 9, 1), False),
)
MONTHS = panel("Months", (date(2021, 6, 1), date(2021, 6, 30), 20.0, date(2021, 8, 3), True))


def test_the_words_say_how_long_figures_took_and_which_alarmed_when() -> None:
    words = describe_two_clocks([DAYS, MONTHS], span=SPAN)
    assert "Days (people a day; Test): 2 figures, published 1 day after their period" in words
    assert "alarmed: 2 July 2021 (150.0 a day)" in words
    assert "34 days after" in words
    assert describe_two_clocks(
        [panel("None", (date(2020, 1, 1),) * 2 + (1.0, date(2020, 1, 2), False))], span=SPAN
    ) == ("None: no figure in the time shown.")


def test_marks_stand_on_the_day_of_publication() -> None:
    spec: dict[str, Any] = chart_two_clocks([DAYS, MONTHS], span=SPAN).to_dict()
    assert len(spec["vconcat"]) == 2
    layers = spec["vconcat"][0]["layer"]
    diamond = next(layer for layer in layers if layer["mark"].get("shape") == "diamond")
    assert diamond["encoding"]["x"]["field"] == "known"
    values = (
        spec["datasets"][diamond["data"]["name"]] if "name" in diamond["data"] else diamond["data"]["values"]
    )
    assert "2 July" in str(values)
    assert "10 July" not in str(values)
