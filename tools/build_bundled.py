"""Make the tables under ``src/counterpoise/data/observations`` from the collected public figures.

Run it as ``python tools/build_bundled.py ../shared``. The same inputs give the same bytes, and a test
compares them with the tables in the repository. The cards (``*.yml``) are written by hand and left alone.
"""

import argparse
import csv
import io
from pathlib import Path

from bundled_figures import border_rows
from bundled_onward import onward_rows
from bundled_reports import report_rows
from bundled_restatements import without_restatements
from bundled_rows import table_lines
from bundled_series import deaths_rows, finland_rows, frontex_table, read_frontex
from bundled_totals import derived_rows

OBSERVATIONS = Path(__file__).resolve().parent.parent / "src/counterpoise/data/observations"


def build_tables(shared: Path) -> dict[str, list[list[str]]]:
    """Return file name -> header and lines."""
    border = without_restatements([*border_rows(shared), *report_rows(shared)])
    return {
        "border_figures.csv": table_lines(border),
        "deaths_missing.csv": table_lines(deaths_rows(shared)),
        "finland_applications.csv": table_lines(finland_rows(shared)),
        "frontex_ibc.csv": frontex_table(read_frontex(shared)),
        "monthly_totals.csv": table_lines(derived_rows(shared, border)),
        "onward_detections.csv": table_lines(onward_rows(shared)),
    }


def main() -> None:
    """Write every table, and say how many lines it has."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("shared", type=Path, help="folder with the collected figures")
    parser.add_argument("--out", type=Path, default=OBSERVATIONS, help="folder to write to")
    arguments = parser.parse_args()
    for name, lines in build_tables(arguments.shared).items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(lines)
        (arguments.out / name).write_text(text.getvalue(), encoding="utf-8", newline="\n")
        print(f"{name}: {len(lines) - 1} lines")


if __name__ == "__main__":
    main()
