"""Faults while an archive is written or read: it stays byte for byte as it was, and one sentence says why."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import duckdb
import pytest
from filelock import FileLock

from counterpoise.errors import CounterpoiseError, InputError, SourceError
from counterpoise.observations import store
from counterpoise.observations.store import append_batch, read_store
from tests.observations.builders import Cell, batch

ROOT = Path(__file__).resolve().parents[2]
IRQ: Cell = ("BY-PL", "IRQ", "2021-06")
FIRST, SECOND = batch("2021-08-04", {IRQ: 10}), batch("2021-09-04", {IRQ: 12})

KILLED = """
import os, signal, sys
from pathlib import Path
from counterpoise.observations import store
from tests.observations.test_store_faults import SECOND

def die(*_args, **_options):
    os.kill(os.getpid(), signal.SIGKILL)

point = sys.argv[2]
if point == "after the copy":
    store._append_tables = die
elif point == "in the transaction":
    class Dying(store._Stream):
        def __arrow_c_stream__(self, requested_schema=None):
            if "value" in self._frame.columns:  # documents, datasets and vintages are inserted by now
                die()
            return super().__arrow_c_stream__(requested_schema)
    store._Stream = Dying
elif point == "before the replacement":
    store.os.fsync = die
store.append_batch(Path(sys.argv[1]), SECOND)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "archive.duckdb"
    append_batch(place, FIRST)
    return place


def files(path: Path) -> set[str]:
    """Return what lies beside the archive, without its lock."""
    return {entry.name for entry in path.parent.iterdir()} - {f"{path.name}.lock"}


def child(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system kills in another way")
@pytest.mark.parametrize("point", ["after the copy", "in the transaction", "before the replacement"])
def test_a_kill_leaves_the_archive_and_the_next_ingestion_works(path: Path, point: str) -> None:
    before = path.read_bytes()
    ended = child(KILLED, path, point)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert path.read_bytes() == before
    assert ".archive.duckdb.tmp" in files(path)
    assert append_batch(path, SECOND).n_new["observations"] == 1
    assert files(path) == {path.name}
    assert read_store(path).observations.height == 2


@pytest.mark.parametrize(
    ("module", "function"),
    [(store.shutil, "copyfile"), (store.os, "fsync"), (Path, "replace")],
    ids=["copy", "fsync", "replace"],
)
def test_a_full_disk_leaves_the_archive(
    path: Path, monkeypatch: pytest.MonkeyPatch, module: object, function: str
) -> None:
    def full(*_arguments: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = path.read_bytes()
    with monkeypatch.context() as patched, pytest.raises(SourceError) as caught:
        patched.setattr(module, function, full)
        append_batch(path, SECOND)
    assert caught.value.exit_code == 3
    assert caught.value.found == os.strerror(errno.ENOSPC)
    assert caught.value.where == str(path)
    assert path.read_bytes() == before
    assert files(path) == {path.name}
    assert append_batch(path, SECOND).changed


@pytest.mark.parametrize(
    "raised",
    [
        duckdb.IOException("IO Error: Could not write file"),
        duckdb.FatalException("FATAL Error: Failed to create checkpoint"),
        duckdb.OutOfMemoryException("Out of Memory Error: failed to offload"),
    ],
    ids=lambda raised: type(raised).__name__,
)
def test_a_disk_that_is_full_for_the_database_leaves_the_archive(
    path: Path, monkeypatch: pytest.MonkeyPatch, raised: Exception
) -> None:
    def full(*_arguments: object) -> NoReturn:
        raise raised

    before = path.read_bytes()
    monkeypatch.setattr(store, "_append_tables", full)
    with pytest.raises(SourceError):
        append_batch(path, SECOND)
    assert path.read_bytes() == before
    assert files(path) == {path.name}


def test_a_new_archive_that_could_not_be_written_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "new.duckdb"
    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(SourceError):
        append_batch(path, FIRST)
    assert files(path) == set()


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond the limit fails, as on a full disk
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from counterpoise.cli import main
main(sys.argv[2:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file size on this system")
def test_a_real_limit_of_file_size_is_one_sentence_and_exit_code_3(path: Path, tmp_path: Path) -> None:
    table = tmp_path / "figures.csv"
    days = [f"2021-{m:02d}-{d:02d}" for m in range(1, 13) for d in range(1, 29)]
    rows = [
        f"BY-PL,{code},prevented,{day},D,{i}" for i, day in enumerate(days) for code in ("IRQ", "SYR", "AFG")
    ]
    table.write_text("corridor,nationality,measure,period_start,frequency,value\n" + "\n".join(rows))
    before = path.read_bytes()
    ended = child(LIMITED, len(before) + 4096, "ingest", table, "--archive", path)
    assert ended.returncode == 3, ended.stderr
    errors = [line for line in ended.stderr.splitlines() if not line.endswith("…")]
    assert len(errors) == 1
    assert errors[0].startswith(f"Error: {path}: ")
    assert path.read_bytes() == before
    assert files(path) == {path.name, table.name}


def test_a_second_writer_gets_a_clear_message(path: Path) -> None:
    with FileLock(f"{path}.lock"), pytest.raises(SourceError) as caught:
        append_batch(path, SECOND, wait_seconds=0)
    assert "another process" in caught.value.found
    assert append_batch(path, SECOND, wait_seconds=0).changed


def test_two_processes_at_once_lose_nothing(path: Path, tmp_path: Path) -> None:
    head = "corridor,nationality,measure,period_start,frequency,value\n"
    tables = [tmp_path / f"table{i}.csv" for i in range(2)]
    for i, table in enumerate(tables):
        table.write_text(head + f"BY-PL,IRQ,detections,2021-0{i + 1}-01,M,{i}\n")
    code = "import sys; from counterpoise.cli import main; main(sys.argv[1:])"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, "ingest", str(table), "--archive", str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for table in tables
    ]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert set(read_store(path).observations["dataset"]) == {"test.flow", "user.table0", "user.table1"}


def not_archives(folder: Path) -> dict[str, Path]:
    """Return files that are no archive, by what they are."""
    folder.mkdir()
    whole = folder / "whole.duckdb"
    append_batch(whole, FIRST)
    content = whole.read_bytes()
    with duckdb.connect(str(folder / "another database")) as connection:
        connection.execute("CREATE TABLE figures (n INTEGER)")
    with duckdb.connect(str(folder / "another format")) as connection:
        connection.execute("CREATE TABLE format (number INTEGER)")
        connection.execute("INSERT INTO format VALUES (99)")
    with duckdb.connect(str(folder / "another column")) as connection:
        connection.execute("CREATE TABLE format (edition INTEGER)")
    (folder / "text").write_text("This is no archive.\n" * 300)
    (folder / "empty").write_bytes(b"")
    (folder / "truncated early").write_bytes(content[:5000])
    (folder / "truncated half way").write_bytes(content[: len(content) // 2])
    (folder / "truncated late").write_bytes(content[:-2000])
    whole.unlink()
    return {entry.name: entry for entry in folder.iterdir() if not entry.name.endswith(".lock")}


def test_what_is_no_archive_is_refused_in_one_sentence_and_kept(tmp_path: Path) -> None:
    places = not_archives(tmp_path / "files")
    assert len(places) == 8
    for name, place in places.items():
        before = place.read_bytes()
        for attempt in (lambda p: append_batch(p, SECOND), read_store):
            with pytest.raises(InputError) as caught:
                attempt(place)
            assert str(place) in caught.value.where, name
            assert "\n" not in str(caught.value), name
        assert place.read_bytes() == before, name


def test_a_missing_archive_is_made_by_writing_and_refused_by_reading(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_store(tmp_path / "none.duckdb")
    with pytest.raises(InputError):
        read_store(tmp_path)


def test_a_path_that_cannot_be_written(tmp_path: Path) -> None:
    blocking = tmp_path / "a-file"
    blocking.write_text("")
    with pytest.raises(SourceError):
        append_batch(blocking / "archive.duckdb", FIRST)
    with pytest.raises(CounterpoiseError):
        append_batch(tmp_path, FIRST)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_only_be_read(path: Path) -> None:
    before = path.read_bytes()
    path.parent.chmod(0o555)
    try:
        with pytest.raises(SourceError):
            append_batch(path, SECOND)
        assert read_store(path).observations.height == 1
    finally:
        path.parent.chmod(0o755)
    assert path.read_bytes() == before
