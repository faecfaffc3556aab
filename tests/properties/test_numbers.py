"""Numbers for readers: within half a unit of the second digit, never a power of ten."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.numbers import plain


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (0.0, "0"),
        (0.0892, "0.089"),
        (0.0000314, "0.000031"),
        (0.999, "1"),
        (2.0, "2"),
        (2.449, "2.4"),
        (9.96, "10"),
        (13.7, "14"),
        (99.6, "100"),
        (137.4, "137"),
        (21_042.0, "21,042"),
        (-2.449, "-2.4"),
    ],
)
def test_examples(value: float | None, text: str) -> None:
    assert plain(value) == text


@given(st.floats(min_value=1e-9, max_value=1e12))
def test_a_reader_gets_the_number_back_to_two_digits(value: float) -> None:
    text = plain(value)
    assert re.fullmatch(r"[\d,]+(\.\d+)?", text)
    assert float(text.replace(",", "")) == pytest.approx(value, rel=0.051)
