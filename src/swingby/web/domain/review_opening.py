"""Open the reviews whose days have come: one for each ladder and day, with a line for each partner who would move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection

import swingby
from swingby.engine import (
    SETTLED,
    RequirementRow,
    ReviewDay,
    ReviewProposal,
    propose,
    review_days,
)
from swingby.engine.decisions import as_document, decision_of
from swingby.facts import FactSet
from swingby.program import Program as Rules
from swingby.program.model import Ladder
from swingby.web.clock import now, today
from swingby.web.domain.audit import record_owner_act
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.domain.programs import loaded
from swingby.web.domain.results import PERCENT, unit_of
from swingby.web.domain.standings import latest_standing
from swingby.web.domain.telling import review_opened
from swingby.web.domain.tier_facts import TierFact, tiers_that_count, write_tier_facts
from swingby.web.jobs import enqueue_assessment
from swingby.web.models import (
    Enrolment,
    LineState,
    Program,
    ProgramVersion,
    Review,
    ReviewAct,
    ReviewLine,
)
from swingby.web.models.loads import new_key
from swingby.web.tenancy import act_for_owner

UP, DOWN, STAY = "up", "down", "stay"
MOST_NEAR = 500
BATCH = 1_000
ONE_DAY = timedelta(days=1)
#: So far back the first review of a program is looked for.
FIRST_LOOK = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class DueReview:
    """A review whose day has come, with the version in force on it."""

    day: ReviewDay
    version: ProgramVersion


def open_due_reviews(program: str, *, owner: str) -> list[str]:
    """Open every review whose day has come; those that are open already stay as they are."""
    opened: list[str] = []
    with act_for_owner(owner):
        carry_tiers(program, owner=owner)
        due = list(due_reviews(program))
    for found in due:
        rules = loaded(found.version)
        with act_for_owner(owner):
            facts = bring_facts(owner, rules)
        try:
            proposal = propose(rules, facts, found.day)
            with act_for_owner(owner):
                review = open_review(Program.objects.get(pk=program), found, proposal, facts)
        finally:
            facts.close()
        if review is not None:
            opened.append(review.pk)
    return opened


def due_reviews(program: str) -> Iterator[DueReview]:
    """The reviews between the last one that was opened and today, in order of day.

    Of a program that had none yet the latest promotions and the latest demotions are taken up: what was decided before
    it came into the application was decided elsewhere.
    """
    found = sorted(_days(program, after=today() - FIRST_LOOK), key=lambda due: (due.day.on, due.day.ladder))
    last = dict(Review.objects.filter(program_id=program).order_by("on").values_list("ladder", "on"))
    for ladder in dict.fromkeys(due.day.ladder for due in found):
        mine = [due for due in found if due.day.ladder == ladder]
        yield from (due for due in mine if due.day.on > last[ladder]) if ladder in last else _latest(mine)


def _latest(due: Iterable[DueReview]) -> list[DueReview]:
    listed = list(due)
    lowering = [item for item in listed if item.day.lowers]
    return sorted({*lowering[-1:], *listed[-1:]}, key=lambda item: item.day.on)


def _days(program: str, *, after: date) -> Iterator[DueReview]:
    """The review days of each version while it was in force."""
    versions = list(
        ProgramVersion.objects.filter(program_id=program, effective__lte=today()).order_by("effective", "pk")
    )
    joined = set(Enrolment.objects.filter(program_id=program).values_list("joined_on", flat=True))
    ends = [*(version.effective - ONE_DAY for version in versions[1:]), today()]
    for version, until in zip(versions, ends, strict=True):
        begun = max(after, version.effective)
        days = review_days(
            loaded(version), after=begun, until=until, joined=joined, holidays=_holidays(version.owner_id)
        )
        yield from (DueReview(day, version) for day in days if is_decidable(loaded(version).ladders[day.ladder]))


def is_decidable(ladder: Ladder) -> bool:
    """Whether people can decide about a ladder: it has one tier for each partner, or one for each cell of a column."""
    return len(ladder.by) <= 1


def _holidays(owner: str) -> frozenset[date]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT day FROM ref_holidays WHERE owner_org = %s AND day IS NOT NULL", [owner])
        return frozenset(row[0] for row in cursor.fetchall())


# --- one review ------------------------------------------------------------------------------------------------------


def open_review(program: Program, due: DueReview, proposal: ReviewProposal, facts: FactSet) -> Review | None:
    """Store a review with its lines, and what follows at once; None if somebody else opened it meanwhile."""
    _wait_for_turn(program.pk)
    day, rules = due.day, loaded(due.version)
    if Review.objects.filter(program=program, ladder=day.ladder, on=day.on).exists():
        return None
    ladder = rules.ladders[day.ladder]
    enrolments = {row.pk: row for row in Enrolment.objects.filter(program=program)}
    review = Review.objects.create(
        owner_id=program.owner_id,
        program=program,
        program_version=due.version,
        program_hash=due.version.hash,
        engine_version=swingby.__version__,
        position=proposal.known_at,
        ladder=day.ladder,
        ladder_label=ladder.text.label or ladder.name.replace("_", " ").capitalize(),
        on=day.on,
        looked_at=day.looks_at,
        lowers=day.lowers,
        partners=proposal.partners,
        opened_at=now(),
        near=sorted({enrolment for enrolment, _ in proposal.near})[:MOST_NEAR],
        document=_document(rules, due.version, proposal, facts),
    )
    lines = list(_lines(review, rules, proposal, enrolments, program))
    ReviewLine.objects.bulk_create(lines, batch_size=BATCH)
    _overtake(lines)
    _settle(review, lines, enrolments)
    review_opened(review)
    record_owner_act(
        program.owner_id, actor="clock", action="review.open", subject=review.pk, ladder=day.ladder, day=str(day.on),
        position=proposal.known_at, lines=len(lines),
    )  # fmt: skip
    return review


def _wait_for_turn(program: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reviews:{program}"])


def _document(rules: Rules, version: ProgramVersion, proposal: ReviewProposal, facts: FactSet) -> str:
    """The standings that the lines rest on, with all that replays them."""
    decision = decision_of(rules, facts, proposal.standings, as_of=proposal.day.looks_at, known_at=proposal.known_at)
    return as_document(decision, dict(version.files), {})


def _lines(
    review: Review, rules: Rules, proposal: ReviewProposal, enrolments: Mapping[str, Enrolment], program: Program
) -> Iterator[ReviewLine]:
    ladder = rules.ladders[review.ladder]
    for move in proposal.moves:
        waits = program.promotions_wait if move.goes_up else program.demotions_wait
        tiers = {**_tier("before", ladder, move.before), **_tier("after", ladder, move.after)}
        yield ReviewLine(
            **_whose(review, enrolments[move.enrolment], move.ladder),
            **tiers,
            direction=UP if move.goes_up else DOWN,
            holds_from=move.holds_from,
            requirements=[_shown(row, rules) for row in move.rows],
            is_near=move.is_near,
            state=LineState.WAITS if waits else LineState.AT_ONCE,
            decided_at=None if waits else review.opened_at,
        )
    for stays in proposal.undecided:
        yield ReviewLine(
            **_whose(review, enrolments[stays.enrolment], stays.ladder),
            **_tier("before", ladder, stays.tier),
            **_tier("after", ladder, stays.tier),
            direction=STAY,
            holds_from=review.on,
            requirements=[_shown(row, rules) for row in stays.rows],
            state=LineState.UNDECIDED,
        )


def _whose(review: Review, enrolment: Enrolment, label: str) -> dict[str, Any]:
    cell = label.partition("[")[2].rstrip("]")
    return {
        "id": new_key(),
        "owner_id": review.owner_id,
        "partner_id": enrolment.partner_id,
        "review": review,
        "enrolment": enrolment,
        "ladder": label,
        "ladder_label": f"{review.ladder_label} ({cell})" if cell else review.ladder_label,
        "on": review.on,
    }


def _tier(side: str, ladder: Ladder, tier: str | None) -> dict[str, Any]:
    order = [item.id for item in ladder.tiers]
    place = order.index(tier) if tier in order else -1
    label = ladder.tiers[place].label or ladder.tiers[place].id.capitalize() if place >= 0 else "No tier"
    return {side: tier or "", f"{side}_label": label, f"{side}_rank": place}


def _shown(row: RequirementRow, rules: Rules) -> dict[str, Any]:
    unit = unit_of(row, rules)
    label = _in_per_cent(row) if unit == PERCENT else row.label
    return {
        "path": row.path,
        "label": label[:1].upper() + label[1:],
        "result": row.result,
        "test": row.test,
        **({"unit": unit} if unit else {}),
        **{name: _text(getattr(row, name)) for name in ("value", "line", "gap")},
    }


def _in_per_cent(row: RequirementRow) -> str:
    """The words of a requirement about a share that end with its line, with the line in per cent."""
    words, _, last = row.label.rpartition(" ")
    if row.line is None or last != str(row.line.normalize()):
        return row.label
    return f"{words} {(row.line * 100).normalize():f} %"


def _text(value: Any) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _overtake(lines: Iterable[ReviewLine]) -> None:
    """A newer review has the word about a partner whose line of an earlier one nobody decided."""
    for line in lines:
        older = ReviewLine.objects.filter(enrolment_id=line.enrolment_id, ladder=line.ladder, on__lt=line.on)
        for each in older.filter(state__in=(LineState.WAITS, LineState.NOTICE)):
            ReviewLine.objects.filter(pk=each.pk).update(state=LineState.OVERTAKEN)
            ReviewAct.objects.create(owner_id=each.owner_id, line=each, act="overtake", at=now())


def _settle(review: Review, lines: Iterable[ReviewLine], enrolments: Mapping[str, Enrolment]) -> None:
    """What waits keeps the tier held; what takes effect at once is settled from its day on."""
    facts, moved = [], []
    for line in lines:
        if line.state == LineState.UNDECIDED:
            continue
        waits = line.state == LineState.WAITS
        first = line.on if waits else line.holds_from
        facts.append(
            TierFact(
                fact=f"{line.pk}-{'waits' if waits else 'outcome'}",
                enrolment=enrolments[line.enrolment_id],
                ladder=line.ladder,
                effect=SETTLED,
                tier=(line.before if waits else line.after) or None,
                starts_on=first,
                ends_on=first + ONE_DAY,
            )
        )
        moved += [] if waits else [line]
    if not facts:
        return
    position = write_tier_facts(facts, owner=review.owner_id, batch=f"review {review.pk}")
    for group, side in ((LineState.WAITS, "waiting_fact"), (LineState.AT_ONCE, "outcome_fact")):
        suffix = "waits" if group == LineState.WAITS else "outcome"
        keys = [line.pk for line in lines if line.state == group]
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE review_lines SET {side} = id || %s WHERE id = ANY(%s)", [f"-{suffix}", keys])
    for line in moved:
        assess_from(line.enrolment_id, owner=review.owner_id, position=position, day=line.holds_from)


def assess_from(enrolment: str, *, owner: str, position: int, day: date) -> None:
    """Ask for a new standing now, or on the day from which a decision counts."""
    enqueue_assessment(owner=owner, enrolment=enrolment, position=position, day=day if day > today() else None)


# --- from version to version -------------------------------------------------------------------------------------------


def carry_tiers(program: str, *, owner: str) -> int:
    """Carry tiers over to the version in force, once: its ladders begin anew on its first day.

    A tier is found by its id, or by what it was called before; one that is gone is the highest below it that is left.
    """
    versions = list(
        ProgramVersion.objects.filter(program_id=program, effective__lte=today()).order_by("effective", "pk")
    )
    carried = 0
    for old, new in list(pairwise(versions))[-1:]:
        batch = f"tiers of {program} carried over to {new.version}"
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM ref_positions WHERE owner_org = %s AND batch = %s", [owner, batch])
            if cursor.fetchone():
                continue
        facts = list(_carried(program, loaded(old), loaded(new), new))
        if facts:
            write_tier_facts(facts, owner=owner, batch=batch)
        carried += len(facts)
    return carried


def _carried(program: str, old: Rules, new: Rules, version: ProgramVersion) -> Iterator[TierFact]:
    for enrolment in Enrolment.objects.filter(not_ended(version.effective), program_id=program).order_by("pk"):
        earlier = enrolment.standings.filter(as_of__lt=version.effective).order_by("-as_of", "-position", "-id")
        before, last = earlier.first() or latest_standing(enrolment), version.effective - ONE_DAY
        held = tiers_that_count(old, enrolment, before, on=last)
        for label, tier in held.items():
            ladder = label.partition("[")[0]
            if ladder in new.ladders and ladder in old.ladders and tier:
                yield TierFact(
                    fact=f"{version.pk}-{enrolment.pk}-{label}",
                    enrolment=enrolment,
                    ladder=label,
                    effect=SETTLED,
                    tier=same_tier(old.ladders[ladder], new.ladders[ladder], tier),
                    starts_on=version.effective,
                    ends_on=version.effective + ONE_DAY,
                )


def same_tier(old: Ladder, new: Ladder, tier: str) -> str | None:
    """The tier of another version that a tier is, or the highest below it that is left."""
    names = {item.was: item.id for item in new.tiers if item.was} | {item.id: item.id for item in new.tiers}
    order = [item.id for item in old.tiers]
    below = order[: order.index(tier) + 1] if tier in order else [tier]
    return next((names[name] for name in reversed(below) if name in names), None)
