"""What goes into a brief: archive, case and detection in, one frozen ``Brief`` out. No clock, no files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from counterpoise.attribution.results import Attribution
from counterpoise.brief.attribution import AttributionSection, attribution_section
from counterpoise.brief.entries import (
    event_entries,
    harm_entries,
    marks_for,
    marks_of_case,
    not_yet_known,
    phase_bands,
    phase_texts,
    response_entries,
)
from counterpoise.brief.facts import Facts
from counterpoise.brief.figures import build_figures
from counterpoise.brief.limits import limits, regime_texts
from counterpoise.brief.model import Brief, Figure, Finding
from counterpoise.brief.prose import N_CAVEATS, findings, label_text, lacking
from counterpoise.brief.responses import responses_section
from counterpoise.brief.scenarios import scenario_section
from counterpoise.brief.setting import Setting, case_span
from counterpoise.brief.tables import (
    alarms_table,
    documents_table,
    episodes_table,
    published_table,
    yearly_table,
)
from counterpoise.brief.two_clocks import clock_figure
from counterpoise.cases.known import known_case
from counterpoise.cases.model import Case
from counterpoise.errors import AnalysisError
from counterpoise.impact.results import Evaluation
from counterpoise.monitoring.results import Detection
from counterpoise.monitoring.two_clocks import figures_by_day, two_clocks
from counterpoise.observations.archive import Archive
from counterpoise.provenance import Provenance, canonical_json, sha256_of
from counterpoise.scenarios.results import Exploration

__all__ = ["Draft", "begin", "compose", "finish"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A brief as far as observations, case and detection make it: its figures can be drawn already."""

    case: Case
    detection: Detection
    setting: Setting
    findings: tuple[Finding, ...]
    figures: dict[str, tuple[Figure, ...]]
    """By part of the page."""
    replay: bool

    @property
    def drawn(self) -> tuple[Figure, ...]:
        """All figures that can be drawn already."""
        return tuple(figure for part in self.figures.values() for figure in part)


def compose(
    archive: Archive,
    case: Case,
    detection: Detection,
    *,
    attribution: Attribution | str | None = None,
    evaluation: Evaluation | None = None,
    exploration: Exploration | None = None,
    case_name: str | None = None,
) -> Brief:
    """Return the brief of a case: ``begin`` and ``finish`` in one."""
    return finish(
        begin(archive, case, detection),
        attribution=attribution,
        evaluation=evaluation,
        exploration=exploration,
        case_name=case_name,
    )


def begin(archive: Archive, case: Case, detection: Detection) -> Draft:
    """Return the first half of a brief: findings and figures.

    Parameters
    ----------
    archive
        The observations.
    case
        The case file.
    detection
        The result of ``detect`` for the case; its ``as_of`` is the day of the brief.

    Raises
    ------
    AnalysisError
        If neither a figure nor an event of the case was known on the day.
    """
    day = detection.provenance.as_of
    known = archive.as_of(day)
    story = known_case(case, day)
    facts = Facts.of(known, detection)
    later = bool(story.later_events or story.later_responses or story.later_harms)
    replay = later or day < archive.newest_known_on
    span = case_span(story, facts)
    setting = Setting(
        facts=facts,
        case=story,
        span=span,
        phases=phase_bands(story),
        marks=marks_for(story.events, story.responses),
        marks_of=marks_of_case(story, [known.corridors[c] for c in case.corridors]),
    )
    # the order of these calls is the order in which numbers and sources are met on the page
    clocks = two_clocks(archive, detection, corridors=case.corridors)
    found = findings(story, facts, span, clocks)
    figures = build_figures(setting)
    clock = clock_figure(setting, clocks, figures_by_day(archive, day, corridors=case.corridors))
    if clock is not None:
        figures["clocks"] = (clock,)
    if not _of_series(figures) and not story.events:
        raise AnalysisError(
            expected=f"figures or events of {case.id} known on {day}",
            found="none",
            where=", ".join(case.corridors),
            hint="choose a later --as-of, or ingest figures for these corridors",
        )
    return Draft(
        case=case,
        detection=detection,
        setting=setting,
        findings=found,
        figures=figures,
        replay=replay,
    )


def finish(
    draft: Draft,
    *,
    attribution: Attribution | str | None = None,
    evaluation: Evaluation | None = None,
    exploration: Exploration | None = None,
    case_name: str | None = None,
) -> Brief:
    """Return the brief of a draft; once per draft, since its numbers and sources are numbered as they are met.

    Parameters
    ----------
    draft
        What ``begin`` returned.
    evaluation
        The result of ``evaluate`` for the case and day, if what the responses did is to be said.
    exploration
        The result of ``explore`` for the case's model; left out of a replay, since the model was made with what is
        known now.
    case_name
        How the commands that make the brief again name the case; None: its id.
    attribution
        The result of ``attribute`` for the case and day, or why it cannot be made; None: no such section.
    """
    case, detection, replay, figures = draft.case, draft.detection, draft.replay, draft.figures
    story, facts, span = draft.setting.case, draft.setting.facts, draft.setting.span
    day = detection.provenance.as_of
    drawn = _of_series(figures)
    events = event_entries(story, facts.register)
    responses = response_entries(story, facts.register, replay=replay)
    harms = harm_entries(story, facts.register)
    scenarios = scenario_section(exploration) if exploration is not None and not replay else None
    responded = (
        responses_section(evaluation, facts.register, facts.known.corridors)
        if evaluation and responses
        else None
    )
    corridors_drawn = _corridors_drawn(drawn, case)
    weighed = _section(attribution, facts)
    sections = {"drivers": weighed, "responses": responded, "scenarios": scenarios}
    more = [
        Finding(kind=kind, text=(section.headline,))
        for kind, section in sections.items()
        if section is not None and section.headline
    ]
    published = published_table(story, facts, span, corridors_drawn)
    yearly = yearly_table(story, facts, span)
    regimes = regime_texts(story, facts, span)
    provenance = Provenance(
        stage="brief",
        as_of=day,
        seed=detection.provenance.seed,
        options={"case": sha256_of(canonical_json(case.model_dump(mode="json")).encode())},
        upstream=(
            facts.observations_id,
            detection.result_id,
            *((attribution.result_id,) if isinstance(attribution, Attribution) else ()),
            *((evaluation.result_id,) if evaluation else ()),
            *((scenarios.result_id,) if scenarios else ()),
        ),
    )
    return Brief(
        case_id=case.id,
        title=case.title,
        as_of=day,
        replay=replay,
        summary="" if replay else case.summary,
        label=label_text(story, replay=replay),
        findings=(*draft.findings[:-N_CAVEATS], *more, *draft.findings[-N_CAVEATS:]),
        phases=phase_texts(story, replay=replay),
        corridor_figures=figures["corridors"],
        clock_figure=figures["clocks"][0] if "clocks" in figures else None,
        nationality_figures=figures["nationalities"],
        measure_figures=figures["measures"],
        map_figure=figures["map"][0] if figures["map"] else None,
        events=events,
        responses=responses,
        not_yet_known=not_yet_known(story),
        episodes=episodes_table(story, facts, span),
        alarms=alarms_table(story, facts, span),
        published=published,
        yearly=yearly,
        harms=harms,
        responded=responded,
        scenarios=scenarios,
        limits=limits(story, facts, span),
        regimes=regimes,
        lacking=lacking(story, facts, corridors_drawn),
        commands=_commands(case_name or case.id, case.corridors, day),
        result_ids=(
            ("brief", provenance.result_id),
            ("detect", detection.result_id),
            *((("evaluate", evaluation.result_id),) if evaluation else ()),
            *((("explore", scenarios.result_id),) if scenarios else ()),
            ("observations", facts.observations_id),
            *((("attribute", attribution.result_id),) if isinstance(attribution, Attribution) else ()),
        ),
        documents=documents_table(facts),
        numbers=facts.register.numbers,
        sources=facts.register.sources,
        detection={
            **detection.provenance.header(),
            "checks": [check.to_dict() for check in detection.checks],
        },
        attribution=weighed,
    )


def _section(attribution: Attribution | str | None, facts: Facts) -> AttributionSection | None:
    if attribution is None:
        return None
    if isinstance(attribution, str):
        return AttributionSection(refused=attribution)
    return attribution_section(attribution, facts.known.corridors, facts.register)


def _of_series(figures: Mapping[str, tuple[Figure, ...]]) -> list[Figure]:
    """Return the figures that show series, in the order of the page."""
    return [*figures["corridors"], *figures["measures"], *figures["nationalities"]]


def _corridors_drawn(figures: Sequence[Figure], case: Case) -> list[str]:
    """Return the corridors of the case that some figure shows."""
    return [c for c in case.corridors if any(c in figure.corridors for figure in figures)]


def _commands(case_name: str, corridors: Sequence[str], day: date) -> tuple[str, ...]:
    return (
        f"counterpoise brief {case_name} --as-of {day} --out brief.html",
        f"counterpoise detect --corridor {corridors[0]} --as-of {day} --json",
        "counterpoise trace brief.html 1",
    )
