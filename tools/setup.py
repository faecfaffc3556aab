"""Make ``.venv`` with everything the project needs, from nothing but a Python 3.11 or newer.

``make setup`` runs this file with the first Python that is new enough; on a machine without make it is run
by hand. It uses the standard library only. uv comes from the package registry into ``.uv`` (a virtual
environment of its own), and both uv and the packages of ``requirements.lock`` are checked against hashes.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRIVATE = ROOT / ".uv"
ENVIRONMENT = ROOT / ".venv"
BIN = "Scripts" if os.name == "nt" else "bin"
SUFFIX = ".exe" if os.name == "nt" else ""
UV = PRIVATE / BIN / f"uv{SUFFIX}"
PYTHON = ENVIRONMENT / BIN / f"python{SUFFIX}"
READY = ENVIRONMENT / ".ready"
"""The stamp ``make`` compares with the lock and ``pyproject.toml``."""


def main() -> None:
    """Make or refresh both environments; what is right already is left alone."""
    if sys.version_info < (3, 11):  # noqa: UP036 (the person may have started it with an older one)
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(
            f"Counterpoise needs Python 3.11 or newer, and this is {found}: run this file with a newer one"
        )
    if not _runs(UV, "--version"):
        _say("Fetching uv into .uv")
        _fetch_uv()
    if not _runs(PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
        _say("Making .venv")
        _run(UV, "venv", "--quiet", "--clear", "--python", sys.executable, ENVIRONMENT)
    _say("Installing the locked packages into .venv")
    READY.unlink(missing_ok=True)
    # compiled here once, also where the environment forbids Python to do so later: commands then start twice as fast
    _pip("sync", "--require-hashes", "--compile-bytecode", ROOT / "requirements.lock")
    _pip("install", "--no-deps", "--no-build-isolation", "--editable", ROOT)
    _say("Compiling the scenario model")
    _run(PYTHON, "-m", "compileall", "-q", ROOT / "src")
    _run(PYTHON, "-c", "from counterpoise.scenarios.native import keep_all; keep_all()")
    READY.touch()
    _say("Ready")


def _fetch_uv() -> None:
    shutil.rmtree(PRIVATE, ignore_errors=True)
    _run(sys.executable, "-m", "venv", PRIVATE)
    pip = (
        PRIVATE / BIN / f"python{SUFFIX}",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    )
    _run(*pip, "--only-binary=:all:", "--require-hashes", "-r", ROOT / "tools/uv-requirements.txt")


def _pip(command: str, *arguments: Path | str) -> None:
    _run(UV, "pip", command, "--quiet", "--python", PYTHON, *arguments)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _runs(*command: Path | str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(*command: Path | str) -> None:
    # Python is the one found on the machine: uv shall never download another.
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    environment.pop("VIRTUAL_ENV", None)
    finished = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if finished.returncode:
        _say(f"Setup stopped: '{' '.join(map(str, command))}' failed, for the reason above.")
        sys.exit(finished.returncode)


if __name__ == "__main__":
    main()
