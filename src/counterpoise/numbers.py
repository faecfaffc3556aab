"""How a factor or a share is written for a reader: two digits that count, and never a power of ten."""

import math

__all__ = ["plain"]


def plain(value: float | None) -> str:
    """Return ``0.089``, ``2.4``, ``14``, ``1,370``: two significant digits below 100, whole above; '' for None."""
    if value is None:
        return ""
    if not math.isfinite(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    if value == 0:
        return "0"
    # rounded first, so that 9.96 is 10 and not 10.0
    rounded = float(f"{value:.2g}")
    decimals = max(0, 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{rounded:.0f}"
