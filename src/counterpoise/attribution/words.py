"""Words of estimative probability tied to numbers.

The seven ranges are those of Intelligence Community Directive 203, "Analytic Standards" (2 January 2015), section
D.6.e(2)(a). They are used twice: to say a posterior in words, and as the bounds within which an answer's prediction
of an act may lie. ``RELIABILITY`` ties the grade of a source to the same scale.
"""

from collections.abc import Mapping

__all__ = ["PROBABILITY_WORDS", "RELIABILITY", "in_words"]

PROBABILITY_WORDS: Mapping[str, tuple[float, float]] = {
    "almost_no_chance": (0.01, 0.05),
    "very_unlikely": (0.05, 0.20),
    "unlikely": (0.20, 0.45),
    "even": (0.45, 0.55),
    "likely": (0.55, 0.80),
    "very_likely": (0.80, 0.95),
    "almost_certain": (0.95, 0.99),
}
RELIABILITY: Mapping[str, tuple[float, float]] = {
    "high": PROBABILITY_WORDS["very_likely"],
    "medium": PROBABILITY_WORDS["likely"],
    "low": PROBABILITY_WORDS["even"],
}
"""Grade of a source -> probability that what it reports happened, had both been as likely before."""


def in_words(lower: float, upper: float) -> str:
    """Return the words for a range of probabilities, from the lower end's to the upper end's.

    Parameters
    ----------
    lower, upper
        Ends of the interval, 0 to 1.
    """
    first, last = _word(lower), _word(upper)
    return first if first == last else f"{first} to {last}"


def _word(probability: float) -> str:
    for word, (_, upper) in PROBABILITY_WORDS.items():
        if probability <= upper:
            return word.replace("_", " ").replace("even", "roughly even chance")
    return "almost certain"
