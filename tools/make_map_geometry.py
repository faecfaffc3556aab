"""Make ``basemap.json`` and the border lines of ``corridors.yml`` from Natural Earth outlines.

Natural Earth (public domain) is read in the TopoJSON of the npm package world-atlas 2.0.2::

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/make_map_geometry.py package/countries-50m.json src/counterpoise/data/basemap.json

An arc that two countries share is their border, so borders come out of the file rather than from memory. The
lines are printed as YAML, to be pasted into ``corridors.yml``.
"""

import itertools
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pycountry

Point = tuple[float, float]

WEST, SOUTH, EAST, NORTH = -20.0, 15.0, 60.0, 72.0
OUTLINE_TOLERANCE = 0.05
"""Degrees; about 5 km, less than a pixel of a map 600 pixels wide."""
LINE_POINTS = 25
SMALLEST_RING = 0.02
"""Square degrees; smaller islands are left out."""
WITHOUT_NUMBER = {"Kosovo": "XKX", "N. Cyprus": "CYP", "Somaliland": "SOM"}
BORDERS = (
    ("BY-LT", "BLR", "LTU"),
    ("BY-LV", "BLR", "LVA"),
    ("BY-PL", "BLR", "POL"),
    ("RU-FI", "RUS", "FIN"),
    ("RU-EE", "RUS", "EST"),
    ("RU-LV", "RUS", "LVA"),
    ("RU-LT", "RUS", "LTU"),
    ("RU-PL", "RUS", "POL"),
    ("RU-NO", "RUS", "NOR"),
    ("UA-PL", "UKR", "POL"),
    ("UA-SK", "UKR", "SVK"),
    ("UA-HU", "UKR", "HUN"),
    ("UA-RO", "UKR", "ROU"),
    ("MD-RO", "MDA", "ROU"),
    ("MA-ES", "MAR", "ESP"),
    ("TR-GR", "TUR", "GRC"),
    ("AL-GR", "ALB", "GRC"),
    ("TR-BG", "TUR", "BGR"),
    ("RS-HU", "SRB", "HUN"),
)


def decode_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs as longitude, latitude pairs (TopoJSON stores whole-number steps)."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(arc)
    return arcs


def simplify(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Return the points that matter: no point left out is further than ``tolerance`` degrees away."""
    if len(points) < 3:
        return list(points)
    (x0, y0), (x1, y1) = points[0], points[-1]
    dx, dy = x1 - x0, y1 - y0
    length = (dx * dx + dy * dy) ** 0.5

    def distance(p: Point) -> float:
        if length == 0:
            return float(((p[0] - x0) ** 2 + (p[1] - y0) ** 2) ** 0.5)
        return float(abs(dy * (p[0] - x0) - dx * (p[1] - y0)) / length)

    far = max(range(1, len(points) - 1), key=lambda i: distance(points[i]))
    if distance(points[far]) <= tolerance:
        return [points[0], points[-1]]
    return simplify(points[: far + 1], tolerance)[:-1] + simplify(points[far:], tolerance)


def join(arcs: list[list[Point]], indices: Iterable[int]) -> list[Point]:
    """Return one ring or line from arc numbers; a negative number means the arc backwards."""
    points: list[Point] = []
    for i in indices:
        arc = arcs[i] if i >= 0 else arcs[~i][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def unwrapped(ring: list[Point]) -> list[Point]:
    """Return the ring without jumps from 180 to -180 degrees (Russia crosses that line)."""
    turn = 0.0
    out = ring[:1]
    for (before, _), (lon, lat) in itertools.pairwise(ring):
        turn += -360.0 * (lon - before > 180) + 360.0 * (lon - before < -180)
        out.append((lon + turn, lat))
    return out


def clip(ring: list[Point]) -> list[Point]:
    """Return the part of a ring inside the map (Sutherland and Hodgman, one side after the other)."""
    for axis, bound, sign in ((0, WEST, 1), (0, EAST, -1), (1, SOUTH, 1), (1, NORTH, -1)):
        kept: list[Point] = []
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            inside_a, inside_b = sign * (a[axis] - bound) >= 0, sign * (b[axis] - bound) >= 0
            if inside_a:
                kept.append(a)
            if inside_a != inside_b:
                t = (bound - a[axis]) / (b[axis] - a[axis])
                kept.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
        ring = kept
        if not ring:
            return []
    return ring


def area(ring: Sequence[Sequence[float]]) -> float:
    """Return the area in square degrees."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2)


def rounded(ring: list[Point], digits: int = 2) -> list[list[float]]:
    """Return the ring rounded (0.01 degree is about 1 km) and closed, without repeated points."""
    out: list[list[float]] = []
    for lon, lat in ring:
        point = [round(lon, digits), round(lat, digits)]
        if not out or point != out[-1]:
            out.append(point)
    if out and out[0] != out[-1]:
        out.append(out[0])
    return out


def polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Return polygons, each a list of rings, each a list of arc numbers."""
    arcs: list[Any] = geometry.get("arcs", [])
    return [arcs] if geometry["type"] == "Polygon" else arcs


def alpha_3(geometry: dict[str, Any]) -> str | None:
    """Return the ISO 3166 alpha-3 code, or None for areas without one."""
    number = geometry.get("id")
    country = pycountry.countries.get(numeric=str(number).zfill(3)) if number else None
    return country.alpha_3 if country else WITHOUT_NUMBER.get(geometry["properties"]["name"])


def with_crimea_in_ukraine(
    arcs: list[list[Point]], shapes: dict[str, list[list[list[int]]]]
) -> dict[str, list[list[list[int]]]]:
    """Return the shapes with Crimea joined to Ukraine.

    Natural Earth draws who controls; the European Union and the United Nations General Assembly (resolution
    68/262) do not recognise the annexation, and neither do we.
    """

    def covers_crimea(polygon: list[list[int]]) -> bool:
        lons, lats = zip(*join(arcs, polygon[0]), strict=True)
        return bool(min(lons) > 32 and max(lons) < 37 and min(lats) > 44 and max(lats) < 46.5)

    crimea = next((p for p in shapes["RUS"] if covers_crimea(p)), None)
    if crimea is None:
        return shapes
    mainland = max(shapes["UKR"], key=lambda p: area(join(arcs, p[0])))
    merged = [_merge_rings(mainland[0], crimea[0]), *mainland[1:]]
    return {
        **shapes,
        "RUS": [p for p in shapes["RUS"] if p is not crimea],
        "UKR": [merged if p is mainland else p for p in shapes["UKR"]],
    }


def _merge_rings(one: list[int], other: list[int]) -> list[int]:
    """Return the ring around two neighbours: both rings without the arcs they share, cut open there."""
    shared = {i for i in one if ~i in other}
    back = {~i for i in shared}
    cut = next(k for k in range(len(one)) if one[k] in shared and one[(k + 1) % len(one)] not in shared)
    first = [i for i in one[cut + 1 :] + one[: cut + 1] if i not in shared]
    cut = next(k for k in range(len(other)) if other[k] in back and other[(k + 1) % len(other)] not in back)
    return first + [i for i in other[cut + 1 :] + other[: cut + 1] if i not in back]


def basemap(topology: dict[str, Any]) -> dict[str, Any]:
    """Return the GeoJSON of the outlines; rings keep the winding that d3 and Vega expect."""
    arcs = [simplify(arc, OUTLINE_TOLERANCE) for arc in decode_arcs(topology)]
    by_code: dict[str, list[list[list[int]]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = alpha_3(geometry)
        if code is not None:
            by_code.setdefault(code, []).extend(polygons(geometry))
    shapes: dict[str, list[list[list[list[float]]]]] = {}
    for code, found in with_crimea_in_ukraine(arcs, by_code).items():
        for polygon in found:
            rings = [rounded(clip(unwrapped(join(arcs, ring)))) for ring in polygon]
            rings = [ring for ring in rings if len(ring) >= 4 and area(ring) >= SMALLEST_RING]
            if rings:
                shapes.setdefault(code, []).append(rings)
    features = [
        {"type": "Feature", "id": code, "properties": {}, "geometry": _geometry(shapes[code])}
        for code in sorted(shapes)
    ]
    return {"type": "FeatureCollection", "features": features}


def _geometry(parts: list[list[list[list[float]]]]) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": parts}


def border_line(topology: dict[str, Any], one: str, other: str) -> list[list[list[float]]]:
    """Return the shared border, as few lines as possible, together at most ``LINE_POINTS`` points."""
    arcs = decode_arcs(topology)
    uses: dict[str, Counter[int]] = {one: Counter(), other: Counter()}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = alpha_3(geometry)
        if code in uses:
            uses[code].update(i if i >= 0 else ~i for p in polygons(geometry) for ring in p for i in ring)
    lines = [arcs[i] for i in sorted(uses[one].keys() & uses[other].keys())]
    joined = _join_ends(lines)
    tolerance = 0.01
    while sum(len(simplify(line, tolerance)) for line in joined) > LINE_POINTS:
        tolerance *= 1.2
    return [
        [[round(x, 2), round(y, 2)] for x, y in simplify(line, tolerance)]
        for line in sorted(joined, key=lambda line: -len(line))
    ]


def _join_ends(lines: list[list[Point]]) -> list[list[Point]]:
    joined: list[list[Point]] = []
    for line in lines:
        rest = line
        for i in range(len(joined) - 1, -1, -1):
            for a, b in (
                (joined[i], rest),
                (joined[i][::-1], rest),
                (joined[i], rest[::-1]),
                (rest, joined[i]),
            ):
                if a[-1] == b[0]:
                    rest = a + b[1:]
                    del joined[i]
                    break
        joined.append(rest)
    return joined


def main(source: str, target: str) -> None:
    """Write the basemap to ``target`` and print the border lines."""
    topology = json.loads(Path(source).read_text(encoding="utf-8"))
    text = json.dumps(basemap(topology), separators=(",", ":")) + "\n"
    Path(target).write_text(text, encoding="utf-8")
    print(f"# {target}: {len(text) / 1000:.0f} kB")
    for corridor, one, other in BORDERS:
        for line in border_line(topology, one, other):
            print(f"{corridor}: {json.dumps(line)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
