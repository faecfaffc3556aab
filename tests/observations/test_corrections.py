"""Corrections count from the day the error could be known, leave the archive as it is, and end when it is fixed."""

from datetime import date

import pytest

from counterpoise.errors import InputError
from counterpoise.observations.corrections import (
    apply_corrections,
    check_corrections,
    load_corrections,
    parse_corrections,
)
from tests.observations.builders import archive, batch

ENTRY = """corrections:
  - id: {id}
    cell: {{dataset: test.flow, corridor: BY-PL, nationality: IRQ, measure: detections, period_start: 2021-06-01,
           period_end: 2021-06-30}}
    published: 1000
    {corrected}
    known_on: 2021-09-01
    why: A zero too many.
    source: The publisher's letter
"""


def entries(corrected="corrected: 100", name="zero"):
    return parse_corrections(ENTRY.format(corrected=corrected, id=name).encode(), "corrections.yml")


def figures(value=1000):
    return batch(
        "2021-08-01", {("BY-PL", "IRQ", "2021-06"): value, ("BY-PL", "SYR", "2021-06"): 1000}
    ).observations


@pytest.mark.parametrize(
    ("corrected", "day", "expected"),
    [
        ("corrected: 100", date(2021, 8, 31), (1000, "")),
        ("corrected: 100", date(2021, 9, 1), (100, "corrected")),
        ("", date(2021, 9, 1), (1000, "disputed")),
    ],
)
def test_a_figure_is_corrected_or_marked_once_the_error_is_known(corrected, day, expected):
    found = apply_corrections(figures(), day, entries(corrected))
    assert found.select("nationality", "value", "flag").rows() == [("IRQ", *expected), ("SYR", 1000, "")]
    assert found.columns == figures().columns


def test_the_guard_fails_once_the_publisher_has_fixed_the_error():
    assert check_corrections(figures(), entries()).status == "passed"
    assert check_corrections(figures().clear(), entries()).status == "passed"
    fixed = check_corrections(figures(100), entries())
    assert (fixed.status, fixed.table["correction"].to_list()) == ("failed", ["zero"])


def test_bundled_corrections_are_met_by_their_tables(shared):
    from counterpoise.sources import read_document

    table = read_document(shared / "data/italy/sea_arrivals_nationality_year_to_date.csv.gz")
    check = check_corrections(table.observations, load_corrections())
    assert (check.status, check.text.split()[0]) == ("passed", str(len(load_corrections())))
    known = archive(table).as_of(date(2023, 8, 20)).observations
    marked = known.filter(known["flag"] == "disputed", known["nationality"] == "PAK")
    assert marked.select("value", "period_end").rows() == [(6575.0, date(2023, 7, 31))]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (ENTRY.format(corrected="corrected: many", id="a"), "corrected"),
        (ENTRY.format(corrected="whatever: 1", id="a"), "whatever"),
        (
            ENTRY.format(corrected="", id="a") + ENTRY.format(corrected="", id="a").split("\n", 1)[1],
            "a twice",
        ),
        ("corrections: [", "while parsing"),
    ],
)
def test_a_broken_file_is_refused(content, found):
    with pytest.raises(InputError) as caught:
        parse_corrections(content.encode(), "corrections.yml")
    assert found in caught.value.found
