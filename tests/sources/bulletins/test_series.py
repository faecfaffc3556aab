"""Many bulletins together: repetitions, revisions, disputes, and what running totals leave for a missing day."""

from datetime import date
from itertools import permutations

import pytest

from counterpoise.sources.bulletins.documents import Bulletin, figures_of
from counterpoise.sources.bulletins.series import series_of

NOTES = [
    ("a", "lt", "2025-10-18", "VSAT: pastarąją parą apgręžta 12 migrantų. Šiemet neįleisti 1303 žmonės."),
    ("b", "lt", "2025-10-19", "VSAT: pastarąją parą apgręžta 18 migrantų. Šiemet neįleistas 1321 žmogus."),
    ("c", "lt", "2025-10-21", "Pirmadienį apgręžta 10 migrantų. Šiemet neįleisti 1338 žmonės."),
]


def bulletin(key, lang, day, text, publisher="vsat"):
    published = date.fromisoformat(day) if day else None
    return Bulletin(id=key, text=text, lang=lang, published=published, publisher=publisher)


def series(notes):
    return series_of([figure for note in notes for figure in figures_of(bulletin(*note))])


def cells(found):
    return {
        (
            row["period_start"].isoformat(),
            row["frequency"],
            row["value"],
            row["known_on"].isoformat(),
            row["flag"],
        )
        for row in found.observations.iter_rows(named=True)
    }


def test_a_day_missing_between_two_totals_is_what_they_leave_for_it():
    found = series(NOTES)
    assert ("2025-10-19", "D", 7, "2025-10-21", "derived") in cells(found)  # 1338 - 1321 - 10
    assert found.read == found.kept == 6
    assert [check.status for check in found.checks] == ["passed", "passed"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_reading_does_not_matter(order):
    assert cells(series([NOTES[i] for i in order])) == cells(series(NOTES))


def test_totals_that_do_not_fit_the_days_are_said_and_nothing_is_derived():
    wrong = [
        *NOTES[:2],
        ("c", "lt", "2025-10-20", "Sekmadienį apgręžta 10 migrantų. Šiemet neįleisti 1340 žmonių."),
    ]
    found = series(wrong)
    (check,) = [check for check in found.checks if check.name == "totals_agree"]
    assert check.status == "failed"
    assert check.table.select("totals_differ_by", "days_add_up_to").rows() == [(19, 10)]
    assert not any("derived" in cell[-1] for cell in cells(found))


def test_rounded_totals_are_compared_with_nothing():
    rounded = [*NOTES[:2], ("c", "lt", "2025-10-21", "Šiemet neįleista daugiau kaip 1400 žmonių.")]
    assert not any("derived" in cell[-1] for cell in cells(series(rounded)))


def test_a_revision_of_the_same_publisher_keeps_both_days_of_publication():
    later = ("d", "lt", "2025-10-22", "VSAT patikslino: šeštadienį apgręžta 19 migrantų.")
    days = {cell for cell in cells(series([*NOTES, later])) if cell[:2] == ("2025-10-18", "D")}
    assert days == {
        ("2025-10-18", "D", 18, "2025-10-19", ""),
        ("2025-10-18", "D", 19, "2025-10-22", ""),
    }


def test_another_publishers_number_is_a_dispute_and_the_services_own_is_kept():
    relay = ("d", "lv", "2025-10-19", "Lietuva sestdien apgrieza 21 migrantu.", "leta")
    found = series([relay, *NOTES])
    days = {cell for cell in cells(found) if cell[:2] == ("2025-10-18", "D")}
    assert days == {("2025-10-18", "D", 18, "2025-10-19", "disputed")}
    (check,) = [check for check in found.checks if check.name == "publishers_agree"]
    assert check.table.select("kept", "other").rows() == [(18, 21)]
    assert found.read == found.kept + sum(found.left_out.values())


def test_a_total_that_begins_on_the_day_of_publication_has_no_first_day_before_its_last():
    found = series([("a", "lt", "2021-08-03", "Nuo rugpjūčio 3 d. apgręžta 180 migrantų.")])
    assert found.observations.is_empty()
    assert found.left_out == {"first day not said": 1}


def test_what_is_read_is_kept_or_left_out_for_a_reason():
    more = [
        ("e", "en", None, "Over the weekend Poland recorded 300 attempts."),
        ("f", "lt", "2025-10-22", "Nuo krizės pradžios neįleista 24,2 tūkst. žmonių."),
        ("g", "lt", "2025-10-19", "Šeštadienį apgręžta 18 migrantų."),
    ]
    found = series([*NOTES, *more])
    assert found.left_out == {"no date": 1, "first day not said": 1, "said again": 1}
    assert found.read == found.kept + sum(found.left_out.values())
