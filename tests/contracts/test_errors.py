"""One shape for every error, and an exit code by class."""

import json
import subprocess
import sys

import pytest

from counterpoise.errors import AnalysisError, CounterpoiseError, InputError, SourceError

CODES = {AnalysisError: 1, InputError: 2, SourceError: 3}


def test_every_class_has_its_code() -> None:
    assert {kind: kind.exit_code for kind in CounterpoiseError.__subclasses__()} == CODES


@pytest.mark.parametrize("kind", CODES)
def test_every_error_has_the_one_shape(kind: type[CounterpoiseError]) -> None:
    error = kind(expected="a", found="b", where="c", hint="d")
    assert error.to_dict() == {
        "error": {"class": kind.__name__, "expected": "a", "found": "b", "where": "c", "hint": "d"}
    }
    assert all(field in str(error) for field in "abcd")


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command", "--json"],
        ["detect", "--no-such-option", "--json"],
        ["detect", "--as-of", "yesterday", "--json"],
    ],
)
def test_wrong_usage_is_one_sentence_and_the_same_json(arguments: list[str]) -> None:
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from counterpoise.cli import main; main(sys.argv[1:])",
            *arguments,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert set(json.loads(ended.stdout)["error"]) == {"class", "expected", "found", "where", "hint"}
    assert ended.stderr.startswith("Error: ")
    assert len(ended.stderr.splitlines()) == 1
