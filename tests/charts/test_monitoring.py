import vl_convert

from counterpoise.charts.monitoring import chart_band, chart_band_panels, describe_band
from counterpoise.charts.scales import count_axis
from counterpoise.charts.theme import NARROW, WIDE, Caption
from counterpoise.charts.timeline import Mark, PhaseBand, Span
from tests.charts.builders import FIRST, alarms, bands

QUIET = bands([20.0, 22.0, 18.0, None, 21.0, 20.0])
RISE = bands([20.0, 22.0, 18.0, None, 21.0, 900.0, 25.0])
SPAN = Span(first=FIRST, last=FIRST.replace(month=12))


def drawn(chart: object) -> str:
    return vl_convert.vegalite_to_svg(chart.to_dict())  # type: ignore[attr-defined]


def test_a_band_chart_is_drawn_with_all_that_stands_around_it() -> None:
    svg = drawn(
        chart_band(
            RISE,
            alarms(RISE, 5),
            span=SPAN,
            measure="Attempts per month",
            phases=[PhaseBand(letter="A", name="First", start=FIRST, end=None)],
            marks=[Mark(row="Events", number=7, day=FIRST.replace(month=6))],
            caption=Caption(title="A title", subtitle="per month", source="A source"),
        )
    )
    for text in (
        "A title",
        "per month",
        "Source: A source",
        "Attempts per month (log scale)",
        "A First",
        ">7<",
    ):
        assert text in svg


def test_an_axis_is_logarithmic_only_where_the_counts_demand_it_and_says_so() -> None:
    assert count_axis([5, 6, 7], "Counts").title() == "Counts"
    steep = count_axis([5, 6, 7, 5000], "Counts")
    assert steep.title() == "Counts (log scale)"
    assert steep.ticks() == [0, 1, 10, 100, 1000, 10000]
    assert count_axis([150, 160], "Counts", upper=[90_000, 80_000]).logarithmic


def test_no_alarm_no_mark() -> None:
    with_alarm, without = (
        drawn(chart_band(RISE, alarms(RISE, *rows), span=SPAN, measure="x")) for rows in ((5,), ())
    )
    assert "#c2410c" in with_alarm
    assert "#c2410c" not in without


def test_a_collapse_has_another_shape_than_a_surge() -> None:
    surge, collapse = (
        drawn(chart_band(RISE, alarms(RISE, 5, kind=kind), span=SPAN, measure="x"))
        for kind in ("surge", "collapse")
    )
    assert surge != collapse


def test_panels_are_drawn_in_their_order() -> None:
    chart = chart_band_panels([("Zebra", RISE, alarms(RISE, 5)), ("Adder", QUIET, alarms(QUIET))], span=SPAN)
    svg = drawn(chart)
    assert svg.index("Zebra") < svg.index("Adder")


def test_a_phone_gets_a_narrower_drawing() -> None:
    wide, narrow = (
        drawn(chart_band(RISE, alarms(RISE), span=SPAN, measure="x", layout=layout))
        for layout in (WIDE, NARROW)
    )
    assert 'width="3' in narrow
    assert 'width="6' in wide or 'width="7' in wide


def test_words_tell_peak_expectation_gaps_and_alarms() -> None:
    words = describe_band(RISE, alarms(RISE, 5), span=SPAN, what="Attempts")
    assert "900 in June 2021" in words
    assert "expected 20 (95% interval 10 to 40)" in words
    assert "In 1 of 7 periods there is no figure." in words
    assert words.endswith("Alarmed as a rise June 2021.")
    assert describe_band(QUIET, alarms(QUIET), span=SPAN, what="Attempts").endswith("No period is alarmed.")
