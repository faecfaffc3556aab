"""How many figures of a bulletin are read, and how many that are read are right? A labelled set, by language.

    python benchmarks/skill/bulletins.py
    python benchmarks/skill/bulletins.py --first-look FILE.jsonl

The notes are of our own writing, in the manner of the services and the agencies that relay them, and were labelled by
the conventions of ``docs/bulletins.md`` by people who had not seen the grammar. ``bulletins/seen.jsonl`` is what the
grammar was written on: its first half from the beginning, its second half after it had been scored once, unseen.
``bulletins/unseen.jsonl`` was written after that, and scored when the grammar was done.

``--first-look`` also scores a file that is not kept here: passages of other people's pages, labelled by the same
conventions (part ``published``).

A figure is right if border, measure, period and value are; its date is scored apart. Writes ``bulletins.csv``.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from counterpoise.sources.bulletins import Reading, read_bulletin

HERE = Path(__file__).resolve().parent
PARTS = ("first", "second", "third")


def notes(path: Path) -> list[dict[str, Any]]:
    """Return the notes of a file with their labels."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _read(note: dict[str, Any]) -> list[Reading]:
    published = date.fromisoformat(note["published"]) if note["published"] else None
    return read_bulletin(note["text"], lang=note["lang"], published=published)


def _is_same(label: dict[str, Any], reading: Reading) -> bool:
    """Return whether a reading is a labelled figure, the date apart; a label may allow other measures."""
    return (
        label["corridor"].split("/")[0] == reading.corridor
        and reading.measure in {label["measure"], *label.get("also_ok", [])}
        and label["period"] == reading.period
        and label["value"] == reading.value
    )


def _is_dated(label: dict[str, Any], reading: Reading) -> bool:
    day = reading.date.isoformat() if reading.date else None
    others = label.get("date_also_ok") or []
    return day in {label["date"], *([others] if isinstance(others, str) else others)}


def score(chosen: list[dict[str, Any]]) -> dict[str, int | float]:
    """Return precision, recall and right dates of the notes, and sure values that are not in them at all.

    A note may list figures as ``optional``, where the conventions are silent: they count neither way.
    """
    right = found = wanted = dated = sure_but_wrong = 0
    for note in chosen:
        labels = list(note["observations"])
        wanted += len(labels)
        values = {label["value"] for label in labels}
        optional = {(one["corridor"].split("/")[0], one["value"]) for one in note.get("optional", [])}
        for reading in _read(note):
            same = [label for label in labels if _is_same(label, reading)]
            if not same and (reading.corridor, reading.value) in optional:
                continue
            found += 1
            if same:
                best = next((label for label in same if _is_dated(label, reading)), same[0])
                labels.remove(best)
                right += 1
                dated += _is_dated(best, reading)
            elif reading.confidence == "high" and reading.value not in values:
                sure_but_wrong += 1
    return {
        "notes": len(chosen),
        "figures": wanted,
        "precision": round(right / found, 3),
        "recall": round(right / wanted, 3),
        "dates": round(dated / right, 3),
        "sure_but_wrong": sure_but_wrong,
    }


def by_language(every: list[dict[str, Any]], part: str) -> pl.DataFrame:
    """Return a row for each language, and one for all."""
    rows = []
    for language in (*sorted({note["lang"] for note in every}), "all"):
        chosen = [note for note in every if language in {note["lang"], "all"}]
        rows.append({"part": part, "language": language, **score(chosen)})
    return pl.DataFrame(rows)


def table() -> pl.DataFrame:
    """Return the scores of every part that the grammar was written on, and of all together."""
    parts = {part: notes(HERE / "bulletins" / f"{part}.jsonl") for part in PARTS}
    every = [note for part in parts.values() for note in part]
    return pl.concat(
        [*(by_language(found, part) for part, found in parts.items()), by_language(every, "all")]
    )


def main() -> None:
    """Write the table, or add a first look."""
    if "--first-look" not in sys.argv:
        table().write_csv(HERE / "bulletins.csv")
        print(table().filter(pl.col("language") == "all"))
        return
    path = Path(sys.argv[sys.argv.index("--first-look") + 1])
    looks = HERE / "bulletins_first_looks.csv"
    row = by_language(notes(path), path.stem)
    (pl.concat([pl.read_csv(looks), row]) if looks.exists() else row).write_csv(looks)
    print(row)


if __name__ == "__main__":
    main()
