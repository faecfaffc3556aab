"""Figures from the collected reports: the Finnish and Norwegian borders; months and years of the others."""

import csv
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from bundled_figures import DATASETS, Line, child_corridor, known_on
from bundled_rows import Row

REPORT_BORDERS = {
    "BLR-LTU": "BY-LT",
    "BLR-LVA": "BY-LV",
    "BLR-POL": "BY-PL",
    "RUS-FIN": "RU-FI",
    "RUS-NOR": "RU-NO",
}
REPORT_MEASURES = {
    "irregular_entries_detained": ("detained", "persons", "green_border"),
    "turned_back": ("prevented", "events", "green_border"),
    "prevented_crossings": ("prevented", "events", "green_border"),
    "attempts_to_cross": ("attempts", "events", "green_border"),
    "illegal_crossings_recorded": ("detections", "events", "green_border"),
    "admitted_on_humanitarian_grounds": ("admitted_humanitarian", "persons", "green_border"),
    "asylum_seekers_at_crossing_points": ("asylum_applications", "persons", "crossing_point"),
    "asylum_seekers_at_crossing_point": ("asylum_applications", "persons", "crossing_point"),
}
REPORT_FREQUENCIES = {"day": "D", "month": "M", "year": "Y", "other": "S"}
REPORT_FLAGS = {
    "exact": frozenset[str](),
    "approx": {"rounded"},
    "at_least": {"at_least"},
    "just_under": {"rounded"},
}
SAME_FIGURE_ELSEWHERE = {"R064", "R101", "R104"}
"""R064: in the first table as detections. R101: no more than a rounding of 911. R104: all of Finland."""
REPOSITORY = "github hiAndrewQuinn/selkouutiset-scrape-cleaned: "
REPOSITORY_URL = (
    "https://github.com/hiAndrewQuinn/selkouutiset-scrape-cleaned/blob/"
    "8c0183a7152c3a92bb3ceabb78e7a83b99e51bc1/"
)


def report_rows(shared: Path) -> list[Row]:
    """Return the figures of the reports that may add something to the border figures."""
    with (shared / "data/national/border_reports.csv").open(encoding="utf-8") as file:
        return [_report(line) for line in csv.DictReader(file) if _is_wanted(line)]


def _is_wanted(line: Line) -> bool:
    """Return whether a line may add something; pages of Kresy are left out, as in the border figures."""
    if line["border"] not in REPORT_BORDERS or line["report_id"] in SAME_FIGURE_ELSEWHERE:
        return False
    if "kresy.pl" in line["source_url"] or line["metric"] not in REPORT_MEASURES:
        return False
    return line["border"].startswith("RUS") or line["period"] in {"month", "year"}


def _report(line: Line) -> Row:
    border = REPORT_BORDERS[line["border"]]
    measure, unit, place = REPORT_MEASURES[line["metric"]]
    end = date.fromisoformat(line["period_end"])
    day, flags = known_on(line["published"], end)
    url = line["source_url"]
    publisher = urlsplit(url).netloc.removeprefix("www.")
    if url.startswith(REPOSITORY):
        url, publisher = (
            REPOSITORY_URL + url.removeprefix(REPOSITORY),
            "Yle (easy-language news, read in a copy)",
        )
    note = line["note"]
    marks = {
        "relay": True,
        "provisional": "part of the day" in note or "earlier running count" in note,
        "disputed": "CONFLICT" in note or "other sources" in note,
    }
    return Row(
        dataset=DATASETS[border],
        corridor=child_corridor(border, note),
        measure=measure,
        unit=unit,
        place=place,
        publisher_term="",
        period_start=date.fromisoformat(line["period_start"]),
        period_end=end,
        frequency=REPORT_FREQUENCIES[line["period"]],
        value=int(line["value"]),
        known_on=day,
        flags=flags | REPORT_FLAGS[line["qualifier"]] | {flag for flag, marked in marks.items() if marked},
        publisher=publisher,
        url=url,
    )
