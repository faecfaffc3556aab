"""The conventions by which two people read a bulletin the same way, one by one; and figures beside the checkout."""

import csv
from datetime import date

import pytest

from counterpoise.sources.bulletins import read_bulletin
from counterpoise.sources.bulletins.documents import Bulletin, figures_of
from counterpoise.sources.bulletins.series import series_of

SUNDAY = date(2025, 10, 19)


def lines(text, lang, published=SUNDAY):
    found = read_bulletin(text, lang=lang, published=published)
    return {f"{r.date} {r.corridor} {r.measure} {r.period} {r.value}" for r in found}


@pytest.mark.parametrize(
    ("lang", "text", "figure"),
    [
        # the past 24 hours are the calendar day before publication
        ("en", "Lithuania turned back 12 migrants in the past 24 hours.", "2025-10-18 BY-LT prevented day 12"),
        ("lt", "Per pastarąją parą apgręžta 12 migrantų.", "2025-10-18 BY-LT prevented day 12"),
        ("pl", "Minionej doby odnotowano 12 prób.", "2025-10-18 BY-PL attempts day 12"),
        ("ru", "За минувшие сутки литовцы развернули 12 мигрантов.", "2025-10-18 BY-LT prevented day 12"),
        ("lv", "Aizvadītajā diennaktī novērsti 12 mēģinājumi.", "2025-10-18 BY-LV prevented day 12"),
        # a named weekday is its last occurrence on or before publication
        ("en", "On Monday Lithuania turned back 12 migrants.", "2025-10-13 BY-LT prevented day 12"),
        ("en", "On Sunday Lithuania turned back 12 migrants.", "2025-10-19 BY-LT prevented day 12"),
        # the morning note of Lithuania: Poland two days before, but a named day wins
        ("lt", "Lenkijos pareigūnai apgręžė 12 migrantų.", "2025-10-17 BY-PL prevented day 12"),
        ("lt", "Latvijos pareigūnai apgręžė 12 migrantų.", "2025-10-18 BY-LV prevented day 12"),
        ("lt", "Lenkijos pareigūnai šeštadienį apgręžė 12 migrantų.", "2025-10-18 BY-PL prevented day 12"),
        # months end on their last day, years on 31 December, running totals on the last day covered
        ("en", "In September Lithuania turned back 112 migrants.", "2025-09-30 BY-LT prevented month 112"),
        ("en", "Last year Lithuania turned back 1,002 migrants.", "2024-12-31 BY-LT prevented year 1002"),
        ("en", "This year Lithuania turned back 1,336 migrants.", "2025-10-18 BY-LT prevented year_to_date 1336"),
        (
            "en",
            "Since 3 August 2021 Lithuania turned back 24,200 migrants.",
            "2025-10-18 BY-LT prevented since_start 24200",
        ),
        # sums over a weekend or some days are never a day
        ("en", "Over the weekend Lithuania turned back 12 migrants.", "2025-10-19 BY-LT prevented multi_day 12"),
        ("en", "In the past four days Lithuania turned back 12 migrants.", "2025-10-18 BY-LT prevented multi_day 12"),
        # a relay saying that Poland turned back people says so; Polish attempts are attempts
        ("lv", "Polija piektdien apgrieza 12 migrantus.", "2025-10-17 BY-PL prevented day 12"),
    ],
)  # fmt: skip
def test_the_day_a_figure_covers_and_what_it_counts(lang, text, figure):
    assert lines(text, lang) == {figure}


def test_a_relay_is_marked_and_a_services_own_figure_is_not():
    own, relayed = read_bulletin(
        "VSAT: vakar apgręžta 12 migrantų, Lenkijos pareigūnai apgręžė 30.", lang="lt", published=SUNDAY
    )
    assert (own.relay, relayed.relay) == (False, True)


def test_a_part_of_a_border_goes_to_a_child_corridor():
    text = "Eilen Vaalimaan rajanylityspaikalle saapui 67 turvapaikanhakijaa."
    (reading,) = read_bulletin(text, lang="fi", published=SUNDAY)
    assert (reading.corridor, reading.sector) == ("RU-FI", "RU-FI-south-east")
    bulletin = Bulletin(id="a", text=text, lang="fi", published=SUNDAY, publisher="raja")
    assert series_of(figures_of(bulletin)).observations["corridor"].to_list() == ["RU-FI-south-east"]


@pytest.mark.parametrize(
    "text",
    [
        "On Friday 14 travellers were refused entry at checkpoints in Latvia.",
        "Some 31,000 people crossed the border from Ukraine into Poland on Friday.",
        "Poland detained 3 smugglers and 2 drivers on Friday.",
        "A group of 30 migrants threw stones at Polish patrols on Friday.",
        "Poland has sent 5,000 soldiers to the border with Belarus.",
        "Lithuania has built 502 kilometres of fence along the border with Belarus.",
        "Latvia fined a man 2,000 euros for helping migrants.",
        "The migrants stopped in Poland were aged between 18 and 35.",
        "The highest daily number in Poland was a record of 700 attempts.",
        "About 2,000 migrants are waiting in Belarus near the border with Poland.",
    ],
)
def test_what_is_never_taken(text):
    assert lines(text, "en") == set()


@pytest.mark.parametrize(
    ("lang", "text", "corridor"),
    [
        ("en", "In the last 24 hours 80 attempts were recorded.", "BY-PL"),
        ("en", "On Saturday 28 persons were stopped from illegally crossing.", "BY-LV"),
        ("ru", "За минувшие сутки развернули 8 нелегальных мигрантов.", "BY-LT"),
    ],
)
def test_a_phrase_that_names_no_border_is_most_likely_of_one_and_never_sure(lang, text, corridor):
    (reading,) = read_bulletin(text, lang=lang, published=SUNDAY)
    assert (reading.corridor, reading.confidence) == (corridor, "low")
    assert "border" in reading.doubts


@pytest.mark.parametrize(
    "text",
    [
        "In 2024, 229,000 people applied for asylum in Germany.",
        "On Saturday 500 migrants were stopped from crossing the Channel.",
    ],
)
def test_a_phrase_that_names_another_place_is_of_no_border_of_ours(text):
    assert lines(text, "en") == set()


def examples(shared):
    with (shared / "facts" / "bulletin_examples.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if len(row["published"]) == 10]


def readings_of(row):
    return read_bulletin(row["phrase"], lang=row["lang"], published=date.fromisoformat(row["published"]))


def test_phrases_beside_the_checkout_are_mostly_read_and_what_is_called_sure_is_right(shared):
    """Most are too short to name a border; whole notes are measured in ``benchmarks/skill/bulletins.py``."""
    rows = examples(shared)
    wanted = {}
    for row in rows:
        key = (row["lang"], row["published"], row["phrase"])
        wanted.setdefault(key, set()).add((row["corridor"], row["measure"], row["period"], int(row["value"])))
    found = dated = 0
    for row in rows:
        said = {(r.corridor, r.measure, r.period, r.value): r for r in readings_of(row)}
        reading = said.get((row["corridor"], row["measure"], row["period"], int(row["value"])))
        found += reading is not None
        dated += reading is not None and str(reading.date) == row["date"]
        sure = {figure for figure, one in said.items() if one.confidence == "high"}
        assert sure <= wanted[row["lang"], row["published"], row["phrase"]]
    assert found >= 0.85 * len(rows)
    assert dated >= 0.95 * found


def test_figures_read_from_the_phrases_are_those_published(shared):
    published = {}
    with (shared / "facts" / "border_figures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            about = (row["date"], row["period"], row["corridor"], row["measure"])
            published.setdefault(about, set()).update({row["value"], *row["conflicting_values"].split()})
    compared = agreed = 0
    for row in examples(shared):
        for reading in readings_of(row):
            about = (str(reading.date), reading.period, reading.corridor, reading.measure)
            if about in published and reading.confidence != "low":
                compared += 1
                agreed += str(reading.value) in published[about]
    assert compared > 200
    assert agreed >= 0.98 * compared
