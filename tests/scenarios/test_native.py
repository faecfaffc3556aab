"""Compiled functions are kept under all that made them, loaded without the compiler, and made anew when damaged."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from counterpoise.scenarios import native as module
from counterpoise.scenarios._peel import peel


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Keep compiled functions in two places of the test's own; the first cannot be written."""
    (tmp_path / "no-folder").write_text("in the way")
    found = [tmp_path / "no-folder" / "peel.native", tmp_path / "cache" / "peel.native"]
    monkeypatch.setattr(module, "_places", lambda _name: tuple(found))
    monkeypatch.setattr(module, "_loaded", {})
    return found


def peeled() -> list[int]:
    """Return futures in the box after each step, of a small question."""
    columns = np.random.default_rng(1).random((2, 200))
    order = np.argsort(columns, axis=1).astype(np.int32)
    return peel(columns, order, columns[0] < 0.3, np.zeros(2, np.bool_), 0.1, 10).n_in.tolist()


def test_a_damaged_file_is_made_anew_and_a_whole_one_is_not(
    places: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    places[1].parent.mkdir()
    places[1].write_bytes(b'{"symbol": "peel_block", "sha256": "0"}\nno machine code')
    expected = peeled()
    assert places[1].stat().st_size > 1000

    def refuse(_name: str) -> None:
        pytest.fail("compiled again")

    monkeypatch.setattr(module, "_compile", refuse)
    monkeypatch.setattr(module, "_loaded", {})
    assert peeled() == expected


def test_the_name_changes_with_the_text_it_is_made_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = Path(module.__file__).parent
    for source in ("native", "_peeling", "_peel"):
        (tmp_path / f"{source}.py").write_bytes((sources / f"{source}.py").read_bytes())
    monkeypatch.setattr(module, "__file__", str(tmp_path / "native.py"))
    before = module._places("peel_block")[0].name
    with (tmp_path / "_peel.py").open("a") as file:
        file.write("# a constant changed\n")
    assert module._places("peel_block")[0].name != before


def test_an_answer_needs_no_compiler_once_it_was_there() -> None:
    peeled()
    code = (
        "import sys, numpy as np\n"
        "from counterpoise.scenarios import ExploreOptions, explore, load_world\n"
        "explore(load_world('belarus-eu-2021'), options=ExploreOptions(runs=64))\n"
        "sys.exit('numba' in sys.modules or 'scipy' in sys.modules)"
    )
    module.native("simulate_block")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
