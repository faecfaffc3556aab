"""Eurostat's bulk files: chosen by their codes, counted by reason, refused whole when they are cut off."""

import gzip
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.errors import CounterpoiseError, InputError
from counterpoise.observations.corridors import load_corridors
from counterpoise.sources.cards import load_cards
from counterpoise.sources.eurostat import is_bulk
from counterpoise.sources.eurostat.layout import LAYOUTS
from counterpoise.sources.read import parse_document

HEAD = "freq,unit,citizen,sex,applicant,age,geo\\TIME_PERIOD\t2025-01 \t2025-02 \t2025-03 "
ROWS = [
    "M,PER,IQ,T,ASY_APP,TOTAL,LT\t5 \t10 p\t: ",
    "M,PER,IQ,T,FRST,TOTAL,LT\t5 \t0 \t: ",
    "M,PER,TOTAL,T,ASY_APP,TOTAL,LT\t25 \t30 bp\t: ",
    "M,PER,SY,T,ASY_APP,TOTAL,EL\t: c\t100 \t110 e",
    "M,PER,STLS,T,ASY_APP,TOTAL,FI\t5 \t0 \t15 ",
    "M,PER,SY,M,ASY_APP,TOTAL,EL\t: \t80 \t90 ",
    "M,PER,SY,T,ASY_APP,Y_LT18,FI\t5 \t80 \t90 ",
    "M,PER,SY,T,ASY_APP,TOTAL,EU27_2020\t5 \t80 \t90 ",
    "M,PER,EXT_EU27_2020,T,ASY_APP,TOTAL,FI\t5 \t: \t90 ",
    "M,PER,SY,T,WITH,TOTAL,FI\t5 \t: \t: ",
]


def content(rows=ROWS, head=HEAD):
    return ("\n".join([head, *rows]) + "\n").encode()


def parsed(data):
    return parse_document(data, path=Path("estat.tsv"), mapping=None, registry=load_corridors())


def figures(batch):
    columns = ("dataset", "corridor", "reporter", "nationality", "period_start", "value", "flag")
    return set(batch.observations.select(columns).rows())


def test_totals_over_sex_and_age_are_taken_by_state_and_citizenship():
    all_, first = "eurostat.migr_asyappctzm", "eurostat.migr_asyappctzm.first_time"
    january, february, march = (date(2025, month, 1) for month in (1, 2, 3))
    assert figures(parsed(content())) == {
        (all_, "LT", "LTU", "IRQ", january, 5.0, "rounded"),
        (all_, "LT", "LTU", "IRQ", february, 10.0, "provisional rounded"),
        (first, "LT", "LTU", "IRQ", january, 5.0, "rounded"),
        (first, "LT", "LTU", "IRQ", february, 0.0, "rounded"),
        (all_, "LT", "LTU", "TOTAL", january, 25.0, "rounded"),
        (all_, "LT", "LTU", "TOTAL", february, 30.0, "break provisional rounded"),
        (all_, "GR", "GRC", "SYR", february, 100.0, "rounded"),
        (all_, "GR", "GRC", "SYR", march, 110.0, "estimated rounded"),
        (all_, "FI", "FIN", "XXA", january, 5.0, "rounded"),
        (all_, "FI", "FIN", "XXA", february, 0.0, "rounded"),
        (all_, "FI", "FIN", "XXA", march, 15.0, "rounded"),
    }


def test_what_is_left_out_is_counted_by_reason():
    notes = " ".join(parsed(content()).notes)
    assert "2 figures were left out: not the total by sex." in notes
    assert "3 figures were left out: not the total by age." in notes
    assert "1 figures were left out: another applicant than ASY_APP and FRST." in notes
    assert "3 figures were left out: a group of states" in notes
    assert "2 figures were left out: citizenship of a group of states" in notes
    assert "Unverified" in notes


def test_every_cell_with_a_number_is_taken_or_left_out_for_a_reason():
    batch = parsed(content())
    n_left = sum(
        int(note.split()[0]) for note in batch.notes if "were left out: " in note and note[0].isdigit()
    )
    filled = sum(not cell.startswith(":") for row in ROWS for cell in row.split("\t")[1:])
    assert batch.observations.height + n_left == filled


def test_a_gzipped_file_gives_the_same():
    assert is_bulk(gzip.compress(content()))
    assert figures(parsed(gzip.compress(content()))) == figures(parsed(content()))


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (content()[:-25], "fewer or more"),
        (gzip.compress(content() * 50)[:-60], "download it again"),
        (content(head=HEAD.replace("applicant", "colour")), "colour"),
        (content(["M,PER,IQ,T,ASY_APP,TOTAL,LT\tmany \t: \t: "]), "many"),
        (content([ROWS[0], ROWS[0]]), "stands already"),
    ],
    ids=["cut", "cut gzip", "another dataset", "no number", "twice"],
)
def test_a_broken_file_is_refused_whole(data, found):
    with pytest.raises(InputError) as caught:
        parsed(data)
    assert found in str(caught.value)


def test_quarters_and_years_of_the_other_datasets_are_read():
    decisions = [
        "Q,PER,IQ,T,TOTAL,TOTAL,PL\t20 ",
        "Q,PER,IQ,T,TOTAL,TOTAL_POS,PL\t5 ",
        "Q,PER,IQ,T,TOTAL,REJECTED,PL\t15 ",
    ]
    head = "freq,unit,citizen,sex,age,decision,geo\\TIME_PERIOD\t2024-Q3 "
    found = (
        parsed(content(decisions, head))
        .observations.select("dataset", "measure", "period_end", "value")
        .rows()
    )
    assert set(found) == {
        ("eurostat.migr_asydcfstq", "asylum_decisions", date(2024, 9, 30), 20.0),
        ("eurostat.migr_asydcfstq.positive", "asylum_decisions", date(2024, 9, 30), 5.0),
    }
    refused = content(["A,TOTAL,RU,PER,FI\t1200 "], "freq,reason,citizen,unit,geo\\TIME_PERIOD\t2023 ")
    assert parsed(refused).observations.select("measure", "period_end", "value").rows() == [
        ("refusals", date(2023, 12, 31), 1200.0)
    ]


def test_every_layout_has_its_cards():
    cards = load_cards()
    for layout in LAYOUTS:
        names = layout.split[1].values() if layout.split else [layout.name]
        assert {f"eurostat.{name}" for name in names} <= set(cards)


@settings(max_examples=150, deadline=2000)
@given(at=st.integers(0, 600), patch=st.binary(max_size=6))
def test_whatever_stands_in_it_it_is_read_or_refused(at, patch):
    data = content()
    try:
        batch = parsed(data[:at] + patch + data[at + len(patch) :])
    except CounterpoiseError:
        return
    assert batch.observations.filter(pl.col("value") < 0).is_empty()
