"""Charts as pictures inside the page: drawn by vl-convert, cleaned, and labelled for screen readers."""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

__all__ = ["clean_svg", "render_svgs"]

_NOISE = re.compile(r' (?:aria-[a-z]+|role|class|version|xmlns:xlink|pointer-events)="[^"]*"')
_FONT = re.compile(r' font-family="[^"]*"')
_LONG = re.compile(r"(-?\d+\.\d{2})\d+")
_ID = re.compile(r'(id="|url\(#)([\w-]+)')
_OPENING = re.compile(r"<svg[^>]*?viewBox=\"([^\"]*)\"[^>]*>")


def render_svgs(charts: Mapping[str, Callable[[], Any]]) -> dict[str, str]:
    """Return each chart as one ``<svg>`` element that scales with the page, by name.

    Parameters
    ----------
    charts
        Name, unique within the page, to a function that makes the Altair chart.

    Notes
    -----
    One thread draws while the next chart is built. The charts are not validated against the schema here, which
    would take as long as building them: tests draw every kind of chart with validation.
    """
    import vl_convert
    from altair.utils.schemapi import debug_mode

    with ThreadPoolExecutor(max_workers=1) as drawing, debug_mode(False):
        drawn = {
            name: drawing.submit(vl_convert.vegalite_to_svg, make().to_dict(validate=False))
            for name, make in charts.items()
        }
        return {name: clean_svg(svg.result(), name) for name, svg in drawn.items()}


def clean_svg(drawn: str, name: str) -> str:
    """Return the drawing without size, fonts and labels of its parts; ``name`` is put before its ids.

    The picture carries no text alternative of its own: the page labels what is around it.
    """
    opening = _OPENING.search(drawn)
    if opening is None:
        raise AssertionError("vl-convert returned no svg element")
    box = opening.group(1)
    width = box.split()[2]
    body = drawn[opening.end() :]
    body = _NOISE.sub("", body)
    body = _FONT.sub("", body)
    body = _LONG.sub(r"\1", body)
    # the drawing counts its ids on and on within a process: they are counted anew from 1
    ids: dict[str, int] = {}
    body = _ID.sub(lambda m: f"{m[1]}{name}-{ids.setdefault(m[2], len(ids) + 1)}", body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" style="max-width:{width}px" '
        f'focusable="false" aria-hidden="true">{body.strip()}'
    )
