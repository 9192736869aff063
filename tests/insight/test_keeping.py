"""What is kept of a card is the card."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from swingby.insight import Card, card_data, card_from, card_page, tells_money
from swingby.insight.cards import refused_card
from tests.insight.showing.test_showing import CARD, POINTS

CARDS = (CARD, replace(CARD, figures=(), picture=POINTS), refused_card("Why?", "Nothing is there."))


@pytest.mark.parametrize("card", CARDS, ids=["curves", "points", "refused"])
def test_a_card_comes_back_from_json_as_it_was(card: Card) -> None:
    kept = json.loads(json.dumps(card_data(card)))

    assert card_from(kept) == card
    assert card_page(card_from(kept)) == card_page(card)


def test_money_is_told_by_figures_and_pictures() -> None:
    assert [tells_money(card) for card in CARDS] == [True, False, False]
