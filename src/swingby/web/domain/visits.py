"""When somebody last looked at a partner, so that the page can say what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from swingby.web.clock import now
from swingby.web.domain.standings import current_position
from swingby.web.models import Enrolment, PartnerVisit
from swingby.web.visibility import Actor

#: Looking again within so long is the same visit: a page is loaded more than once while somebody works on it.
SAME_VISIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Before:
    """The visit before this one: its moment, and what was known then."""

    at: datetime
    position: int


def note_visit(enrolment: Enrolment, *, actor: Actor) -> Before | None:
    """Remember that somebody looks now; returns the visit before this one."""
    at, position = now(), current_position(enrolment.owner_id)
    visit, is_first = PartnerVisit.objects.select_for_update().get_or_create(
        enrolment=enrolment,
        person_id=actor.person,
        defaults={
            "owner_id": enrolment.owner_id,
            "partner_id": enrolment.partner_id,
            "seen_at": at,
            "seen_position": position,
        },
    )
    if is_first:
        return None
    if at - visit.seen_at > SAME_VISIT:
        visit.before_at, visit.before_position = visit.seen_at, visit.seen_position
    visit.seen_at, visit.seen_position = max(at, visit.seen_at), position
    visit.save(update_fields=["seen_at", "seen_position", "before_at", "before_position"])
    return Before(visit.before_at, visit.before_position) if visit.before_at else None
