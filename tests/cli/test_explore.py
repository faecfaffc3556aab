"""``counterpoise explore``."""

from pathlib import Path

import polars as pl

from tests.cli.conftest import Cli


def test_it_prints_what_holds_up_what_is_screened_out_and_at_which_price(cli: Cli) -> None:
    ended = cli("explore", "belarus-eu-2021", "--runs", 200)
    assert ended.code == 0
    recommended = next(line for line in ended.out.splitlines() if line.startswith("Hold up"))
    assert "turn-back-unassessed" not in recommended
    assert "M.K. and Others v Poland" in ended.out
    assert "What keeping to rights costs" in ended.out
    assert "deal: no price" in ended.out
    assert "holds up in every structure alone" in ended.out or "not where there is only" in ended.out
    assert "no probabilities" in ended.out


def test_the_table_has_a_row_for_each_policy_and_outcome(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "policies.parquet"
    assert cli("explore", "russia-finland-2023", "--runs", 64, "--out", out).code == 0
    frame = pl.read_parquet(out)
    assert frame.height == frame["policy"].n_unique() * frame["outcome"].n_unique()
    assert not frame.filter(~pl.col("admissible"))["recommended"].any()


def test_policies_of_ones_own(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(
        "policies:\n  - name: mine\n    title: Mine\n    levers:\n      - {lever: hub_closure, start: 4}\n",
        encoding="utf-8",
    )
    answer = cli("explore", "belarus-eu-2021", "--policies", path, "--runs", 64, "--json").answer
    assert [policy["name"] for policy in answer["policies"]] == ["no-response", "mine"]


def test_what_is_wrong_is_one_sentence(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text("policies:\n  - name: mine\n    title: M\n    levers:\n      - {lever: fense}\n", "utf-8")
    ended = cli("explore", "belarus-eu-2021", "--policies", path)
    assert ended.code == 2
    assert "did you mean fence?" in ended.sentence
    assert cli("explore", "belarus-eu-2021", "--runs", 1).code == 2
    assert cli("explore", "belarus-eu-2021", "--design", "grid").code == 2


def test_a_chart_is_written(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "regret.svg"
    assert cli("explore", "belarus-eu-2021", "--runs", 64, "--out", out).code == 0
    assert "Screened out" in out.read_text(encoding="utf-8")
    ended = cli("explore", "belarus-eu-2021", "--runs", 64, "--chart", "pie", "--out", out)
    assert ended.code == 2
    assert "trade-off" in ended.sentence


def test_a_run_is_kept_and_taken_up_again(cli: Cli, tmp_path: Path) -> None:
    words = ("explore", "belarus-eu-2021", "--runs", 64, "--save", tmp_path / "runs", "--json")
    first, again, plain = cli(*words).answer, cli(*words).answer, cli(*words[:4], "--json").answer
    assert first == again == plain
    assert (tmp_path / "runs" / "manifest.json").exists()
    other = cli("explore", "belarus-eu-2021", "--runs", 65, "--save", tmp_path / "runs")
    assert other.code == 2
    assert "choose another folder" in other.sentence
    assert cli("explore", "belarus-eu-2021", "--scheduler", "tcp://127.0.0.1:1").code == 2


def test_policies_are_found_and_written_as_a_file(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "found.yml"
    assert cli("explore", "belarus-eu-2021", "--search", 1, "--runs", 64, "--out", out).code == 0
    answer = cli("explore", "belarus-eu-2021", "--policies", out, "--runs", 64, "--json").answer
    names = [policy["name"] for policy in answer["policies"]]
    assert names[:2] == ["no-response", "found-01"]
    assert all(policy["admissible"] for policy in answer["policies"])
