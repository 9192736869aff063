"""What people tell of their learning, and what leads answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from swingby.enablement import Catalogue, EventKind, live
from swingby.web.clock import now, today
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.learning.counting import word_told
from swingby.web.domain.learning.records import event_of, learner_of, own_events
from swingby.web.domain.vouchers.using import follow_exam
from swingby.web.models import Learner, LearningEvent
from swingby.web.permissions import can_lead_learning
from swingby.web.visibility import Actor

#: What a person may say of the own learning.
OWN_WORDS: Final[Mapping[str, EventKind]] = {
    "want": EventKind.WANTED,
    "drop": EventKind.WITHDRAWN,
    "start": EventKind.STARTED,
    "book": EventKind.BOOKED,
    "cancel": EventKind.CANCELLED,
    "failed": EventKind.FAILED,
    "passed": EventKind.PASSED,
}
#: What a lead may say to somebody.
LEAD_WORDS: Final[Mapping[str, EventKind]] = {"agree": EventKind.AGREED, "decline": EventKind.WITHDRAWN}


def tell_own(
    firm: str, *, actor: Actor, word: str, code: str, catalogue: Catalogue, exam_on: date | None = None
) -> LearningEvent:
    """Write down what somebody says of the own learning.

    Raises
    ------
    RefusedError
        If nobody linked the person to the firm's records, the word or certification is unknown, or it cannot be.
    """
    learner = learner_of(firm, actor.person)
    if learner is None:
        raise RefusedError("Your name is not linked to the firm's records yet. Ask your partner admin.")
    kind = OWN_WORDS.get(word)
    if kind is None:
        raise RefusedError("Choose what you want to say.")
    event = _tell(learner, kind, code, actor=actor, catalogue=catalogue, exam_on=exam_on)
    follow_exam(event, person=actor.person)
    return event


def answer_learner(
    firm: str, *, actor: Actor, word: str, learner: str, code: str, catalogue: Catalogue
) -> LearningEvent:
    """Agree to what somebody wants, ask somebody for it, or decline.

    Raises
    ------
    NotAllowedError
        If the actor does not lead learning here.
    RefusedError
        If the person or certification is unknown, or it cannot be.
    """
    if not can_lead_learning(actor, organization=firm):
        raise NotAllowedError("Your role does not plan the learning of others. Ask your partner admin.")
    found = Learner.objects.filter(organization_id=firm, key=learner).first()
    kind = LEAD_WORDS.get(word)
    if found is None or kind is None:
        raise RefusedError("Choose a person and what you want to say.")
    return _tell(found, kind, code, actor=actor, catalogue=catalogue)


def _tell(
    learner: Learner, kind: EventKind, code: str, *, actor: Actor, catalogue: Catalogue, exam_on: date | None = None
) -> LearningEvent:
    row = LearningEvent(
        organization_id=learner.organization_id,
        learner=learner.key,
        code=code,
        kind=kind,
        day=today(),
        exam_on=exam_on if kind is EventKind.BOOKED else None,
        told_by_id=actor.person,
        told_at=now(),
    )
    _check(row, catalogue)
    row.save(force_insert=True)
    word_told(row.organization_id, row.learner)
    return row


def _check(row: LearningEvent, catalogue: Catalogue) -> None:
    """Refuse what cannot be: the life decides, with everything that is known of it."""
    if row.code not in catalogue.certifications:
        raise RefusedError("This certification is not in the catalogue any more.")
    if row.kind == EventKind.BOOKED and row.exam_on is None:
        raise RefusedError("Say on which day the exam is.")
    event = event_of(row)
    told = [each for _, code, each in own_events(row.organization_id, row.learner) if code == row.code]
    for refusal in live(catalogue.certifications[row.code], [*told, event]).refused:
        if refusal.event == event:
            raise RefusedError(refusal.reason)
