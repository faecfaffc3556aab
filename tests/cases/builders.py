"""A small valid case as text and as data, with overrides."""

from typing import Any

from counterpoise.cases import Case

TEXT = """\
id: some-border-2024
title: Some border
summary: What happened there.
label_status: asserted
asserted_by: [Poland]
actors:
  coercers: [BLR]
  targets: [POL]
corridors: [BY-PL]
measures: [attempts]
events:
  - date: 2024-02-01
    kind: statement_threat
    actor: Belarus
    text: A threat is made.
    sources: [page]
    confidence: high
harms:
  - id: wide
    kind: death
    value: 3
    period_start: 2024-01-01
    period_end: 2024-12-31
    place: The border
    who_reported: A newspaper
    sources: [page]
    confidence: medium
sources:
  - id: page
    title: A page
    url: https://example.org/page
"""


def event(**changes: Any) -> dict[str, Any]:
    """Return an event, to be put into ``case``."""
    import datetime as dt

    return {
        "date": dt.date(2024, 2, 1),
        "kind": "statement_threat",
        "text": "A threat is made.",
        "sources": ("page",),
        "confidence": "high",
        **changes,
    }


def response(**changes: Any) -> dict[str, Any]:
    """Return a response, to be put into ``case``."""
    return {
        "title": "Closure",
        "country": "Poland",
        "kind": "border_closure",
        "what": "Crossings close.",
        "sources": ("page",),
        "confidence": "high",
        **changes,
    }


def case(**changes: Any) -> Case:
    """Return a valid case."""
    return Case.model_validate(
        {
            "id": "some-border-2024",
            "title": "Some border",
            "summary": "What happened there.",
            "label_status": "asserted",
            "asserted_by": ("Poland",),
            "actors": {"coercers": ("BLR",), "targets": ("POL",)},
            "corridors": ("BY-PL",),
            "measures": ("attempts",),
            "sources": ({"id": "page", "title": "A page", "url": "https://example.org/page"},),
            **changes,
        }
    )
