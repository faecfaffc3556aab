"""Pictures drawn in a process of their own are those drawn here, also when that process is ended."""

import os
import signal

from counterpoise.brief import Drawings
from counterpoise.brief.model import Figure
from tests.brief.made import made


def _map() -> list[Figure]:
    return [figure for figure in made("belarus-eu-2021").brief.figures if figure.id == "map"]


def test_another_process_draws_the_same_and_its_end_loses_no_picture() -> None:
    figures = _map()
    with Drawings() as here:
        expected = here.of(figures)
    assert expected["map"]["wide"] != expected["map"]["narrow"]
    with Drawings(apart=True) as apart:
        assert apart.of(figures) == expected
        (child,) = apart._drawing._processes  # type: ignore[attr-defined]
        process = apart._drawing._processes[child]  # type: ignore[attr-defined]
        os.kill(child, signal.SIGTERM)
        process.join(10)
        again = [*figures, *[f for f in made("belarus-eu-2021").brief.figures if f.id == "nationality-mix"]]
        drawn = apart.of(again)
    assert drawn["map"] == expected["map"]
    assert drawn["nationality-mix"]["wide"].startswith("<svg")
