"""A small map of a case: outlines of countries, and the borders its figures are about.

Lines are coarse and say nothing on the status of any territory. No place finer than a border is drawn.
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import altair as alt

from counterpoise.charts.scales import inline
from counterpoise.charts.theme import ALARM, INK, MUTED, WIDE, Caption, Layout, finish
from counterpoise.observations.corridors import Corridor, CorridorRegistry
from counterpoise.observations.nationalities import nationality_name

__all__ = ["chart_map", "describe_map", "drawn_corridors", "load_basemap"]

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

_LAND = "#f4f1ea"
_COAST = "#a9b2ba"
_WATER = "#d9e4ec"
_SMALLEST_LABELLED = 0.012
"""Share of the map a country must fill to carry its name."""


@cache
def load_basemap() -> Mapping[str, Any]:
    """Return the bundled outlines: GeoJSON, one feature per country, ``id`` ISO 3166 alpha-3."""
    text = files("counterpoise.data").joinpath("basemap.json").read_text(encoding="utf-8")
    basemap: Mapping[str, Any] = json.loads(text)
    return basemap


def drawn_corridors(registry: CorridorRegistry, ids: Sequence[str]) -> tuple[Corridor, ...]:
    """Return the corridors a map can draw: those given, or what lies below them, that have a line."""
    found: dict[str, Corridor] = {}
    for corridor in ids:
        own = registry[corridor]
        wanted = (corridor,) if own.line else registry.subtree(corridor)
        found |= {c: registry[c] for c in wanted if registry[c].line}
    return tuple(found.values())


def chart_map(
    corridors: Sequence[Corridor],
    basemap: Mapping[str, Any],
    *,
    layout: Layout = WIDE,
    caption: Caption | None = None,
) -> Any:
    """Return the map of the corridors' lines with some land around them.

    Parameters
    ----------
    corridors
        Each with a line; at least one.
    basemap
        As :func:`load_basemap`.
    """
    width = layout.width + layout.axis
    height = round(width * (0.52 if layout == WIDE else 1.0))
    box = _view([c.line for c in corridors], width / height)
    scale = width / math.radians(box[2] - box[0])
    projection = alt.Projection(
        type="mercator",
        scale=scale,
        translate=[-scale * math.radians(box[0]), scale * _mercator(box[3])],
    )
    # cut wider than the view: an edge along a parallel is drawn as a great circle, which is bent
    margin = (box[2] - box[0]) * 0.2
    wider = (box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin)
    countries = [
        {
            "type": "Feature",
            "id": f["id"],
            "properties": {},
            "geometry": {"type": "MultiPolygon", "coordinates": rings},
        }
        for f in basemap["features"]
        if (rings := _clipped(f["geometry"]["coordinates"], wider))
    ]
    lines = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "LineString", "coordinates": [list(p) for p in c.line]},
        }
        for c in corridors
    ]
    land = alt.Chart(inline(countries)).mark_geoshape(fill=_LAND, stroke=_COAST, strokeWidth=0.7, clip=True)
    drawn = alt.Chart(inline(lines))
    return finish(
        alt.layer(
            land,
            drawn.mark_geoshape(filled=False, stroke="#ffffff", strokeWidth=6),
            drawn.mark_geoshape(filled=False, stroke=ALARM, strokeWidth=3),
            *_names(countries, corridors, box, layout),
        )
        .properties(width=width, height=height, projection=projection, view={"fill": _WATER})
        .configure_view(stroke=None),
        layout,
        caption,
    )


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _view(lines: Sequence[Sequence[Point]], aspect: float) -> Box:
    """Return a view of the given aspect around the lines, with land on both sides."""
    lons = [lon for line in lines for lon, _ in line]
    lats = [lat for line in lines for _, lat in line]
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)
    middle_y = (_mercator(south) + _mercator(north)) / 2
    half_y = max((_mercator(north) - _mercator(south)) / 2 * 1.35, math.radians(2.5))
    half_x = max(math.radians(east - west) / 2 * 1.6, half_y * aspect)
    half_y = half_x / aspect
    middle = (west + east) / 2

    def latitude(y: float) -> float:
        return math.degrees(2 * math.atan(math.exp(y)) - math.pi / 2)

    return (
        middle - math.degrees(half_x),
        latitude(middle_y - half_y),
        middle + math.degrees(half_x),
        latitude(middle_y + half_y),
    )


def _clipped(polygons: Sequence[Sequence[Sequence[Sequence[float]]]], box: Box) -> list[list[list[Point]]]:
    """Return the outer rings of a MultiPolygon cut to the view, as polygons of their own."""
    rings = (_clip_ring([(p[0], p[1]) for p in polygon[0]], box) for polygon in polygons)
    return [[ring] for ring in rings if len(ring) > 3]


def _clip_ring(ring: list[Point], box: Box) -> list[Point]:
    """Return the part of a ring inside the box, cut side by side (Sutherland and Hodgman 1974)."""
    west, south, east, north = box
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        kept: list[Point] = []
        for a, b in zip([ring[-1], *ring[:-1]], ring, strict=True) if ring else ():
            a_in, b_in = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
            if a_in != b_in:
                t = (limit - a[axis]) / (b[axis] - a[axis])
                kept.append((round(a[0] + t * (b[0] - a[0]), 3), round(a[1] + t * (b[1] - a[1]), 3)))
            if b_in:
                kept.append(b)
        ring = kept
    return [*ring, ring[0]] if ring and ring[0] != ring[-1] else ring


def _area_and_centre(ring: Sequence[Point]) -> tuple[float, Point]:
    """Return area (square degrees) and centroid of a closed ring."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in pairwise(ring):
        cross = x0 * y1 - x1 * y0
        area += cross
        x += (x0 + x1) * cross
        y += (y0 + y1) * cross
    if not area:
        return 0.0, ring[0]
    return abs(area) / 2, (x / (3 * area), y / (3 * area))


def _names(
    countries: Sequence[Mapping[str, Any]], corridors: Sequence[Corridor], box: Box, layout: Layout
) -> list[Any]:
    """Return the names of countries large enough on the map, and of the corridors beside their line."""
    whole = (box[2] - box[0]) * (box[3] - box[1])
    names = []
    for country in countries:
        seen = _clipped(country["geometry"]["coordinates"], box)
        if not seen:
            continue
        area, centre = max(_area_and_centre(polygon[0]) for polygon in seen)
        if area > _SMALLEST_LABELLED * whole:
            names.append({"lon": centre[0], "lat": centre[1], "text": nationality_name(country["id"])})
    labels = [
        {"lon": c.line[len(c.line) // 2][0], "lat": c.line[len(c.line) // 2][1], "text": c.id}
        for c in corridors
    ]
    size = layout.font_size

    def texts(rows: list[dict[str, Any]], **mark: Any) -> Any:
        return (
            alt.Chart(inline(rows))
            .mark_text(baseline="middle", **mark)
            .encode(longitude="lon:Q", latitude="lat:Q", text=alt.Text("text:N"))
        )

    shown = {"fontSize": size, "fontWeight": "bold", "align": "left", "dx": 8}
    return [
        texts(names, fontSize=size, color=MUTED),
        texts(labels, **shown, color="#ffffff", stroke="#ffffff", strokeWidth=4, strokeJoin="round"),
        texts(labels, **shown, color=INK),
    ]


def describe_map(corridors: Sequence[Corridor]) -> str:
    """Return the map in words: the borders drawn, and the states on either side."""
    parts = []
    for corridor in corridors:
        start = " and ".join(nationality_name(s) for s in corridor.from_states)
        end = " and ".join(nationality_name(s) for s in corridor.to_states)
        parts.append(f"{corridor.id} ({corridor.name}), from {start} to {end}")
    return f"Map of the borders the figures are about: {'; '.join(parts)}."
