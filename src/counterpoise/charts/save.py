"""A chart as a file: SVG, PNG, or an HTML page that holds the SVG and needs no script and no network."""

from typing import Any

from counterpoise.errors import InputError

__all__ = ["chart_bytes"]

_PNG_SCALE = 2.0


def chart_bytes(chart: Any, suffix: str) -> bytes:
    """Return the chart in the format of a file suffix.

    Raises
    ------
    InputError
        If the suffix is not ``.svg``, ``.png`` or ``.html``.
    """
    import vl_convert

    specification = chart.to_dict()
    match suffix:
        case ".svg":
            return vl_convert.vegalite_to_svg(specification).encode()
        case ".png":
            return vl_convert.vegalite_to_png(specification, scale=_PNG_SCALE)
        case ".html":
            drawn = vl_convert.vegalite_to_svg(specification)
            page = (
                '<!doctype html><html lang="en"><meta charset="utf-8">'
                '<meta name="viewport" content="width=device-width"><title>Counterpoise chart</title>'
                f"<body>{drawn}</body></html>"
            )
            return page.encode()
        case _:
            raise InputError(
                expected="a file name ending in .svg, .png or .html",
                found=suffix or "no suffix",
                where="--out",
                hint="choose one of these suffixes",
            )
