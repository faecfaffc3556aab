"""Rights, harm and costs beside the effects: what bears on which response, never summed, never a score.

A harm or an instrument stands beside a response because border and period, or state and kind, are the same. That
the response caused the harm is said by nobody here.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from counterpoise.cases.known import KnownCase
from counterpoise.cases.ledgers import Ledgers
from counterpoise.cases.model import Case, Harm, Response
from counterpoise.observations.archive import Known
from counterpoise.observations.nationalities import nationality_name

__all__ = ["harms_of", "rights_of", "rows_of"]

Named = tuple[tuple[str, Response], ...]
_ACT_ON_PEOPLE = frozenset(
    {"turn_back_law", "emergency_law", "border_closure", "fence", "troops", "humanitarian_access"}
)
"""Kinds of response of a target state that act on people at its border: beside these stands harm reported there."""
_DENOMINATORS = ("attempts", "prevented", "detections", "asylum_applications")


def rights_of(
    named: Named, story: KnownCase, ledgers: Ledgers, known: Known, *, replay: bool
) -> tuple[dict[str, Any], ...]:
    """Return one row per response: what was raised and by whom, what bears on it, harm reported meanwhile.

    ``instruments`` and ``harms`` are ids of the lists beside; ``harm_ranges`` gives per kind of harm the largest
    count that lies within period and border, and the smallest that holds both, where one does and claims to be
    complete. ``acts_on_people``: harm at its border was looked for, so that none found is none published. In a replay
    nobody is named who raised a concern or claimed an effect: a case file does not date that.
    """
    rows = (_row(name, response, story, ledgers, known) for name, response in named)
    undated: dict[str, Any] = {"raised_by": [], "claimed_effect": None, "claimed_by": None}
    return tuple({**row, **undated} if replay else row for row in rows)


def _row(name: str, response: Response, story: KnownCase, ledgers: Ledgers, known: Known) -> dict[str, Any]:
    state = _state_of(response, story.case)
    begin, end = response.begins_on, response.ended_on
    borders = _borders(story.case, known, state)
    acts = bool(borders) and response.kind.value in _ACT_ON_PEOPLE
    during = [h for h in story.harms if acts and _during(h, begin, end) and _at(h, borders, state)]
    return {
        "response": name,
        "title": response.title,
        "country": response.country,
        "kind": response.kind.value,
        "begins_on": begin.isoformat(),
        "ended_on": end.isoformat() if end else None,
        "rights_concern": response.rights_concern,
        "raised_by": list(response.raised_by),
        "claimed_effect": response.claimed_effect,
        "claimed_by": response.claimed_by,
        "sources": list(response.sources),
        "instruments": [
            row["id"] for row in ledgers.instruments.iter_rows(named=True) if _bears(row, response, state)
        ],
        "acts_on_people": acts,
        "harms": [harm.id for harm in during],
        "harm_ranges": _ranges(story.harms, during, begin, end, borders),
        "access_limits": [
            row["what"]
            for row in ledgers.access.iter_rows(named=True)
            if acts and row["country"] == response.country and _overlap(row["from"], row["to"], begin, end)
        ],
    }


def _bears(instrument: dict[str, Any], response: Response, state: str) -> bool:
    """Return whether an instrument speaks to this state and kind; a law not to what had ended before it."""
    if state not in instrument["states"].split() or response.kind.value not in instrument["kinds"].split():
        return False
    is_law = instrument["status"] in {"in_force", "proposed"}
    return not (is_law and instrument["public_on"] > (response.ended_on or date.max))


def _state_of(response: Response, case: Case) -> str:
    """Return the target state that responded as alpha-3, ``EU``, or an empty text for anybody else."""
    if response.country.startswith("EU"):
        return "EU"
    names = {nationality_name(code): code for code in case.actors.targets}
    return names.get(response.country, "")


def _borders(case: Case, known: Known, state: str) -> frozenset[str]:
    """Return the border corridors of the case that lead into a state, with what lies below."""
    return frozenset(
        below
        for corridor in case.corridors
        if known.corridors[corridor].kind == "border" and state in known.corridors[corridor].to_states
        for below in known.corridors.subtree(corridor)
    )


def _overlap(a: date, b: date | None, c: date, d: date | None) -> bool:
    return a <= (d or date.max) and c <= (b or date.max)


def _during(harm: Harm, begin: date, end: date | None) -> bool:
    return _overlap(harm.period_start, harm.period_end, begin, end)


def _at(harm: Harm, borders: frozenset[str], state: str) -> bool:
    """Return whether a harm was at these borders; one without a corridor counts if its place names the state."""
    if harm.corridor is not None:
        return harm.corridor in borders
    return nationality_name(state) in harm.place


def _ranges(
    harms: Iterable[Harm], during: list[Harm], begin: date, end: date | None, borders: frozenset[str]
) -> list[dict[str, Any]]:
    found = []
    for kind, group in sorted({(h.kind.value, h.victim_group) for h in during}):
        same = [h for h in harms if (h.kind.value, h.victim_group) == (kind, group) and h.value is not None]
        inside = [
            h
            for h in same
            if h.corridor in borders and begin <= h.period_start and h.period_end <= (end or date.max)
        ]
        holding = [
            h
            for h in same
            if end is not None
            and not h.at_least
            and h.period_start <= begin
            and end <= h.period_end
            and (h.corridor is None or h.corridor in borders)
        ]
        if inside or holding:
            least = max(inside, key=lambda h: h.value or 0, default=None)
            most = min(holding, key=lambda h: h.value or 0, default=None)
            found.append(
                {
                    "kind": kind,
                    "victim_group": group,
                    "lower": least.value if least else None,
                    "lower_from": least.id if least else None,
                    "upper": most.value if most else None,
                    "upper_from": most.id if most else None,
                }
            )
    return found


def harms_of(story: KnownCase, known: Known) -> tuple[dict[str, Any], ...]:
    """Return every count of harm that was known, with the wider count that holds it and its denominators.

    Never sum them: counts nest in each other and overlap.
    """
    pages = {source.id: source for source in story.case.sources}
    return tuple(
        {
            "id": harm.id,
            "kind": harm.kind.value,
            "value": harm.value,
            "at_least": harm.at_least,
            "period_start": harm.period_start.isoformat(),
            "period_end": harm.period_end.isoformat(),
            "place": harm.place,
            "corridor": harm.corridor,
            "victim_group": harm.victim_group,
            "nested_in": harm.nested_in,
            "denominators": _denominators(harm, known),
            "who_reported": harm.who_reported,
            "note": harm.note,
            "confidence": harm.confidence.value,
            "sources": [{"title": pages[i].title, "url": pages[i].url} for i in harm.sources],
        }
        for harm in story.harms
    )


def _denominators(harm: Harm, known: Known) -> list[dict[str, Any]]:
    """Return counts at the same border over the months a harm touches, of measures with a figure for all of them."""
    if harm.corridor is None:
        return []
    months = pl.date_range(harm.period_start.replace(day=1), harm.period_end, interval="1mo", eager=True)
    rows = known.observations.filter(
        pl.col("corridor") == harm.corridor,
        pl.col("nationality") == "TOTAL",
        pl.col("frequency") == "M",
        pl.col("period_start").is_in(months.implode()),
        pl.col("measure").is_in(_DENOMINATORS),
    )
    whole = (
        rows.group_by("dataset", "measure", "unit", maintain_order=True)
        .agg(pl.col("period_start").n_unique().alias("n"), pl.len().alias("rows"), pl.col("value").sum())
        .filter(pl.col("n") == len(months), pl.col("rows") == len(months))
        .sort("measure", "dataset")
    )
    return [
        {
            "measure": r["measure"],
            "unit": r["unit"],
            "value": r["value"],
            "n_months": r["n"],
            "dataset": r["dataset"],
        }
        for r in whole.iter_rows(named=True)
    ]


def rows_of(frame: pl.DataFrame, named: Named = ()) -> tuple[dict[str, Any], ...]:
    """Return a ledger's lines as plain JSON values; a cost also names the responses it was for."""
    plain = frame.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts()
    if "response" not in frame.columns:
        return tuple(plain)
    return tuple(
        {
            **row,
            "responses": [
                name for name, r in named if (r.title, r.country) == (row["response"], row["country"])
            ],
        }
        for row in plain
    )
