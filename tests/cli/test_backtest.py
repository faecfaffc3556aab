import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterpoise.cli import main

NATIONALITIES = ("AFG", "IRQ", "SYR", "TUN")


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Monthly figures of four nationalities on two corridors, 2014 to 2020, in our observation columns."""
    generator = np.random.default_rng(0)
    lines = ["corridor,nationality,measure,period_start,frequency,value"]
    for corridor in ("BY-PL", "RU-FI"):
        for nationality in NATIONALITIES:
            counts = generator.poisson(20, size=84)
            lines += [
                f"{corridor},{nationality},detections,{2014 + t // 12}-{t % 12 + 1:02d}-01,M,{count}"
                for t, count in enumerate(counts)
            ]
    path = tmp_path_factory.mktemp("figures") / "figures.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["backtest", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def small(figures: Path) -> list[str]:
    common = ["--data", str(figures), "--train-to", "2019-01", "--warm-up", "24", "--workers", "1"]
    return [*common, "--rate", "1%", "--detector", "ears_c1", "--detector", "rolling_maximum"]


def test_other_figures_are_replayed(
    figures: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "detection.csv"
    assert run(*small(figures), "--out", str(table), "--json") == 0
    printed = capsys.readouterr()
    answer: dict[str, Any] = json.loads(printed.out)
    assert answer["stage"] == "backtest"
    assert answer["n_series"] == 8
    assert {row["detector"] for row in answer["detection"]} == {"ears_c1", "rolling_maximum"}
    assert answer["alarm_rates"][0]["data"] == "training"
    assert printed.err.splitlines()[0].startswith("[1/")
    assert table.read_text(encoding="utf-8").startswith(
        "detector,class,rate,realised_rate,p1,p2,p3,lower,upper"
    )


def test_given_surges_are_added_in_the_months_asked_for(
    figures: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    surges = tmp_path / "surges.csv"
    columns = "corridor,nationality,first_month,kind,size,shape,add_month_1,add_month_2,add_month_3"
    rows = [f"BY-PL,IRQ,{year}-05-01,additive,900,step,900,900,900" for year in (2018, 2019, 2020)]
    surges.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    arguments = [*small(figures), "--surges", str(surges), "--from", "2019-02", "--to", "2020-12", "--json"]
    assert run(*arguments) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["n_surges"] == 2
    whole = next(row for row in answer["detection"] if row["class"] == "all")
    assert whole["p1"] + whole["already_alarmed"] == 1.0


def test_a_person_reads_a_table(figures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*small(figures)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("8 series, ")
    assert any(line.startswith("rolling_maximum  ears_c1") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (["--detector", "oracle"], "--detector"),
        (["--rate", "often"], "--rate"),
        (["--from", "spring"], "--from"),
        (["--surges", "absent.csv"], "absent.csv"),
        (["--data", "absent.csv"], "absent.csv"),
        (["--from", "2020-01", "--to", "2019-01"], "options of backtest"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_wrong_arguments_are_named(
    arguments: list[str], where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments, "--json") == 2
    assert json.loads(capsys.readouterr().out)["error"]["where"] == where
