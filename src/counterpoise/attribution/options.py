"""Settings of ``attribute``, each with the reason for its default."""

from dataclasses import dataclass

from counterpoise.errors import InputError

__all__ = ["ATTRIBUTE_DEFAULTS", "AttributeOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeOptions:
    """Options of ``attribute``.

    What the tables of likelihoods rest on (windows, classes, families) is frozen with them and is no option.
    """

    fact_months: int = 12
    """Coded facts of so many months up to the end of the month under test count: what was done long before may have
    ended, and what came later cannot have caused it."""
    coincidence_months: int = 120
    """Longest calendar on which dated facts are shifted: ten years, so that the series is of one kind."""

    def __post_init__(self) -> None:
        if self.fact_months < 1 or self.coincidence_months < 48:
            raise InputError(
                expected="at least 1 month of facts and 48 months of calendar",
                found=f"fact_months = {self.fact_months}, coincidence_months = {self.coincidence_months}",
                where="options of attribute",
                hint="see AttributeOptions for the meaning of each",
            )


ATTRIBUTE_DEFAULTS = AttributeOptions()
