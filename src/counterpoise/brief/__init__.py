"""The brief: findings, figures and numbered sources in one file."""

from counterpoise.brief.compose import Draft, begin, compose, finish
from counterpoise.brief.model import Brief
from counterpoise.brief.render import render_html, render_json, render_lines
from counterpoise.brief.svg import Drawings

__all__ = [
    "Brief",
    "Draft",
    "Drawings",
    "begin",
    "compose",
    "finish",
    "render_html",
    "render_json",
    "render_lines",
]
