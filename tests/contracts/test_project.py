"""What the project promises about its own files: licence, lock, words, one version."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

TEXT_LIMIT_BYTES = 2_000_000
MACHINE_WORDS = re.compile(
    r"/root/|/work/|/home/[a-z]+/|/tmp/[a-z]|\.pyenv|files\.pythonhosted|pypi\.org|--index-url|--find-links",
    re.IGNORECASE,
)
PEOPLE_WORDS = re.compile(
    r"\billegal(?:\s+(?:im)?migra|\s+alien|s\b)|\bmigrants?\s+(?:flood|wave|invasion)", re.IGNORECASE
)


def tracked(repository: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=repository, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := repository / name).is_file()]


def texts(repository: Path) -> list[tuple[Path, str]]:
    return [
        (path, path.read_text(encoding="utf-8", errors="ignore"))
        for path in tracked(repository)
        if path.stat().st_size < TEXT_LIMIT_BYTES and path != Path(__file__)
    ]


def hits(pattern: re.Pattern[str], repository: Path) -> list[str]:
    return [
        f"{path.relative_to(repository)}: {match.group()}"
        for path, text in texts(repository)
        for match in pattern.finditer(text)
        if "never of" not in text[text.rfind("\n", 0, match.start()) + 1 : match.start()]  # what not to write
    ]


def test_no_file_names_a_machine_or_a_registry_host(repository: Path) -> None:
    assert hits(MACHINE_WORDS, repository) == []


def test_people_are_spoken_of_in_neutral_words(repository: Path) -> None:
    assert hits(PEOPLE_WORDS, repository) == []


def test_the_lock_has_a_hash_for_everything_and_no_address(repository: Path) -> None:
    for name in ("requirements.lock", "tools/uv-requirements.txt"):
        text = (repository / name).read_text(encoding="utf-8")
        assert "://" not in text
        entries = re.split(r"\n(?=[a-z0-9])", text)
        assert [entry.split("=")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_holds_every_dependency(repository: Path) -> None:
    lock = (repository / "requirements.lock").read_text(encoding="utf-8")
    locked = {line.split("==")[0] for line in lock.splitlines() if re.match(r"[a-z0-9]", line)}
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(line for lines in project["optional-dependencies"].values() for line in lines),
    ]
    names = {re.split(r"[<>=!\[; ]", line)[0].replace(".", "-").lower() for line in wanted}
    assert names - locked - {"counterpoise"} == set()


def test_the_licence_and_its_companions_are_there(repository: Path) -> None:
    assert "Apache License" in (repository / "LICENSE").read_text(encoding="utf-8")
    for name in ("CITATION.cff", "CHANGELOG.md", "CONTRIBUTING.md", "README.md"):
        assert (repository / name).stat().st_size > 200, name


def test_one_version_everywhere(repository: Path) -> None:
    version = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    citation = (repository / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in citation
    assert f"## [{version}]" in (repository / "CHANGELOG.md").read_text(encoding="utf-8")


def test_uv_trusts_the_certificates_of_the_system(repository: Path) -> None:
    tool = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert tool["uv"]["system-certs"] is True
