"""Bulletins that one processor reads in a second, after the text has been taken out of the page.

    python benchmarks/speed/bulletins.py

The notes of ``benchmarks/skill/bulletins`` (nine languages), with the language given, and with the language
found from the text; the fastest of five runs counts, as others may use the processor. Writes ``bulletins.csv``.
"""

import json
import statistics
import time
from datetime import date
from pathlib import Path

import polars as pl

from counterpoise.sources.bulletins import read_bulletin

HERE = Path(__file__).resolve().parent
NOTES = HERE.parent / "skill" / "bulletins"
RUNS = 5


def notes() -> list[tuple[str, str, date | None]]:
    """Return language, text and day of publication of every note."""
    lines = [line for file in sorted(NOTES.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    found = [json.loads(line) for line in lines]
    return [
        (note["lang"], note["text"], date.fromisoformat(note["published"]) if note["published"] else None)
        for note in found
    ]


def seconds(chosen: list[tuple[str, str, date | None]], *, is_given: bool) -> float:
    """Return the processor time in which all are read once, the fastest of several runs."""
    runs = []
    for _ in range(RUNS):
        start = time.process_time()
        for lang, text, published in chosen:
            read_bulletin(text, lang=lang if is_given else None, published=published)
        runs.append(time.process_time() - start)
    return min(runs)


def main() -> None:
    """Write the table."""
    every = notes()
    rows = []
    for language in (*sorted({note[0] for note in every}), "all"):
        chosen = [note for note in every if language in {note[0], "all"}]
        rows.append(
            {
                "language": language,
                "notes": len(chosen),
                "characters": round(statistics.mean(len(text) for _, text, _ in chosen)),
                "per_second": round(len(chosen) / seconds(chosen, is_given=True)),
                "per_second_language_found": round(len(chosen) / seconds(chosen, is_given=False)),
            }
        )
    table = pl.DataFrame(rows)
    table.write_csv(HERE / "bulletins.csv")
    print(table)


if __name__ == "__main__":
    main()
