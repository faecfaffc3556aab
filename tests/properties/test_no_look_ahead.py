"""What was known on a day does not depend on what was published later.

There is one exception, and it is the rule of the design: before the first stored vintage of a dataset, that
vintage is replayed with a lag. So a later document changes a replay only if it is (among) the first of its dataset.
"""

from datetime import date, timedelta

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from counterpoise.observations.batch import Batch
from tests.observations.builders import archive
from tests.properties.archives import collections, documents, replay_days


def published(one: Batch) -> date:
    day: date = one.vintages["known_on"][0]
    return day


def rule(one: Batch) -> tuple[bool, int | None]:
    dense, lag_days = one.datasets.select("dense", "lag_days").row(0)
    return dense, lag_days


@given(collections(), replay_days)
@settings(max_examples=60, deadline=None)
def test_nothing_is_known_after_the_day(batches: list[Batch], day: date) -> None:
    known = archive(*batches).as_of(day)
    assert known.observations.filter(pl.col("known_on") > day).is_empty()
    covered = known.covered("test.flow", "M")
    assert covered.filter((pl.col("known_on") > day) | (pl.col("first_known_on") > day)).is_empty()
    first = min(map(published, batches))
    assert set(known.vintages["known_on"]) <= {first, *(d for d in map(published, batches) if d <= day)}


@given(collections(), replay_days, st.data())
@settings(max_examples=60, deadline=None)
def test_a_document_published_after_the_day_and_after_the_first_changes_nothing(
    batches: list[Batch], day: date, data: st.DataObject
) -> None:
    dense, lag_days = rule(batches[0])
    soonest = max(day, min(map(published, batches))) + timedelta(days=1)
    after_that = st.dates(soonest, soonest + timedelta(days=60))
    later = data.draw(documents(dense=dense, lag_days=lag_days, published=after_that))
    before, after = archive(*batches).as_of(day), archive(*batches, later).as_of(day)
    assert before.observations.equals(after.observations)
    assert before.covered("test.flow", "M").equals(after.covered("test.flow", "M"))


@given(collections(), replay_days)
@settings(max_examples=60, deadline=None)
def test_every_value_stands_in_the_vintage_it_is_known_by(batches: list[Batch], day: date) -> None:
    first = min(map(published, batches))
    lag_days = rule(batches[0])[1]
    stored = pl.concat([one.observations for one in batches])
    key = ["corridor", "nationality", "period_start", "value", "document"]
    for row in archive(*batches).as_of(day).observations.iter_rows(named=True):
        of_vintage = stored.filter(pl.col(name) == row[name] for name in key)["known_on"]
        if "lag_assumed" in row["flag"]:
            assert day < first
            assert lag_days is not None
            assert row["known_on"] == row["period_end"] + timedelta(days=lag_days)
            assert first in of_vintage
        else:
            assert row["known_on"] in of_vintage


@given(collections(dense=False), replay_days)
@settings(max_examples=40, deadline=None)
def test_a_sparse_cell_that_was_published_is_never_lost(batches: list[Batch], day: date) -> None:
    key = ["corridor", "nationality", "period_start"]
    published_by_then = pl.concat(
        [b.observations for b in batches if published(b) <= day] or [pl.DataFrame()]
    )
    assume(published_by_then.width > 0)
    known = archive(*batches).as_of(day).observations
    assert published_by_then.join(known, on=key, how="anti").is_empty()
