"""Where people are on the way to a certification, and what may be said of it next: by them, and by their leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from swingby.enablement import PREPARING, EventKind, Life, Records, State
from swingby.web.models import LearningEvent

#: A record of the vendor may name another day than the person.
RECORD_DAYS: Final = 30
#: What a lead may say to a wish.
TO_A_WISH: Final = ("agree", "decline")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStep:
    """One certification that somebody is on the way to.

    Attributes
    ----------
    by_lead
        It was proposed by a lead, and not accepted yet.
    exam_on
        The day of the exam that is booked.
    passed_on
        The day on which the person says to have passed, while no record of it has come.
    acts
        What the person may say of it now.
    can_book
        Whether an exam may be booked.
    """

    life: Life
    state: State
    by_lead: bool
    exam_on: date | None
    passed_on: date | None
    failures: tuple[date, ...]
    acts: tuple[str, ...]
    can_book: bool


def is_prepared(life: Life, day: date) -> bool:
    """Whether somebody is on the way to it."""
    return life.preparing_on(day) in PREPARING


def own_step(life: Life, told: Iterable[LearningEvent], day: date) -> OwnStep:
    """Where somebody is with one certification, by all that was told of it."""
    mine = [row for row in told if row.code == life.certification.code]
    state = life.preparing_on(day)
    booked = next((row.exam_on for row in reversed(mine) if row.kind == EventKind.BOOKED), None)
    passed = _passed_on(mine, life)
    by_lead = state is State.PROPOSED and _is_by_lead(mine)
    return OwnStep(
        life=life,
        state=state,
        by_lead=by_lead,
        exam_on=booked if state is State.BOOKED else None,
        passed_on=passed,
        failures=tuple(row.day for row in mine if row.kind == EventKind.FAILED),
        acts=_acts(state, by_lead=by_lead, has_passed=passed is not None),
        can_book=state in {State.PLANNED, State.IN_PROGRESS} and passed is None,
    )


def wishes(firm: str, *, code: str = "") -> Mapping[tuple[str, str], str]:
    """By person and certification the last word: wanted by them, or agreed by a lead."""
    kinds = (EventKind.WANTED, EventKind.AGREED)
    rows = LearningEvent.objects.filter(organization_id=firm, kind__in=kinds, **({"code": code} if code else {}))
    found = rows.order_by("day", "id").values_list("learner", "code", "kind")
    return {(learner, code): kind for learner, code, kind in found}


def acts_of_lead(state: State, wish: str) -> tuple[str, ...]:
    """What a lead may say to somebody who is on the way."""
    return TO_A_WISH if state is State.PROPOSED and wish == EventKind.WANTED else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Somebody of a firm on the way to a certification, as leads see it."""

    person: str
    code: str
    state: State
    acts: tuple[str, ...]


def learning_of(records: Records, firm: str, day: date) -> tuple[Learning, ...]:
    """Everybody who works there and is on the way to something."""
    said = wishes(firm)
    return tuple(
        Learning(person=person, code=code, state=state, acts=acts_of_lead(state, said.get((person, code), "")))
        for person, by_code in records.present(day).items()
        for code, life in by_code.items()
        if (state := life.preparing_on(day)) in PREPARING
    )


def _passed_on(mine: Iterable[LearningEvent], life: Life) -> date | None:
    days = [row.day for row in mine if row.kind == EventKind.PASSED]
    if not days:
        return None
    newest = max(days)
    begun = [hold.period.start for hold in life.holds]
    is_known = any(start >= newest - timedelta(days=RECORD_DAYS) for start in begun)
    return None if is_known else newest


def _is_by_lead(mine: Sequence[LearningEvent]) -> bool:
    latest = [row.kind for row in mine if row.kind in {EventKind.WANTED, EventKind.AGREED}]
    return bool(latest) and latest[-1] == EventKind.AGREED


def _acts(state: State, *, by_lead: bool, has_passed: bool) -> tuple[str, ...]:
    if has_passed:
        return ("drop",)
    if state is State.PROPOSED:
        return ("want", "drop") if by_lead else ("start", "drop")
    if state is State.BOOKED:
        return ("passed", "failed", "cancel")
    return ("passed", "failed", "drop") if state is State.IN_PROGRESS else ("start", "drop")
