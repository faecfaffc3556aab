"""What a brief is made of, before it becomes a page, JSON or lines in a terminal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from counterpoise.brief.cite import Source, trace_block
from counterpoise.brief.text import Cited, Text, plain
from counterpoise.charts.theme import Layout
from counterpoise.provenance import version

if TYPE_CHECKING:
    from counterpoise.brief.attribution import AttributionSection

__all__ = ["Brief", "Entry", "Figure", "Finding", "PhaseText", "ResponsesSection", "ScenarioSection", "Table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A key finding; ``kind`` is a stable id, e.g. ``unusual``, ``two_measures``, ``not_shown``."""

    kind: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of texts; ``numeric`` says which columns are set to the right."""

    caption: str
    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return caption, columns and rows."""
        return {
            "caption": self.caption,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure: what stands around it, and how it is drawn for a given room."""

    id: str
    title: str
    subtitle: str
    """With the unit."""
    source: Text
    words: str
    """The figure as sentences, for those who do not see it."""
    draw: Callable[[Layout], Any] = field(compare=False)
    corridors: tuple[str, ...] = ()
    """Corridors it shows."""
    table: Table | None = None
    note: Text = ()
    """What to bear in mind when reading it."""
    legend: tuple[str, ...] = ()
    """Which signs of the legend it uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseText:
    """A phase: its letter in the figures, its name and span."""

    letter: str
    title: str
    span: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A numbered event or response."""

    row: str
    number: int
    when: str
    kind: str
    who: str
    text: str
    details: tuple[tuple[str, str], ...]
    """Label and sentence, e.g. ('Said effect', 'according to the ministry: …')."""
    sources: Text
    marks: tuple[str, ...]
    """What to bear in mind, e.g. 'low confidence'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsesSection:
    """What the brief says of the responses of a case."""

    headline: str
    lead: str
    effects: Table | None
    figure: Figure | None
    disagreements: tuple[str, ...]
    """Groups of responses for which the sign depends on what is counted."""
    composition: tuple[str, ...]
    """What became of shares of those counted, by how often decisions gave protection; last, what that does not say."""
    instruments: tuple[Entry, ...]
    costs: tuple[Entry, ...]
    result_id: str

    def to_dict(self) -> dict[str, Any]:
        """Return the section as it stands in the brief's JSON."""
        return {
            "lead": self.lead,
            "effects": self.effects.to_dict() if self.effects else None,
            "disagreements": list(self.disagreements),
            "composition": list(self.composition),
            "instruments": [_entry(one) for one in self.instruments],
            "costs": [_entry(one) for one in self.costs],
            "result_id": self.result_id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSection:
    """What the scenario model found, and its result."""

    headline: str
    paragraphs: tuple[str, ...]
    screened: tuple[str, ...]
    """Policies that rights rule out, each with the articles and judgments."""
    table: Table
    result_id: str

    def to_dict(self) -> dict[str, Any]:
        """Return the section as it stands in the JSON of a brief."""
        return {
            "paragraphs": list(self.paragraphs),
            "screened_out": list(self.screened),
            "table": self.table.to_dict(),
            "result_id": self.result_id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything a brief says, with the numbers it cites."""

    case_id: str
    title: str
    as_of: date
    replay: bool
    """Whether entries or figures known later were left out."""
    summary: str
    label: Text
    findings: tuple[Finding, ...]
    phases: tuple[PhaseText, ...]
    corridor_figures: tuple[Figure, ...]
    nationality_figures: tuple[Figure, ...]
    measure_figures: tuple[Figure, ...]
    map_figure: Figure | None
    events: tuple[Entry, ...]
    responses: tuple[Entry, ...]
    not_yet_known: Text
    episodes: Table | None
    alarms: Table | None
    published: Table | None
    """Figures of corridors no figure draws."""
    yearly: Table | None
    harms: tuple[Entry, ...]
    limits: tuple[Text, ...]
    regimes: tuple[Text, ...]
    responded: ResponsesSection | None
    """What the responses did; None where nobody asked."""
    lacking: tuple[Text, ...]
    """Data the case asks for and the archive does not hold."""
    commands: tuple[str, ...]
    result_ids: tuple[tuple[str, str], ...]
    documents: Table
    numbers: tuple[Cited, ...]
    sources: tuple[Source, ...]
    detection: Mapping[str, Any]
    """Header of the detection's JSON answer."""
    attribution: "AttributionSection | None" = None
    """None: the brief was made without an attribution."""
    scenarios: ScenarioSection | None = None
    """None in a replay, and for a case without a model."""
    clock_figure: Figure | None = None
    """National figures beside the monthly count, by day of publication; None where no national figure rose."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in the order of the page."""
        return (
            *self.corridor_figures,
            *((self.clock_figure,) if self.clock_figure else ()),
            *self.measure_figures,
            *self.nationality_figures,
            *((self.map_figure,) if self.map_figure else ()),
            *((self.attribution.figure,) if self.attribution and self.attribution.figure else ()),
            *((self.responded.figure,) if self.responded and self.responded.figure else ()),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the brief as JSON: texts with their numbers in brackets, tables, sources, trace."""
        return {
            "stage": "brief",
            "version": version(),
            "as_of": self.as_of.isoformat(),
            "seed": self.detection["seed"],
            "result_id": dict(self.result_ids)["brief"],
            "checks": self.detection["checks"],
            "case": self.case_id,
            "title": self.title,
            "replay": self.replay,
            "summary": self.summary,
            "label": plain(self.label),
            "findings": [{"kind": f.kind, "text": plain(f.text)} for f in self.findings],
            "phases": [{"letter": p.letter, "title": p.title, "span": p.span} for p in self.phases],
            "figures": [
                {
                    "id": f.id,
                    "title": f.title,
                    "subtitle": f.subtitle,
                    "words": f.words,
                    "table": f.table.to_dict() if f.table else None,
                }
                for f in self.figures
            ],
            "events": [_entry(e) for e in self.events],
            "responses": [_entry(e) for e in self.responses],
            "not_yet_known": plain(self.not_yet_known),
            "episodes": self.episodes.to_dict() if self.episodes else None,
            "alarms": self.alarms.to_dict() if self.alarms else None,
            "published": self.published.to_dict() if self.published else None,
            "yearly": self.yearly.to_dict() if self.yearly else None,
            "harms": [_entry(e) for e in self.harms],
            "scenarios": self.scenarios.to_dict() if self.scenarios else None,
            "responded": self.responded.to_dict() if self.responded else None,
            "limits": [plain(t) for t in (*self.limits, *self.regimes)],
            "lacking": [plain(t) for t in self.lacking],
            "sources": [
                {
                    "number": s.number,
                    "publisher": s.publisher,
                    "title": s.title,
                    "url": s.url,
                    "published_on": s.published_on.isoformat() if s.published_on else None,
                    "licence": s.licence,
                    "document": s.document,
                }
                for s in self.sources
            ],
            "reproduce": {"commands": list(self.commands), "result_ids": dict(self.result_ids)},
            "trace": trace_block(self.numbers),
            "attribution": self.attribution.to_dict() if self.attribution else None,
            "attributes_nothing": not (self.attribution and self.attribution.questions),
            "says_nothing_about_persons": True,
        }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "when": entry.when,
        "kind": entry.kind,
        "who": entry.who,
        "text": entry.text,
        "details": dict(entry.details),
        "sources": plain(entry.sources),
        "marks": list(entry.marks),
    }
