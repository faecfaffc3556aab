"""The used rows of a trace, with their signs, sum to the figure: any archive, corridor, nationality and day."""

from datetime import date

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.errors import AnalysisError
from counterpoise.observations.batch import Batch
from counterpoise.observations.panel import build_panels
from counterpoise.observations.trace import trace_figure
from tests.observations.builders import archive
from tests.properties.archives import CORRIDORS, MONTHS, NATIONALITIES, collections, replay_days

asked = st.sampled_from([*NATIONALITIES, "TOTAL-UKR", "TOTAL-UKR-SYR"])


@given(collections(), st.sampled_from(CORRIDORS), asked, st.sampled_from(MONTHS), replay_days)
@settings(max_examples=80, deadline=None)
def test_the_used_rows_sum_to_the_figure(
    batches: list[Batch], corridor: str, nationality: str, period: str, day: date
) -> None:
    stored = archive(*batches)
    try:
        found = trace_figure(
            stored, corridor=corridor, measure="detections", nationality=nationality, period=period, as_of=day
        )
    except AnalysisError:
        return
    used = found.rows.filter("used")
    assert used.select((pl.col("value") * pl.col("sign")).sum()).item() == found.figures["value"].sum()
    assert found.rows.filter(~pl.col("used"), pl.col("known_on") > day).is_empty()
    assert set(found.rows["document"]) <= set(found.documents["document"])


@given(collections(), st.sampled_from(MONTHS), replay_days)
@settings(max_examples=12, deadline=None)
def test_panels_hold_the_figures_that_are_traced(batches: list[Batch], period: str, day: date) -> None:
    stored = archive(*batches)
    for panel in build_panels(stored.as_of(day), corridors=("eastern-borders",)):
        starts = panel.periods["period_start"].dt.strftime("%Y-%m").to_list()
        column = panel.values[:, starts.index(period)] if period in starts else []
        for (corridor, nationality), value in zip(panel.series.iter_rows(), column, strict=False):
            if np.isnan(value):
                continue
            found = trace_figure(
                stored,
                corridor=corridor,
                measure=panel.measure,
                nationality=nationality,
                period=period,
                as_of=day,
            )
            assert found.figures["value"].to_list() == [value]
