"""The commands of the pages run as they stand there, page by page, in an empty folder."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAM = """
import contextlib, io, json, sys
from counterpoise.cli import main
for words in json.load(sys.stdin):
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            main(words)
    except SystemExit as end:
        if end.code:
            sys.exit(f"counterpoise {' '.join(words)}: exit code {end.code}")
    if not said.getvalue().strip() and "--out" not in words:
        sys.exit(f"counterpoise {' '.join(words)} said nothing")
"""
"""All commands of a page in one process, since loading the libraries takes longer than most of them."""
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands(page: Path) -> list[str]:
    """Return the ``$ counterpoise`` lines of a page; one that names ``FILE`` needs a file of the reader's."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in BLOCK.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    return [line[2:] for line in lines if line.startswith("$ counterpoise ") and "FILE" not in line]


def environment(home: Path) -> dict[str, str]:
    """Return the environment with nothing stored by whoever runs the tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "COUNTERPOISE", "COVERAGE"))  # measured elsewhere, at half the time
    }
    return {
        **kept,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "LOCALAPPDATA": str(home),
        "COLUMNS": "120",
    }


def test_the_tutorial_has_commands() -> None:
    assert len(commands(ROOT / "docs" / "tutorial.md")) >= 5


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.name)
def test_the_commands_of_a_page_run(page: Path, tmp_path: Path) -> None:
    words = [shlex.split(command)[1:] for command in commands(page)]
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(words),
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
