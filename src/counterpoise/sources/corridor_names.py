"""From a publisher's own words (route, border type) to the corridor a figure is stored under."""

from collections.abc import Mapping, Sequence

from counterpoise.observations.corridors import CorridorRegistry

__all__ = ["SEPARATOR", "corridor_of"]

SEPARATOR = " / "
"""Joins the words of several columns, as in ``Eastern Mediterranean Route / Land``."""


def corridor_of(
    words: Sequence[str],
    *,
    publisher: str,
    registry: CorridorRegistry,
    values: Mapping[str, str] | None = None,
) -> str | None:
    """Return the id of the finest corridor the words name, or None if the registry knows none.

    Looked up in this order: the joined words in ``values``; the joined words among the publisher's names; a
    single word that is itself an id; of two words, the first among the publisher's names and the second as
    its part (``Land`` -> ``<route>-land``), or, for a route without parts, the route.

    Parameters
    ----------
    words
        One word or more, e.g. ``("Western Balkan Route", "Sea")``.
    values
        Joined words -> id: a table of the user's own, which goes first.
    """
    joined = SEPARATOR.join(words)
    if values and joined in values:
        return values[joined]
    names = registry.by_publisher_name(publisher)
    if joined in names:
        return names[joined]
    if len(words) == 1:
        return joined if joined in registry else None
    route = names.get(words[0])
    if route is None or len(words) != 2 or not words[1]:
        return None
    parts = [child for child in registry.children(route) if registry[child].kind == "part"]
    if not parts:
        return route
    part = f"{route}-{words[1].casefold()}"
    return part if part in parts else None
