"""How results look in a notebook: a sentence, a chart and a table instead of a Python repr.

Results hold tables and know nothing of charts, so the display is registered here, by name, when Counterpoise is
imported inside IPython; nothing heavy is imported until a result is shown.
"""

import sys
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterpoise.monitoring import Detection
    from counterpoise.observations.trace import Trace

__all__ = ["detection_html", "register", "trace_html"]

_SHOWN_ALARMS = 30


def register() -> None:
    """Tell IPython, if we run in it, how to show our results."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return
    formatter = shell.display_formatter.formatters["text/html"]
    formatter.for_type_by_name("counterpoise.monitoring.results", "Detection", detection_html)
    formatter.for_type_by_name("counterpoise.observations.trace", "Trace", trace_html)


def detection_html(detection: "Detection") -> str:
    """Return a detection as HTML: how many alarms, the chart of the first series with one, the newest alarms."""
    import polars as pl

    alarms = detection.alarms.sort("period_start", descending=True)
    shown = alarms.head(_SHOWN_ALARMS).select(
        pl.col("period_start").dt.strftime("%Y-%m").alias("month"),
        "corridor",
        "nationality",
        "measure",
        "kind",
        "observed",
        "expected",
        "lower",
        "upper",
        "notes",
    )
    head = (
        f"{alarms.height} alarms in {detection.n_series} series as of {detection.provenance.as_of}; at most about "
        f"{detection.expected_false_alarms:g} expected by chance. An alarm says that a count is unusual, not why."
    )
    checks = "".join(f"<li>{escape(c.status)}: {escape(c.text)}</li>" for c in detection.checks)
    return (
        f"<p>{escape(head)}</p>{_chart(detection)}{shown._repr_html_()}<ul>{checks}</ul>"
        f"<p><small>{escape(detection.result_id)}</small></p>"
    )


def _chart(detection: "Detection") -> str:
    from counterpoise.charts.monitoring import chart_detection
    from counterpoise.charts.save import chart_bytes

    if detection.n_series == 0:
        return ""
    corridor = detection.alarms["corridor"][0] if detection.alarms.height else None
    nationalities = detection.alarms.filter(detection.alarms["corridor"] == corridor)["nationality"].unique()
    nationality = next((n for n in ("TOTAL-UKR", "TOTAL") if n in nationalities), None)
    if nationality is None and len(nationalities):
        nationality = nationalities.sort()[0]
    return chart_bytes(chart_detection(detection, corridor, nationality), ".svg").decode()


def trace_html(trace: "Trace") -> str:
    """Return a trace as HTML: the figure, the rows it was read from, their documents."""

    def table(title: str, frame: Any) -> str:
        return f"<h4>{escape(title)}</h4>{frame._repr_html_()}"

    return (
        f"<p>{escape(trace.measure)} on {escape(trace.corridor)}, {escape(trace.nationality)}, "
        f"as known on {trace.as_of}</p>"
        + table("Figure", trace.figures)
        + table("Rows", trace.rows)
        + table("Documents", trace.documents)
    )
