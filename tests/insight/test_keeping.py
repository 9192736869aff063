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


def test_a_card_that_was_kept_before_series_had_a_meaning_is_still_read() -> None:
    kept = card_data(CARD)
    for series in kept["picture"]["series"]:
        del series["meaning"]
    del kept["picture"]["places"], kept["picture"]["nothing"]

    assert card_from(kept) == CARD
    plain = card_data(replace(CARD, picture=POINTS))
    del plain["picture"]["series"][0]["meaning"]
    assert card_from(plain).picture == POINTS


def test_money_is_told_by_figures_and_pictures() -> None:
    assert [tells_money(card) for card in CARDS] == [True, False, False]
