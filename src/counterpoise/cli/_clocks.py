"""Two clocks on the command line: a line, or a JSON object, for each rise in national figures."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

__all__ = ["clock_lines", "clocks_as_json"]


def clocks_as_json(clocks: "pl.DataFrame | None") -> list[dict[str, Any]]:
    """Return the rises with ISO dates; none where they were not asked for."""
    import polars as pl

    return [] if clocks is None else clocks.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts()


def clock_lines(clocks: "pl.DataFrame | None") -> list[str]:
    """Return each rise in one line: what was published when, and where the monthly count stood."""
    return [] if clocks is None else [_line(row) for row in clocks.iter_rows(named=True)]


def _line(row: dict[str, Any]) -> str:
    start, end = row["period_start"], row["period_end"]
    days = (end - start).days + 1
    when = f"{start}" if days == 1 else f"{start} to {end}"
    usual = (
        f"{row['expected'] / days:,.1f} a day from {row['pace_start']} to {row['pace_end']}"
        if row["basis"] == "pace"
        else f"expected {row['expected']:,.0f}"
    )
    said = (
        f"{row['known_on']} {row['corridor']} {row['measure']}: {row['observed']:,.0f} for {when}, {usual}; "
    )
    if row["route"] is None:
        return f"{said}no monthly count is monitored there"
    series = f"{row['route']} {row['route_nationality']} {row['route_measure']}"
    if row["lead_days"] is None:
        newest = f"{row['newest_month']:%Y-%m}" if row["newest_month"] else "no month"
        return f"{said}{series} was known up to {newest}, no alarm of that time"
    order = "later" if row["lead_days"] >= 0 else "earlier"
    return (
        f"{said}{series} alarmed with {row['month']:%Y-%m}, published {row['month_known_on']}, "
        f"{abs(row['lead_days'])} days {order}"
    )
