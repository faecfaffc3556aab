"""Imports point one way, stages know only each other's results, and what is private stays so."""

import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.contracts.source_tree import imports, modules

STAGES = {"monitoring", "attribution", "impact", "scenarios", "narratives", "outreach", "dialogue"}
RANKS = {
    **dict.fromkeys(("vocabulary", "schemas", "errors", "provenance", "checks", "numbers", "data"), 0),
    "observations": 1,
    "cases": 2,
    "sources": 3,
    **dict.fromkeys(STAGES, 4),
    "charts": 5,
    "brief": 6,
    "cli": 7,
    "web": 7,
    "notebook": 7,
}
NOT_IMPORTED_BY_NAME = {
    "fastexcel": "Polars reads workbooks through it",
    "vl-convert-python": "Altair writes SVG and PNG through it",
}
COMPANIONS = {"markupsafe": "jinja2", "pydantic-core": "pydantic"}
"""Packages that are half of another: importing one is declared by declaring the other."""

MODULES = modules()
OWN_IMPORTS = {
    name: {target for target in imports(path, set(MODULES)) if target.split(".")[0] == "counterpoise"}
    for name, path in MODULES.items()
}


def part(module: str) -> str:
    """Return the package below ``counterpoise`` a module belongs to; empty for the root."""
    return [*module.split("."), ""][1]


def test_every_part_has_a_place() -> None:
    assert {part(name) for name in MODULES} - {""} <= set(RANKS)


@pytest.mark.parametrize("name", sorted(set(MODULES) - {"counterpoise"}))
def test_imports_point_one_way(name: str) -> None:
    for target in OWN_IMPORTS[name]:
        assert target != "counterpoise", f"{name} imports the public API, which stands above everything"
        upward = RANKS[part(target)] > RANKS[part(name)]
        sideways = part(target) != part(name) and {part(target), part(name)} <= STAGES
        assert not upward, f"{name} imports {target}, which stands above it"
        assert not sideways or target.endswith(".results"), f"{name} may take only results from {target}"


@pytest.mark.parametrize("name", sorted(MODULES))
def test_private_modules_stay_in_their_package(name: str) -> None:
    for target in OWN_IMPORTS[name]:
        package, _, last = target.rpartition(".")
        if last.startswith("_"):
            assert f"{name}.".startswith(f"{package}."), f"{name} imports the private {target}"


def third_party(paths: Iterable[Path]) -> set[str]:
    """Return the packages, as a registry names them, that these files import from outside."""
    roots = {target.split(".")[0] for path in paths for target in imports(path, set(MODULES))}
    owners = packages_distributions()
    outside = roots - set(sys.stdlib_module_names) - {"counterpoise", "tests", "tools", "benchmarks"}
    names = {canonicalize_name(owner) for root in outside for owner in owners.get(root, [root])}
    return {COMPANIONS.get(name, name) for name in names}


def declared(repository: Path, *extras: str) -> set[str]:
    """Return what the project depends on, and what these extras add."""
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"]]
    lines += [line for extra in extras for line in project["optional-dependencies"][extra]]
    return {canonicalize_name(Requirement(line).name) for line in lines}


def test_every_import_is_declared(repository: Path) -> None:
    assert third_party(MODULES.values()) - declared(repository, "all") == set()


def test_every_declared_dependency_is_used(repository: Path) -> None:
    assert declared(repository, "all") - third_party(MODULES.values()) - set(NOT_IMPORTED_BY_NAME) == set()


def test_what_tests_tools_and_benchmarks_import_is_declared(repository: Path) -> None:
    folders = ("tests", "tools", "benchmarks")
    paths = [path for folder in folders for path in (repository / folder).rglob("*.py")]
    own = {canonicalize_name(path.stem) for path in paths}  # a script may import the one beside it
    assert third_party(paths) - declared(repository, "all", "docs", "dev") - own == set()
