"""The brief as a page, as JSON, and as lines for a terminal.

The page is one file without script and without network: styles and drawings stand inside it. Every text is
escaped by the template; only drawings made here go in as they are.
"""

import json
import re
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, select_autoescape
from markupsafe import Markup

from counterpoise.brief.cite import Source, is_web_address, trace_block
from counterpoise.brief.model import Brief
from counterpoise.brief.svg import Drawings
from counterpoise.brief.text import Cited, EntryRef, SourceRef, Text, plain
from counterpoise.observations.words import spoken_date
from counterpoise.provenance import version

__all__ = ["render_html", "render_json", "render_lines"]


_SOURCE_CELL = re.compile(r"S\d+")


def _environment() -> Environment:
    environment = Environment(
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["text"] = _text_html
    environment.filters["cell"] = _cell_html
    environment.filters["day"] = spoken_date
    environment.filters["web"] = is_web_address
    return environment


def _read(name: str) -> str:
    return files("counterpoise.brief").joinpath("templates", name).read_text(encoding="utf-8")


def _text_html(text: Text) -> Markup:
    """Return a text as HTML: strings escaped, numbers and sources as links to their lists."""
    made = []
    for part in text:
        match part:
            case str():
                made.append(Markup("{}").format(part))
            case Cited():
                made.append(
                    Markup(
                        '<span class="number">{}</span>'
                        '<sup class="cite"><a href="#n{}" aria-label="number {}, its source">[{}]</a></sup>'
                    ).format(part.text, part.n, part.n, part.n)
                )
            case SourceRef():
                made.append(
                    Markup('<a class="source" href="#s{}" aria-label="source {}">[S{}]</a>').format(
                        part.number, part.number, part.number
                    )
                )
            case EntryRef():
                made.append(
                    Markup('<a href="#{}{}">{}{}</a>').format(
                        part.row[0].lower(), part.number, part.row[0], part.number
                    )
                )
    return Markup("").join(made)


def _cell_html(cell: str) -> Markup:
    """Return a cell of a table; one that names a source leads to it."""
    if _SOURCE_CELL.fullmatch(cell):
        return Markup('<a class="source" href="#s{}">{}</a>').format(cell[1:], cell)
    return Markup("{}").format(cell)


def _trace_json(brief: Brief) -> Markup:
    """Return the trace as JSON that cannot end its script element."""
    text = json.dumps(trace_block(brief.numbers), ensure_ascii=False, sort_keys=False, indent=0)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)


def source_line(source: Source) -> str:
    """Return publisher and title of a source, each once."""
    if source.publisher and source.publisher not in source.title:
        return f"{source.publisher}: {source.title}"
    return source.title


def render_html(brief: Brief, drawings: Drawings | None = None) -> str:
    """Return the brief as one self-contained HTML page; ``drawings`` holds figures that were begun before."""
    with drawings or Drawings() as drawn:
        pictures = drawn.of(brief.figures)
    environment = _environment()
    environment.filters["source_line"] = source_line
    # safe: the style sheet is a file of this package
    context: dict[str, Any] = {
        "brief": brief,
        "version": version(),
        "style": Markup(_read("brief.css")),
        # safe: made by vl-convert, which escapes every text of the chart
        "drawings": {
            name: {layout: Markup(svg) for layout, svg in layouts.items()}
            for name, layouts in pictures.items()
        },
        "trace": _trace_json(brief),
    }
    return environment.from_string(_read("brief.html.j2")).render(context)


def render_json(brief: Brief) -> str:
    """Return the content of the brief as JSON."""
    return json.dumps(brief.to_dict(), ensure_ascii=False, indent=2) + "\n"


def render_lines(brief: Brief) -> list[str]:
    """Return the findings as lines for a terminal, with the sources of their numbers."""
    lines = [
        f"{brief.title}",
        f"As known on {spoken_date(brief.as_of)}. {plain(brief.label, marks=False)}",
        "",
    ]
    lines += [f"- {plain(finding.text)}" for finding in brief.findings]
    lines += [f"- Lacking: {plain(text)}" for text in brief.lacking]
    cited = [part for finding in brief.findings for part in finding.text if isinstance(part, Cited)]
    lines += ["", "Numbers:"]
    for n in sorted({c.n: c for c in cited}):
        number = brief.numbers[n - 1]
        sources = ", ".join(f"S{s}" for s in number.sources)
        lines.append(f"[{n}] {number.text}: {number.what} ({sources})")
    used = sorted({s for c in cited for s in c.sources})
    lines += ["", "Sources:"]
    lines += [f"S{s} {source_line(brief.sources[s - 1])} {brief.sources[s - 1].url}".rstrip() for s in used]
    return lines
