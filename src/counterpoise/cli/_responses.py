"""``evaluate`` on one screen: a paragraph for each group of responses, with what bears on rights beside it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from counterpoise.numbers import plain

if TYPE_CHECKING:
    from counterpoise.impact import Effect, Evaluation

__all__ = ["response_lines"]

_KNOWN = ("estimated", "joint_bounds")


def response_lines(result: "Evaluation") -> Iterator[str]:
    """Yield the lines; in one paragraph are responses that begin within a month and are not split."""
    by_name = {row["response"]: row for row in result.rights}
    together = (e for e in result.effects if not e.reason.startswith("not identifiable separately"))
    groups = tuple(dict.fromkeys(effect.responses for effect in together))
    yield f"As of {result.provenance.as_of}: {len(by_name)} responses, in {len(groups)} groups that are not split."
    for group in groups:
        rows = [by_name[name] for name in group]
        more = f" and {len(group) - 1} more" if len(group) > 1 else ""
        span = group[0] if len(group) == 1 else f"{group[0]} to {group[-1]}"
        yield f"{rows[0]['begins_on'][:7]}  {span}  {rows[0]['country']}: {rows[0]['title']}{more}"
        yield f"    {_effect(result, group)}"
        yield f"    Rights: {_rights(rows)}"
    yield (
        "A factor is what was counted over what the months before would lead one to expect, whatever caused it. A fall "
        "in events is none in persons."
    )
    yield "--response ID shows one in full, with every count, displacement and ledgers; --full shows all."
    yield f"Result {result.result_id}"


def _effect(result: "Evaluation", group: tuple[str, ...]) -> str:
    """Return sign and interval of the first count that has one, or the reason why none has."""
    from counterpoise.impact.outcomes import OUTCOMES

    own = [e for e in result.effects if e.responses == group]
    known = [e for e in own if e.status in _KNOWN and "+" not in e.nationality]
    if known:
        first = known[0]
        others = f"; {len(known) - 1} other count{'s' * (len(known) > 2)}" if len(known) > 1 else ""
        failed = [check.name.replace("_", " ") for check in first.checks if check.status == "failed"]
        doubt = f" Check failed: {', '.join(failed)}." if failed else ""
        return f"{_sign(first)}{others}.{doubt}"
    for status, words in (("not_identifiable", "Not identifiable"), ("refused", "Refused")):
        reasons = sorted((e for e in own if e.status == status), key=lambda e: OUTCOMES.index(e.outcome))
        if reasons:
            what = f"{reasons[0].outcome.replace('_', ' ')} at {reasons[0].corridor}"
            return f"{words}: {what}: {_first_sentence(reasons[0].reason)}"
    return "No count was asked for."


def _sign(effect: "Effect") -> str:
    factor = effect.relative or {}
    middle, lower, upper = (factor.get(name) for name in ("estimate", "lower", "upper"))
    assert lower is not None and upper is not None
    way = (
        "more than expected"
        if lower > 1
        else "less than expected"
        if upper < 1
        else "more or less: not shown"
    )
    how = "joint bounds" if middle is None else f"factor {plain(middle)}"
    what = f"{effect.outcome.replace('_', ' ').capitalize()} at {effect.corridor}"
    return f"{what}: {way}, {how} [{plain(lower)} to {plain(upper)}]"


def _first_sentence(reason: str) -> str:
    """Return the first sentence; what it opens in brackets and does not close is left to --response."""
    first = reason.split(". ", maxsplit=1)[0].rstrip(".")
    return f"{first if first.count('(') == first.count(')') else first.rpartition(' (')[0]}."


def _rights(rows: list[dict[str, Any]]) -> str:
    """Return how many responses have a concern raised, which instruments bear, and whether harm was published."""
    concerns = [row for row in rows if row["rights_concern"]]
    instruments = {one for row in rows for one in row["instruments"]}
    harm = {one["kind"].replace("_", " ") for row in rows for one in row["harm_ranges"]}
    parts = []
    if concerns:
        first = concerns[0]["rights_concern"].rstrip(".")
        parts.append(first + (f" (and {len(concerns) - 1} more)" if len(concerns) > 1 else ""))
    if instruments:
        bear = "court case or law bears" if len(instruments) == 1 else "court cases and laws bear"
        parts.append(f"{len(instruments)} {bear} on {'it' if len(rows) == 1 else 'them'}")
    if harm:
        parts.append(f"published meanwhile: {', '.join(sorted(harm))}")
    if any(row["acts_on_people"] for row in rows) and not any(row["harms"] for row in rows):
        parts.append("no count of harm was found for this time")  # silence would read as none
    return f"{'; '.join(parts)}." if parts else "no concern recorded."
