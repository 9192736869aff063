"""A word about a promise that is open or was missed."""

from __future__ import annotations

from datetime import timedelta

from swingby.web.clock import now
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.notes import write_note
from swingby.web.domain.telling import nudged
from swingby.web.domain.words import kept_words
from swingby.web.models import Audience, Enrolment, Nudge, RhythmPeriod, RhythmState, Side
from swingby.web.visibility import Actor

#: Nobody is nudged about the same promise again within so many days.
REST_DAYS = 7
LONGEST_NUDGE = 1000


def nudge_partner(enrolment: Enrolment, *, actor: Actor, rhythm: str, text: str) -> Nudge:
    """Remind a partner of its own promise, in words that both sides read.

    Raises
    ------
    RefusedError
        When nothing is open, or somebody wrote about it a few days ago.
    """
    newest = RhythmPeriod.objects.filter(enrolment=enrolment, rhythm=rhythm, side=Side.PARTNER).order_by("-starts_on")
    waiting = newest.filter(state__in=(RhythmState.OPEN, RhythmState.MISSED)).first()
    if waiting is None:
        raise RefusedError("They kept this promise already.")
    # Two people who nudge at once follow one another here.
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    last = Nudge.objects.filter(enrolment=enrolment, rhythm=rhythm).first()
    if last is not None and now() - last.sent_at < timedelta(days=REST_DAYS):
        raise RefusedError(f"They were nudged about this on {last.sent_at:%-d %B}. Give them {REST_DAYS} days.")
    words = kept_words(text, longest=LONGEST_NUDGE)
    write_note(enrolment, actor=actor, side=Side.VENDOR, audience=Audience.SHARED, text=words, tells=False)
    nudge = Nudge.objects.create(
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        enrolment=enrolment,
        rhythm=rhythm,
        starts_on=waiting.starts_on,
        text=words,
        sent_by_id=actor.person,
        sent_at=now(),
    )
    nudged(nudge, program=enrolment.program.name, promise=waiting.label)
    return nudge
