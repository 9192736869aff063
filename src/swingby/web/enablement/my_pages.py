"""Fill a person's own path: held, on the way, worth taking next. What was failed is read here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse

from swingby.enablement import (
    AHEAD,
    HOLDING,
    Candidate,
    Cell,
    Certification,
    EventKind,
    Life,
    Records,
    State,
    Suggestion,
    ways_for,
)
from swingby.values import END_OF_TIME
from swingby.web.clock import today
from swingby.web.design.parts import Choice, Tone
from swingby.web.domain.learning.catalogues import KeptCatalogue
from swingby.web.domain.learning.languages import LANGUAGES, languages_of
from swingby.web.domain.learning.others import others_of
from swingby.web.domain.learning.records import events_of, learner_of, own_records
from swingby.web.domain.learning.steps import is_prepared, own_step
from swingby.web.domain.study.hours import CHANGED_WITHIN, own_hours, remaining_hours, rule_of
from swingby.web.enablement.coverage_pages import counted_words, deal_words
from swingby.web.enablement.hour_pages import hours_words, note_lines, step_lines
from swingby.web.enablement.hour_parts import StepLine
from swingby.web.enablement.parts import Act, HeldLine, MyPathPage, NextLine, PlanLine
from swingby.web.enablement.voucher_pages import own_vouchers
from swingby.web.enablement.voucher_parts import OwnVoucher
from swingby.web.models import Learner, Organization
from swingby.web.visibility import Actor

MOST_NEXT = 5
MOST_OTHERS = 100
_TONES: Mapping[State, Tone] = {
    State.HELD: "good",
    State.RENEWAL: "warn",
    State.GRACE: "bad",
    State.LAPSED: "bad",
    State.REVOKED: "bad",
    State.PROPOSED: "pending",
    State.PLANNED: "brand",
    State.IN_PROGRESS: "brand",
    State.BOOKED: "brand",
}
START = Act(word="start", label="I have begun")
_OWN = (
    START,
    Act(word="drop", label="Leave it"),
    Act(word="cancel", label="Cancel the booking"),
    Act(word="passed", label="I passed"),
    Act(word="failed", label="I failed"),
)
_ACTS: Mapping[str, Act] = {act.word: act for act in _OWN}
_TO_A_LEAD: Mapping[str, Act] = {
    "want": Act(word="want", label="Accept", variant="primary"),
    "drop": Act(word="drop", label="Say no"),
}


def my_path(firm: Organization, kept: KeptCatalogue | None, *, actor: Actor, with_failures: bool) -> MyPathPage:
    """The path of who signed in. An admin who looks as somebody sees no failures."""
    page = MyPathPage(name=firm.name, person=actor.name.split(" ")[0], as_of=today())
    learner = learner_of(firm.pk, actor.person)
    if kept is None or learner is None:
        return MyPathPage(
            name=page.name,
            person=page.person,
            as_of=page.as_of,
            is_linked=learner is not None,
            has_catalogue=kept is not None,
        )
    path = _Path(firm, kept, learner, with_failures=with_failures)
    # Codes are read by their holder: who looks as somebody sees none.
    path.vouchers = own_vouchers(firm.pk, actor, kept.catalogue) if with_failures else {}
    path.noted = own_hours(firm.pk, actor.person) if with_failures else None
    filled = path.page(page)
    return _with_languages(filled, firm.pk, actor) if with_failures else filled


def _with_languages(page: MyPathPage, firm: str, actor: Actor) -> MyPathPage:
    said = languages_of(firm, actor.person)
    spoken = set(said.languages) if said else set()
    return replace(
        page,
        languages=tuple(Choice(value=each, label=str(LANGUAGES[each]), chosen=each in spoken) for each in LANGUAGES),
        shows_languages=said is not None and said.is_shown,
        languages_url=reverse("learning:languages", args=[firm]),
    )


class _Path:
    """Everything that one person's page is made of."""

    def __init__(self, firm: Organization, kept: KeptCatalogue, learner: Learner, *, with_failures: bool) -> None:
        self.firm, self.catalogue, self.learner = firm, kept.catalogue, learner
        self.day = today()
        self.told = [one for one in events_of(firm.pk, learner.key) if with_failures or one.kind != EventKind.FAILED]
        self.others = others_of(firm.pk, self.catalogue)
        self.mine = own_records(firm.pk, learner.key, self.catalogue, failures=with_failures)
        self.lives = self.mine.lives.get(learner.key, {})
        self.role = _role(self.mine, learner.key, self.day)
        self.vouchers: Mapping[str, list[OwnVoucher]] = {}
        self.noted: Mapping[tuple[str, str], Decimal] | None = None

    def page(self, page: MyPathPage) -> MyPathPage:
        """The page, filled."""
        held = [life for life in self.lives.values() if life.held_on(self.day)]
        past = [life for life in self.lives.values() if self._is_past(life)]
        plans = [life for life in self.lives.values() if self._is_prepared(life)]
        ways = ways_for(self.catalogue, self.lives, Candidate(self.learner.key, self.role), self.day)
        free = [way for way in ways if not self._is_open(way.code)]
        cells = self.others.cells
        best = sorted(free, key=lambda way: (not cells[way.code].uncovered, bool(way.first), way.hours, way.code))
        return MyPathPage(
            name=page.name,
            person=page.person,
            as_of=self.day,
            post_url=reverse("learning:tell", args=[self.firm.pk]),
            role=self.catalogue.roles.get(self.role, self.role),
            held=tuple(self._held(life) for life in sorted(held, key=self._expiry)),
            plans=tuple(self._plan(life) for life in sorted(plans, key=lambda life: life.certification.label)),
            nexts=tuple(self._next(way, cells[way.code]) for way in best[:MOST_NEXT]),
            others=tuple(
                Choice(value=one.code, label=one.label)
                for one in self.catalogue
                if not self._is_open(one.code) and not self._is_held(one.code) and one.is_offered(self.day)
            )[:MOST_OTHERS],
            past=tuple(self._past(life) for life in past),
            hours_url=reverse("learning:hours_note", args=[self.firm.pk]),
            first_day=self.day - CHANGED_WITHIN,
            notes=() if self.noted is None else note_lines(self.firm.pk, str(self.learner.person_id), self.catalogue),
            shown_from=rule_of(self.firm.pk).shown_from,
            counted=counted_words(self.others.counted_at) if self.others.counted_at else "",
            vouchers=tuple(one for code, mine in self.vouchers.items() if not self._is_open(code) for one in mine),
        )

    def _is_prepared(self, life: Life) -> bool:
        return is_prepared(life, self.day)

    def _is_open(self, code: str) -> bool:
        return code in self.lives and self._is_prepared(self.lives[code])

    def _is_held(self, code: str) -> bool:
        return code in self.lives and self.lives[code].held_on(self.day)

    def _is_past(self, life: Life) -> bool:
        return life.holding_on(self.day) not in {State.NOTHING, *HOLDING}

    def _expiry(self, life: Life) -> tuple[date, str]:
        return life.expires_after(self.day) or END_OF_TIME, life.certification.code

    def _held(self, life: Life) -> HeldLine:
        one, state = life.certification, life.holding_on(self.day)
        until = life.expires_after(self.day)
        acts = (START,) if state in {State.RENEWAL, State.GRACE} and not self._is_prepared(life) else ()
        is_near = until is not None and until <= self.day + timedelta(days=AHEAD)
        return HeldLine(
            code=one.code,
            label=one.label,
            state=str(state).capitalize() if not is_near or state is State.GRACE else "Lapses soon",
            tone="warn" if is_near and state is State.HELD else _TONES[state],
            until=until,
            note=_renewal_words(life, self.day),
            rests=self._rests(one.code, until),
            acts=acts,
        )

    def _rests(self, code: str, until: date | None) -> tuple[str, ...]:
        """What would not be met any more once this lapses."""
        if until is None or until > self.day + timedelta(days=2 * AHEAD):
            return ()
        return self.others.resting(self.learner.key, one=code, until=until)

    def _plan(self, life: Life) -> PlanLine:
        one, step = life.certification, own_step(life, self.told, self.day)
        return PlanLine(
            code=one.code,
            label=one.label,
            state=_plan_words(step.state, by_lead=step.by_lead),
            tone=_TONES[step.state],
            exam_on=step.exam_on,
            note=_passed_words(step.passed_on) if step.passed_on else _hours_words(one, self.noted or {}),
            failures=step.failures,
            acts=tuple(_act(word, by_lead=step.by_lead) for word in step.acts),
            can_book=step.can_book,
            vouchers=tuple(self.vouchers.get(one.code, ())),
            steps=self._steps(one, step.state),
        )

    def _steps(self, one: Certification, state: State) -> tuple[StepLine, ...]:
        """Where hours are noted: against the steps of what was accepted."""
        return () if self.noted is None or state is State.PROPOSED else step_lines(one, self.noted)

    def _next(self, way: Suggestion, cell: Cell) -> NextLine:
        one = self.catalogue.certifications[way.code]
        return NextLine(
            code=way.code,
            label=one.label,
            hours=way.hours,
            reason=self._before(way),
            why=self._why(cell),
            link=next((step.link for step in one.steps if step.link), ""),
            steps=tuple(step.label for step in one.steps),
        )

    def _before(self, way: Suggestion) -> str:
        first = [self.catalogue.certifications[code].label for code in way.first]
        return (
            f"First {', then '.join(first)}; their hours are counted." if first else "You have what it asks for first."
        )

    def _why(self, cell: Cell) -> str:
        if not cell.needed:
            return ""
        needs = [need for need in self.others.needs if need.code == cell.code]
        deals = sum(need.kind == "deal" for need in needs)
        tiers = dict.fromkeys(need.source for need in needs if need.kind != "deal")
        asking = [*tiers, *([deal_words(deals)] if deals else [])]
        if not cell.uncovered:
            return f"{' and '.join(asking)}: {cell.needed} needed, {cell.held} held, enough today."
        return f"{' and '.join(asking)}: {cell.needed} needed, {cell.held} held."

    def _past(self, life: Life) -> HeldLine:
        one, state = life.certification, life.holding_on(self.day)
        ended = max((hold.period.end for hold in life.holds if hold.period.end <= self.day), default=None)
        return HeldLine(
            code=one.code, label=one.label, state=str(state).capitalize(), tone=_TONES.get(state, "plain"), until=ended
        )


def _role(records: Records, person: str, day: date) -> str:
    found = [stay.role for stay in records.stays if stay.person == person and day in stay.period and stay.role]
    return found[-1] if found else ""


def _plan_words(state: State, *, by_lead: bool) -> str:
    if state is not State.PROPOSED:
        return str(state).capitalize()
    return "Proposed to you" if by_lead else "You asked for it"


def _renewal_words(life: Life, day: date) -> str:
    state = life.holding_on(day)
    if state is State.GRACE:
        return "It has expired; a renewal still goes on from the expiry."
    if state is State.RENEWAL:
        return "It can be renewed now; the renewal goes on from the expiry."
    ahead = next((span.period.start for span in life.holding if span.period.start > day), None)
    opens = ahead if ahead and life.holding_on(ahead) is State.RENEWAL else None
    return f"Can be renewed from {opens:%-d %B %Y}." if opens else ""


def _passed_words(day: date) -> str:
    return f"You passed on {day:%-d %B %Y}. It counts once the vendor's record arrives."


def _hours_words(one: Certification, noted: Mapping[tuple[str, str], Decimal]) -> str:
    """What a path takes, and what is left of it once something was noted."""
    left, hours = remaining_hours(one, noted), one.hours
    if not hours:
        return ""
    if left == hours:
        return f"{hours_words(hours)} hours"
    return f"{hours_words(left)} of {hours_words(hours)} hours left" if left else "All hours of the path are noted."


def _act(word: str, *, by_lead: bool) -> Act:
    return _TO_A_LEAD[word] if by_lead else _ACTS[word]
