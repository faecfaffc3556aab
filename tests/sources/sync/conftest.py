from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.sync.lab import Lab
from tests.sources.sync.loopback import Loopback, serving


@pytest.fixture(scope="session")
def loopback() -> Iterator[Loopback]:
    with serving() as server:
        yield server


@pytest.fixture
def lab(loopback: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    loopback.answers.clear()
    loopback.asked.clear()
    return Lab(server=loopback, archive=tmp_path / "archive.duckdb")
