"""``counterpoise attribute``: what drives a rise, who opened the way, to what end, as graded evidence."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterpoise.cli._shared import (
    ArchiveOption,
    AsOfOption,
    CorridorOption,
    JsonOption,
    NationalityOption,
    OutOption,
    SeedOption,
    parse_day,
    print_json,
    write_bytes,
    write_frame,
)
from counterpoise.cli.app import app

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from counterpoise.attribution import Attribution
    from counterpoise.attribution.legal_reading import LegalReading
    from counterpoise.cases import Case
    from counterpoise.errors import AnalysisError


@app.command("attribute")
def attribute_command(
    case: Annotated[
        str | None, typer.Argument(metavar="[CASE]", help="Case id or file; 'cases' lists them.")
    ] = None,
    corridor: CorridorOption = None,
    nationality: NationalityOption = None,
    month: Annotated[
        str | None, typer.Option("--month", metavar="YYYY-MM", help="The month under test, e.g. 2021-07.")
    ] = None,
    prior: Annotated[
        Path | None,
        typer.Option(
            "--prior", metavar="FILE", help="Your own probabilities, shown beside three fixed sets."
        ),
    ] = None,
    questions: Annotated[
        bool, typer.Option("--questions", help="Print the questions, answers and coded facts, and stop.")
    ] = False,
    legal: Annotated[
        bool, typer.Option("--legal", help="Print the legal tests beside the evidence for and against.")
    ] = False,
    as_of: AsOfOption = None,
    json_: JsonOption = False,
    out: OutOption = None,
    seed: SeedOption = 0,
    archive: ArchiveOption = None,
) -> None:
    """Weigh what drives a rise, who opened the way, to what end, and whether the record is real.

    Four questions are answered apart, each with bounds of likelihood ratios, at three fixed priors and yours, and
    with the reason where no answer is given. Counts never speak to the aim, nor to whose hand opened a way: only
    coded facts of a case do. --as-of replays the day. --out writes the ledger (.csv, .parquet), the answer (.json)
    or the forest plot (.svg, .png, .html); with --legal, .csv and .parquet hold the legal table. Where counts
    cannot show a case, --legal still gives the table with its coded facts.

    Figures of your own: by month and nationality over three years before the month, ingested with a mapping that
    says 'dense: true'. One corridor is enough; what is compared with other corridors needs at least one other.

    Example: counterpoise attribute belarus-eu-2021 --as-of 2021-10-01
    """
    from counterpoise.attribution import attribute
    from counterpoise.attribution.legal_reading import reading_of
    from counterpoise.attribution.priors import read_prior
    from counterpoise.cases import load_case
    from counterpoise.errors import AnalysisError
    from counterpoise.observations.archive import open_archive

    if questions:
        _print_questions()
        return
    observations = open_archive(archive)
    story = load_case(case, observations.corridors) if case else None
    day = parse_day(as_of, "--as-of")
    try:
        result = attribute(
            observations,
            case=story,
            corridor=corridor,
            nationality=nationality,
            month=_parse_month(month),
            prior=read_prior(prior) if prior else None,
            as_of=day,
            seed=seed,
        )
    except AnalysisError as error:
        # A series or month that was named and is not there is a mistake; a case no count shows still has its facts.
        if not legal or story is None or corridor or nationality or month:
            raise
        _give_facts(story, day or observations.newest_known_on, error, out, json_=json_, seed=seed)
        return
    if out is not None:
        _write(out, result, legal=legal)
    if json_:
        print_json(result.to_dict())
    elif out is None and legal:
        _print_legal(reading_of(result))
    elif out is None:
        _print(result)


def _parse_month(text: str | None) -> "date | None":
    if text is None:
        return None
    return parse_day(f"{text}-01" if text.count("-") == 1 else text, "--month")


def _print(result: "Attribution") -> None:
    from counterpoise.attribution.hypotheses import load_questions
    from counterpoise.attribution.naming import answer_words, change_words
    from counterpoise.attribution.results import NO_PERSONS
    from counterpoise.attribution.words import in_words

    titles = {source: title for source, (title, _) in result.pages.items()}
    s = result.subject
    typer.echo(
        f"As of {result.provenance.as_of}: {s.measure} at {s.corridor}, {s.nationality}, "
        f"{s.window_start:%B %Y} to {s.window_end:%B %Y}: {s.counted:,.0f} (a year before {s.year_before:,.0f}; "
        f"month {s.chosen_by})."
    )
    for question in load_questions():
        odds = result.odds[question.name]
        typer.echo(f"\n{question.title}?")
        why = result.abstained[question.name]
        leads = answer_words(question.name, result.leading[question.name])
        typer.echo(f"  {'No single answer: ' + why if why else 'Leads: ' + leads}")
        rows = []
        for i, answer in enumerate(question.answers):
            bounds = "plain answer" if i == 0 else f"{odds.lower[i, 0]:+.2f} to {odds.upper[i, 0]:+.2f}"
            cells = [
                f"{name}: {in_words(*answers[answer.name])}"
                for name, answers in result.posteriors[question.name].items()
            ]
            rows.append((answer.title, bounds, "; ".join(cells)))
        width = max(len(row[0]) for row in rows)
        for name, bounds, words in rows:
            typer.echo(f"  {name:<{width}}  log LR {bounds:<16}  {words}")
    typer.echo("\nEvidence that moves most (whole ledger: --json or --out):")
    for item in _strongest(result):
        typer.echo(f"  {item.question:<8} {_shortened(item.statement)}")
    if result.flips:
        typer.echo("\nWhat would change the reading:")
        for flip in result.flips:
            how = "with" if flip.kind == "planted" else "without"
            change = change_words(flip.change, result.ledger, titles)
            typer.echo(f"  {flip.question:<8} {how} {change}: {answer_words(flip.question, flip.after)}")
    for entry in result.not_visible_in:
        seen = entry.status.replace("_", " ")
        typer.echo(f"\nSeen {seen} in {entry.measure}: {entry.why} What would do: {entry.instead}.")
    unseen = [row for row in result.later if row["reason"].startswith("not yet known")]
    if unseen:
        typer.echo(f"\nNot yet known on {result.provenance.as_of}:")
        for row in unseen:
            typer.echo(f"  {row['date']}  {_shortened(row['statement'])} ({row['reason']})")
    typer.echo("")
    for check in result.checks:
        typer.echo(f"{check.status:>12}  {check.text}")
    typer.echo(f"\n{NO_PERSONS}")
    typer.echo(f"Result {result.result_id}")


def _give_facts(
    story: "Case", day: "date", error: "AnalysisError", out: Path | None, *, json_: bool, seed: int
) -> None:
    """Give the legal tables with the coded facts of a case that counts cannot show."""
    import json

    from counterpoise.attribution.legal_reading import legal_frame, read_facts

    why = f"expected {error.expected}, found {error.found}; {error.hint}"
    reading = read_facts(story, day, why, seed=seed)
    if out is not None:
        if out.suffix in {".svg", ".png", ".html"}:
            raise error
        if out.suffix == ".json":
            write_bytes(out, json.dumps(reading.to_dict(), ensure_ascii=False, indent=2).encode())
        else:
            write_frame(out, legal_frame(reading))
    if json_:
        print_json(reading.to_dict())
    elif out is None:
        _print_legal(reading)


def _print_legal(reading: "LegalReading") -> None:
    from datetime import date

    from counterpoise.attribution.legal import stale_warning
    from counterpoise.attribution.results import NO_PERSONS

    warning = stale_warning(reading.tables, date.today())  # noqa: DTZ011 (the reader's own calendar)
    if warning:
        typer.echo(f"Warning: {warning}\n")
    typer.echo(f"As of {reading.provenance.as_of}: {reading.about}.")
    if reading.cannot_show:
        typer.echo(
            f"Counts cannot show this case: {reading.cannot_show}.\n"
            "What stands below are coded facts of the case file alone, of all its months."
        )
    typer.echo("")
    for table in reading.tables:
        typer.echo(f"{table.title}\n  Status (checked on {table.checked_on}): {table.legal_status}")
        if table.not_yet:
            typer.echo(f"  Later than {reading.provenance.as_of}: {table.not_yet}")
        for limit in table.limits:
            typer.echo(f"  Limit: {limit}")
        for part in table.parts:
            typer.echo(f"\n  {part.text}\n    {part.status.replace('_', ' ')}. {part.note}")
            for word, evidence in (("for", part.in_favour), ("against", part.against)):
                for one in evidence:
                    typer.echo(f"    {word:>7}: {one.text}")
                    for source, title, url in one.sources:
                        typer.echo(f"             [{source}] {title}{f', {url}' if url else ''}")
                    typer.echo(f"             known on {one.known_on or 'a day that is not on file'}")
            if part.abstained:
                typer.echo(f"    no single answer: {part.abstained}")
        typer.echo("\n  Gates:")
        for gate in table.gates:
            typer.echo(f"    - {gate}")
        typer.echo("")
    typer.echo("A table to check a claim with: no legal advice, and no finding.")
    typer.echo(NO_PERSONS)
    typer.echo(f"Result {reading.provenance.result_id}")


def _strongest(result: "Attribution") -> list[Any]:
    """Return, per question, the four items that move the ratios most."""
    shown = []
    for question in result.odds:
        mine = [item for item in result.ledger if item.question == question and item.speaks]
        mine.sort(key=lambda item: -float(abs(item.lower + item.upper).max()))
        shown += mine[:4]
    return shown


def _shortened(text: str, width: int = 120) -> str:
    import textwrap

    return textwrap.shorten(text, width, placeholder="…")


def _print_questions() -> None:
    from counterpoise.attribution.hypotheses import load_facts, load_questions
    from counterpoise.attribution.priors import load_priors

    for question in load_questions():
        typer.echo(f"{question.name}: {question.title}? {question.asks}")
        for answer in question.answers:
            typer.echo(f"  {answer.name}: {answer.definition}")
    typer.echo("\nfacts an event may be coded with:")
    for fact in load_facts().values():
        typer.echo(f"  {fact.name}: {fact.title}.")
    typer.echo("\npriors:")
    for name, prior in load_priors().items():
        typer.echo(f"  {name}: " + "; ".join(f"{q}: {dict(answers)}" for q, answers in prior.items()))


def _frame(result: "Attribution") -> "pl.DataFrame":
    """Return the ledger, one row per item and answer."""
    import polars as pl

    rows = [
        {
            **{
                name: row[name]
                for name in ("question", "indicator", "nature", "reliability", "group", "known_on")
            },
            "answer": answer,
            "log_lr_lower": lower,
            "log_lr_upper": upper,
            "statement": row["statement"],
            "rerun": row["rerun"],
        }
        for row in result.to_dict()["ledger"]
        for answer, (lower, upper) in row["log_lr"].items()
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _write(out: Path, result: "Attribution", *, legal: bool) -> None:
    import json

    from counterpoise.attribution.legal_reading import legal_frame, reading_of

    if out.suffix == ".json":
        write_bytes(out, json.dumps(result.to_dict(), ensure_ascii=False, indent=2).encode())
    elif out.suffix in {".svg", ".png", ".html"}:
        from counterpoise.charts.attribution import chart_forest
        from counterpoise.charts.save import chart_bytes

        write_bytes(out, chart_bytes(chart_forest(result), out.suffix))
    else:
        write_frame(out, legal_frame(reading_of(result)) if legal else _frame(result))
