"""Cards of evidence: those of a program for the vendor, and those that a partner was shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from swingby.web.api.guard import Token, bearer_in, require
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.partners import find_partner
from swingby.web.api.programs import find_program
from swingby.web.api.values import Key
from swingby.web.domain.cards.reading import cards_open_to
from swingby.web.middleware import ActingRequest
from swingby.web.models import CardShare, CardState, KeptCard, TokenScope
from swingby.web.permissions import can_read_money_cards

router = Router(tags=["evidence"], auth=Token(TokenScope.EVIDENCE_READ))
NO_CARDS = "The role of this token's maker reads no cards."


class CardFigure(Schema):
    """A number with its 95 % range, where it has one."""

    label: str
    value: float
    unit: str
    low: float | None
    high: float | None
    currency: str


class CardCheck(Schema):
    """Something that could have made the answer doubtful: passed, failed or not run."""

    name: str
    result: str
    words: str


class CardCount(Schema):
    """How many the answer rests on, or how many were left out."""

    label: str
    number: int


class CardText(Schema):
    """What a card says; the first figure is the one that counts."""

    question: str
    verdict: str
    sentence: str
    figures: list[CardFigure]
    checks: list[CardCheck]
    counts: list[CardCount]
    about: str
    method: str
    mind: list[str]
    notes: list[str]


class DecisionShape(Schema):
    """What was decided last: stop, keep, change or test, by whom, until when."""

    word: str
    by_whom: str
    until: date


class CardShape(Schema):
    """A card on the list: what was asked, and the answer in one sentence."""

    id: str
    program: str
    kind: str
    settings: dict[str, str]
    asked_at: datetime
    finished_at: datetime
    position: int
    program_version: str
    method_version: str
    question: str
    verdict: str
    sentence: str
    decision: DecisionShape | None


class WholeCard(CardShape):
    """A card with everything that the answer rests on."""

    card: CardText


class CardList(Schema):
    """Cards, the newest first."""

    items: list[CardShape]
    next: str | None


class SharedCard(Schema):
    """A card that a partner reads: without names of partners, and without what rests on few."""

    id: str
    shared_at: datetime
    card: CardText


class SharedCards(Schema):
    """Cards that are shared with a partner, the newest first."""

    items: list[SharedCard]
    next: str | None


@router.get("/programs/{program}/cards", response=CardList)
def list_cards(request: ActingRequest, program: Key, page: Query[PageQuery]) -> CardList:
    """Cards that are done, the newest first."""
    found = find_program(program)
    rows = _cards(request, found.owner_id).filter(program=found)
    cards, following = page_of(rows, page, order=("-asked_at", "-id"))
    return CardList(items=[CardShape(**_shape(row)) for row in cards], next=following)


@router.get("/programs/{program}/cards/{card}", response=WholeCard)
def read_card(request: ActingRequest, program: Key, card: Key) -> WholeCard:
    """One card with its figures, checks and counts."""
    found = find_program(program)
    row = get_object_or_404(_cards(request, found.owner_id).filter(program=found), pk=card)
    return WholeCard(**_shape(row), card=CardText(**row.card))


@router.get("/partners/{partner}/cards", response=SharedCards)
def list_shared_cards(request: ActingRequest, partner: Key, page: Query[PageQuery]) -> SharedCards:  # noqa: ARG001 - ninja's signature
    """Cards that are shared with a partner, as the partner reads them."""
    enrolment = find_partner(partner)
    rows = CardShare.objects.filter(enrolment_id=enrolment.pk, withdrawn_at=None).select_related("edition")
    found, following = page_of(rows, page, order=("-shared_at", "-id"))
    items = [SharedCard(id=row.pk, shared_at=row.shared_at, card=CardText(**row.edition.told)) for row in found]
    return SharedCards(items=items, next=following)


def _cards(request: ActingRequest, owner: str) -> Any:
    actor = bearer_in(request).actor
    require(allowed=can_read_money_cards(actor, owner=owner), otherwise=NO_CARDS)
    return cards_open_to(actor, owner=owner).filter(state=CardState.DONE)


def _shape(row: KeptCard) -> dict[str, Any]:
    names = (
        "settings",
        "asked_at",
        "finished_at",
        "position",
        "program_version",
        "method_version",
        "verdict",
        "sentence",
    )
    return {
        **{name: getattr(row, name) for name in names},
        "id": row.pk,
        "program": row.program_id,
        "kind": row.question,
        "question": row.words,
        "decision": _decision(row),
    }


def _decision(row: KeptCard) -> DecisionShape | None:
    if not row.decision or row.decision_until is None:
        return None
    return DecisionShape(word=row.decision, by_whom=row.decision_by, until=row.decision_until)
