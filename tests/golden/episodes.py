"""The episodes of the Eastern borders since 2020, as they are kept in ``episodes_eastern_borders.csv``.

``python -m tests.golden.episodes`` writes the file anew; see README.md beside it.
"""

from datetime import date
from pathlib import Path

import polars as pl

from counterpoise.monitoring import detect
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled

FILE = Path(__file__).with_name("episodes_eastern_borders.csv")
SINCE = date(2020, 1, 1)


def episodes_text() -> str:
    """Return one line for each episode, from the bundled archive and the default options."""
    found = detect(Archive.from_batch(read_bundled()), corridors=["eastern-borders"])
    kept = ["nationality", "kind", "onset", "onset_lower", "last_alarm_end", "n_alarms", "peak", "observed"]
    rows = found.episodes.filter(pl.col("onset") >= SINCE, pl.col("dataset") == "frontex.ibc")
    return rows.select(*kept, "expected").sort("onset", "nationality").write_csv()


if __name__ == "__main__":
    FILE.write_text(episodes_text(), encoding="utf-8")
    print(FILE)
