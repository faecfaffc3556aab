"""Random small archives: one to four documents with a handful of cells, dense or sparse, with or without a lag."""

from datetime import date

from hypothesis import strategies as st

from counterpoise.observations.batch import Batch
from tests.observations.builders import Cell, batch

MONTHS = ("2021-01", "2021-02", "2021-03", "2021-06")
CORRIDORS = ("eastern-borders", "BY-PL", "BY-LT", "BY-PL-podlaskie")
NATIONALITIES = ("IRQ", "SYR", "UKR", "TOTAL")

days = st.sampled_from([date(2021, 7, 5), date(2021, 7, 6), date(2021, 9, 1), date(2021, 12, 31)])
"""Few, so that documents of one day are common."""
replay_days = st.one_of(days, st.dates(date(2021, 1, 1), date(2022, 1, 5)))
cells: st.SearchStrategy[dict[Cell, float]] = st.dictionaries(
    st.tuples(st.sampled_from(CORRIDORS), st.sampled_from(NATIONALITIES), st.sampled_from(MONTHS)),
    st.integers(0, 40).map(float),
    max_size=12,
)
spans = st.sampled_from([("2021-01", "2021-06"), ("2021-01", "2021-03"), ("2021-02", "2021-06")])


def _within(found: dict[Cell, float], span: tuple[str, str]) -> dict[Cell, float]:
    return {cell: value for cell, value in found.items() if span[0] <= cell[2] <= span[1]}


@st.composite
def documents(
    draw: st.DrawFn, *, dense: bool, lag_days: int | None, published: st.SearchStrategy[date] = days
) -> Batch:
    """Return a document of the dataset; its title makes it another document than any with the same figures."""
    span = draw(spans)
    return batch(
        draw(published),
        _within(draw(cells), span),
        covers=span,
        dense=dense,
        lag_days=lag_days,
        title=str(draw(st.integers(0, 10**6))),
    )


@st.composite
def collections(draw: st.DrawFn, *, dense: bool | None = None, most: int = 4) -> list[Batch]:
    """Return the documents of one dataset, each once."""
    rule = draw(st.booleans()) if dense is None else dense
    lag_days = draw(st.sampled_from([None, 0, 34]))
    return draw(
        st.lists(
            documents(dense=rule, lag_days=lag_days),
            min_size=1,
            max_size=most,
            unique_by=lambda one: one.documents["document"][0],
        )
    )
