"""The page of one kept card, and the page on which it is shared."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from swingby.insight import Card, card_data, card_from
from swingby.web.clock import today
from swingby.web.domain.cards.questions import question_of
from swingby.web.domain.cards.reading import card_before, changes_since
from swingby.web.domain.cards.sharing import can_be_shared, partners_card
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.errors import RefusedError
from swingby.web.evidence.card_pages import card_view, settings_said, stands_on
from swingby.web.evidence.parts import CardPage, DecisionLine, ShareLine, SharePage
from swingby.web.evidence.progress import progress_words
from swingby.web.models import CardDecision, CardShare, CardState, CardWord, Enrolment, KeptCard
from swingby.web.permissions import can_ask_for_cards
from swingby.web.visibility import Actor

MOST_READERS = 20
MOST_DECISIONS = 50
ACTS = ("progress", "paper", "decide", "share", "withdraw")


def card_page(row: KeptCard, *, actor: Actor) -> CardPage:
    """Everything about one card."""
    asked = question_of(row.question)
    done = row.state == CardState.DONE
    before = card_before(row) if done else None
    readers = CardShare.objects.filter(edition__kept=row, withdrawn_at=None).select_related("partner", "shared_by")
    return CardPage(
        question=row.words or (asked.label if asked else row.question),
        label=asked.label if asked else row.question,
        state=row.state,
        progress=progress_words(row),
        asked_by=row.asked_by.name if row.asked_by else "",
        asked_at=row.asked_at,
        card=card_view(row.card) if done else None,
        settings=settings_said(row),
        stands_on=stands_on(row) if done else "",
        changes=changes_since(row, before) if before else (),
        before_url=reverse("console:evidence_card", args=[row.owner_id, before.pk]) if before else "",
        before_on=before.asked_at.date() if before else None,
        decisions=_decisions(row),
        words=tuple((str(word), word.label) for word in CardWord),
        readers=tuple(map(_reader, readers[:MOST_READERS])),
        readers_total=readers.count(),
        decides=can_ask_for_cards(actor, owner=row.owner_id),
        can_be_shared=can_be_shared(row),
        experiment_url=_experiment_url(row),
        urls=_urls(row),
    )


def _experiment_url(row: KeptCard) -> str:
    key = row.settings.get("experiment")
    return reverse("console:experiment", args=[row.owner_id, key]) if key else ""


def _urls(row: KeptCard) -> dict[str, str]:
    address = [row.owner_id, row.pk]
    acts = {name: reverse(f"console:evidence_{name}", args=address) for name in ACTS}
    again = f"{reverse('console:evidence_ask', args=[row.owner_id, row.question])}?again={row.pk}"
    return {**acts, "again": again, "room": reverse("console:evidence", args=[row.owner_id])}


def _decisions(row: KeptCard) -> tuple[DecisionLine, ...]:
    rows = list(CardDecision.objects.filter(card=row).select_related("decided_by")[:MOST_DECISIONS])
    return tuple(
        DecisionLine(
            word=CardWord(one.word).label,
            by_whom=one.by_whom,
            until=one.until,
            words=one.words,
            decided_by=one.decided_by.name,
            decided_at=one.decided_at,
            is_due=number == 0 and one.until <= today(),
        )
        for number, one in enumerate(rows)
    )


def _reader(share: CardShare) -> ShareLine:
    return ShareLine(
        partner=share.partner.name,
        shared_on=share.shared_at.date(),
        shared_by=share.shared_by.name,
        key=share.pk,
    )


def share_page(row: KeptCard, *, refused: str = "") -> SharePage:
    """What partners would read, and what is left out for them."""
    address = [row.owner_id, row.pk]
    plain: dict[str, Any] = {
        "question": row.words,
        "url": reverse("console:evidence_share", args=address),
        "back_url": reverse("console:evidence_card", args=address),
    }
    try:
        card = partners_card(row)
    except RefusedError as error:
        return SharePage(**plain, refused=str(error))
    reading = CardShare.objects.filter(edition__kept=row, withdrawn_at=None).values("enrolment_id")
    free = Enrolment.objects.filter(not_ended(today()), program_id=row.program_id).exclude(pk__in=reading)
    return SharePage(
        **plain,
        card=card_view(card_data(card)),
        refused=refused,
        left_out=_left_out(card_from(row.card), card),
        partners=tuple(free.order_by("partner__name").values_list("pk", "partner__name")),
        readers=reading.count(),
    )


def _left_out(whole: Card, told: Card) -> tuple[str, ...]:
    """What of the card partners do not read, in words."""
    figures = {one.label for one in told.figures}
    checks = {one.name for one in told.checks}
    counts = {one.label for one in told.counts}
    return (
        *(f"Figure: {one.label}" for one in whole.figures if one.label not in figures),
        *(f"Check: {one.name}" for one in whole.checks if one.name not in checks),
        *(f"Count: {one.label}" for one in whole.counts if one.label not in counts),
        *(("What it means for our decision",) if whole.decision else ()),
        *(("Notes",) if whole.notes else ()),
    )
