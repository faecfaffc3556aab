"""Charts as pictures inside the page: drawn by vl-convert, cleaned, and labelled for screen readers."""

import re
from typing import Any

__all__ = ["render_svg"]

_NOISE = re.compile(r' (?:aria-[a-z]+|role|class|version|xmlns:xlink|pointer-events)="[^"]*"')
_FONT = re.compile(r' font-family="[^"]*"')
_LONG = re.compile(r"(-?\d+\.\d{2})\d+")
_ID = re.compile(r'(id="|url\(#)([\w-]+)')
_OPENING = re.compile(r"<svg[^>]*?viewBox=\"([^\"]*)\"[^>]*>")


def render_svg(chart: Any, name: str) -> str:
    """Return the chart as one ``<svg>`` element that scales with the page.

    Parameters
    ----------
    chart
        An Altair chart.
    name
        Unique within the page; its clip paths get it as a prefix.

    Notes
    -----
    The picture carries no text alternative of its own: the page labels what is around it.
    """
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(chart.to_dict())
    opening = _OPENING.search(drawn)
    if opening is None:
        raise AssertionError("vl-convert returned no svg element")
    box = opening.group(1)
    width = box.split()[2]
    body = drawn[opening.end() :]
    body = _NOISE.sub("", body)
    body = _FONT.sub("", body)
    body = _LONG.sub(r"\1", body)
    body = _ID.sub(rf"\g<1>{name}-\2", body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" style="max-width:{width}px" '
        f'focusable="false" aria-hidden="true">{body.strip()}'
    )
