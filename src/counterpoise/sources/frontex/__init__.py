"""Frontex: monthly detections of irregular border crossings, from the publisher's own workbook."""

from counterpoise.sources.frontex.workbook import parse_workbook

__all__ = ["parse_workbook"]
