"""The public names, as a snapshot: changing one breaks notebooks, and needs a changelog line."""

from pathlib import Path

import pytest

import counterpoise

SNAPSHOT = Path(__file__).with_name("public_api.txt")


def test_the_public_names_are_the_snapshot() -> None:
    assert sorted(counterpoise.__all__) == SNAPSHOT.read_text(encoding="utf-8").split()


def test_every_public_name_is_there_and_documented() -> None:
    for name in counterpoise.__all__:
        value = getattr(counterpoise, name)
        assert getattr(value, "__doc__", None), f"{name} has no docstring"
    assert set(counterpoise.__all__) <= set(dir(counterpoise))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError):
        counterpoise.no_such_name  # type: ignore[attr-defined]  # noqa: B018
