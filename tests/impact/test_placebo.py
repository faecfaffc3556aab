"""Placebo outcome: a count no response can have changed stays, or says that something else was on."""

import numpy as np

from counterpoise.cases import load_case
from counterpoise.impact import evaluate
from counterpoise.impact.options import EVALUATE_DEFAULTS
from counterpoise.impact.placebo import check_placebo_outcome
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled


def test_it_passes_where_the_count_stays_and_fails_where_it_falls() -> None:
    stays = 5 + np.random.default_rng(1).normal(0, 0.3, 84)
    falls = stays.copy()
    falls[72:] -= 3
    statuses = [
        check_placebo_outcome(one, 72, first_month=1, options=EVALUATE_DEFAULTS).status
        for one in (stays, falls, None)
    ]
    assert statuses == ["passed", "failed", "skipped"]


def test_it_stands_beside_estimates_of_a_total_without_a_nationality_and_only_there() -> None:
    result = evaluate(Archive.from_batch(read_bundled()), case=load_case("belarus-eu-2021"), response="r35")
    status = {
        effect.nationality: check.status
        for effect in result.effects
        for check in effect.checks
        if check.name == "placebo_outcome"
    }
    assert status.pop("TOTAL-UKR") in {"passed", "failed"}
    assert set(status.values()) == {"skipped"}
