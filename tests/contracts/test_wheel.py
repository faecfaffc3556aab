"""The built wheel, alone in an empty environment outside the repository, makes the brief."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PACKAGE_DATA = {".py", ".typed", ".csv", ".yml", ".yaml", ".json", ".md"}
BIN = "Scripts" if os.name == "nt" else "bin"


def run(*command: Path | str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, **options)  # type: ignore[call-overload, no-any-return]


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=repository)
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_the_package_its_data_and_the_licence(repository: Path, wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    source = repository / "src"
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "counterpoise").rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.suffix in PACKAGE_DATA | {".j2", ".css"}
    }
    assert wanted - held == set()
    assert any(name.endswith("licenses/LICENSE") for name in held)
    assert not [name for name in held if name.startswith(("tests/", "docs/", "tools/"))]


@pytest.mark.registry
def test_the_wheel_makes_the_brief_outside_the_repository(
    repository: Path, wheel: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    python = installed(repository, wheel, tmp_path)
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
    }
    where = run(python, "-c", "import counterpoise; print(counterpoise.__file__)", cwd=home, env=environment)
    assert Path(where.stdout.strip()).is_relative_to(tmp_path), where.stderr
    program = python.with_name("counterpoise")
    made = run(program, "brief", "belarus-eu-2021", "--out", "brief.html", cwd=home, env=environment)
    assert made.returncode == 0, made.stderr
    text = (home / "brief.html").read_text(encoding="utf-8")
    assert text.lstrip().lower().startswith("<!doctype html>")
    assert len(text) < 3_000_000


def installed(repository: Path, wheel: Path, folder: Path) -> Path:
    """Return the Python of a new environment with the wheel and the run-time packages the lock pins."""
    uv = repository / ".uv" / BIN / "uv"
    if not uv.exists() and not uv.with_suffix(".exe").exists():
        pytest.skip("uv is not in .uv: run 'make setup'")
    environment = folder / "environment"
    assert run(uv, "venv", "--python", sys.executable, environment).returncode == 0
    python = environment / BIN / "python"
    # The wheel's own requirements, at the versions of the lock; constraints carry no hashes.
    constraints = folder / "constraints.txt"
    lock = (repository / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9][^\\\n]*", lock, re.MULTILINE)
    constraints.write_text("\n".join(pins), encoding="utf-8")
    install = run(
        uv,
        "pip",
        "install",
        "--quiet",
        "--system-certs",
        "--python",
        python,
        "--constraint",
        constraints,
        wheel,
    )
    if re.search(r"dns error|Connect|connection|timed out|Could not connect", install.stderr):
        pytest.skip("the package registry cannot be reached")
    assert install.returncode == 0, install.stderr
    return python
