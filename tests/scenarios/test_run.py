"""Many experiments: the same bytes on any number of workers, and in parts."""

import numpy as np

from counterpoise.scenarios.policies import lever_rows, load_policies
from counterpoise.scenarios.run import run_experiments
from tests.scenarios.builders import COLD, draw, rows

POLICIES = [lever_rows(policy) for policy in load_policies()][:3]


def test_the_bytes_do_not_depend_on_the_number_of_workers() -> None:
    parameters = draw(3000)
    one, two, four = (
        run_experiments(parameters, POLICIES, COLD, seed=2, workers=workers).outcomes.tobytes()
        for workers in (1, 2, 4)
    )
    assert one == two == four


def test_a_part_of_a_run_has_the_numbers_of_the_whole() -> None:
    parameters = draw(300)
    whole = run_experiments(parameters, POLICIES, COLD, seed=2)
    part = run_experiments(parameters[:, 130:250], POLICIES, COLD, seed=2, first=130)
    np.testing.assert_array_equal(part.outcomes, whole.outcomes[:, :, 130:250])


def test_policies_meet_the_same_chance() -> None:
    parameters = draw(100)
    late = rows("lever: troops, start: 50")
    both = run_experiments(parameters, [rows(), late], COLD, seed=2, keep_series=True).series
    np.testing.assert_array_equal(both[0, :50], both[1, :50])
    assert (both[0, 60:] != both[1, 60:]).any()


def test_progress_ends_at_the_whole() -> None:
    told: list[tuple[int, int]] = []
    run_experiments(draw(2500), POLICIES, COLD, seed=2, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (2500, 2500)
    assert told == sorted(told)
