"""What is said of a tier that was taken and is met again, and of one that is given already."""

from __future__ import annotations

from swingby.web.domain.mending_words import is_taken, mending_words, promotion_words
from swingby.web.models import Prospect, Side

TAKEN = {
    "tier": "gold",
    "then": "Member",
    "has_grace": False,
    "is_met": True,
    "missed_since": None,
    "last_met": "2026-03-05",
    "kept_on": None,
    "mend_until": None,
    "lost_on": "2026-03-01",
    "holds_from": "2026-04-01",
}
GIVEN = {"tier": "Gold", "held": "member", "decided_on": "2026-03-01", "holds_from": "2026-04-01"}


def test_what_was_taken_is_said_though_it_is_met_again() -> None:
    prospect = Prospect(path={"mending": TAKEN})
    assert is_taken(prospect)
    assert mending_words(prospect, tier="Gold", held="gold", said_to=Side.PARTNER) == (
        "What keeps Gold is met again. The review of 1 March 2026 took it: you hold Member from 1 April 2026."
    )


def test_what_is_given_is_said_while_the_tier_before_is_held() -> None:
    prospect = Prospect(path={"promotion": GIVEN})
    assert promotion_words(prospect, held="member", said_to=Side.VENDOR) == (
        "The review of 1 March 2026 gave it: they hold Gold from 1 April 2026."
    )
    assert promotion_words(prospect, held="gold", said_to=Side.VENDOR) == ""
    assert promotion_words(Prospect(path={}), held="member", said_to=Side.PARTNER) == ""
    assert not is_taken(None)
