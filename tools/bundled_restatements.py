"""One figure read on several pages: what is news, what only repeats, and what is disputed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from bundled_rows import Row


def without_restatements(rows: Iterable[Row]) -> list[Row]:
    """Return each cell's readings in order of publication, without those that only repeat what was known.

    A reading repeats the one before if it is equal to it or a rounding of it. Of readings of one day the one
    with the fewest doubts is kept, since an answer as of that day can give only one. What is left of a cell
    is marked disputed where the values are not roundings of each other.
    """
    cells: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        cells[row.cell].append(row)
    kept: list[Row] = []
    for readings in cells.values():
        readings.sort(key=lambda r: (r.known_on, len(r.flags - {"disputed"})))
        news: list[Row] = []
        for row in readings:
            if not news or (row.known_on > news[-1].known_on and not _repeats(row, news[-1])):
                news.append(row)
        differ = any(not _repeats(a, b) and not _repeats(b, a) for a, b in pairwise(news))
        kept += [replace(row, flags=row.flags | {"disputed"}) if differ else row for row in news]
    return kept


def _repeats(row: Row, before: Row) -> bool:
    if row.value == before.value:
        return True
    return bool(row.flags & {"rounded", "at_least"}) and abs(row.value - before.value) < _granularity(
        row.value
    )


def _granularity(value: int) -> int:
    """Return the power of ten a rounded figure was rounded to."""
    power = 1
    while value and value % (power * 10) == 0:
        power *= 10
    return power
