"""Which cards somebody reads, and what a later one says that the one before did not."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from swingby.insight import card_from, figure_words
from swingby.web.clock import today
from swingby.web.domain.cards.questions import READINESS, Asked, question_of
from swingby.web.models import CardState, KeptCard
from swingby.web.permissions import can_read_cards, can_read_money_cards
from swingby.web.visibility import Actor

#: What makes two cards answers to the same question.
SUBJECT = ("experiment", "act", "outcome", "of", "version", "line", "by")
MOST_EARLIER = 50


def cards_open_to(actor: Actor, *, owner: str) -> QuerySet[KeptCard]:
    """The cards that somebody's role reads, the newest first; readiness is not among them."""
    rows = KeptCard.objects.filter(owner_id=owner).exclude(question=READINESS)
    if can_read_cards(actor, owner=owner):
        return rows
    if can_read_money_cards(actor, owner=owner):
        return rows.filter(tells_money=True)
    return rows.none()


def due_decisions(actor: Actor, *, owner: str) -> int:
    """How many decisions are to be looked at again, of those that somebody reads."""
    return cards_open_to(actor, owner=owner).filter(decision_until__lte=today()).count()


def card_before(row: KeptCard) -> KeptCard | None:
    """The last card that answered the same question before."""
    earlier = KeptCard.objects.filter(program_id=row.program_id, question=row.question, state=CardState.DONE)
    for one in earlier.filter(asked_at__lt=row.asked_at)[:MOST_EARLIER]:
        if all(one.settings.get(name) == row.settings.get(name) for name in SUBJECT):
            return one
    return None


def changes_since(row: KeptCard, before: KeptCard) -> tuple[str, ...]:
    """What differs from the card before, in words."""
    return tuple(_changes(row, before))


def _changes(row: KeptCard, before: KeptCard) -> Iterator[str]:
    if row.verdict != before.verdict:
        yield f"The verdict was {before.verdict} and is now {row.verdict}."
    then, after = _first_figure(before), _first_figure(row)
    if then and after and then != after:
        yield f"{after[0]}: it was {then[1]} and is now {after[1]}."
    asked = question_of(row.question)
    yield from _settings_changed(row, before, asked) if asked else ()
    if row.position != before.position:
        yield f"Your data went on from position {before.position:,} to {row.position:,}."
    if row.program_version != before.program_version:
        yield f"Version {row.program_version} of the program holds; then it was {before.program_version}."
    if row.method_version != before.method_version:
        yield f"The method is of version {row.method_version}; then it was {before.method_version}."


def _settings_changed(row: KeptCard, before: KeptCard, asked: Asked) -> Iterator[str]:
    for setting in asked.settings:
        old, new = before.settings.get(setting.name, ""), row.settings.get(setting.name, "")
        if old != new:
            yield f"{setting.label}: {old or 'nothing'} then, {new or 'nothing'} now."


def _first_figure(row: KeptCard) -> tuple[str, str] | None:
    figures = card_from(row.card).figures
    return (figures[0].label, figure_words(figures[0])) if figures else None
