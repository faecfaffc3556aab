"""What attribution says of labelled cases and of look-alikes, with settings frozen before; reported, never tuned to.

Run: python -m benchmarks.skill.attribution_cases. Writes attribution_cases.csv: one row per reading and question, with
the status of the label. A contested or alleged label is not scored; no label is a truth. Refusals and months without
three years of history stand in the table with their reason.
"""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.skill.attribution import settings_hash
from counterpoise.attribution import attribute
from counterpoise.cases import load_case
from counterpoise.errors import AnalysisError
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled

OUT = Path(__file__).with_suffix(".csv")
ROUTE = "eastern-borders"
READINGS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    # name, status of the label, what is asked
    ("belarus-2021-with-facts", "documented", {"case": "belarus-eu-2021", "as_of": date(2021, 10, 1)}),
    (
        "belarus-2021-counts-alone",
        "documented",
        {
            "corridor": ROUTE,
            "nationality": "TOTAL-UKR",
            "month": date(2021, 7, 1),
            "as_of": date(2021, 10, 1),
        },
    ),
    ("belarus-2021-later-facts", "documented", {"case": "belarus-eu-2021", "month": date(2021, 11, 1)}),
    ("belarus-2023", "documented", {"case": "belarus-eu-2021", "month": date(2023, 9, 1)}),
    ("finland-2023", "asserted", {"case": "russia-finland-2023"}),
    ("ceuta-2021", "asserted", {"corridor": "western-mediterranean", "month": date(2021, 5, 1)}),
    ("evros-2020", "documented", {"corridor": "eastern-mediterranean-land", "month": date(2020, 3, 1)}),
    ("turkey-2015", "contested", {"corridor": "eastern-mediterranean", "month": date(2015, 9, 1)}),
    ("tunisia-2023", "alleged", {"corridor": "central-mediterranean", "month": date(2023, 7, 1)}),
    ("libya-2011", "documented", {"corridor": "central-mediterranean", "month": date(2011, 4, 1)}),
    ("ukraine-2022", "control", {"case": "ukraine-2022"}),
    ("western-african-2017", "look_alike", {"corridor": "western-african", "month": date(2017, 12, 1)}),
    ("western-african-2023", "look_alike", {"corridor": "western-african", "month": date(2023, 10, 1)}),
    (
        "eastern-mediterranean-2015",
        "look_alike",
        {"corridor": "eastern-mediterranean", "month": date(2015, 11, 1)},
    ),
    ("western-balkan-2013", "look_alike", {"corridor": "western-balkan", "month": date(2013, 6, 1)}),
    (
        "provisional-april-2025",
        "record",
        {"corridor": ROUTE, "nationality": "UNK", "month": date(2025, 4, 1)},
    ),
    ("total-april-2025", "record", {"corridor": ROUTE, "nationality": "TOTAL", "month": date(2025, 4, 1)}),
)


def reading(archive: Archive, name: str, label: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return one row per question, or one with the reason why there is no reading."""
    case = load_case(asked["case"]) if "case" in asked else None
    rest = {key: value for key, value in asked.items() if key != "case"}
    try:
        result = attribute(archive, case=case, **rest)
    except AnalysisError as error:
        return [(name, label, "", "", "", "", None, None, f"refused: {error.found}")]
    subject = f"{result.subject.corridor} {result.subject.nationality} {result.subject.month:%Y-%m}"
    rows = []
    for question, odds in result.odds.items():
        best = max(range(len(odds.answers)), key=lambda i: odds.lower[i, 0] + odds.upper[i, 0])
        rows.append(
            (
                name,
                label,
                subject,
                question,
                " ".join(result.leading[question]),
                odds.answers[best],
                float(odds.lower[best, 0]),
                float(odds.upper[best, 0]),
                result.abstained[question] or "",
            )
        )
    return rows


def main() -> None:
    """Read all and write."""
    archive = Archive.from_batch(read_bundled())
    rows = [row for entry in READINGS for row in reading(archive, *entry)]
    columns = [
        "reading",
        "label",
        "subject",
        "question",
        "unbeaten",
        "middle_highest",
        "lower",
        "upper",
        "abstained",
    ]
    frame = pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)
    frame = frame.select(pl.lit(settings_hash()).alias("settings"), pl.all())
    frame.write_csv(OUT, float_precision=2)
    with pl.Config(tbl_rows=100, tbl_cols=12, fmt_str_lengths=70, tbl_width_chars=220):
        print(frame.drop("settings", "subject"))


if __name__ == "__main__":
    main()
