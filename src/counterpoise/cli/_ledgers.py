"""The ledgers of ``evaluate`` as lines of text: rights and harm first, then costs, gains, unity, polls."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterpoise.impact import Evaluation

__all__ = ["ledger_lines"]


def ledger_lines(result: "Evaluation") -> Iterator[str]:
    """Yield the lines; nothing in them is summed."""
    yield from _rights(result)
    yield from _harms(result)
    yield from _costs(result)
    yield from _indicators(result)
    yield from _polls(result)


def _rights(result: "Evaluation") -> Iterator[str]:
    shown = {name for effect in result.effects for name in effect.responses}
    rows = [
        r
        for r in result.rights
        if r["response"] in shown and (r["rights_concern"] or r["instruments"] or r["acts_on_people"])
    ]
    if not rows:
        return
    yield "\nRights beside these responses"
    for row in rows:
        by = (
            f" Raised by {', '.join(row['raised_by'])}."
            if row["raised_by"]
            else " Who raised it is not given."
            if row["rights_concern"]
            else ""
        )
        yield f"  {row['response']}  {row['country']}: {row['title']}: {row['rights_concern'] or 'none recorded'}.{by}"
        if row["harm_ranges"]:
            yield f"       Harm published meanwhile: {'; '.join(map(_range, row['harm_ranges']))}."
        elif row["harms"]:
            yield f"       Harm: only counts that reach beyond this time or place: {', '.join(row['harms'])}."
        elif row["acts_on_people"]:
            yield f"       {_no_harm_found(result)}"
        if row["access_limits"]:
            yield f"       Aid and media: {'; '.join(row['access_limits'])}."
    bearing = {
        one["id"]: [r["response"] for r in rows if one["id"] in r["instruments"]]
        for one in result.instruments
    }
    if any(bearing.values()):
        yield "\nCourts, judgments and laws that bear on them"
    for one in result.instruments:
        if not bearing[one["id"]]:
            continue
        day = one["final_on"] or one["decided_on"] or (one["heard_on"] and f"(heard {one['heard_on']})")
        status = f"{one['status'].replace('_', ' ')} {day or ''}".strip()
        yield (
            f"  {one['title']} ({one['body']}; {one['articles']}): {status}, checked "
            f"{one['checked_on']}. {one['held']} Bears on {' '.join(bearing[one['id']])}. ({one['publisher']})"
        )


def _no_harm_found(result: "Evaluation") -> str:
    """Return the sentence for a time without a count of harm: silence is no finding that there was none."""
    ends = [harm["period_end"] for harm in result.harms]
    last = f" (the last one in the case ends {max(ends)})" if ends else ""
    return f"No count of harm was found for this time{last}; that is no finding of none."


def _range(one: dict[str, Any]) -> str:
    whom = "" if one["victim_group"] == "people on the move" else f" ({one['victim_group']})"
    kind = f"{one['kind'].replace('_', ' ')}{whom}"
    if one["lower"] is None:
        return f"{kind}: none counted within it, {one['upper']:,} in a count that holds it"
    held = f", {one['upper']:,} in a count that holds it" if one["upper"] is not None else ""
    return f"{kind}: {one['lower']:,} within it{held}"


def _harms(result: "Evaluation") -> Iterator[str]:
    if not result.harms:
        yield "\nNo published count of harm was found."
        return
    wide = [harm for harm in result.harms if harm["nested_in"] is None]
    inner = len(result.harms) - len(wide)
    yield f"\nHarm as published ({inner} counts that these hold are in --json; never add any of them)"
    for harm in wide:
        value = "no count" if harm["value"] is None else f"{harm['value']:,}"
        per = "; ".join(
            f"{d['value']:,.0f} {d['measure'].replace('_', ' ')} ({d['unit']})" for d in harm["denominators"]
        )
        beside = f" Beside {per} in the same months." if per else ""
        note = f" {harm['note']}" if harm["note"] else ""
        yield (
            f"  {harm['kind'].replace('_', ' ')}: {'at least ' if harm['at_least'] else ''}{value}, "
            f"{harm['period_start']} to {harm['period_end']}, {harm['place']} ({harm['who_reported']}).{note}{beside}"
        )


def _costs(result: "Evaluation") -> Iterator[str]:
    if result.costs:
        yield "\nCosts as published (they overlap: never add them)"
    for row in result.costs:
        of = f" [{' '.join(row['responses'])}]" if row["responses"] else ""
        note = f" {row['note']}." if row["note"] else ""
        yield f"  {row['country']}{of}: {row['what']}: {_amount(row)}.{note} ({row['publisher']})"


def _amount(row: dict[str, Any]) -> str:
    lower, upper = row["amount_lower"], row["amount_upper"]
    span = f"{upper / 1e6:,.4g}" if lower in (None, upper) else f"{lower / 1e6:,.4g} to {upper / 1e6:,.4g}"
    if upper >= 1e9:
        span = f"{upper / 1e6:,.0f}"
    qualifier = f"{row['qualifier']} " if row["qualifier"] else ""
    length = f", {row['length_km']:,.0f} km" if row["length_km"] else ""
    return f"{qualifier}{span} million {row['currency']} of {row['price_year']} ({row['recurs']}{length})"


def _indicators(result: "Evaluation") -> Iterator[str]:
    for side, title in (
        ("coercer", "What the side named as coercer was seen to gain or lose"),
        ("target", "Votes, pledges and service on the side of the targets"),
    ):
        rows = sorted((r for r in result.indicators if r["side"] == side), key=lambda r: r["public_on"])
        if rows:
            yield f"\n{title}"
        for row in rows:
            value = f": {row['value']:,.0f} {row['unit']}" if row["value"] is not None else ""
            note = f" {row['note']}." if row["note"] else ""
            yield (
                f"  {row['public_on']}  {row['sense']:<5}  {row['actor']}: {row['what']}{value}.{note} "
                f"({row['publisher']})"
            )


def _polls(result: "Evaluation") -> Iterator[str]:
    if result.polls:
        yield "\nPolls (waves of one pollster compare, others do not: wording and client matter)"
    for row in sorted(result.polls, key=lambda r: (r["country"], r["question"], r["fieldwork_to"])):
        n = f"n {row['n']:,}" if row["n"] else "n not published"
        client = f" for {row['client']}" if row["client"] else ""
        yield (
            f"  {row['country']}, {row['fieldwork_to']}: {row['question']}: {row['answer']} {row['share_percent']:g} % "
            f"({row['pollster']}{client}, {n}; {row['publisher']})"
        )
