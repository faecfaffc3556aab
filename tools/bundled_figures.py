"""The figures of the national border services and of Frontex's press notes, as read on public pages.

Every line of the collected table is taken or left out by a rule below; ``border_figures.yml`` repeats the
rules in words.
"""

import csv
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path

from bundled_rows import Row

Line = dict[str, str]

DATASETS = {
    "BY-LT": "vsat.bulletin",
    "BY-LV": "vrs.bulletin",
    "BY-PL": "sg.bulletin",
    "RU-FI": "raja.bulletin",
    "RU-EE": "ppa.bulletin",
    "RU-NO": "politiet.bulletin",
}
OWN_PAGES = {"Valsts robežsardze": "BY-LV", "Podlaski Oddział SG": "BY-PL"}
"""Publishers that are the agency itself, for its own border; every other page relays the agency's figure."""

KNOWN_STARTS = {
    ("BY-LT", "prevented"): date(2021, 8, 3),
    ("BY-LV", "prevented"): date(2021, 8, 10),
    ("BY-LV", "admitted_humanitarian"): date(2021, 8, 10),
    ("BY-PL", "attempts"): date(2021, 8, 1),
    ("RU-EE", "prevented"): date(2023, 11, 1),
}
"""First day of counts 'since the start', where the bulletins or the rule of counting name it."""
FINNISH_STARTS = {91: date(2023, 8, 1), 911: date(2023, 8, 1), 1319: date(2023, 8, 1)}
"""Finnish counts 'since the start' whose start a source names; the others do not say since when."""

SECTORS = {
    "Southeast Finland": "RU-FI-south-east",
    "Vartius": "RU-FI-kainuu",
    "Raja-Jooseppi": "RU-FI-lapland",
    "Salla + Vartius": "RU-FI-north",
    "Salla only": "RU-FI-lapland",
    "Vaalimaa only": "RU-FI-south-east",
    "South-East Finland only": "RU-FI-south-east",
    "24 hours, South-East Finland": "RU-FI-south-east",
    "Niirala only": "RU-FI-north-karelia",
    "Podlaskie unit only": "BY-PL-podlaskie",
}
"""How a note begins -> the child corridor the figure belongs to."""

UNCERTAIN_DATES = {"inferred", "day_ambiguous", "number_in_title_only", "suspected_source_typo"}
FREQUENCIES = {"day": "D", "week": "W", "month": "M", "year": "Y", "year_to_date": "S", "since_start": "S"}
NOTES = {
    "Southeast Finland (Svenska Yle counts 18 of them at Vartius)": "another report: 18 of them at Vartius",
    "both open crossings; other reports give 62 + 93; read on a copy of the publisher page": (
        "two crossing points open; other reports give 62 and 93"
    ),
    "both open crossings (Vaalimaa 124 + Niirala 84); read on a copy of the publisher page": (
        "Vaalimaa 124 and Niirala 84"
    ),
    "as restated in September 2025": "as restated in September 2025",
    "cumulative for November at time of article; month may not have been closed": "month perhaps not closed",
    "Frontex, all eastern land borders; preliminary figure of January 2022": "first figure for the year",
    "Frontex preliminary detections": "first figure for the month",
}
"""Notes worth keeping, in our words."""


def left_out(line: Line) -> str:
    """Return why a line of the collected table is left out; empty if it is taken."""
    reasons = {
        "scattered counts of deaths, which cannot be added": line["measure"] == "deaths_missing",
        "in onward_detections.csv": line["measure"] == "onward_detections",
        "a sum of frontex_ibc.csv": line["publisher"] == "Frontex workbook",
        "restated years later on a page without a date": line["note"] == "first quarter, as restated in 2026",
        "the source does not say since when": line["period"] == "since_start" and _start(line) is None,
        "day unclear, and a clear figure for the day exists": (
            line["date_basis"] == "day_ambiguous" and bool(line["conflicting_values"])
        ),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def border_rows(shared: Path) -> list[Row]:
    """Return the figures of the collected table that are taken, one for each page that gives it."""
    with (shared / "facts/border_figures.csv").open(encoding="utf-8") as file:
        return [_figure(line) for line in csv.DictReader(file) if not left_out(line)]


def _start(line: Line) -> date | None:
    if line["corridor"] == "RU-FI":
        return FINNISH_STARTS.get(int(line["value"]))
    return KNOWN_STARTS.get((line["corridor"], line["measure"]))


def _period(line: Line) -> tuple[date, date]:
    end = date.fromisoformat(line["date"])
    if line["period"] == "since_start":
        start = _start(line)
        assert start is not None
        return start, end
    starts = {
        "day": end,
        "week": end - timedelta(days=6),
        "month": end.replace(day=1),
        "year": end.replace(month=1, day=1),
        "year_to_date": end.replace(month=1, day=1),
    }
    return starts[line["period"]], end


def known_on(published: str, period_end: date) -> tuple[date, frozenset[str]]:
    """Return the day of publication (the last of a month given alone), or, flagged, the day after."""
    if not published:
        return period_end + timedelta(days=1), frozenset({"lag_assumed"})
    if len(published) == 10:
        return date.fromisoformat(published), frozenset()
    year, month = int(published[:4]), int(published[5:7] or 12)
    return date(year, month, monthrange(year, month)[1]), frozenset()


def child_corridor(border: str, note: str) -> str:
    """Return the child corridor a note names, the longest match first, or the border itself."""
    for beginning in sorted(SECTORS, key=len, reverse=True):
        if note.startswith(beginning):
            return SECTORS[beginning]
    return border


def _figure(line: Line) -> Row:
    start, end = _period(line)
    day, flags = known_on(line["published"], end)
    if line["note"] == "as restated in September 2025":
        day = date(2025, 9, 12)
    frontex = "Frontex" in line["publisher"]
    note = line["note"]
    marks = {
        "rounded": line["rounded"] == "yes",
        "disputed": bool(line["conflicting_values"])
        or "Svenska Yle counts" in note
        or "other reports" in note,
        "low_confidence": line["date_basis"] in UNCERTAIN_DATES,
        "relay": OWN_PAGES.get(line["publisher"]) != line["corridor"],
        "provisional": "preliminary" in note or "may not have been closed" in note or frontex,
        "at_least": "Over;" in note,
    }
    return Row(
        dataset="frontex.press" if frontex else DATASETS[line["corridor"]],
        corridor=child_corridor(line["corridor"], note),
        measure=line["measure"],
        unit=line["unit"],
        place=line["place"],
        publisher_term=line["publisher_term"],
        period_start=start,
        period_end=end,
        frequency=FREQUENCIES[line["period"]],
        value=int(line["value"]),
        known_on=day,
        flags=flags | {flag for flag, marked in marks.items() if marked},
        publisher=line["publisher"],
        url=line["url"],
        note=NOTES.get(note, ""),
    )
