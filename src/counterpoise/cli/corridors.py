"""``counterpoise corridors``: the tree of routes, borders and sectors."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterpoise.cli._shared import ArchiveOption, JsonOption, print_json
from counterpoise.cli.app import app

if TYPE_CHECKING:
    from counterpoise.observations.corridors import Corridor, CorridorRegistry


@app.command("corridors")
def corridors_command(
    corridor: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One corridor and what lies below it.")
    ] = None,
    json_: JsonOption = False,
    archive: ArchiveOption = None,
) -> None:
    """Show the corridors as a tree: a route contains its parts and borders, a border its sectors.

    Corridors of your own figures stand last, as 'user'.

    Example: counterpoise corridors BY-PL
    """
    from counterpoise.observations.archive import read_corridors
    from counterpoise.provenance import registry_header

    registry = read_corridors(archive)
    if corridor is None:
        shown = tuple(registry.corridors)
    else:
        registry.require(corridor, "corridors ID")
        shown = registry.subtree(corridor)
    if json_:
        rows = [_row(registry[name]) for name in shown]
        print_json({**registry_header("corridors", rows), "checks": [], "corridors": rows})
    elif corridor is None:
        for name in (c.id for c in registry.corridors.values() if c.parent is None):
            _say_tree(registry, name, 0)
    else:
        _say_one(registry, registry[corridor])


def _row(corridor: "Corridor") -> dict[str, Any]:
    return {
        "id": corridor.id,
        "name": corridor.name,
        "kind": corridor.kind,
        "parent": corridor.parent,
        "from": list(corridor.from_states),
        "to": list(corridor.to_states),
        "names": {publisher: list(names) for publisher, names in corridor.names.items()},
        "totals_without": list(corridor.totals_without),
        "line": [list(point) for point in corridor.line],
        "note": " ".join(corridor.note.split()),
    }


def _say_tree(registry: "CorridorRegistry", name: str, depth: int) -> None:
    corridor = registry[name]
    typer.echo(f"{'  ' * depth + name:<30}  {corridor.name} ({corridor.kind}{_way(corridor)})")
    for child in registry.children(name):
        _say_tree(registry, child, depth + 1)


def _way(corridor: "Corridor") -> str:
    come, arrive = " ".join(corridor.from_states), " ".join(corridor.to_states)
    if come and arrive:
        return f"; {come} to {arrive}"
    return f"; {come or arrive}" if come or arrive else ""


def _say_one(registry: "CorridorRegistry", corridor: "Corridor") -> None:
    from counterpoise.observations.nationalities import nationality_name

    def named(codes: tuple[str, ...]) -> str:
        return ", ".join(nationality_name(code) for code in codes)

    lines = {
        "name": corridor.name,
        "kind": corridor.kind,
        "in": " > ".join(reversed(registry.ancestors(corridor.id))),
        "from": named(corridor.from_states),
        "to": named(corridor.to_states),
        "names": "; ".join(f"{who}: {', '.join(names)}" for who, names in corridor.names.items()),
        "totals": ", ".join(nationality_name(f"TOTAL-{code}") for code in corridor.totals_without),
        "note": " ".join(corridor.note.split()),
    }
    typer.echo(corridor.id)
    for label, text in lines.items():
        if text:
            typer.echo(f"  {label:<7} {text}")
    children = registry.children(corridor.id)
    if children:
        typer.echo("\nBelow it:")
        for child in children:
            _say_tree(registry, child, 1)
    typer.echo(f"\nHow its figures are counted: counterpoise regimes --corridor {corridor.id}")
