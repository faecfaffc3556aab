"""Generated pages say what the code says."""

import pytest

from tests.contracts.source_tree import modules
from tools import build_docs


def committed(name: str) -> str:
    return (build_docs.DOCS / name).read_text(encoding="utf-8")


def test_every_command_is_documented() -> None:
    page = committed("cli.md")
    for command in build_docs.commands():
        assert f" `{' '.join(command)}`\n" in page


def test_every_module_stands_in_the_architecture() -> None:
    public = {name for name in modules() if not name.rpartition(".")[2].startswith("_")}
    listed = {
        line.split("`")[1]
        for line in committed("architecture.md").splitlines()
        if line.startswith("| `counterpoise")
    }
    assert listed == public


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nomenclature.md", build_docs.nomenclature),
        ("cli.md", build_docs.command_line),
        ("scenario-values.md", build_docs.scenario_values),
    ],
    ids=["nomenclature", "cli", "scenario values"],
)
def test_generated_pages_are_fresh(name: str, text: object) -> None:
    assert callable(text)
    assert committed(name) == text(), "run 'make docs' and commit the page"


def test_the_module_table_is_fresh() -> None:
    page = committed("architecture.md")
    assert build_docs.architecture(page) == page, "run 'make docs' and commit the page"


def test_the_table_of_addresses_is_fresh() -> None:
    page = committed("sync.md")
    assert build_docs.addresses(page) == page, "run 'make docs' and commit the page"
