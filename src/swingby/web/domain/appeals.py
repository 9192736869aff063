"""A partner appeals against a decision, once; a program manager answers: it stands, or it is overturned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from swingby.web.clock import now
from swingby.web.domain.answer_clock import due_after, holidays_of
from swingby.web.domain.audit import record_act
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.evidence import check_evidence, media_type_of
from swingby.web.domain.files import store_file
from swingby.web.domain.review_opening import DOWN, UP
from swingby.web.domain.reviews import overturn_line
from swingby.web.domain.telling import appeal_answered, appeal_filed
from swingby.web.domain.words import kept_words
from swingby.web.models import Appeal, AppealState, LineState, ReviewLine, Side, StoredFile
from swingby.web.permissions import can_appeal, can_decide_reviews
from swingby.web.visibility import Actor

LONGEST_WORDS = 4000
#: So long after a decision a partner may appeal.
DAYS_TO_APPEAL = 60
#: Working hours until an appeal is answered: two weeks.
HOURS_TO_ANSWER = 80

#: Against what an appeal is possible.
APPEALABLE = frozenset({(LineState.APPROVED, DOWN), (LineState.AT_ONCE, DOWN), (LineState.HELD, UP)})
#: (state, answer) -> state after; what is not here cannot happen.
ANSWERS: Mapping[tuple[AppealState, str], AppealState] = {
    (AppealState.FILED, "uphold"): AppealState.UPHELD,
    (AppealState.FILED, "overturn"): AppealState.OVERTURNED,
}


def may_be_appealed(line: ReviewLine) -> bool:
    """Whether a partner may appeal against a line as it stands: against a loss or a tier withheld, in time, and once."""
    is_appealable = (LineState(line.state), line.direction) in APPEALABLE
    return is_appealable and _is_in_time(line) and not Appeal.objects.filter(line=line).exists()


def _is_in_time(line: ReviewLine) -> bool:
    return line.decided_at is not None and now() <= line.decided_at + timedelta(days=DAYS_TO_APPEAL)


def file_appeal(line: ReviewLine, *, actor: Actor, words: str, file: UploadedFile[Any] | None = None) -> Appeal:
    """Appeal against a decision; needs the scope of the partner."""
    if not can_appeal(actor, lineage=line.partner.lineage):
        raise NotAllowedError("Your role cannot appeal. Ask your partner admin.")
    kept = kept_words(words, longest=LONGEST_WORDS)
    if not kept:
        raise RefusedError("Say what we have overlooked, so that it can be looked at.")
    if Appeal.objects.filter(line=line).exists():
        raise ChangedMeanwhileError("There is an appeal against this decision already.")
    if (LineState(line.state), line.direction) not in APPEALABLE:
        raise RefusedError("There is no decision here that can be appealed against.")
    if not _is_in_time(line):
        raise RefusedError(f"An appeal is possible for {DAYS_TO_APPEAL} days. Talk to your partner success manager.")
    check_evidence([file] if file else [])
    appeal = _filed(line, actor, kept, _stored(line, actor, file) if file else None)
    record_act(appeal, side=Side.PARTNER, actor=actor.person, action="appeal.file", subject=appeal.pk, line=line.pk)
    appeal_filed(appeal, line, by=actor.person)
    return appeal


def _filed(line: ReviewLine, actor: Actor, words: str, file: StoredFile | None) -> Appeal:
    moment = now()
    due = due_after(
        moment, hours=HOURS_TO_ANSWER, zone=settings.TIME_ZONE, holidays=holidays_of(line.owner_id, since=moment.date())
    )
    try:
        with transaction.atomic():
            return Appeal.objects.create(
                owner_id=line.owner_id,
                partner_id=line.partner_id,
                line=line,
                words=words,
                file=file,
                filed_by_id=actor.person,
                filed_at=moment,
                answer_due=due,
            )
    except IntegrityError as error:
        raise ChangedMeanwhileError("There is an appeal against this decision already.") from error


def _stored(line: ReviewLine, actor: Actor, file: UploadedFile[Any]) -> StoredFile:
    file.seek(0)
    beginning: bytes = file.read(16)
    file.seek(0)
    return store_file(
        file.chunks(),
        owner=line.owner_id,
        partner=line.partner_id,
        by=actor.person,
        name=file.name or "file",
        media_type=media_type_of(beginning) or "",
        most_bytes=settings.SWINGBY_MOST_EVIDENCE,
    )


def answer_appeal(appeal: Appeal, answer: str, *, actor: Actor, words: str) -> None:
    """The decision stands, or it is overturned; the partner reads why. Of two who answer at once, one is told."""
    if not can_decide_reviews(actor, owner=appeal.owner_id):
        raise NotAllowedError("A program manager answers appeals.")
    after = ANSWERS.get((AppealState(appeal.state), answer))
    if after is None:
        raise ChangedMeanwhileError("Somebody has already answered this appeal. Look at it again.")
    kept = kept_words(words, longest=LONGEST_WORDS)
    if not kept:
        raise RefusedError("Say why: the partner reads these words.")
    waiting = Appeal.objects.filter(pk=appeal.pk, state=appeal.state)
    changes = {"answer": kept, "answered_by_id": actor.person, "answered_at": now()}
    if waiting.update(state=after, **changes) != 1:
        raise ChangedMeanwhileError("Somebody has already answered this appeal. Look at it again.")
    appeal.refresh_from_db()
    record_act(appeal, side=Side.VENDOR, actor=actor.person, action=f"appeal.{answer}", subject=appeal.pk)
    appeal_answered(appeal, by=actor.person)
    if after == AppealState.OVERTURNED:
        overturn_line(ReviewLine.objects.get(pk=appeal.line_id), actor=actor)
