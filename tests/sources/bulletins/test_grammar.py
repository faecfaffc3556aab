import pytest

from counterpoise.errors import InputError
from counterpoise.sources.bulletins import read_bulletin
from counterpoise.sources.bulletins.grammar import LANGUAGES, load_grammar, read_grammar
from counterpoise.sources.bulletins.sentences import sentences_of

SWEDISH = """
home: RU-FI
places: {RU-FI: [finland*, vaalimaa]}
measures: {asylum_applications: [asyl*]}
people: [personer, asylsökande]
thousand: [tusen]
weekdays: {torsdag*: 3}
day_before: [igår]
"""


def test_a_speaker_adds_a_language_with_a_file_alone():
    from datetime import date

    grammar = read_grammar("sv", SWEDISH)
    (reading,) = read_bulletin(
        "Igår sökte 39 personer asyl i Vaalimaa.", lang="sv", published=date(2023, 11, 15), grammar=grammar
    )
    assert (reading.date, reading.corridor, reading.measure, reading.value) == (
        date(2023, 11, 14), "RU-FI", "asylum_applications", 39,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (SWEDISH + "verbs: [gick]", "verbs"),
        ("home: RU-FI\nplaces: {RU-FI: [finland]}\nmeasures: {}\n", "no measures, no people"),
        ("- just\n- a list\n", "not a mapping"),
    ],
)
def test_a_file_with_other_kinds_of_words_is_refused_by_name(text, named):
    with pytest.raises(InputError) as caught:
        read_grammar("sv", text)
    assert named in str(caught.value)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_numbers_up_to_twenty_and_seven_weekdays_and_twelve_months(code):
    grammar = load_grammar(code)
    values = {kind: set() for kind in ("numbers", "weekdays", "months")}
    for index in (grammar._exact, grammar._prefix):
        for phrases in index.values():
            for phrase in phrases:
                if phrase.kind in values:
                    values[phrase.kind].add(phrase.value)
    assert values["numbers"] >= set(range(2, 21))
    assert values["weekdays"] == set(range(7))
    assert values["months"] == set(range(1, 13))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Per parą apgręžta 24,2 tūkst. žmonių. Šiemet – 5.", 2),
        ("Wczoraj, tj. 12.10 odnotowano 5 prób. Dziś 3.", 2),
        ("Kopš 10. augusta atturēti 20 cilvēki.", 1),
        ("В 2023 г. развернули 5 человек. Вчера 2.", 2),
    ],
)
def test_a_full_stop_after_an_abbreviation_or_an_ordinal_ends_no_sentence(text, count):
    assert len(list(sentences_of(text))) == count
