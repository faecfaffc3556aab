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
REFERENCES = ("ears_c1", "farrington_flexible")
WITH_PEOPLE = ("busy", "medium", "wandering", "seasonal")
LARGEST_LOSS = -0.03
RAMPS_FOUND = 0.9


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


def at_a_glance() -> str:
    """Return what was wanted of our detectors beside what is so; a mark says whether it holds."""
    names = ("count_model", OURS)
    gained = {
        (r["detector"], r["reference"], r["class"], r["rate"]): r for r in read("detect_gains").to_dicts()
    }
    rates = {(r["detector"], r["data"], r["class"], r["rate"]): r for r in read("detect_rates").to_dicts()}
    shares = {(r["detector"], r["class"], r["rate"]): r for r in read("detect").to_dicts()}
    delays = read("detect_onsets").filter(pl.col("rate") == "1/decade")

    def told(text: str, *, holds: bool) -> str:
        return f"{text} {'holds' if holds else '**does not**'}"

    def gain(name: str, rate: str) -> str:
        row = gained[name, "ears_c1", "all", rate]
        lower, upper = (number(row[end], signed=True) for end in ("lower", "upper"))
        return told(f"{number(row['gain_p2'], signed=True)} [{lower}, {upper}]", holds=row["lower"] > 0)

    def worst(name: str) -> str:
        uppers = {
            (number(row["upper"], signed=True), label, reference): row["upper"]
            for (detector, reference, label, rate), row in gained.items()
            if detector == name and reference in REFERENCES and rate in RATES[:2]
        }
        (text, label, reference), least = min(uppers.items(), key=lambda item: item[1])
        return told(f"up to {text} ({label}, on `{reference}`)", holds=least >= LARGEST_LOSS)

    def spread(
        name: str, data: str, labels: Sequence[str], within: Sequence[str], bounds: Sequence[float]
    ) -> str:
        ratios = [rates[name, data, label, rate]["ratio"] for label in labels for rate in within]
        text = f"{number(min(ratios))} to {number(max(ratios))}"
        return told(text, holds=bounds[0] <= min(ratios) and max(ratios) <= bounds[1])

    def onsets_found(name: str) -> str:
        mine = delays.filter(pl.col("detector") == name)
        near = mine.filter(pl.col("delay_months").abs() <= 1).height
        return told(f"{near} of {mine.height}", holds=near == mine.height)

    def ramp(name: str) -> str:
        share = shares[name, "ramp_x10", "1/decade"]["p2"]
        return told(number(share), holds=share >= RAMPS_FOUND)

    rows = [
        *(
            [f"gain in p2 on `ears_c1`, {rate}", "interval above 0", *(gain(n, rate) for n in names)]
            for rate in RATES[:2]
        ),
        [
            "worst class, both rates",
            f"no interval wholly below {LARGEST_LOSS:g}",
            *(worst(n) for n in names),
        ],
        [
            "false alarms after training, all three rates",
            "0.8 to 1.25 times the stated",
            *(spread(n, "real", ["all"], RATES, (0.8, 1.25)) for n in names),
        ],
        [
            "false alarms on simulations, busy to seasonal, 1/decade",
            "0.8 to 1.2 times the stated",
            *(spread(n, "simulated", WITH_PEOPLE, ["1/decade"], (0.8, 1.2)) for n in names),
        ],
        [
            "the same, sparse and new",
            "0.8 to 1.2 times the stated",
            *(spread(n, "simulated", ["sparse", "new"], ["1/decade"], (0.8, 1.2)) for n in names),
        ],
        [
            "ramp to ten times, first two months, 1/decade",
            f"{RAMPS_FOUND:g} or more",
            *(ramp(n) for n in names),
        ],
        ["labelled onsets within a month, 1/decade", "all (a reading)", *(onsets_found(n) for n in names)],
        [
            "found in the first month (p1), 1/decade",
            f"{number(shares['ears_c1', 'all', '1/decade']['p1'])} by `ears_c1`",
            *(number(shares[n, "all", "1/decade"]["p1"]) for n in names),
        ],
    ]
    return table(["what", "wanted", *(f"`{n}`" for n in names)], rows)


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
    frame = read("detect_gains").filter(pl.col("detector") == OURS, pl.col("reference").is_in(REFERENCES))
    cells = {(r["reference"], r["rate"], r["class"]): r for r in frame.iter_rows(named=True)}
    rows = []
    for name in CLASSES:
        line = [name]
        for reference in REFERENCES:
            for rate in RATES[:2]:
                row = cells[reference, rate, name]
                interval = f"[{number(row['lower'], signed=True)}, {number(row['upper'], signed=True)}]"
                line.append(f"{number(row['gain_p2'], signed=True)} {interval}")
        rows.append(line)
    head = [f"on `{reference}`, {rate}" for reference in REFERENCES for rate in RATES[:2]]
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
        ("At a glance", "What was set as a goal before, and what is so.", at_a_glance()),
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
