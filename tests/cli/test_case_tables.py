"""A case goes to a spreadsheet and back through the command line: whole, or not at all."""

from importlib.resources import files

import pytest

from counterpoise.cases import load_case


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_bundled_case_goes_round_to_the_byte(cli, tmp_path, suffix) -> None:
    name = "ukraine-2022"
    bundled = files("counterpoise.data").joinpath("cases", f"{name}.yml").read_bytes()
    table, out = tmp_path / f"t.{suffix}", tmp_path / "c.yml"
    assert cli("cases", "export", name, "--out", table).code == 0
    assert cli("cases", "import", name, table, "--out", out).code == 0
    assert out.read_bytes() == bundled
    assert "--out" in cli("cases", "import", name, table).sentence
    assert load_case(out) == load_case(name)
    broken = table.read_bytes()[:-100]
    table.write_bytes(broken)
    assert cli("cases", "import", out, table).code == 2
    assert out.read_bytes() == bundled
