"""What is decided on a card: stop, keep, change or test, by whom, until when. Nothing decided is ever overwritten."""

from __future__ import annotations

from datetime import date

from swingby.web.clock import now, today
from swingby.web.domain.audit import record_owner_act
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.models import CardDecision, CardState, CardWord, KeptCard
from swingby.web.permissions import can_ask_for_cards
from swingby.web.visibility import Actor

LONGEST_NAME = 120
LONGEST_WORDS = 2_000


def decide_on_card(
    card: KeptCard, *, actor: Actor, word: str, by_whom: str, until: date | None, words: str = ""
) -> CardDecision:
    """Write a decision under a card."""
    if not can_ask_for_cards(actor, owner=card.owner_id):
        raise NotAllowedError("Program managers decide on cards.")
    day = _checked(card, word, by_whom, until, words)
    decision = CardDecision.objects.create(
        owner_id=card.owner_id,
        card=card,
        word=word,
        by_whom=by_whom.strip(),
        until=day,
        words=words.strip(),
        decided_by_id=actor.person,
        decided_at=now(),
    )
    KeptCard.objects.filter(pk=card.pk).update(
        decision=word, decision_by=decision.by_whom, decision_until=decision.until
    )
    detail = {"word": word, "by_whom": decision.by_whom, "until": str(decision.until)}
    record_owner_act(card.owner_id, actor=actor.person, action="card.decide", subject=card.pk, **detail)
    return decision


def _checked(card: KeptCard, word: str, by_whom: str, until: date | None, words: str) -> date:
    if card.state != CardState.DONE:
        raise RefusedError("There is no answer yet to decide on.")
    if word not in CardWord.values:
        raise RefusedError("Choose one: stop, keep, change or test.")
    if not by_whom.strip():
        raise RefusedError("Say by whom: a name, so that somebody does it.")
    if len(by_whom) > LONGEST_NAME or len(words) > LONGEST_WORDS:
        raise RefusedError("These words are too long.")
    if until is None:
        raise RefusedError("Say until when. Write the day as 2026-06-30.")
    if until <= today():
        raise RefusedError("This day is over. Choose a day to come.")
    return until
