"""Words for codes in what people read: answers, indicators, facts, and the groups and sources evidence rests on."""

from collections.abc import Iterable, Mapping
from functools import cache

from counterpoise.attribution.evidence import Item
from counterpoise.attribution.hypotheses import load_facts, load_questions
from counterpoise.attribution.indicators.catalogue import RULE_CHANGE, STATISTICS
from counterpoise.attribution.indicators.origin_push import ORIGIN_STATISTICS

__all__ = ["answer_words", "change_words", "indicator_words"]

_OTHERS = {
    RULE_CHANGE: "rules of counting that begin",
    "coincidence": "coincidence by month with dated facts",
    "on_off": "falls after facts that close a way",
    "daily_response": "response by day to dated facts",
    "origin_push": "figures of origin",
    "shape": "the shape of the rise",
    "elsewhere": "counts elsewhere",
    "composition": "the nationality mix",
    "counting": "how it was counted",
    "origin": "annual figures of origin",
    "registry": "the registry of counting rules",
}


@cache
def _answers() -> Mapping[tuple[str, str], str]:
    return {(q.name, a.name): _lowered(a.title) for q in load_questions() for a in q.answers}


@cache
def _indicators() -> Mapping[str, str]:
    return {
        **_OTHERS,
        **{name: _lowered(statistic.title) for name, statistic in STATISTICS.items()},
        **{name: _lowered(statistic.title) for name, statistic in ORIGIN_STATISTICS.items()},
        **{name: _lowered(fact.title) for name, fact in load_facts().items()},
    }


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]


def answer_words(question: str, names: Iterable[str]) -> str:
    """Return answers as a reader says them, e.g. 'tolerated by a state' or 'opened by a state'."""
    return ", ".join(f"‘{_answers()[question, name]}’" for name in names)


def indicator_words(name: str) -> str:
    """Return an indicator or fact in words; an analyst's entry keeps its own name."""
    return _indicators().get(name, name.replace("_", " "))


def change_words(change: str, items: Iterable[Item], titles: Mapping[str, str]) -> str:
    """Return what was left out, in words: an indicator, a source by its title, or a group by its sources' titles.

    Parameters
    ----------
    change
        Code of an indicator, group or source, or a sentence, which is kept.
    titles
        Id of a source -> its title.
    """
    if change in titles:
        return f"“{titles[change]}”"
    if change in _indicators():
        return _indicators()[change]
    reports = [told for item in items for told in item.told if change == told.group]
    sources = dict.fromkeys(source for told in reports for source in told.sources)
    if sources:
        return f"what {', '.join(f'“{titles.get(s, s)}”' for s in sources)} reports"
    return change
