"""Write the tables of ``docs/backtest.md`` from the files of ``benchmarks/skill``, which ``detect.py`` there makes."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "backtest.md"
SKILL = ROOT / "benchmarks" / "skill"
BEGIN, END = "<!-- Tables: tools/backtest_tables.py -->", "<!-- End of tables -->"
RATES = ("0.5/decade", "1/decade", "1%/month")
CLASSES = ("all", "busy", "medium", "sparse", "wandering", "seasonal", "new")
OURS = "count_model_two_months"


def read(name: str) -> pl.DataFrame:
    """Return one table of the benchmark."""
    return pl.read_csv(SKILL / f"{name}.csv", try_parse_dates=True, infer_schema_length=None)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; the first column to the left, the others to the right."""
    lines = [columns, ["---", *["--:"] * (len(columns) - 1)], *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def number(value: float | None, digits: int = 2, *, signed: bool = False) -> str:
    """Return a number for reading; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:{'+' if signed else ''}.{digits}f}"


def detectors(frame: pl.DataFrame) -> list[str]:
    """Return the detectors in the order of the file."""
    return frame["detector"].unique(maintain_order=True).to_list()


def found() -> str:
    """Return detection over all surges, by rate."""
    frame = read("detect").filter(pl.col("class") == "all")
    cells = {(row["detector"], row["rate"]): row for row in frame.iter_rows(named=True)}

    def line(name: str) -> list[str]:
        texts = [f"`{name}`"]
        for rate in RATES:
            row = cells[name, rate]
            texts.append(number(row["p1"]))
            texts.append(f"{number(row['p2'])} [{number(row['lower'])}, {number(row['upper'])}]")
            texts.append(number(row["p3"]))
        return texts

    head = ["detector", *(f"{p} at {rate}" if p == "p2" else p for rate in RATES for p in ("p1", "p2", "p3"))]
    return table(head, [line(name) for name in detectors(frame)])


def found_by_class() -> str:
    """Return the share found in two months at one episode per series-decade, by class."""
    frame = read("detect").filter(pl.col("rate") == "1/decade")
    cells = {(row["detector"], row["class"]): row["p2"] for row in frame.iter_rows(named=True)}
    names = [*CLASSES, "ramp_x10"]
    rows = [[f"`{d}`", *(number(cells.get((d, name))) for name in names)] for d in detectors(frame)]
    return table(["detector", *names], rows)


def gains() -> str:
    """Return what our model gains in p2 on two references, by class and rate."""
    frame = read("detect_gains").filter(
        pl.col("detector") == OURS, pl.col("reference").is_in(["ears_c1", "farrington_flexible"])
    )
    cells = {(r["reference"], r["rate"], r["class"]): r for r in frame.iter_rows(named=True)}
    rows = []
    for name in CLASSES:
        line = [name]
        for reference in ("ears_c1", "farrington_flexible"):
            for rate in RATES[:2]:
                row = cells[reference, rate, name]
                interval = f"[{number(row['lower'], signed=True)}, {number(row['upper'], signed=True)}]"
                line.append(f"{number(row['gain_p2'], signed=True)} {interval}")
        rows.append(line)
    head = [
        f"on `{reference}`, {rate}" for reference in ("ears_c1", "farrington_flexible") for rate in RATES[:2]
    ]
    return table(["class", *head], rows)


def ratios() -> str:
    """Return realised over stated rates after training and on simulations, at one episode per series-decade."""
    frame = read("detect_rates").filter(pl.col("rate") == "1/decade")
    cells = {(r["detector"], r["data"], r["class"]): r for r in frame.iter_rows(named=True)}
    rows = [
        [
            f"`{d}`",
            number(cells[d, "real", "all"]["ratio"]),
            *(number(cells[d, "simulated", name]["ratio"]) for name in CLASSES[1:]),
            number(cells[d, "real", "all"]["new_alarms_per_month"], 1),
            number(cells[d, "real", "all"]["ppv"]),
        ]
        for d in detectors(frame)
    ]
    head = ["real, after training", *(f"simulated {name}" for name in CLASSES[1:])]
    return table(["detector", *head, "new alarms a month", "PPV"], rows)


def forecasts() -> str:
    """Return how good forecasts are, over all months that every forecaster has."""
    frame = read("detect_forecasts").filter(pl.col("class") == "all")
    rows = [
        [
            f"`{r['detector']}`",
            number(r["crps"], 1),
            number(r["log_score"]),
            *(number(r[f"covered_{c}"], 3) for c in (50, 80, 95, 99)),
            number(r["above_99"], 4),
            number(r["above_999"], 4),
        ]
        for r in frame.iter_rows(named=True)
    ]
    head = ["CRPS", "log score", *(f"in {c} %" for c in (50, 80, 95, 99)), "above 99 %", "above 99.9 %"]
    return table(["detector", *head], rows)


def onsets() -> str:
    """Return when each detector first alarms around the labelled onsets, at one episode per series-decade."""
    frame = read("detect_onsets").filter(pl.col("rate") == "1/decade")
    places = frame.select("nationality", "month", "observed").unique(maintain_order=True)
    cells = {(r["detector"], r["nationality"]): r for r in frame.iter_rows(named=True)}
    names = detectors(frame)

    def delay(name: str, nationality: str) -> str:
        months = cells[name, nationality]["delay_months"]
        return "none" if months is None else f"{months:+d}" if months else "0"

    rows = [
        [f"{nationality} {month:%Y-%m}", f"{observed:,.0f}", *(delay(name, nationality) for name in names)]
        for nationality, month, observed in places.iter_rows()
    ]
    return table(["onset", "count", *(f"`{name}`" for name in names)], rows)


def tables() -> str:
    """Return everything between the two marks of the page."""
    parts = [
        ("Surges found", "All 3,000 surges; the interval is of p2.", found()),
        ("By class", "p2 at one episode per series-decade.", found_by_class()),
        (
            "Gains of the count model on two months",
            "Paired differences in p2 with their 95 % intervals.",
            gains(),
        ),
        (
            "False alarms",
            "Realised over stated rate at one episode per series-decade: 1 is what was promised. New alarms and PPV "
            "are over all real series after training.",
            ratios(),
        ),
        ("Forecasts", "Real series after training, outside labelled episodes.", forecasts()),
        (
            "Labelled onsets",
            "Eastern borders; months from the labelled onset to the first alarm, at one episode per series-decade. A "
            "sanity reading, seen during development, and no validation.",
            onsets(),
        ),
    ]
    return "\n\n".join(f"### {title}\n\n{text}\n\n{body}" for title, text, body in parts)


def page(text: str) -> str:
    """Return the page with its tables as the files have them."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


def main() -> None:
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
