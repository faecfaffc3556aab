"""``counterpoise brief``: from what was published and a case file to a page with numbered sources."""

from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli._shared import (
    ArchiveOption,
    AsOfOption,
    JsonOption,
    OutOption,
    SeedOption,
    parse_day,
    print_json,
    write_bytes,
)
from counterpoise.cli.app import app

if TYPE_CHECKING:
    from datetime import date

    from counterpoise.attribution import Attribution
    from counterpoise.cases import Case
    from counterpoise.observations.archive import Archive
    from counterpoise.scenarios import Exploration

_FUTURES = 1024
"""Enough for medians and 10th percentiles that a reader could tell apart, in well under a second."""


@app.command("brief")
def brief_command(
    case: Annotated[
        str,
        typer.Argument(metavar="CASE", help="A bundled case ('counterpoise cases' lists them) or a file."),
    ],
    as_of: AsOfOption = None,
    json_: JsonOption = False,
    out: OutOption = None,
    seed: SeedOption = 0,
    archive: ArchiveOption = None,
) -> None:
    """Write a brief: findings, figures, events, limits, and a source for every number.

    --out brief.html writes one file that needs no network; --out brief.json its content. Without --out the
    findings are printed. --as-of replays the day: only what was published by then is used.

    Example: counterpoise brief belarus-eu-2021 --out brief.html
    """
    from counterpoise.brief import Drawings, begin, finish, render_html, render_json, render_lines
    from counterpoise.cases.load import load_case
    from counterpoise.errors import InputError
    from counterpoise.impact import evaluate
    from counterpoise.monitoring import detect
    from counterpoise.observations.archive import open_archive

    if out is not None and out.suffix not in {".html", ".json"}:
        raise InputError(
            expected="a file name ending in .html or .json",
            found=out.suffix or "no suffix",
            where=f"--out {out}",
            hint="choose one of these suffixes",
        )
    page = out is not None and out.suffix == ".html"
    with Drawings(apart=page) as drawings:
        _tell("Reading the figures…")
        observations = open_archive(archive)
        story = load_case(case, observations.corridors)
        _tell("Looking for unusual months…")
        detection = detect(observations, case=story, as_of=parse_day(as_of, "--as-of"), seed=seed)
        day = detection.provenance.as_of
        draft = begin(observations, story, detection)
        if page:
            drawings.start(draft.drawn)  # meanwhile the other stages compute
        _tell("Weighing drivers, responses and policies…")
        brief = finish(
            draft,
            evaluation=evaluate(observations, case=story, as_of=day, seed=seed),
            exploration=_explored(story, day, seed) if day >= observations.newest_known_on else None,
            attribution=_attributed(observations, story, parse_day(as_of, "--as-of"), seed),
            case_name=_name_for_commands(case, story.id),
        )
        if out is not None:
            _tell("Drawing the figures…" if page else "Writing…")
            written = render_html(brief, drawings) if page else render_json(brief)
            write_bytes(out, written.encode())
    if out is not None:
        typer.echo(f"Wrote {out}.", err=True)
    if json_:
        print_json(brief.to_dict())
    elif out is None:
        for line in render_lines(brief):
            typer.echo(line)
        typer.echo(f"\nThe whole brief with figures: counterpoise brief {case} --out brief.html")


def _tell(doing: str) -> None:
    """Say what is being done, to a person who waits at a terminal."""
    import sys

    if sys.stderr.isatty():
        typer.echo(doing, err=True)


def _explored(story: "Case", day: "date", seed: int) -> "Exploration | None":
    """Return what the scenario model says of the case, if there is a model of it."""
    from counterpoise.scenarios import ExploreOptions, explore, load_world
    from counterpoise.scenarios.worlds import world_names

    if story.id not in world_names():
        return None
    return explore(load_world(story.id), as_of=day, options=ExploreOptions(runs=_FUTURES), seed=seed)


def _attributed(observations: "Archive", story: "Case", day: "date | None", seed: int) -> "Attribution | str":
    """Return the attribution of the case, or in a sentence why it cannot be made."""
    from counterpoise.attribution import attribute
    from counterpoise.errors import AnalysisError

    try:
        return attribute(observations, case=story, as_of=day, seed=seed)
    except AnalysisError as error:
        return f"Not attributed. Expected {error.expected}, found {error.found}; {error.hint}."


def _name_for_commands(argument: str, case_id: str) -> str:
    """Return how the brief names its case: the bundled name, or the file's name without its folders."""
    from pathlib import PurePath

    return case_id if argument == case_id else PurePath(argument).name
