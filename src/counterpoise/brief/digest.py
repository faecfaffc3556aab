"""A digest for people: plain text, an HTML file for a mail, and an Atom feed."""

from collections.abc import Iterator
from datetime import date
from html import escape
from typing import Any
from xml.etree import ElementTree as Xml

from counterpoise.monitoring.digest import Digest, expected_false_alarms
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.words import MEASURE_WORDS

__all__ = ["render_digest_atom", "render_digest_html", "render_digest_text"]

_ATOM = "http://www.w3.org/2005/Atom"
_NOTHING_ABOUT_PERSONS = (
    "An alarm says that a count is unusual, not why. Nothing here says anything about any person's need for "
    "protection, credibility or right to apply."
)


def _title(found: Digest) -> str:
    return f"New between {found.since} and {found.until}"


def _figures(found: Digest) -> Iterator[str]:
    for row in found.figures.iter_rows(named=True):
        yield (
            f"{row['publisher']}: {row['n_figures']:,} figures of {MEASURE_WORDS[row['measure']]}, "
            f"{row['first_period_start']} to {row['last_period_end']}, newest known {row['known_on']}"
        )


def _revisions(found: Digest) -> Iterator[str]:
    for row in found.revisions.iter_rows(named=True):
        yield (
            f"{nationality_name(row['nationality'])}, {row['corridor']}, {row['period_start']} to "
            f"{row['period_end']}: {row['value']:,.0f} {MEASURE_WORDS[row['measure']]}, "
            f"before {row['value_before']:,.0f}"
        )


def _alarms(found: Digest) -> Iterator[dict[str, Any]]:
    for row in found.alarms.sort("period_start", "corridor", "nationality").iter_rows(named=True):
        yield {
            "key": f"{row['corridor']}/{row['nationality']}/{row['measure']}/{row['period_start']}",
            "title": f"{row['kind'].replace('_', ' ')} on {row['corridor']}",
            "text": " ".join(filter(None, (row["reason"], row["notes"]))),
            "known_on": row["known_on"],
        }


def _by_chance(found: Digest) -> str:
    return (
        f"{found.alarms.height} alarms; at most about {expected_false_alarms(found):g} of them are to be expected "
        "by chance, at the rate of the years before 2019."
    )


def render_digest_text(found: Digest) -> str:
    """Return the digest as plain text."""
    lines = [_title(found), "", "Figures"]
    lines += [f"  {line}" for line in _figures(found)] or ["  none"]
    lines += ["", "Revisions"]
    lines += [f"  {line}" for line in _revisions(found)] or ["  none"]
    lines += ["", "Alarms", f"  {_by_chance(found)}"]
    lines += [f"  {alarm['title']}: {alarm['text']}" for alarm in _alarms(found)]
    lines += ["", _NOTHING_ABOUT_PERSONS, f"Result {found.result_id}", ""]
    return "\n".join(lines)


def render_digest_html(found: Digest) -> str:
    """Return the digest as one HTML file that mail programs show: no script, no style sheet, no network."""

    def listed(items: list[str]) -> str:
        return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else "<p>None.</p>"

    alarms = [
        f"<strong>{escape(alarm['title'])}</strong>: {escape(alarm['text'])}" for alarm in _alarms(found)
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(_title(found))}</title></head>"
        '<body style="font-family:sans-serif;max-width:40em;margin:1em auto;padding:0 1em;line-height:1.5">'
        f"<h1>{escape(_title(found))}</h1>"
        f"<h2>Alarms</h2><p>{escape(_by_chance(found))}</p>{listed(alarms)}"
        f"<h2>Revisions</h2>{listed([escape(line) for line in _revisions(found)])}"
        f"<h2>Figures</h2>{listed([escape(line) for line in _figures(found)])}"
        f"<p>{escape(_NOTHING_ABOUT_PERSONS)}</p><p>{escape(found.result_id)}</p></body></html>\n"
    )


def render_digest_atom(found: Digest) -> str:
    """Return the digest as an Atom feed (RFC 4287): an entry for the figures and one for each alarm."""
    Xml.register_namespace("", _ATOM)
    feed = Xml.Element(f"{{{_ATOM}}}feed")
    _entry_head(feed, f"urn:counterpoise:{found.result_id}", _title(found), found.until)
    author = Xml.SubElement(feed, f"{{{_ATOM}}}author")
    Xml.SubElement(author, f"{{{_ATOM}}}name").text = "Counterpoise"
    figures = [*_figures(found), *_revisions(found), _by_chance(found), _NOTHING_ABOUT_PERSONS]
    items = [(f"{found.result_id}:figures", _title(found), "\n".join(figures), found.until)]
    items += [(f"alarm:{a['key']}", a["title"], a["text"], a["known_on"]) for a in _alarms(found)]
    for key, title, text, day in items:
        entry = Xml.SubElement(feed, f"{{{_ATOM}}}entry")
        _entry_head(entry, f"urn:counterpoise:{key}", title, day)
        content = Xml.SubElement(entry, f"{{{_ATOM}}}content", {"type": "text"})
        content.text = text
    Xml.indent(feed)
    return Xml.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _entry_head(parent: Xml.Element, identifier: str, title: str, day: date) -> None:
    Xml.SubElement(parent, f"{{{_ATOM}}}id").text = identifier
    Xml.SubElement(parent, f"{{{_ATOM}}}title").text = title
    Xml.SubElement(parent, f"{{{_ATOM}}}updated").text = f"{day}T00:00:00Z"
