from importlib.resources import files

import pytest

from counterpoise.errors import InputError
from counterpoise.sources.cards import load_cards, parse_card
from counterpoise.vocabulary import MEASURES, PLACES


def card_text():
    return files("counterpoise.sources.frontex").joinpath("source.yml").read_text(encoding="utf-8")


def test_frontex_has_a_card_in_our_own_words():
    card = load_cards()["frontex.ibc"]

    assert (card.dense, card.lag_days, card.unit, card.licence) == (True, 34, "events", "not found")
    assert card.measure in MEASURES
    assert set(card.places.values()) <= set(PLACES)


def test_every_card_stands_in_the_docs(repository):
    page = (repository / "docs/source-cards.md").read_text(encoding="utf-8")

    for card in load_cards().values():
        for fact in (card.dataset, card.title, card.publisher, card.url, card.licence):
            assert fact in page, (card.dataset, fact)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("publisher: Frontex", "", "publisher: Field required"),
        ("lag_days: 34", "lag_days: -1", "lag_days: Input should be greater"),
        ("unit: events", "unit: people", "unit: Input should be"),
        ("dense: true", "dense: true\ncolour: red", "colour: Extra inputs"),
        ("dataset: frontex.ibc", "dataset: [", "expected"),
    ],
)
def test_a_faulty_card_is_refused_with_its_field(old, new, found):
    assert old in card_text()

    with pytest.raises(InputError) as caught:
        parse_card(card_text().replace(old, new, 1).encode(), "source.yml")

    assert found in caught.value.found
