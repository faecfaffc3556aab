"""How many figures of a bulletin are read, and how many that are read are right? A labelled set, by language.

    python benchmarks/skill/bulletins.py
    python benchmarks/skill/bulletins.py --first-look FILE.jsonl

The notes are of our own writing, in the manner of the services and the agencies that relay them, and were labelled by
the conventions of ``docs/bulletins.md`` by people who had not seen the grammar. ``bulletins/seen.jsonl`` is what the
grammar was written on: its first half from the beginning, its second half after it had been scored once, unseen.
``bulletins/unseen.jsonl`` was written after that, and scored when the grammar was done.

A figure is right if border, measure, period and value are; its date is scored apart. Writes ``bulletins.csv``.
"""

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from counterpoise.sources.bulletins import Reading, read_bulletin

HERE = Path(__file__).resolve().parent
PARTS = ("first", "second", "third")
Key = tuple[str, str, str, int]


def notes(path: Path) -> list[dict[str, Any]]:
    """Return the notes of a file with their labels."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _read(note: dict[str, Any]) -> list[Reading]:
    published = date.fromisoformat(note["published"]) if note["published"] else None
    return read_bulletin(note["text"], lang=note["lang"], published=published)


def _figures(note: dict[str, Any]) -> Counter[Key]:
    return Counter((o["corridor"], o["measure"], o["period"], o["value"]) for o in note["observations"])


def score(chosen: list[dict[str, Any]]) -> dict[str, int | float]:
    """Return precision, recall and right dates of the notes, and sure values that are not in them at all."""
    right = found = wanted = dated = 0
    sure_but_wrong = 0
    for note in chosen:
        readings, labels = _read(note), _figures(note)
        read = Counter((r.corridor, r.measure, r.period, r.value) for r in readings)
        right += (labels & read).total()
        found += read.total()
        wanted += labels.total()
        days = Counter(
            (o["corridor"], o["measure"], o["period"], o["value"], o["date"]) for o in note["observations"]
        )
        read_days = Counter(
            (r.corridor, r.measure, r.period, r.value, r.date.isoformat() if r.date else None)
            for r in readings
        )
        dated += (days & read_days).total()
        values = {o["value"] for o in note["observations"]}
        sure_but_wrong += sum(r.confidence == "high" and r.value not in values for r in readings)
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
