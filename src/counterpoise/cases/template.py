"""The commented file with which a new case begins, and the schema that lets an editor help to fill it in."""

import json
import re
from typing import Any

from counterpoise.cases.model import Case
from counterpoise.errors import InputError
from counterpoise.vocabulary import EventKind, HarmKind, ResponseKind

__all__ = ["SCHEMA_FILE", "case_schema", "case_schema_json", "case_template"]

SCHEMA_FILE = "case.schema.json"
"""The name under which a new case file expects the schema beside it."""


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema of a case file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Case.model_json_schema(by_alias=True),
    }


def case_schema_json() -> str:
    """Return the JSON Schema as it stands in ``docs/schemas/case.schema.json``."""
    return json.dumps(case_schema(), indent=2, ensure_ascii=False) + "\n"


def case_template(case_id: str) -> str:
    """Return a commented case file that is valid as it stands.

    Raises
    ------
    InputError
        If ``case_id`` cannot be the name of a case.
    """
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", case_id) is None or len(case_id) > 60:
        raise InputError(
            expected="a case id of small letters, digits and single hyphens, at most 60",
            found=repr(case_id),
            where="cases new ID",
            hint="write for example belarus-eu-2021",
        )
    return _TEMPLATE.format(
        schema=SCHEMA_FILE,
        id=case_id,
        event_kinds=_wrapped(EventKind),
        response_kinds=_wrapped(ResponseKind),
        harm_kinds=_wrapped(HarmKind),
    )


def _wrapped(kinds: type[EventKind] | type[ResponseKind] | type[HarmKind]) -> str:
    lines = ["#  "]
    for name in (str(kind) for kind in kinds):
        if len(lines[-1]) + len(name) > 100:
            lines.append("#  ")
        lines[-1] += f" {name}"
    return "\n".join(lines)


_TEMPLATE = """\
# yaml-language-server: $schema=./{schema}
# (an editor that knows this line helps to fill in the file; 'counterpoise cases schema --out {schema}'
# writes the schema beside it)
#
# A case: the dated story of a border. Replace the examples, then: counterpoise cases check FILE
# - Every entry names its source. Sentences are your own, short and neutral; "said", "reported", "held" as the
#   source allows. A party's claim stays that party's claim.
# - Speak of people who cross, in neutral words. Persons are named only as office-holders.
# - Numbers of crossings belong in the observations; here stand acts, laws, judgments.

id: {id}
title: A few words
summary: >-
  Three or four sentences that a newcomer understands. Say with whose words the label is.

# How far the label 'instrumentalisation' is carried by sources:
#   documented  statements or acts on record      contested  intent is disputed
#   asserted    said by those named               alleged    no public proof
#   control     not claimed to be instrumentalised; a case to compare with (no coercer, nobody who asserts)
label_status: control
asserted_by: []
denied_by: []

# States by ISO 3166 alpha-3. The coercer is the state that is named as such, by those in asserted_by.
actors:
  coercers: []
  targets: [POL]
  hubs: []

# Ids that 'counterpoise corridors' lists, the most telling first.
corridors: [eastern-borders]

# Nationalities without which totals are read, and why.
leave_out:
  - nationality: UKR
    reason: Since March 2022 most detections on the route are of Ukrainians at Ukraine's borders.

# Nationalities to show beside the total (a choice for reading, not a ranking); measures to show together.
nationalities: []
measures: [detections, attempts, prevented]

# Stretches for reading. Leave 'to' out while the last one lasts.
phases:
  - id: first
    title: First phase
    from: 2022-02-24

# Events. Kinds:
{event_kinds}
# precision: day (default), month or year. end_date: if it lasted. known_on: the day it could be known at the
# earliest; if left out, its date for public acts (a law, a sanction, a statement), else its end.
# An outcome (a count) has no actor: it is never evidence of anybody's act.
# confidence: high, medium or low: how far the source that was read carries the sentence.
# facts: what the event shows for attribution, if anything ('counterpoise attribute --questions' lists the codes);
# group: entries that repeat one report have one group, and count once.
events:
  - date: 2022-02-24
    kind: context
    text: One sentence, as it could be written on the day it was known.
    sources: [example]
    confidence: high

# Responses: what states and bodies did. Kinds:
{response_kinds}
# Give at least one of adopted_on, in_force_on, applied_on, ended_on; of a work that stays, such as a barrier,
# completed_on. What somebody says a response achieved
# is claimed_effect, with claimed_by; it is never read as a measured effect.
responses: []
#  - title: A few words
#    country: Poland
#    kind: border_closure
#    adopted_on: 2022-03-01
#    what: One sentence on what it changes.
#    rights_concern: Access to asylum
#    raised_by: [UNHCR]
#    sources: [example]
#    confidence: medium

# Harms: published counts. Kinds:
{harm_kinds}
# Counts nest (nested_in: the id of the wider one) and are never added up.
harms: []
#  - id: deaths-2022
#    kind: death
#    value: 1
#    period_start: 2022-01-01
#    period_end: 2022-12-31
#    place: Poland, border with Belarus
#    corridor: BY-PL
#    who_reported: Who counted
#    sources: [example]
#    confidence: medium

# Evidence an analyst adds to attribution, with the reason; words from almost_no_chance to almost_certain.
evidence: []
#  - id: returned-visas
#    question: opening
#    statement: One sentence.
#    predicted: {{none: unlikely, private: even, state_tolerated: even, state_active: likely}}
#    reason: Why it is so probable under each answer.
#    date: 2022-03-01
#    known_on: 2022-03-15
#    sources: [example]
#    confidence: medium

# Every page or document the entries refer to.
sources:
  - id: example
    title: Title of the page
    publisher: Who published it
    url: https://example.org/page
"""
