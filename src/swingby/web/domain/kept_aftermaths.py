"""What becomes of a firm's programs if somebody left: asked for by one person, worked out by jobs, kept for that person."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from swingby.errors import SwingbyError
from swingby.web.clock import now, today
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.leaving import Aftermath, Fall, leaving
from swingby.web.domain.queries.leavers import employed_of
from swingby.web.jobs import enqueue_aftermath
from swingby.web.models import AftermathState, Enrolment, KeptAftermath, Standing
from swingby.web.permissions import can_lead_programs
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor

log = logging.getLogger(__name__)

#: Answers are thrown away after so long: they name people, and facts have moved on by then.
KEPT_FOR = timedelta(days=60)
#: An answer that did not come for so long is asked for anew.
GIVEN_UP_AFTER = timedelta(minutes=15)
#: So many answers of one person may be on their way.
MOST_UNFINISHED = 400
MOST_QUESTIONS = 5
UNFINISHED = (AftermathState.WAITING, AftermathState.RUNNING)
NOBODY = "This vendor's records name none of them any more. Ask again."
REFUSED = "It cannot be worked out by these rules. Ask your vendor what it would change."


@dataclass(frozen=True, slots=True)
class Known:
    """One answer as far as it is known; a stale one rests on facts, rules or a day that are no longer the newest."""

    state: AftermathState
    aftermath: Aftermath
    worked_on: date | None
    is_stale: bool

    @property
    def is_unfinished(self) -> bool:
        """Whether a job is yet to answer."""
        return self.state in UNFINISHED


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked: who would leave, from which day; and whether all of it is worked out."""

    people: tuple[str, ...]
    gone_on: date
    is_unfinished: bool


@transaction.atomic
def ask_for_aftermaths(enrolments: Sequence[Enrolment], people: Sequence[str], *, gone_on: date, actor: Actor) -> None:
    """Ask what becomes of each program in which one of some people is known; what is known and holds is not asked again.

    Raises
    ------
    NotAllowedError
        If the actor does not lead one of the programs.
    RefusedError
        If too much that was asked before is still on its way.
    """
    if not all(can_lead_programs(actor, lineage=row.partner.lineage) for row in enrolments):
        raise NotAllowedError(_("Your role does not ask this. Ask your partner admin."))
    mine = KeptAftermath.objects.filter(person_id=actor.person)
    mine.filter(Q(gone_on__lte=today()) | Q(asked_at__lt=now() - KEPT_FOR)).delete()
    there = employed_of(enrolments, people, on=gone_on)
    about = {row.pk: row for row in enrolments if there[row.pk]}
    _write_down(about.values(), people, gone_on=gone_on, person=actor.person)
    rows = mine.filter(enrolment__in=list(about), people=sorted(people), gone_on=gone_on)
    standings = _newest_standings(list(about))
    due = [row for row in rows.select_for_update() if _is_due(row, standings.get(row.enrolment_id))]
    if due and mine.filter(state__in=UNFINISHED).count() + len(due) > MOST_UNFINISHED:
        raise RefusedError(_("What you asked before is still being worked out. Ask again once it is there."))
    mine.filter(pk__in=[row.pk for row in due]).update(state=AftermathState.WAITING, asked_at=now())
    for row in due:
        enqueue_aftermath(organization=row.organization_id, aftermath=row.pk)


def _write_down(rows: Iterable[Enrolment], people: Sequence[str], *, gone_on: date, person: str) -> None:
    """A row for each program that has none yet, also where somebody writes the same at this moment."""
    asked = {"person_id": person, "people": sorted(people), "gone_on": gone_on, "asked_at": now()}
    KeptAftermath.objects.bulk_create(
        (KeptAftermath(organization_id=row.partner_id, enrolment=row, **asked) for row in rows), ignore_conflicts=True
    )


def known_aftermaths(
    enrolments: Sequence[Enrolment], people: Sequence[str], *, gone_on: date, actor: Actor
) -> Mapping[str, Known]:
    """By enrolment what is known of a question that the actor asked; two statements however many there are."""
    keys = [row.pk for row in enrolments]
    mine = KeptAftermath.objects.filter(person_id=actor.person, people=sorted(people), gone_on=gone_on)
    standings = _newest_standings(keys)
    return {
        row.enrolment_id: Known(
            state=AftermathState(row.state),
            aftermath=_as_found(row),
            worked_on=row.worked_on,
            is_stale=not _holds(row, standings.get(row.enrolment_id)),
        )
        for row in mine.filter(enrolment__in=keys)
    }


def asked_before(actor: Actor) -> tuple[Question, ...]:
    """The questions that the actor asked last, the newest first."""
    mine = KeptAftermath.objects.filter(person_id=actor.person, gone_on__gt=today(), asked_at__gt=now() - KEPT_FOR)
    unfinished = Count("id", filter=Q(state__in=UNFINISHED))
    rows = (
        mine.order_by()
        .values_list("people", "gone_on")
        .annotate(at=Max("asked_at"), unfinished=unfinished)
        .order_by("-at")
    )
    return tuple(Question(tuple(people), day, count > 0) for people, day, _at, count in rows[:MOST_QUESTIONS])


# --- the job ----------------------------------------------------------------------------------------------------------


def work_out_aftermath(key: int, *, organization: str) -> None:
    """Work out one answer that is not there yet; a second run finds it there, and one that was thrown away is left."""
    begun = _begin(key, organization)
    if begun is None:
        return
    row, people = begun
    try:
        found = (
            leaving(row.enrolment, sorted(people), on=max(row.gone_on, today())) if people else _unknown(row, NOBODY)
        )
    except SwingbyError as error:
        # Its words may tell of the vendor's own records.
        log.warning("Aftermath %s was refused: %s", key, error.code)
        found = _unknown(row, REFUSED)
    except Exception:
        _end(row, state=AftermathState.FAILED)
        raise
    _end(
        row,
        state=AftermathState.DONE,
        position=found.position,
        program_hash=found.program_hash,
        worked_on=today(),
        found=_as_stored(found),
    )


def _begin(key: int, organization: str) -> tuple[KeptAftermath, frozenset[str]] | None:
    with _for_firm(organization):
        rows = KeptAftermath.objects.filter(pk=key, state__in=UNFINISHED)
        if not rows.update(state=AftermathState.RUNNING):
            return None
        row = KeptAftermath.objects.select_related("enrolment").get(pk=key)
        return row, employed_of([row.enrolment], row.people, on=row.gone_on)[row.enrolment_id]


def _end(row: KeptAftermath, **found: Any) -> None:
    with _for_firm(row.organization_id):
        KeptAftermath.objects.filter(pk=row.pk).update(**found)


@contextmanager
def _for_firm(organization: str) -> Iterator[None]:
    """What a firm's jobs see, for which nobody asks."""
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({organization}))):
        yield


def _unknown(row: KeptAftermath, why: str) -> Aftermath:
    with _for_firm(row.organization_id):
        position, rules = _newest_standings([row.enrolment_id]).get(row.enrolment_id, _NOTHING)
    return Aftermath(enrolment=row.enrolment_id, unknown=why, position=position, program_hash=rules)


# --- whether it holds -------------------------------------------------------------------------------------------------

Newest = tuple[int, str]
_NOTHING: Newest = (-1, "")


def _newest_standings(keys: Sequence[str]) -> Mapping[str, Newest]:
    """By enrolment position and rules of the standing that counts."""
    rows = Standing.objects.filter(enrolment__in=keys).order_by("enrolment", "-as_of", "-position", "-id")
    values = rows.distinct("enrolment").values_list("enrolment_id", "position", "program_hash")
    return {key: (position, rules) for key, position, rules in values}


def _is_due(row: KeptAftermath, newest: Newest | None) -> bool:
    if row.state in UNFINISHED:
        return row.asked_at < now() - GIVEN_UP_AFTER
    return row.state != AftermathState.DONE or not _holds(row, newest)


def _holds(row: KeptAftermath, newest: Newest | None) -> bool:
    """Whether it rests on all that the standing rests on, and was worked out today."""
    position, rules = newest or _NOTHING
    return row.worked_on == today() and row.position >= position and row.program_hash == rules


def _as_stored(found: Aftermath) -> dict[str, Any]:
    fall = asdict(found.fall) | {"day": found.fall.day.isoformat()} if found.fall else None
    return {"fall": fall, "unknown": found.unknown, "anyway": found.anyway.isoformat() if found.anyway else None}


def _as_found(row: KeptAftermath) -> Aftermath:
    kept, known = row.found, Aftermath(enrolment=row.enrolment_id, position=row.position, program_hash=row.program_hash)
    if not kept:
        return known
    return replace(known, fall=_fall(kept["fall"]), unknown=kept["unknown"], anyway=_day_of(kept["anyway"]))


def _fall(kept: Mapping[str, Any] | None) -> Fall | None:
    if kept is None:
        return None
    return Fall(**{**kept, "day": date.fromisoformat(kept["day"]), "breaks": tuple(kept["breaks"])})


def _day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
