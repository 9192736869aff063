"""Writing notes."""

from __future__ import annotations

from swingby.web.clock import now
from swingby.web.domain.audit import record_act
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.sent_twice import wait_for_first
from swingby.web.domain.telling import note_shared
from swingby.web.domain.words import kept_words
from swingby.web.models import Audience, Enrolment, Note, Side
from swingby.web.visibility import Actor

LONGEST_NOTE = 4000


def write_note(
    enrolment: Enrolment, *, actor: Actor, side: Side, audience: Audience, text: str, tells: bool = True
) -> Note:
    """Keep a few words with a partner: for both sides, or for the writer's only.

    A shared note tells the other side, unless something else that is done with it tells it already.
    """
    words = kept_words(text, longest=LONGEST_NOTE)
    if not words:
        raise RefusedError("Write at least a word.")
    note = Note.objects.create(
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        side=side,
        audience=audience,
        written_by_id=actor.person,
        written_at=now(),
        text=words,
    )
    record_act(note, side=side, actor=actor.person, action="note.write", subject=str(note.pk), audience=audience)
    if tells:
        note_shared(note, enrolment)
    return note


def write_note_once(enrolment: Enrolment, *, actor: Actor, side: Side, audience: Audience, text: str) -> Note:
    """Keep a few words that came by a form; what was sent a moment ago by the same person is that note."""
    since = wait_for_first("note", enrolment, actor)
    same = Note.objects.filter(
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        side=side,
        audience=audience,
        written_by_id=actor.person,
        text=kept_words(text, longest=LONGEST_NOTE),
        written_at__gt=since,
    )
    return same.first() or write_note(enrolment, actor=actor, side=side, audience=audience, text=text)
