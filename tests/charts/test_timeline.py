from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from counterpoise.charts.theme import NARROW, WIDE, Layout
from counterpoise.charts.timeline import Mark, PhaseBand, Span, chart_rug, cluster_marks, phase_layers

SPAN = Span(first=date(2020, 1, 1), last=date(2025, 12, 31))
days = st.dates(min_value=date(2019, 6, 1), max_value=date(2026, 6, 30))


def numbered(row: str, dates: list[date]) -> list[Mark]:
    return [Mark(row=row, number=i, day=day) for i, day in enumerate(sorted(dates), start=1)]


@given(st.lists(days, max_size=120), st.sampled_from([WIDE, NARROW]))
def test_every_mark_of_the_span_is_under_one_label(dates: list[date], layout: Layout) -> None:
    marks = numbered("Events", dates)
    clusters = cluster_marks(marks, SPAN, layout)
    assert sorted(day for c in clusters for day in c.days) == sorted(m.day for m in marks if m.day in SPAN)


@given(st.lists(days, max_size=120), st.sampled_from([WIDE, NARROW]))
def test_labels_of_a_lane_do_not_overlap(dates: list[date], layout: Layout) -> None:
    clusters = cluster_marks(numbered("Events", dates), SPAN, layout)
    for lane in {c.lane for c in clusters}:
        placed = [c for c in clusters if c.lane == lane]
        edges = [
            (SPAN.pixels(c.middle, layout.width), (len(c.label) * layout.font_size * 0.56 + 9) / 2)
            for c in placed
        ]
        for (left, half), (right, other) in pairwise(edges):
            assert left + half <= right - other + 1  # one pixel: the middle of a cluster is a whole day


def test_a_crowd_shares_a_label_and_a_lone_mark_keeps_its_number() -> None:
    crowd = [date(2021, 8, 1) + timedelta(days=i) for i in range(9)]
    labels = [c.label for c in cluster_marks(numbered("Events", [*crowd, date(2024, 1, 1)]), SPAN, WIDE)]
    assert labels[-1] == "10"
    assert any("–" in label for label in labels)


def test_no_marks_no_rug() -> None:
    assert chart_rug([], SPAN, WIDE) is None
    assert chart_rug([Mark(row="Events", number=1, day=date(2030, 1, 1))], SPAN, WIDE) is None


def test_a_phase_outside_the_span_is_not_drawn() -> None:
    outside = PhaseBand(letter="A", name="Later", start=date(2030, 1, 1), end=None)
    assert phase_layers([outside], SPAN, WIDE, labels=True) == []
