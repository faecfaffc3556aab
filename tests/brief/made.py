"""Briefs of the bundled cases, each made once for all tests, and a way to make one from a changed case."""

from datetime import date
from functools import cache
from typing import Any, NamedTuple

from counterpoise.brief import Brief, compose, render_html
from counterpoise.cases import Case, load_case
from counterpoise.monitoring import Detection, detect
from counterpoise.observations.archive import Archive

EARLY = date(2021, 9, 15)
CASES = ("belarus-eu-2021", "russia-finland-2023", "ukraine-2022")


class Made(NamedTuple):
    archive: Archive
    case: Case
    detection: Detection
    brief: Brief


@cache
def bundled() -> Archive:
    """Return the bundled archive, whatever the user's data directory holds."""
    from counterpoise.observations.bundled import read_bundled

    return Archive.from_batch(read_bundled())


def make(case: Case, as_of: date | None = None) -> Made:
    archive = bundled()
    detection = detect(archive, case=case, as_of=as_of)
    return Made(archive, case, detection, compose(archive, case, detection))


@cache
def made(name: str, as_of: date | None = None) -> Made:
    return make(load_case(name), as_of)


@cache
def page(name: str, as_of: date | None = None) -> str:
    return render_html(made(name, as_of).brief)


def changed(name: str, **changes: Any) -> Case:
    """Return a bundled case with some fields replaced, validated again."""
    return Case.model_validate({**load_case(name).model_dump(by_alias=True), **changes})


__all__ = ["CASES", "EARLY", "Made", "bundled", "changed", "made", "make", "page"]
