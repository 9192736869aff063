"""Tiers by exception: asked for by one person, granted by another, until a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from swingby.engine import AT_LEAST, has_reviews
from swingby.web.clock import now, today
from swingby.web.domain.audit import record_act
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.review_opening import ONE_DAY, assess_from
from swingby.web.domain.telling import exception_changed
from swingby.web.domain.tier_facts import TierFact, write_tier_facts
from swingby.web.domain.words import kept_words
from swingby.web.models import Enrolment, ExceptionState, ReviewAct, Side, TierException
from swingby.web.permissions import can_decide_reviews, can_grant_exception, can_recommend_in_reviews
from swingby.web.visibility import Actor

LONGEST_WORDS = 2000
LONGEST_EXCEPTION = timedelta(days=366 * 2)
State = ExceptionState


def _may_grant(actor: Actor, row: TierException) -> bool:
    return can_grant_exception(actor, owner=row.owner_id, asked_by=row.asked_by_id)


def _may_end(actor: Actor, row: TierException) -> bool:
    return can_decide_reviews(actor, owner=row.owner_id)


@dataclass(frozen=True, slots=True)
class Step:
    """Where an act leads, whose it is, and whether it needs a reason."""

    after: ExceptionState
    may: Callable[[Actor, TierException], bool]
    needs_words: bool = False


#: (state, act) -> step; what is not here cannot happen. Nobody grants what they asked for.
TRANSITIONS: Mapping[tuple[ExceptionState, str], Step] = {
    (State.ASKED, "grant"): Step(State.GRANTED, _may_grant),
    (State.ASKED, "decline"): Step(State.DECLINED, _may_grant, needs_words=True),
    (State.GRANTED, "end"): Step(State.ENDED, _may_end, needs_words=True),
}


def acts_open_to(actor: Actor, *, row: TierException) -> tuple[str, ...]:
    """What the actor may do with an exception as it stands."""
    is_over = row.state == State.GRANTED and row.until <= today()
    return tuple(
        act
        for (state, act), step in TRANSITIONS.items()
        if state == row.state and step.may(actor, row) and not (act == "end" and is_over)
    )


def ask_for_exception(
    enrolment: Enrolment, *, actor: Actor, ladder: str, tier: str, first: date, until: date, words: str
) -> TierException:
    """Ask for a tier until a day, with a reason."""
    if not can_recommend_in_reviews(actor, owner=enrolment.owner_id):
        raise NotAllowedError("Program managers and partner success managers ask for exceptions.")
    kept = kept_words(words, longest=LONGEST_WORDS)
    if not kept:
        raise RefusedError("Say why, so that a second person can grant it and it can be answered for later.")
    _check_days(first, until)
    found = loaded(version_in_force(enrolment.program_id, on=today())).ladders.get(ladder)
    if found is None or not has_reviews(found) or found.by:
        raise RefusedError("There is no such ladder with reviews in this program.")
    place = next((place for place, item in enumerate(found.tiers) if item.id == tier), None)
    if place is None:
        raise RefusedError("There is no such tier in this program.")
    row = TierException.objects.create(
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        enrolment=enrolment,
        ladder=ladder,
        ladder_label=found.text.label or ladder.replace("_", " ").capitalize(),
        tier=tier,
        tier_label=found.tiers[place].label or tier.capitalize(),
        tier_rank=place,
        first=first,
        until=until,
        asked_by_id=actor.person,
        asked_at=now(),
    )
    _note(row, "ask", actor=actor, words=kept)
    return row


def _check_days(first: date, until: date) -> None:
    if first < today():
        raise RefusedError("An exception begins today or later.")
    if until <= first:
        raise RefusedError("The last day comes before the first one. Exchange them.")
    if until - first > LONGEST_EXCEPTION:
        raise RefusedError("An exception lasts two years at most. Choose an earlier last day.")


def move_exception(row: TierException, act: str, *, actor: Actor, words: str = "") -> None:
    """Do what a button says; of two who act at once, one is told."""
    step = TRANSITIONS.get((ExceptionState(row.state), act))
    if step is None:
        raise ChangedMeanwhileError("This exception has moved on since you opened the page. Look at it again.")
    if not step.may(actor, row):
        raise NotAllowedError("Another program manager than the one who asked decides this.")
    kept = kept_words(words, longest=LONGEST_WORDS)
    if step.needs_words and not kept:
        raise RefusedError("Say in a sentence why, so that it can be answered for later.")
    if act == "grant" and row.until <= today():
        raise RefusedError("Its last day is over. Decline it, and ask for a new one.")
    decided = {"decided_by_id": actor.person, "fact": f"exception-{row.pk}"} if act != "end" else {}
    if TierException.objects.filter(pk=row.pk, state=row.state).update(state=step.after, **decided) != 1:
        raise ChangedMeanwhileError("Somebody else was faster with this exception. Look at it again.")
    row.refresh_from_db()
    _note(row, act, actor=actor, words=kept)
    if act == "grant":
        _write(row, row.fact, until=row.until, by=actor.person)
    elif act == "end":
        _end(row, by=actor.person)


def _end(row: TierException, *, by: str) -> None:
    """It no longer counts from today on; the tier stays until a review looks at it."""
    until = max(today(), row.first + ONE_DAY)
    TierException.objects.filter(pk=row.pk).update(until=min(until, row.until))
    _write(row, f"{row.fact}-ended", until=min(until, row.until), by=by, taken_back=(row.fact,))
    row.refresh_from_db()


def _write(row: TierException, fact: str, *, until: date, by: str, taken_back: tuple[str, ...] = ()) -> None:
    """A tier that has not begun yet leaves nothing behind when it ends."""
    first = max(row.first, today()) if not taken_back else row.first
    kept = TierFact(
        fact=fact,
        enrolment=row.enrolment,
        ladder=row.ladder,
        effect=AT_LEAST,
        tier=row.tier,
        starts_on=first,
        ends_on=until,
        by=by,
    )
    facts = [kept] if first < until and not (taken_back and row.first > today()) else []
    position = write_tier_facts(facts, owner=row.owner_id, batch=fact, taken_back=taken_back)
    assess_from(row.enrolment_id, owner=row.owner_id, position=position, day=max(first, today()))


def _note(row: TierException, act: str, *, actor: Actor, words: str) -> None:
    ReviewAct.objects.create(
        owner_id=row.owner_id, exception=row, act=act, at=now(), person_id=actor.person, words=words
    )
    record_act(row, side=Side.VENDOR, actor=actor.person, action=f"exception.{act}", subject=row.pk)
    exception_changed(row, act, by=actor.person)
