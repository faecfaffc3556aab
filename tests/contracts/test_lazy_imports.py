"""Starting is quick because heavy libraries wait until they are used: judged by modules, not by a clock."""

import json
import subprocess
import sys

import pytest

from counterpoise.cli.app import app

HEAVY = {
    "polars",
    "duckdb",
    "altair",
    "pandas",
    "numpy",
    "scipy",
    "pydantic",
    "jinja2",
    "vl_convert",
    "fastexcel",
}
COMMANDS = [command.name for command in app.registered_commands] + [
    group.name for group in app.registered_groups
]


def loaded_after(code: str) -> set[str]:
    """Return the top-level modules a fresh interpreter holds after ``code``."""
    names = "sorted({name.split('.')[0] for name in sys.modules})"
    tail = f"\nimport sys, json\nprint(json.dumps({names}), file=sys.stderr)"
    ended = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, check=True)
    return set(json.loads(ended.stderr.splitlines()[-1]))


def test_the_probe_sees_a_heavy_import() -> None:
    assert "polars" in loaded_after("import polars")


@pytest.mark.parametrize(
    "argument", ["--help", "--version", *sorted(f"{command} --help" for command in COMMANDS)]
)
def test_help_loads_nothing_heavy(argument: str) -> None:
    code = (
        "from counterpoise.cli import main\n"
        f"try:\n    main({argument.split()!r})\nexcept SystemExit as end:\n    assert not end.code, end.code"
    )
    allowed = {"--help": set(), "--version": {"polars"}}.get(
        argument, {"pydantic"}
    )  # Typer's own, per command
    assert loaded_after(code) & HEAVY - allowed == set()


def test_import_loads_nothing_heavy() -> None:
    assert loaded_after("import counterpoise") & HEAVY == set()
