"""``attribute``: what drives a rise, who opened the way, to what end, and whether the record is real."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from counterpoise.attribution.combine import combine, posterior, undominated
from counterpoise.attribution.evidence import Item
from counterpoise.attribution.flips import find_flips, one_deep
from counterpoise.attribution.indicators.catalogue import STATISTICS
from counterpoise.attribution.indicators.shape import is_rise
from counterpoise.attribution.ledger import facts_in_window, ledger_of
from counterpoise.attribution.legal import legal_annex, pages_of
from counterpoise.attribution.likelihoods import load_likelihoods, tables_sha256
from counterpoise.attribution.naming import answer_words, change_words, indicator_words
from counterpoise.attribution.options import ATTRIBUTE_DEFAULTS, AttributeOptions
from counterpoise.attribution.priors import Prior, load_priors
from counterpoise.attribution.reference import SMALLEST_REFERENCE
from counterpoise.attribution.results import Attribution
from counterpoise.attribution.subject import Selected, select_subject
from counterpoise.attribution.visibility import require_visible
from counterpoise.cases.known import KnownCase, known_case
from counterpoise.checks import Check
from counterpoise.observations.archive import Archive, Known
from counterpoise.provenance import Provenance, describe_inputs
from counterpoise.vocabulary import ANSWERS

if TYPE_CHECKING:
    from counterpoise.cases import Case

__all__ = ["attribute"]


def attribute(
    observations: Archive,
    *,
    case: "Case | None" = None,
    corridor: str | None = None,
    nationality: str | None = None,
    month: date | None = None,
    prior: Prior | None = None,
    as_of: date | None = None,
    options: AttributeOptions = ATTRIBUTE_DEFAULTS,
    seed: int = 0,
) -> Attribution:
    """Return competing answers to the four questions about one rise, with their evidence, as known on a day.

    Parameters
    ----------
    observations
        The archive.
    case
        Its coded facts count; its corridors, and totals without the nationalities it leaves out, are the default.
    corridor, nationality
        The series; needed without a case (nationality: ``TOTAL``).
    month
        Any day of the month under test. None: the month of the largest rise within the case.
    prior
        The reader's own probabilities, shown beside the three fixed ones.
    as_of
        Day of replay; None: the newest day of publication in the data.
    options
        Settings.
    seed
        Written into the result; no random numbers are drawn.

    Raises
    ------
    InputError
        If corridor, nationality or month do not exist, or nothing is asked.
    AnalysisError
        If there is no such series, too little history, or the case cannot be seen in it.
    """
    known = observations.as_of(as_of)
    selected = select_subject(known, case=case, corridor=corridor, nationality=nationality, month=month)
    visibility = require_visible(selected.subject)
    seen = known_case(case, known.day) if case else None
    items = ledger_of(known, selected, seen, load_likelihoods(), options)
    odds = {question: combine(question, items) for question in ANSWERS}
    priors: dict[str, Prior] = {**load_priors(), **({"yours": prior} if prior else {})}
    leading = {question: undominated(o) for question, o in odds.items()}
    rises = is_rise(selected.cube.counts[selected.corridor, selected.nationality, : selected.month + 1])
    pages = {**_dataset_page(known, selected), **pages_of(case)}
    titles = {source: title for source, (title, _) in pages.items()}
    abstained = {q: _abstention(q, items, leading[q], titles, rises=rises) for q in ANSWERS}
    read = known.observations.filter(
        (known.observations["dataset"] == selected.subject.dataset) & (known.observations["frequency"] == "M")
    )
    return Attribution(
        subject=selected.subject,
        odds=odds,
        posteriors={
            question: {name: posterior(o, p[question]) for name, p in priors.items()}
            for question, o in odds.items()
        },
        leading=leading,
        abstained=abstained,
        ledger=items,
        flips=tuple(flip for question in ANSWERS for flip in find_flips(question, items)),
        later=_later(seen, selected, options),
        not_visible_in=visibility,
        legal=legal_annex(items, abstained, day=known.day, pages=pages),
        pages=pages,
        checks=(
            _check_rise(rises),
            _check_history(items),
            _check_read(items, selected),
            _check_label(case),
        ),
        provenance=Provenance(
            stage="attribute",
            as_of=known.day,
            seed=seed,
            options={
                **asdict(options),
                "subject": selected.subject.to_dict(),
                "case": case.model_dump(mode="json") if case else None,
                "likelihoods_sha256": tables_sha256(),
                "prior": {q: dict(p) for q, p in prior.items()} if prior else None,
            },
            inputs=describe_inputs(read),
        ),
    )


def _dataset_page(known: Known, selected: Selected) -> dict[str, tuple[str, str]]:
    """Return title and address of the document that the month under test was read from."""
    s = selected.subject
    rows = known.observations.filter(
        (pl.col("dataset") == s.dataset)
        & (pl.col("frequency") == "M")
        & (pl.col("period_start") <= s.month)
        & (pl.col("period_end") >= s.month)
    )
    cited = set(rows.sort("known_on")["document"][-1].split())
    document = known.documents.filter(pl.col("document").is_in(cited)).row(0, named=True)
    return {
        s.dataset: (document["title"], document["url"] or ""),
        "regimes.yml": ("Registry of counting rules", ""),
    }


def _abstention(
    question: str,
    items: tuple[Item, ...],
    leading: tuple[str, ...],
    titles: Mapping[str, str],
    *,
    rises: bool,
) -> str | None:
    """Return why no single answer is given; None where one stands."""
    if not rises:
        return "no rise to attribute: the months under test are not half as high again as the year before"
    if not any(item.question == question and item.speaks for item in items):
        if question == "aim":
            return "no coded fact speaks to it, and counts cannot show an aim"
        return "no evidence speaks to it"
    if len(leading) > 1:
        beaten = [name for name in ANSWERS[question] if name not in leading]
        also = f"; each less probable than one of them: {answer_words(question, beaten)}" if beaten else ""
        return f"cannot be told apart: {answer_words(question, leading)}{also}"
    group = one_deep(question, items)
    if group is not None:
        because = change_words(group, items, titles)
        return f"one source deep: {answer_words(question, leading)} leads only because of {because}"
    return None


def _later(
    case: KnownCase | None, selected: Selected, options: AttributeOptions
) -> tuple[dict[str, str], ...]:
    """Return coded facts and analyst items that do not count, each with the reason."""
    if case is None:
        return ()
    _, outside = facts_in_window(case, selected, options)
    rows = [
        {
            "date": e.date.isoformat(),
            "statement": e.text,
            "reason": f"not yet known: known on {e.first_known_on}",
        }
        for e in case.later_events
        if e.facts
    ]
    rows += [
        {
            "date": e.date.isoformat(),
            "statement": e.statement,
            "reason": f"not yet known: known on {e.known_on}",
        }
        for e in case.later_evidence
    ]
    rows += [
        {"date": e.date.isoformat(), "statement": e.text, "reason": "outside the months that count"}
        for e in outside
    ]
    return tuple(sorted(rows, key=lambda row: (row["date"], row["statement"])))


def _check_rise(rises: bool) -> Check:
    text = (
        "The months under test are a rise against the year before."
        if rises
        else "The months under test are no rise; there is nothing to attribute, and every question abstains."
    )
    return Check(name="rise", status="passed" if rises else "failed", text=text)


def _check_history(items: tuple[Item, ...]) -> Check:
    wide = sorted({i.indicator for i in items if i.figures.get("reference_of_similar_size") is False})
    if not wide:
        return Check(
            name="reference",
            status="passed",
            text="Every indicator was read against at least 40 comparable months of series of similar size.",
        )
    text = (
        f"For {', '.join(wide)} fewer than 40 comparable months are of similar size; they were read against "
        "series of any size."
    )
    return Check(name="reference", status="inconclusive", text=text)


def _check_read(items: tuple[Item, ...], selected: Selected) -> Check:
    """Say which indicators of counts could not be read, as in a dataset of one corridor."""
    read = {item.indicator for item in items}
    missing = [name for name in STATISTICS if name not in read]
    if not missing:
        return Check(name="indicators", status="passed", text="Every indicator of counts could be read.")
    others = len(selected.cube.corridors) - 1
    text = (
        f"Not read: {'; '.join(indicator_words(name) for name in missing)}. The dataset has {others} other corridors; "
        f"each indicator needs {SMALLEST_REFERENCE} comparable months, and growth elsewhere needs at least one other "
        "corridor."
    )
    return Check(name="indicators", status="inconclusive", text=text)


def _check_label(case: "Case | None") -> Check:
    """Say who uses and who denies the label; it is no evidence and enters nothing."""
    if case is None or not case.asserted_by:
        return Check(
            name="label", status="skipped", text="No use of the label 'instrumentalisation' is on file."
        )
    denied = f"; denied by {', '.join(case.denied_by)}" if case.denied_by else ""
    text = (
        f"The label is used by {', '.join(case.asserted_by)}{denied} (label status: {case.label_status}). "
        "What parties call it is no evidence and enters nothing here."
    )
    return Check(name="label", status="inconclusive", text=text)
