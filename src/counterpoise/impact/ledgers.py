"""What a case file says of rights beside each response; it is what was raised, not a complete review."""

from typing import Any

from counterpoise.cases.model import Response

__all__ = ["rights_of"]


def rights_of(named: tuple[tuple[str, Response], ...]) -> tuple[dict[str, Any], ...]:
    """Return one row per response with its rights concern; a null concern means that the file records none."""
    return tuple(
        {
            "response": name,
            "title": response.title,
            "country": response.country,
            "kind": response.kind.value,
            "rights_concern": response.rights_concern,
            "raised_by": list(response.raised_by),
            "sources": list(response.sources),
        }
        for name, response in named
    )
