"""People found in Germany after a journey through Belarus, by the German Federal Police and government."""

import csv
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path

from bundled_rows import Row

ASSUMED_LAG_DAYS = 30
"""Days from the end of the last period on a page to its publication, where the page carries no date."""

PUBLISHED = {
    "Kriminalistik, Bundespolizei release of 25 October 2021": date(2021, 10, 25),
    "evangelisch.de (epd), 19 November 2021": date(2021, 11, 19),
    "Berliner Morgenpost (dpa), 30 December 2021": date(2021, 12, 30),
    "WP on Gazeta Wyborcza": date(2023, 9, 28),
}
"""Day of publication by title: named in it, or (WP) on the same page's line among the border figures."""
MONTH_ONLY = {"Saarbruecker Zeitung (dpa), June 2024": date(2024, 6, 30)}
"""Title names the month: known by its last day."""
NOT_RELAYED = ("Kriminalistik", "Bundestag hib")
NOTES = {
    "inland (German-Polish border)": "German-Polish border only",
}


def onward_rows(shared: Path) -> list[Row]:
    """Return first, preliminary and revised figures, each with the day it was known."""
    with (shared / "facts/onward_detections.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    last: dict[str, date] = {}
    for line in lines:
        end = date.fromisoformat(line["period_end"])
        last[line["source_title"]] = max(end, last.get(line["source_title"], end))
    return [_row(line, last[line["source_title"]]) for line in lines]


def _row(line: dict[str, str], last_period_end: date) -> Row:
    title = line["source_title"]
    assumed = MONTH_ONLY.get(title, last_period_end + timedelta(days=ASSUMED_LAG_DAYS))
    start, end = date.fromisoformat(line["period_start"]), date.fromisoformat(line["period_end"])
    marks = {
        "provisional": line["value_status"] in {"first", "preliminary"},
        "disputed": line["value_status"] == "disputed",
        "low_confidence": line["confidence"] == "low",
        "lag_assumed": title not in PUBLISHED,
        "relay": not title.startswith(NOT_RELAYED),
    }
    return Row(
        dataset="bundespolizei.onward",
        corridor="DE-inland",
        measure=line["measure"],
        unit=line["unit"],
        place="inland",
        publisher_term="unerlaubte Einreisen mit Belarus-Bezug",
        period_start=start,
        period_end=end,
        frequency=_frequency(start, end),
        value=int(line["value"]),
        known_on=PUBLISHED.get(title, assumed),
        flags=frozenset(flag for flag, marked in marks.items() if marked),
        publisher=line["publisher"],
        title=title,
        url=line["source_url"],
        note=NOTES.get(line["place"], ""),
    )


def _frequency(start: date, end: date) -> str:
    """Return M for a whole month, Y for a whole year, else S."""
    if start.day == 1 and end == start.replace(day=monthrange(start.year, start.month)[1]):
        return "M"
    whole_year = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year
    return "Y" if whole_year else "S"
