"""Write the pages of ``docs/`` that repeat what the code says, so that nobody retypes them.

``docs/nomenclature.md`` from the vocabulary and the frames, ``docs/cli.md`` from the help of every command,
``docs/source-cards.md`` and the table of addresses of ``docs/sync.md`` from the source cards, the module table of
``docs/architecture.md`` from the modules' first lines, and (not committed) one API page
for each package. ``--check`` writes nothing and ends with 1 if a committed page no longer matches.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from types import ModuleType

import typer
from typer.testing import CliRunner

from counterpoise import schemas, vocabulary
from counterpoise.cli.app import app
from counterpoise.scenarios.parameters import INDICATORS, LEVERS, OUTCOMES, PARAMETERS
from counterpoise.scenarios.policies import CIRCUMSTANCES
from counterpoise.scenarios.worlds import load_priors
from counterpoise.sources.cards import Card, load_cards

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SOURCE = ROOT / "src"
API = DOCS / "api" / "generated"
GENERATED = "<!-- Written by tools/build_docs.py; change the code, then run 'make docs'. -->"
TABLE = re.compile(r"(<!-- modules -->\n).*?(<!-- /modules -->)", re.DOTALL)
ADDRESSES = re.compile(r"(<!-- addresses -->\n).*?(<!-- /addresses -->)", re.DOTALL)


def main() -> None:
    """Write or check the committed pages; write the API pages."""
    pages = {
        DOCS / "nomenclature.md": nomenclature(),
        DOCS / "cli.md": command_line(),
        DOCS / "scenario-values.md": scenario_values(),
        DOCS / "source-cards.md": source_cards(),
        DOCS / "sync.md": addresses((DOCS / "sync.md").read_text(encoding="utf-8")),
        DOCS / "architecture.md": architecture((DOCS / "architecture.md").read_text(encoding="utf-8")),
    }
    if "--check" in sys.argv[1:]:
        stale = [path.name for path, text in pages.items() if _read(path) != text]
        sys.exit(f"Stale: {', '.join(stale)}; run 'make docs' and commit them" if stale else 0)
    for path, text in {**pages, **api_pages()}.items():
        if _read(path) != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def nomenclature() -> str:
    """Return the page of words: every code, every enumeration, every frame with its columns."""
    lines = [
        "# Nomenclature",
        GENERATED,
        "Every code a column may hold, and every column of every frame: name, type, meaning. "
        "A measure is what a figure counts; measures are never added to each other.",
    ]
    return _page([*lines, *_codes(), "## Frames", *_frames()])


def _codes() -> Iterator[str]:
    docs = _attribute_docs(vocabulary)
    for name in vocabulary.__all__:
        value = getattr(vocabulary, name)
        if isinstance(value, dict):
            yield from (f"## {_title(name)}", *_paragraphs(docs.get(name)))
            meanings = {
                code: text if isinstance(text, str) else ", ".join(text) for code, text in value.items()
            }
            yield _table(("code", "meaning"), meanings.items())
        elif inspect.isclass(value) and issubclass(value, StrEnum):
            yield from (f"## {_title(name)}", str(inspect.getdoc(value)))
            meanings = {str(item): docs.get(f"{name}.{item.name}") or _spelled(item.name) for item in value}
            yield _table(("code", "meaning"), meanings.items())


def _frames() -> Iterator[str]:
    docs = _attribute_docs(schemas)
    for name in schemas.__all__:
        value = getattr(schemas, name)
        if isinstance(value, dict):
            yield from (f"### `{name}`", *_paragraphs(docs.get(name)))
            rows = [(column, str(about.dtype), about.meaning) for column, about in value.items()]
            yield _table(("column", "type", "meaning"), rows)


def scenario_values() -> str:
    """Return the page of the scenario model's uncertainties with their priors, levers, and outcomes."""
    priors = [
        (name, PARAMETERS[name], f"{prior.low:,g} to {prior.high:,g}", prior.scale, prior.unit, prior.source)
        for name, prior in load_priors().items()
    ]
    levers = [(n, v.title, v.scope, f"{v.cost_million_per_year:g}") for n, v in LEVERS.items()]
    outcomes = [(n, v.title, v.unit, v.better) for n, v in OUTCOMES.items()]
    lines = [
        "# Scenarios: uncertainties, levers, outcomes",
        GENERATED,
        "What the [scenario model](scenarios.md) takes and gives. A model file may narrow or move any prior.",
        "## Uncertainties",
        "Of a choice the upper end is exclusive. 'Assumption' means that no figure was found that would narrow it.",
        _table(("name", "meaning", "range", "scale", "unit", "source"), priors),
        "## Levers",
        "Costs are assumptions of order of magnitude, at full level, for each hub or border where the scope is such.",
        _table(("name", "meaning", "set for", "million euro a year"), levers),
        "## Indicators a trigger may watch",
        _table(("name", "meaning"), list(INDICATORS.items())[1:]),
        "## Circumstances a policy may state",
        _table(("name", "meaning"), CIRCUMSTANCES.items()),
        "## Outcomes",
        _table(("name", "meaning", "unit", "better"), outcomes),
    ]
    return _page(lines)


def source_cards() -> str:
    """Return the page of all source cards, dataset by dataset."""
    lines = [
        "# Source cards",
        GENERATED,
        "What each dataset counts and does not count, when it comes and how it changes, and on what terms it may be "
        "used. How the documents are read: [sources](sources.md).",
    ]
    publisher = ""
    for card in sorted(load_cards().values(), key=lambda one: (one.publisher.casefold(), one.dataset)):
        if card.publisher != publisher:
            publisher = card.publisher
            lines.append(f"## {publisher}")
        lines += [f"### `{card.dataset}`: {card.title}", "\n".join(_facts(card))]
    return _page(lines)


def _facts(card: Card) -> Iterator[str]:
    """Yield a card as the items of a list, in the order in which a reader asks."""
    low, high = (f"{bound:,.0f}" for bound in card.expected_range)
    missing = "0" if card.dense else "unknown"
    lag = "not known" if card.lag_days is None else f"{card.lag_days} days after the end of a period"
    yield f"- **Counts:** {card.counts}"
    yield f"- **Does not count:** {card.counts_not}"
    yield f"- **Measure:** {card.measure}, in {card.unit}; the publisher's word: {card.publisher_term}"
    yield f"- **Covers:** {card.coverage} A missing figure is {missing}. Frequency {card.frequency}."
    yield f"- **Published:** {lag}"
    yield f"- **Revisions:** {card.revisions}"
    yield f"- **Breaks:** {card.breaks}"
    yield f"- **Expected range of a figure:** {low} to {high}"
    yield f"- **Licence:** {card.licence}"
    yield f"- **Cite:** {card.citation}"
    yield f"- **Page:** <{card.url}>"
    yield f"- **Checked with:** {card.verified_against}"
    if card.unverified:
        yield f"- **Unverified:** {card.unverified}"


def command_line() -> str:
    """Return the reference of the command line: the help of every command, as a terminal shows it."""
    lines = [
        "# Command line",
        GENERATED,
        "Exit codes: 0 done (abstaining is an answer), 1 the analysis could not be made, 2 wrong input or "
        "usage, 3 a source could not be reached or read. An error is one sentence; with `--json` it is also "
        '`{"error": {"class", "expected", "found", "where", "hint"}}`.',
        _help(()),
    ]
    for command in commands():
        lines += [f"{'#' * (len(command) + 1)} `{' '.join(command)}`", _help(command)]
    return _page(lines)


def commands() -> list[tuple[str, ...]]:
    """Return every command and subcommand, e.g. ``("cases", "check")``, in the order of the help."""

    def below(command: object, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for name, child in getattr(command, "commands", {}).items():
            if not child.hidden:
                yield (*path, name)
                yield from below(child, (*path, name))

    return list(below(typer.main.get_command(app), ()))


def architecture(text: str) -> str:
    """Return the architecture page with its module table renewed."""
    rows = [
        (f"`{name}`", _first_line(path))
        for name, path in _modules().items()
        if not name.rpartition(".")[2].startswith("_")
    ]
    return TABLE.sub(
        lambda found: f"{found[1]}\n{_table(('module', 'what it is'), rows)}\n\n{found[2]}", text
    )


def addresses(text: str) -> str:
    """Return the page on ``sync`` with its table of addresses renewed, from the cards."""
    rows = [
        (
            f"`{card.dataset}`",
            f"<{card.fetch.url}> ({card.fetch.kind}{', second grade' if card.fetch.second_grade else ''})",
            card.fetch.unverified.strip(),
        )
        for card in load_cards().values()
        if card.fetch is not None
    ]
    table = _table(("dataset", "asked", "what is not known"), rows)
    return ADDRESSES.sub(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", text)


def api_pages() -> dict[Path, str]:
    """Return one page for each package below the root, and one for the modules of the root."""
    groups: dict[str, list[str]] = {}
    for name, path in _modules().items():
        _, *below = name.split(".")
        if below and below[0] not in {"cli", "data"} and not any(part.startswith("_") for part in below):
            # A package only passes on the names of its modules, which are documented where they are written.
            members = "" if path.name == "__init__.py" else "\n   :members:"
            alone = (SOURCE / "counterpoise" / f"{below[0]}.py").is_file()
            directive = f"```{{eval-rst}}\n.. automodule:: {name}{members}\n```"
            groups.setdefault("foundations" if alone else below[0], []).append(directive)
    return {API / f"{group}.md": _page([f"# {_title(group)}", *parts]) for group, parts in groups.items()}


def _modules() -> dict[str, Path]:
    found = {}
    for path in sorted((SOURCE / "counterpoise").rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return dict(sorted(found.items()))


def _first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.split("\n\n")[0].split())


def _attribute_docs(module: ModuleType) -> Mapping[str, str]:
    """Return the strings that stand below assignments, by ``NAME`` or ``Class.NAME``."""

    def of(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, str]]:
        for statement, after in zip(body, [*body[1:], None], strict=True):
            if isinstance(statement, ast.ClassDef):
                yield from of(statement.body, f"{statement.name}.")
            elif isinstance(statement, ast.Assign | ast.AnnAssign):
                target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
                match after:
                    case ast.Expr(value=ast.Constant(value=str(text))) if isinstance(target, ast.Name):
                        yield prefix + target.id, " ".join(text.split())

    return dict(of(ast.parse(inspect.getsource(module)).body, ""))


def _help(command: tuple[str, ...]) -> str:
    result = CliRunner().invoke(
        app, [*command, "--help"], prog_name="counterpoise", env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"}
    )
    if result.exit_code:
        raise RuntimeError(f"{' '.join(command)} --help: {result.output}")
    text = "\n".join(line.rstrip() for line in result.output.strip().splitlines())
    return f"```text\n{text}\n```"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    def line(cells: tuple[str, ...]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    body = [line((first if first.startswith("`") else f"`{first}`", *rest)) for first, *rest in rows]
    return "\n".join([line(head), line(("---",) * len(head)), *body])


def _paragraphs(text: str | None) -> list[str]:
    return [text] if text else []


def _title(name: str) -> str:
    return _spelled(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))


def _spelled(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _page(lines: list[str]) -> str:
    return "\n\n".join(lines) + "\n"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    main()
