"""The brief: findings, figures and numbered sources in one file."""

from counterpoise.brief.compose import compose
from counterpoise.brief.model import Brief
from counterpoise.brief.render import render_html, render_json, render_lines

__all__ = ["Brief", "compose", "render_html", "render_json", "render_lines"]
