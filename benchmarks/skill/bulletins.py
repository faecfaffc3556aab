"""How many figures of a bulletin are read, and how many that are read are right? A labelled set, by language.

    python benchmarks/skill/bulletins.py
    python benchmarks/skill/bulletins.py --first-look FILE.jsonl

The notes are of our own writing, in the manner of the services and the agencies that relay them, and were labelled by
the conventions of ``docs/bulletins.md`` before the grammar had seen them: ``first`` to ``third`` in English, Finnish,
Latvian, Lithuanian, Polish and Russian, of which the first was learnt from at once and the others after they had been
scored; ``fourth`` (learnt from) and ``fifth`` (scored once before) in Belarusian, German and Ukrainian.

``--first-look`` also scores a file that is not kept here: passages of other people's pages, labelled by the same
conventions (parts ``published``).

A figure is right if border, measure, period and value are; its date is scored apart. Writes ``bulletins.csv``, and
``bulletins_confidence.csv``: what is gained and lost if only figures up to some doubt are taken; the first looks go to
``bulletins_first_looks.csv`` and ``bulletins_confidence_first_looks.csv``.
"""

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from scipy.stats import beta

from counterpoise.sources.bulletins import Reading, read_bulletin

HERE = Path(__file__).resolve().parent
PARTS = ("first", "second", "third", "fourth", "fifth")
_ANY = 10_000
_UPPER = 0.975


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


def score(
    chosen: list[dict[str, Any]], take: Callable[[Reading], bool] = lambda one: True
) -> dict[str, int | float]:
    """Return precision, recall and right dates of the notes, how many are called sure, and how many of these are wrong.

    A note may list figures as ``optional``, where the conventions are silent: they count neither way.

    Parameters
    ----------
    take
        Which figures are taken.
    """
    right = found = wanted = dated = sure = sure_but_wrong = 0
    for note in chosen:
        labels = list(note["observations"])
        wanted += len(labels)
        optional = {(one["corridor"].split("/")[0], one["value"]) for one in note.get("optional", [])}
        for reading in filter(take, _read(note)):
            same = [label for label in labels if _is_same(label, reading)]
            if not same and (reading.corridor, reading.value) in optional:
                continue
            found += 1
            sure += reading.confidence == "high"
            if same:
                best = next((label for label in same if _is_dated(label, reading)), same[0])
                labels.remove(best)
                right += 1
                dated += _is_dated(best, reading)
            else:
                sure_but_wrong += reading.confidence == "high"
    return {
        "notes": len(chosen),
        "figures": wanted,
        "taken": found,
        "wrong": found - right,
        "precision": round(right / max(found, 1), 3),
        "recall": round(right / wanted, 3),
        "dates": round(dated / max(right, 1), 3),
        "sure": sure,
        "sure_but_wrong": sure_but_wrong,
    }


def by_language(every: list[dict[str, Any]], part: str) -> pl.DataFrame:
    """Return a row for each language, and one for all."""
    rows = []
    for language in (*sorted({note["lang"] for note in every}), "all"):
        chosen = [note for note in every if language in {note["lang"], "all"}]
        rows.append({"part": part, "language": language, **score(chosen)})
    return pl.DataFrame(rows).drop("taken", "wrong")


def table() -> pl.DataFrame:
    """Return the scores of every part that the grammar was written on, and of all together."""
    parts = {part: notes(HERE / "bulletins" / f"{part}.jsonl") for part in PARTS}
    every = _every()
    return pl.concat(
        [*(by_language(found, part) for part, found in parts.items()), by_language(every, "all")]
    )


def _every() -> list[dict[str, Any]]:
    return [note for part in PARTS for note in notes(HERE / "bulletins" / f"{part}.jsonl")]


def _steps() -> dict[str, Callable[[Reading], bool]]:
    """Return what is taken, from the surest on: by the doubts of a figure and the unknown words of its sentence."""

    def within(words: int, doubts: int) -> Callable[[Reading], bool]:
        return lambda one: one.unknown <= words and len(set(one.doubts) - {"unknown"}) <= doubts

    return {
        "high: no doubt": lambda one: one.confidence == "high",
        "and 1 unknown word": within(1, 0),
        "and 2 unknown words": within(2, 0),
        "and any unknown words": within(_ANY, 0),
        "and 1 other doubt": within(_ANY, 1),
        "and 2 other doubts": within(_ANY, 2),
        "all": within(_ANY, _ANY),
    }


def by_confidence(every: list[dict[str, Any]], part: str) -> pl.DataFrame:
    """Return what is gained and lost if only figures up to some doubt are taken.

    ``found`` is the share of the labelled figures; ``wrong_up_to`` the upper end of the 95 % interval (Clopper-Pearson)
    of the share of wrong ones among those taken.
    """
    rows = []
    for name, take in _steps().items():
        scores = score(every, take)
        taken, wrong = int(scores["taken"]), int(scores["wrong"])
        upper = beta.ppf(_UPPER, wrong + 1, taken - wrong) if taken > wrong else 1.0
        rows.append(
            {
                "part": part,
                "taken": name,
                "found": scores["recall"],
                "figures": taken,
                "wrong": wrong,
                "wrong_up_to": round(float(upper), 3),
            }
        )
    return pl.DataFrame(rows)


def main() -> None:
    """Write the tables, or add a first look."""
    if "--first-look" not in sys.argv:
        by_confidence(_every(), "own").write_csv(HERE / "bulletins_confidence.csv")
        table().write_csv(HERE / "bulletins.csv")
        print(table().filter(pl.col("language") == "all"))
        return
    path = Path(sys.argv[sys.argv.index("--first-look") + 1])
    found = notes(path)
    _append(by_language(found, path.stem), HERE / "bulletins_first_looks.csv")
    _append(by_confidence(found, path.stem), HERE / "bulletins_confidence_first_looks.csv")


def _append(rows: pl.DataFrame, file: Path) -> None:
    (pl.concat([pl.read_csv(file), rows], how="diagonal") if file.exists() else rows).write_csv(file)
    print(rows)


if __name__ == "__main__":
    main()
