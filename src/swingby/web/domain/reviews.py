"""What may happen to a line of a review: one table of transitions, and the functions that make them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from swingby.engine import AT_LEAST, SETTLED, propose, review_days
from swingby.engine.decisions import Cause, RowDifference, read_document, replay
from swingby.web.clock import now, today
from swingby.web.domain.audit import record_act, record_owner_act
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.review_opening import DOWN, ONE_DAY, STAY, UP, assess_from
from swingby.web.domain.standings import assess_enrolment, current_position, latest_standing
from swingby.web.domain.telling import line_changed
from swingby.web.domain.tier_facts import TierFact, tiers_that_count, write_tier_facts
from swingby.web.domain.words import kept_words
from swingby.web.jobs import enqueue_end_of_notice, enqueue_replay, enqueue_reviews
from swingby.web.models import Enrolment, LineState, Program, Review, ReviewAct, ReviewLine, Side, StandingRequirement
from swingby.web.permissions import can_decide_reviews, can_recommend_in_reviews
from swingby.web.tenancy import act_for_owner
from swingby.web.visibility import Actor

LONGEST_WORDS = 2000
#: So many lines are approved in one go.
MOST_AT_ONCE = 200
LONGEST_PROTECTION = timedelta(days=366 * 2)
LONGEST_NOTICE = timedelta(days=184)
#: Of so many replay differences the first are told.
MOST_TOLD = 20
State = LineState


def _may_decide(actor: Actor, line: ReviewLine) -> bool:
    return can_decide_reviews(actor, owner=line.owner_id)


def _may_recommend(actor: Actor, line: ReviewLine) -> bool:
    return can_recommend_in_reviews(actor, owner=line.owner_id)


def _only_the_clock(actor: Actor, line: ReviewLine) -> bool:  # noqa: ARG001 - as the others
    return False


_BOTH_WAYS, _DOWN, _UP = frozenset({UP, DOWN}), frozenset({DOWN}), frozenset({UP})


@dataclass(frozen=True, slots=True)
class Step:
    """Where an act leads, whose it is, for which direction, and whether it needs a reason and a day."""

    after: LineState
    may: Callable[[Actor, ReviewLine], bool] = _may_decide
    ways: frozenset[str] = _BOTH_WAYS
    needs_words: bool = False
    needs_day: bool = False


_OPEN = (State.WAITS, State.NOTICE)

#: (state, act) -> steps; what is not here cannot happen.
TRANSITIONS: Mapping[tuple[LineState, str], Step] = {
    **{(state, "approve"): Step(State.APPROVED) for state in _OPEN},
    **{(state, "hold"): Step(State.HELD, needs_words=True) for state in _OPEN},
    **{(state, "protect"): Step(State.PROTECTED, ways=_DOWN, needs_words=True, needs_day=True) for state in _OPEN},
    **{(state, "recommend"): Step(state, _may_recommend, needs_words=True) for state in _OPEN},
    (State.WAITS, "give notice"): Step(State.NOTICE, ways=_DOWN, needs_day=True),
    (State.NOTICE, "notice over"): Step(State.WAITS, _only_the_clock, ways=_DOWN),
    (State.NOTICE, "mended"): Step(State.MENDED, _only_the_clock, ways=_DOWN),
    **{(state, "overtake"): Step(State.OVERTAKEN, _only_the_clock) for state in _OPEN},
    # By an appeal only.
    (State.APPROVED, "overturn"): Step(State.OVERTURNED, _only_the_clock, ways=_DOWN),
    (State.AT_ONCE, "overturn"): Step(State.OVERTURNED, _only_the_clock, ways=_DOWN),
    (State.HELD, "overturn"): Step(State.OVERTURNED, _only_the_clock, ways=_UP),
}
DECIDED = frozenset({State.APPROVED, State.HELD, State.PROTECTED})


def acts_open_to(actor: Actor, *, line: ReviewLine) -> tuple[str, ...]:
    """What the actor may do with a line as it stands."""
    return tuple(
        act
        for (state, act), step in TRANSITIONS.items()
        if state == line.state and line.direction in step.ways and step.may(actor, line)
    )


def move_line(
    line: ReviewLine, act: str, *, actor: Actor, words: str = "", told: str = "", until: date | None = None
) -> None:
    """Do what a button says; of two who act at once, one is told."""
    step = TRANSITIONS.get((LineState(line.state), act))
    if step is None or line.direction not in step.ways:
        raise ChangedMeanwhileError(_who_was_faster(line))
    if not step.may(actor, line):
        raise NotAllowedError("A program manager decides this. You may recommend.")
    kept, message = (kept_words(text, longest=LONGEST_WORDS) for text in (words, told))
    if step.needs_words and not kept:
        raise RefusedError("Say in a sentence why, so that it can be answered for later.")
    if step.needs_day:
        _check_day(act, until)
    changes = _CHANGES[act](line, actor, until) if act in _CHANGES else {}
    shown = {"told": message} if message else {}
    _move(line, act, step, person=actor.person, words=kept, **changes, **shown)
    if act in _AFTERWARDS:
        _AFTERWARDS[act](line, actor)
    if act != "recommend":
        line_changed(line, by=actor.person)


def _check_day(act: str, until: date | None) -> None:
    if until is None:
        raise RefusedError("Choose a day.")
    if until <= today():
        raise RefusedError("This day is over. Choose a later one.")
    most = LONGEST_PROTECTION if act == "protect" else LONGEST_NOTICE
    if until > today() + most:
        raise RefusedError(f"Choose a day within {most.days} days.")


def _who_was_faster(line: ReviewLine) -> str:
    """By whom and to what a line has moved on."""
    row = ReviewLine.objects.get(pk=line.pk)
    last = ReviewAct.objects.select_related("person").filter(line=line).order_by("-at", "-id").first()
    who = last.person.name if last and last.person else "The clock"
    return f"This line has moved on: {who} was faster, and it is {row.get_state_display().lower()}. Look at it again."


def _move(line: ReviewLine, act: str, step: Step, *, person: str | None, words: str = "", **changes: object) -> None:
    # A conditional update that must touch one row: of two who act at once, one is told.
    waiting = ReviewLine.objects.filter(pk=line.pk, state=line.state)
    decided = {"decided_at": now()} if step.after != line.state else {}
    if waiting.update(state=step.after, **decided, **changes) != 1:
        raise ChangedMeanwhileError(_who_was_faster(line))
    line.refresh_from_db()
    ReviewAct.objects.create(
        owner_id=line.owner_id, line=line, act=act, at=now(), person_id=person or None, words=words
    )
    record_act(line, side=Side.VENDOR, actor=person or "clock", action=f"review.{act}", subject=line.pk)


# --- what an act asks for and brings ----------------------------------------------------------------------------------


def _approving(line: ReviewLine, actor: Actor, until: date | None) -> dict[str, object]:  # noqa: ARG001 - one shape
    """Nobody loses a tier before the decision; who rises has it from the day of the review."""
    _check_still_so(line)
    first = max(line.holds_from, today()) if line.direction == DOWN else line.holds_from
    return {"holds_from": first, "outcome_fact": f"{line.pk}-outcome"}


def _check_still_so(line: ReviewLine) -> None:
    enrolment = Enrolment.objects.get(pk=line.enrolment_id)
    rules = loaded(version_in_force(enrolment.program_id, on=today()))
    held = tiers_that_count(rules, enrolment, latest_standing(enrolment), on=today())
    if line.ladder in held and (held[line.ladder] or "") != line.before:
        raise RefusedError("This partner's tier has changed since the review. Hold the line: the next review decides.")
    ladder = rules.ladders.get(line.ladder.partition("[")[0])
    tiers = [tier.id for tier in ladder.tiers] if ladder else []
    if line.after and line.after not in tiers:
        raise RefusedError(f"The rules in force know no {line.after_label}. Hold the line: the next review decides.")


def _protecting(line: ReviewLine, actor: Actor, until: date | None) -> dict[str, object]:  # noqa: ARG001
    return {"protected_until": until, "outcome_fact": f"{line.pk}-protected"}


def _noticing(line: ReviewLine, actor: Actor, until: date | None) -> dict[str, object]:  # noqa: ARG001
    return {"mend_until": until}


_CHANGES: Mapping[str, Callable[[ReviewLine, Actor, date | None], dict[str, object]]] = {
    "approve": _approving,
    "protect": _protecting,
    "give notice": _noticing,
}


def _settle(line: ReviewLine, actor: Actor) -> None:
    """The new tier, from its day on."""
    _write(line, SETTLED, line.after, (line.holds_from, line.holds_from + ONE_DAY), by=actor.person)


def _protect(line: ReviewLine, actor: Actor) -> None:
    if line.protected_until is not None:
        _write(line, AT_LEAST, line.before, (today(), line.protected_until), by=actor.person)


def _write(line: ReviewLine, effect: str, tier: str, days: tuple[date, date], *, by: str) -> None:
    fact = TierFact(
        fact=line.outcome_fact,
        enrolment=Enrolment.objects.get(pk=line.enrolment_id),
        ladder=line.ladder,
        effect=effect,
        tier=tier or None,
        starts_on=days[0],
        ends_on=days[1],
        by=by,
    )
    position = write_tier_facts([fact], owner=line.owner_id, batch=fact.fact)
    assess_from(line.enrolment_id, owner=line.owner_id, position=position, day=days[0])


def _look_again(line: ReviewLine, actor: Actor) -> None:  # noqa: ARG001 - one shape
    if line.mend_until is not None:
        enqueue_end_of_notice(owner=line.owner_id, line=line.pk, day=line.mend_until + ONE_DAY)


_AFTERWARDS: Mapping[str, Callable[[ReviewLine, Actor], None]] = {
    "approve": _settle,
    "protect": _protect,
    "give notice": _look_again,
}


@dataclass(frozen=True, slots=True)
class Approved:
    """How many lines were decided at once, and why others were not."""

    done: int
    refused: tuple[tuple[str, str], ...]


def approve_lines(lines: Iterable[ReviewLine], *, actor: Actor) -> Approved:
    """Approve many; a line that cannot be approved stays, and is named."""
    return decide_lines(lines, "approve", actor=actor)


def decide_lines(lines: Iterable[ReviewLine], act: str, *, actor: Actor, words: str = "", told: str = "") -> Approved:
    """Do the same with many; a line with which it cannot be done stays, and is named."""
    done, refused = 0, []
    for line in lines:
        try:
            with transaction.atomic():
                move_line(line, act, actor=actor, words=words, told=told)
            done += 1
        except NotAllowedError:
            raise
        except RefusedError as error:
            refused.append((line.enrolment_id, str(error)))
    return Approved(done, tuple(refused))


def overturn_line(line: ReviewLine, *, actor: Actor) -> None:
    """After an appeal: the tier of before the review again, as if the decision had not been taken."""
    step = TRANSITIONS.get((LineState(line.state), "overturn"))
    if step is None or line.direction not in step.ways:
        raise ChangedMeanwhileError("This line has moved on since you opened the page. Look at it again.")
    was = LineState(line.state)
    _move(line, "overturn", step, person=actor.person)
    taken_back = [line.outcome_fact] if line.outcome_fact and was != State.HELD else []
    facts = [] if line.waiting_fact and was != State.HELD else [_restored(line, actor)]
    position = write_tier_facts(facts, owner=line.owner_id, batch=f"{line.pk}-overturned", taken_back=taken_back)
    assess_from(line.enrolment_id, owner=line.owner_id, position=position, day=today())


def _restored(line: ReviewLine, actor: Actor) -> TierFact:
    """Where nothing waited, the review's own outcome is settled otherwise; a promotion that was held is given today."""
    rises = line.direction == UP
    first = today() if rises else line.on
    return TierFact(
        fact=f"{line.pk}-overturned",
        enrolment=Enrolment.objects.get(pk=line.enrolment_id),
        ladder=line.ladder,
        effect=SETTLED,
        tier=(line.after if rises else line.before) or None,
        starts_on=first,
        ends_on=first + ONE_DAY,
        by=actor.person,
    )


# --- settings, and what people ask for -----------------------------------------------------------------------------------


def choose_what_waits(program: Program, *, actor: Actor, promotions: bool, demotions: bool) -> None:
    """Say whether promotions and demotions of reviews to come wait for a person."""
    if not can_decide_reviews(actor, owner=program.owner_id):
        raise NotAllowedError("A program manager decides this.")
    Program.objects.filter(pk=program.pk).update(promotions_wait=promotions, demotions_wait=demotions)
    record_owner_act(
        program.owner_id, actor=actor.person, action="review.settings", subject=program.pk,
        promotions_wait=promotions, demotions_wait=demotions,
    )  # fmt: skip


def ask_for_reviews(program: Program, *, actor: Actor) -> None:
    """Look now for review days that have come, and every night from now on."""
    if not can_decide_reviews(actor, owner=program.owner_id):
        raise NotAllowedError("A program manager decides this.")
    enqueue_reviews(owner=program.owner_id, program=program.pk)


def ask_for_replay(review: Review, *, actor: Actor) -> None:
    """Have a review worked out again."""
    if not can_recommend_in_reviews(actor, owner=review.owner_id):
        raise NotAllowedError("Program managers and partner success managers ask for this.")
    Review.objects.filter(pk=review.pk).update(replay="", replayed_at=None)
    enqueue_replay(owner=review.owner_id, review=review.pk)


# --- the clock -----------------------------------------------------------------------------------------------------------


def end_notice(key: str, *, owner: str) -> None:
    """After the last day of a notice: who meets again what the tier asks for is done, the others wait for a decision."""
    with act_for_owner(owner):
        line = ReviewLine.objects.get(pk=key)
        if line.state != State.NOTICE or line.mend_until is None:
            return
        if today() <= line.mend_until:
            enqueue_end_of_notice(owner=owner, line=key, day=line.mend_until + ONE_DAY, again=True)
            return
        position = current_position(owner)
    assess_enrolment(line.enrolment_id, owner=owner, position=position)
    with act_for_owner(owner):
        line = ReviewLine.objects.get(pk=key)
        act = "mended" if meets_again(line) else "notice over"
        step = TRANSITIONS.get((LineState(line.state), act))
        if step is not None:
            _move(line, act, step, person=None)
            if act == "mended":
                line_changed(line)


def meets_again(line: ReviewLine) -> bool:
    """Whether the partner meets today, as far as it is known, what the tier asks for that it would lose."""
    enrolment = Enrolment.objects.get(pk=line.enrolment_id)
    standing = latest_standing(enrolment)
    rows = StandingRequirement.objects.filter(
        standing=standing, ladder=line.ladder, tier=line.before, requirement=line.before
    )
    return rows.filter(state="met").exists()


# --- again ---------------------------------------------------------------------------------------------------------------


def replay_review(key: str, *, owner: str) -> str:
    """Work a review out again on what was known then, and say whether every row and every move comes out the same."""
    with act_for_owner(owner):
        review = Review.objects.select_related("program_version").get(pk=key)
        rules = loaded(review.program_version)
        said = set(_moves_of(review))
        joined = set(Enrolment.objects.filter(program_id=review.program_id).values_list("joined_on", flat=True))
        facts = bring_facts(owner, rules)
    try:
        read = read_document(review.document, name=f"The review of {review.on}")
        rows = replay(read.decision, rules, facts)
        days = review_days(rules, after=review.on - ONE_DAY, until=review.on, joined=joined)
        day = next(item for item in days if item.ladder == review.ladder)
        proposal = propose(rules, facts, day, known_at=review.position)
    finally:
        facts.close()
    found = {(move.enrolment, move.ladder, move.before or "", move.after or "") for move in proposal.moves}
    words = _told(read.is_altered, [*rows.differences], said ^ found)
    if words.startswith(_CHANGED):
        words = " ".join([f"{words}.", *_because(rows.causes), _STAYS])
    with act_for_owner(owner):
        Review.objects.filter(pk=key).update(replay=words, replayed_at=now())
    return words


def _moves_of(review: Review) -> Iterable[tuple[str, str, str, str]]:
    return review.lines.exclude(direction=STAY).values_list("enrolment_id", "ladder", "before", "after")


def _told(is_altered: bool, rows: list[RowDifference], moves: set[tuple[str, str, str, str]]) -> str:  # noqa: FBT001 - a truth is what it is about
    if is_altered:
        return "The stored decision was altered."
    if not rows and not moves:
        return "same"
    partners = sorted({row.enrolment for row in rows} | {move[0] for move in moves})
    return f"{_CHANGED} {len(partners)}: {', '.join(partners[:MOST_TOLD])}"


def _because(causes: Iterable[Cause]) -> Iterator[str]:
    """Why it comes out otherwise, as far as it is known."""
    for cause in causes:
        yield f"{_LISTS}: {cause.message.partition(': ')[2]}" if cause.code == "references" else cause.message


_CHANGED = "changed for"
_LISTS = "Lists keep no past, and these say something else now"
_STAYS = "What was decided stays as it is."
