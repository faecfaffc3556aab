"""Detectors by name: our count model and the comparators of the catalogue."""

from collections.abc import Sequence

from counterpoise.errors import InputError
from counterpoise.monitoring.detectors import catalogue
from counterpoise.monitoring.detectors.base import Detector
from counterpoise.monitoring.detectors.count_model import CountModel, TwoMonths

__all__ = ["all_detectors", "choose_detectors"]


def all_detectors() -> tuple[Detector, ...]:
    """Return every detector with its default settings; our own last."""
    return (*catalogue(), CountModel(), TwoMonths())


def choose_detectors(names: Sequence[str]) -> tuple[Detector, ...]:
    """Return the named detectors in the order of the catalogue; ``all`` stands for every one.

    Raises
    ------
    InputError
        If a name is not known; all of them are named together.
    """
    known = all_detectors()
    unknown = sorted(set(names) - {detector.name for detector in known} - {"all"})
    if unknown:
        raise InputError(
            expected=f"detectors among {', '.join(detector.name for detector in known)}, or all",
            found=", ".join(unknown),
            where="--detector",
            hint="correct the name",
        )
    return tuple(detector for detector in known if "all" in names or detector.name in names)
