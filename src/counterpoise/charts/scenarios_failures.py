"""When policies fail, and how a simulated course lies beside what was published."""

from datetime import timedelta
from typing import Any

import altair as alt
import polars as pl

from counterpoise.charts.scales import inline, time_x, to_ms
from counterpoise.charts.theme import ALARM, BAND, EXPECTED, INK, MUTED, WIDE, Caption, Layout, finish
from counterpoise.errors import AnalysisError
from counterpoise.scenarios.results import Exploration, Trajectories

__all__ = ["chart_failures", "chart_trajectories"]

_ROW = 24
_NAMES = 210


def chart_failures(result: Exploration, *, layout: Layout = WIDE) -> Any:
    """Return, per failure, the box: which part of each uncertainty's prior it covers.

    Raises
    ------
    AnalysisError
        If no failure was found.
    """
    if not result.failures:
        raise AnalysisError(
            expected="a recommended policy that fails in some futures",
            found="none",
            where="--chart failures",
            hint="look at --chart regret instead",
        )
    width = layout.width + layout.axis - _NAMES
    panels = []
    for failure in result.failures:
        rows = [_share_of_prior(result, name, limit) for name, limit in failure.box.limits.items()]
        base = alt.Chart(inline(rows)).encode(
            y=alt.Y(
                "name:N",
                sort=[r["name"] for r in rows],
                title=None,
                axis=alt.Axis(domain=False, ticks=False, minExtent=_NAMES, labelLimit=_NAMES),
            )
        )
        x_scale = alt.Scale(domain=[0, 1])
        whole = base.mark_bar(height=8, color="#eceff2").encode(
            x=alt.X("zero:Q", scale=x_scale, axis=None), x2=alt.X2("one:Q")
        )
        part = base.mark_bar(height=8, color=EXPECTED).encode(
            x=alt.X("low:Q", scale=x_scale), x2=alt.X2("high:Q")
        )
        text = base.mark_text(align="left", dx=4, dy=-9, fontSize=layout.font_size - 2, color=MUTED).encode(
            x=alt.X("zero:Q", scale=x_scale), text=alt.Text("text:N")
        )
        title = (
            f"{failure.policy}: {failure.outcome} not clearly lower in {failure.failing_share:.0%} of futures"
        )
        detail = (
            f"{failure.box.coverage:.0%} of these lie in the box, of which {failure.box.density:.0%} fail"
        )
        panels.append(
            alt.layer(whole, part, text).properties(
                width=width,
                height=_ROW * len(rows) + 6,
                title=alt.TitleParams(
                    text=title,
                    subtitle=detail,
                    anchor="start",
                    frame="bounds",
                    fontSize=layout.font_size,
                    subtitleFontSize=layout.font_size - 1,
                    subtitleColor=MUTED,
                    offset=6,
                ),
            )
        )
    chart = alt.vconcat(*panels, spacing=16).properties(
        description="; ".join(
            f"{f.policy} fails in {f.outcome} where " + ", ".join(f.box.limits) for f in result.failures
        )
    )
    caption = Caption(
        title="When policies that hold up do not help",
        subtitle="The box of futures found by PRIM; each bar is the part of an uncertainty's range (grey) it covers. "
        f"{result.n_runs:,} futures; no forecast.",
        source=f"Counterpoise, explore, model {result.provenance.options['model']}, result {result.result_id}.",
    )
    return finish(chart, layout, caption)


def _share_of_prior(result: Exploration, name: str, limit: Any) -> dict[str, Any]:
    values = result.values_of(name)
    lowest, highest = float(values.min()), float(values.max())
    span = highest - lowest or 1.0
    if "among" in limit:
        low, high = min(limit["among"]), max(limit["among"])
        text = "only " + ", ".join(str(v) for v in limit["among"])
    else:
        low, high = limit["lower"], limit["upper"]
        text = f"{_number(low)} to {_number(high)}"
    return {
        "name": name.replace("_", " "),
        "zero": 0.0,
        "one": 1.0,
        "low": max(0.0, (low - lowest) / span),
        "high": min(1.0, (high - lowest) / span),
        "text": text,
    }


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def chart_trajectories(trajectories: Trajectories, *, layout: Layout = WIDE) -> Any:
    """Return, per series, the band of simulated months of one policy with what was published as points."""
    panels = []
    months = trajectories.months
    first, last = months.item(0, "period_start"), months["period_end"].to_list()[-1]
    for name in trajectories.titles:
        mine = months.filter(pl.col("series") == name).with_columns(
            pl.col("period_start").map_elements(to_ms, return_dtype=pl.Int64).alias("at")
        )
        shown = trajectories.published.filter(pl.col("series") == name)
        x = time_x("at", first, last)
        rows = mine.select("at", "p10", "median", "p90").to_dicts()
        rows.append(
            {**rows[-1], "at": to_ms(last + timedelta(days=1))}
        )  # so that the last month is as wide as any
        base = alt.Chart(inline(rows))
        y = alt.Y("p10:Q", title=None, axis=alt.Axis(format="~s", tickCount=4, domain=False, ticks=False))
        band = base.mark_area(color=BAND, interpolate="step-after").encode(x=x, y=y, y2=alt.Y2("p90:Q"))
        line = base.mark_line(color=EXPECTED, interpolate="step-after").encode(x=x, y=alt.Y("median:Q"))
        layers = [band, line]
        if shown.height:
            dots = [
                {
                    "at": (to_ms(r["period_start"]) + to_ms(r["period_end"])) // 2,
                    "value": r["value"],
                    "use": r["use"],
                }
                for r in shown.to_dicts()
            ]
            layers.append(
                alt.Chart(inline(dots))
                .mark_point(size=60, filled=True, opacity=1)
                .encode(
                    x=x,
                    y=alt.Y("value:Q"),
                    shape=alt.Shape(
                        "use:N",
                        scale=alt.Scale(domain=["fit", "check"], range=["circle", "triangle-up"]),
                        legend=None,
                    ),
                    color=alt.Color(
                        "use:N", scale=alt.Scale(domain=["fit", "check"], range=[INK, ALARM]), legend=None
                    ),
                )
            )
        panels.append(
            alt.layer(*layers).properties(
                width=layout.width,
                height=layout.height * 0.45,
                title=alt.TitleParams(
                    text=trajectories.titles[name],
                    anchor="start",
                    fontSize=layout.font_size,
                    fontWeight="normal",
                    color=MUTED,
                ),
            )
        )
    chart = alt.vconcat(*panels, spacing=14).properties(
        description=f"Simulated months under {trajectories.policy} with published figures."
    )
    caption = Caption(
        title=f"{trajectories.policy}: simulated and published",
        subtitle="Line: median; band: 10th to 90th percentile of futures. Dots: published figures the calibration was "
        "fitted to; triangles: published figures that took no part in it.",
        source=trajectories.source,
    )
    return finish(chart, layout, caption)
