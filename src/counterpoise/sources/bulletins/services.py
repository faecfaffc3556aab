"""What a service's own number is when a text does not say so, by border and day: ``services.yml``."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

__all__ = ["headline_measure", "largest_day", "likely_border", "undated_period"]

_LARGEST_DAY = 600


@cache
def _services() -> Mapping[str, Any]:
    file = resources.files("counterpoise.sources.bulletins").joinpath("services.yml")
    loaded: Mapping[str, Any] = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    return loaded


def headline_measure(corridor: str, published: date | None) -> str | None:
    """Return what the service of a border counted in its daily number; the newest rule if the day is not known."""
    rule = _rule(corridor, "headline", published)
    return str(rule["measure"]) if rule else None


def undated_period(corridor: str, value: int, published: date | None) -> str | None:
    """Return the period of a total that names no time; None if the service has no such habit."""
    rule = _rule(corridor, "totals", published) if published else None
    return str(rule["period"]) if rule and value >= int(rule.get("least", 0)) else None


def likely_border(measure: str | None, published: date | None) -> str | None:
    """Return the border of the only service that regularly publishes a measure on a day; None if there are several."""
    found = [
        corridor
        for corridor in _services()
        if (rule := _rule(corridor, "alone", published)) and measure in rule["measures"]
    ]
    return found[0] if len(found) == 1 else None


def largest_day(corridor: str, measure: str | None) -> int:
    """Return the largest number without a time that can be one of a day."""
    return int(_services().get(corridor, {}).get("largest_day", {}).get(measure, _LARGEST_DAY))


def _rule(corridor: str, kind: str, day: date | None) -> Mapping[str, Any] | None:
    rules = _services().get(corridor, {}).get(kind, [])
    begun = [rule for rule in rules if day is None or rule["from"] <= day]
    return max(begun, key=lambda rule: rule["from"]) if begun else None
