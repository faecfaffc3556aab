"""Policies beside each other over many futures: trade-offs with their spread, regret, and parallel coordinates.

Screened-out policies are drawn hollow and named so; recommended ones are dark. It reads in grey.
"""

from collections.abc import Mapping
from typing import Any

import altair as alt

from counterpoise.charts.scales import inline, plain_y
from counterpoise.charts.theme import ALARM, EXPECTED, INK, MUTED, WIDE, Caption, Layout, finish
from counterpoise.errors import InputError
from counterpoise.scenarios.results import Exploration, PolicyResult

__all__ = ["HEADLINE_LABELS", "chart_parallel", "chart_regret", "chart_trade_off", "standing_of"]

HEADLINE_LABELS: Mapping[str, tuple[str, str]] = {
    "attempts": ("Attempts", "events"),
    "deaths": ("Deaths", "people"),
    "stranded_weeks": ("Held up", "person-weeks"),
    "unmet_claims": ("Claims unmet", "events"),
    "legal_exposure": ("Exposure", "index"),
    "coercer_gain": ("Coercer's gain", "index"),
    "polarisation": ("Polarisation", "0 to 1"),
    "cohesion": ("Cohesion lost", "0 to 1"),
    "cost": ("Public cost", "million euro"),
}
"""Short names and units of headline outcomes."""
STANDINGS = ("holds up", "admissible", "screened out")
_ROW = 22
_NAMES = 176


def standing_of(result: Exploration, policy: PolicyResult) -> str:
    """Return whether a policy holds up, is admissible only, or is screened out."""
    if policy.name in result.recommended:
        return "holds up"
    return "admissible" if policy.admissible else "screened out"


def _caption(result: Exploration, title: str, subtitle: str) -> Caption:
    return Caption(
        title=title,
        subtitle=f"{subtitle} {result.n_runs:,} futures; no forecast: shares of futures are no probabilities.",
        source=f"Counterpoise, explore, model {result.provenance.options['model']}, result {result.result_id}.",
    )


def chart_trade_off(result: Exploration, *, x: str = "cost", y: str = "deaths", layout: Layout = WIDE) -> Any:
    """Return two outcomes against each other: median of each policy, bars from the 10th to the 90th percentile.

    Raises
    ------
    InputError
        If an outcome is no headline outcome.
    """
    for name in (x, y):
        if name not in HEADLINE_LABELS:
            raise InputError(
                expected="an outcome: " + ", ".join(HEADLINE_LABELS),
                found=repr(name),
                where="--outcomes",
                hint="name two of these",
            )
    rows = [
        {
            "number": str(k),
            "policy": policy.name,
            "standing": standing_of(result, policy),
            **{f"x_{name}": value for name, value in policy.outcomes[x].items()},
            **{f"y_{name}": value for name, value in policy.outcomes[y].items()},
        }
        for k, policy in enumerate(result.policies, 1)
    ]
    x_title, y_title = (f"{HEADLINE_LABELS[n][0]} ({HEADLINE_LABELS[n][1]})" for n in (x, y))
    height = int(layout.height * 1.5)
    chart = alt.hconcat(
        _crosses(rows, x_title, y_title, layout, height), _numbers_key(rows, layout, height), spacing=14
    ).properties(
        description=f"{y_title} against {x_title} for {len(rows)} policies; "
        + "; ".join(f"{r['policy']} ({r['standing']}) {r['x_median']:.0f}, {r['y_median']:.0f}" for r in rows)
    )
    subtitle = (
        "Dark: holds up; lighter: admissible; square: screened out. Medians, with bars from the 10th to the 90th "
        "percentile of futures; both axes logarithmic above 1."
    )
    title = f"{HEADLINE_LABELS[y][0]} against {HEADLINE_LABELS[x][0].lower()}, policy by policy"
    return finish(chart, layout, _caption(result, title, subtitle))


def _crosses(rows: list[dict[str, Any]], x_title: str, y_title: str, layout: Layout, height: int) -> Any:
    base = alt.Chart(inline(rows))
    colours = alt.Scale(domain=list(STANDINGS), range=[INK, EXPECTED, ALARM])
    faint = alt.Color("standing:N", scale=colours, legend=None)
    x = alt.X(
        "x_median:Q",
        title=x_title,
        scale=alt.Scale(type="symlog", constant=1, nice=False, domain=[0, _top(rows, "x_p90")]),
        axis=alt.Axis(values=_powers(_top(rows, "x_p90")), format=",.0f"),
    )
    y = alt.Y(
        "y_median:Q",
        title=y_title,
        scale=alt.Scale(type="symlog", constant=1, nice=False, domain=[0, _top(rows, "y_p90")]),
        axis=alt.Axis(values=_powers(_top(rows, "y_p90")), format=",.0f"),
    )
    across = base.mark_rule(opacity=0.4).encode(x=alt.X("x_p10:Q"), x2=alt.X2("x_p90:Q"), y=y, color=faint)
    along = base.mark_rule(opacity=0.4).encode(x=x, y=alt.Y("y_p10:Q"), y2=alt.Y2("y_p90:Q"), color=faint)
    points = base.mark_point(filled=True, size=190, opacity=1).encode(
        x=x,
        y=y,
        color=faint,
        shape=alt.Shape(
            "standing:N",
            scale=alt.Scale(domain=list(STANDINGS), range=["circle", "circle", "square"]),
            legend=None,
        ),
    )
    names = base.mark_text(fontSize=layout.font_size - 3, color="#ffffff", fontWeight="bold").encode(
        x=x, y=y, text=alt.Text("number:N")
    )
    return alt.layer(across, along, points, names).properties(width=layout.width - _NAMES, height=height)


def _numbers_key(rows: list[dict[str, Any]], layout: Layout, height: int) -> Any:
    step = min(20, height // len(rows))
    placed = [{"text": f"{r['number']}  {r['policy']}", "y": step * k + 10} for k, r in enumerate(rows)]
    return (
        alt.Chart(inline(placed))
        .mark_text(align="left", baseline="middle", fontSize=layout.font_size - 1, color=INK)
        .encode(x=alt.value(0), y=plain_y("y"), text=alt.Text("text:N"))
        .properties(width=_NAMES - 20, height=height)
    )


def _top(rows: list[dict[str, Any]], name: str) -> float:
    return float(max(row[name] for row in rows)) * 1.2


def _powers(top: float) -> list[float]:
    marks = [0.0, *(m * 10.0**k for k in range(8) for m in (1, 3))]
    return [mark for mark in marks if mark <= top]


def _scaled_regret(result: Exploration) -> list[dict[str, Any]]:
    """Return per policy and headline outcome the 90th percentile of regret, also as a share of the largest one."""
    rows = []
    for outcome, (label, unit) in HEADLINE_LABELS.items():
        largest = max(p.regret[outcome]["p90"] for p in result.policies if p.admissible)
        for policy in result.policies:
            value = policy.regret[outcome]["p90"]
            rows.append(
                {
                    "policy": policy.name,
                    "standing": standing_of(result, policy),
                    "outcome": label,
                    "regret": value,
                    "share": min(1.0, max(0.0, value / largest)) if largest > 0 else float(value > 0),
                    "text": _short(value),
                    "unit": unit,
                }
            )
    return rows


def _short(value: float) -> str:
    if abs(value) >= 10_000:
        return f"{value / 1000:,.0f}k"
    if abs(value) >= 10:
        return f"{value:,.0f}"
    return f"{value:.2g}" if abs(value) >= 0.005 else "0"


def chart_regret(result: Exploration, *, layout: Layout = WIDE) -> Any:
    """Return a heat map of regret: policies by headline outcomes, the darker the worse, screened-out ones below."""
    rows = _scaled_regret(result)
    order = [p.name for standing in STANDINGS for p in result.policies if standing_of(result, p) == standing]
    labels = [label for label, _ in HEADLINE_LABELS.values()]
    parts: list[Any] = []
    for standing in STANDINGS:
        mine = [r for r in rows if r["standing"] == standing]
        if not mine:
            continue
        names = [name for name in order if any(r["policy"] == name for r in mine)]
        base = alt.Chart(inline(mine)).encode(
            x=alt.X(
                "outcome:N",
                sort=labels,
                title=None,
                axis=alt.Axis(orient="top", labelAngle=-25, domain=False, ticks=False, labels=not parts),
            ),
            y=alt.Y(
                "policy:N",
                sort=names,
                title=None,
                axis=alt.Axis(domain=False, ticks=False, minExtent=_NAMES, labelLimit=_NAMES),
            ),
        )
        cells = base.mark_rect(stroke="#ffffff", strokeWidth=1).encode(
            color=alt.Color(
                "share:Q",
                scale=alt.Scale(domain=[0, 1], range=["#eef3f7", "#0b2545"], interpolate="lab"),
                legend=None,
            )
        )
        numbers = base.mark_text(fontSize=layout.font_size - 1).encode(
            text=alt.Text("text:N"),
            color=alt.condition("datum.share > 0.45", alt.value("#ffffff"), alt.value(INK)),
        )
        parts.append(
            alt.layer(cells, numbers).properties(
                width=layout.width + layout.axis - _NAMES,
                height=_ROW * len(names),
                title=alt.TitleParams(
                    text=standing.capitalize(),
                    anchor="start",
                    fontSize=layout.font_size,
                    color=MUTED,
                    offset=4,
                ),
            )
        )
    chart = (
        alt.vconcat(*parts, spacing=10)
        .resolve_scale(color="shared")
        .properties(
            description="Regret by policy and outcome: "
            + "; ".join(f"{r['policy']} {r['outcome']} {r['text']}" for r in rows if r["share"] > 0.9)
        )
    )
    subtitle = (
        "90th percentile of how much worse a policy is than the best admissible one of the same future, in each "
        "outcome's unit; the darker, the nearer to the worst admissible policy. Below 0: better."
    )
    return finish(chart, layout, _caption(result, "Where each policy would be regretted", subtitle))


def chart_parallel(result: Exploration, *, layout: Layout = WIDE) -> Any:
    """Return parallel coordinates: medians of headline outcomes, each axis from the best policy up to the worst."""
    labels = [label for label, _ in HEADLINE_LABELS.values()]
    rows, ends = [], []
    for outcome, (label, _) in HEADLINE_LABELS.items():
        medians = {p.name: p.outcomes[outcome]["median"] for p in result.policies}
        falling = outcome == "cohesion"
        low, high = min(medians.values()), max(medians.values())
        for policy in result.policies:
            share = (medians[policy.name] - low) / (high - low) if high > low else 0.0
            rows.append(
                {
                    "policy": policy.name,
                    "standing": standing_of(result, policy),
                    "outcome": label,
                    "share": 1 - share if falling and high > low else share,
                }
            )
        worst, best = (1 - low, 1 - high) if falling else (high, low)
        ends += [
            {"outcome": label, "at": at, "text": text}
            for at, text in zip((1.0, 0.0), _ends(worst, best), strict=True)
        ]
    x = alt.X(
        "outcome:N",
        sort=labels,
        title=None,
        axis=alt.Axis(labelAngle=-25, labelPadding=22, domain=False, ticks=False, grid=True),
    )
    base = alt.Chart(inline(rows)).encode(
        x=x, y=alt.Y("share:Q", title=None, axis=None, scale=alt.Scale(domain=[-0.02, 1.02]))
    )
    lines = base.mark_line(strokeWidth=1.6).encode(
        detail=alt.Detail("policy:N"),
        color=alt.Color(
            "standing:N",
            scale=alt.Scale(domain=list(STANDINGS), range=[INK, "#9db3c6", ALARM]),
            legend=alt.Legend(title=None, orient="top", symbolType="stroke"),
        ),
        strokeDash=alt.StrokeDash(
            "standing:N",
            scale=alt.Scale(domain=list(STANDINGS), range=[[1, 0], [1, 0], [5, 3]]),
            legend=None,
        ),
    )
    last = labels[-1]
    names = (
        alt.Chart(inline(_apart([r for r in rows if r["outcome"] == last])))
        .mark_text(align="left", dx=8, fontSize=layout.font_size - 2, color=INK)
        .encode(x=x, y=alt.Y("place:Q", scale=alt.Scale(domain=[-0.02, 1.02])), text=alt.Text("policy:N"))
    )
    tops, bottoms = (
        alt.Chart(inline([e for e in ends if e["at"] == at]))
        .mark_text(dy=dy, fontSize=layout.font_size - 2, color=MUTED)
        .encode(x=x, y=alt.Y("at:Q", scale=alt.Scale(domain=[-0.02, 1.02])), text=alt.Text("text:N"))
        for at, dy in ((1.0, -9), (0.0, 11))
    )
    chart = alt.layer(lines, names, tops, bottoms).properties(
        width=layout.width - 110,
        height=layout.height * 1.3,
        description="Medians of headline outcomes by policy, each axis from the best to the worst.",
    )
    subtitle = "Median of each outcome; every axis goes from the best policy (below) to the worst (above)."
    return finish(chart, layout, _caption(result, "Policies across all headline outcomes", subtitle))


def _ends(worst: float, best: float) -> tuple[str, str]:
    """Return both ends of an axis, with as many digits as tell them apart."""
    short = _short(worst), _short(best)
    return short if short[0] != short[1] or worst == best else (f"{worst:.3g}", f"{best:.3g}")


def _apart(rows: list[dict[str, Any]], least: float = 0.042) -> list[dict[str, Any]]:
    """Return the rows with places for their names that do not lie on each other."""
    placed: list[dict[str, Any]] = []
    floor = -1.0
    for row in sorted(rows, key=lambda r: r["share"]):
        floor = max(row["share"], floor + least)
        placed.append({**row, "place": floor})
    over = max(0.0, floor - 1.02)
    return [{**row, "place": row["place"] - over} for row in placed]
