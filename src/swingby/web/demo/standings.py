"""The first standings of everybody, from one run of the engine in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import swingby
from swingby.engine import Assessment, HistoryLine, ReviewDay, Standing, assess, proposal_of
from swingby.facts import FactSet
from swingby.program import Program
from swingby.web.domain.results import computed, shown_score
from swingby.web.domain.review_opening import due_reviews, open_review
from swingby.web.domain.standings import ComputedStanding, current_position
from swingby.web.models import Enrolment, LineState, ProgramVersion, ReviewLine, StandingRequirement
from swingby.web.models import Standing as StoredStanding

BATCH = 2_000
Standings = Mapping[tuple[str, date], Standing]


def open_reviews_and_store_standings(facts: FactSet, *, version: ProgramVersion, program: Program, as_of: date) -> None:
    """Assess every enrolment, open the reviews that have come, and store where everybody stands.

    One run answers everything. Between two reviews tiers stay, so that the day of a review is answered by the day that
    the next one looks at.
    """
    due = [item for item in due_reviews(version.program_id) if item.day.holds_from == (item.day.on,)]
    days = sorted({as_of, *(item.day.looks_at for item in due)})
    run = assess(program, facts, as_of=days)
    try:
        found = dict(run.by_key)
        for item in due:
            answers = _answered_later(found, item.day, days)
            proposal = proposal_of(program, item.day, answers, known_at=run.known_at)
            review = open_review(version.program, item, proposal, facts)
            for line in review.lines.filter(state=LineState.WAITS) if review else ():
                found |= _as_it_waits(program, found, line, days)
        histories = _histories(run)
    finally:
        run.close()
    standings = [standing for (_, day), standing in found.items() if day == as_of]
    _store(standings, histories, version=version, program=program, as_of=as_of)


def _answered_later(found: Standings, day: ReviewDay, days: Sequence[date]) -> Standings:
    """Standings in which the review's own day is that of the next asked one."""
    later = next(each for each in days if each >= day.on)
    return {**found, **{(enrolment, day.on): item for (enrolment, on), item in found.items() if on == later}}


def _as_it_waits(program: Program, found: Standings, line: ReviewLine, days: Sequence[date]) -> Standings:
    """A partner's standings after a review that somebody has yet to decide: with the tier of before it.

    Rules of programs in the application read no tier, so that nothing else differs.
    """
    order = [tier.id for tier in program.ladders[line.review.ladder].tiers]
    kept = found[line.enrolment_id, max(day for day in days if day < line.on)].tiers[line.ladder]
    changed = {}
    for day in (each for each in days if each >= line.on):
        standing = found[line.enrolment_id, day]
        held = standing.tiers[line.ladder]
        if _rank(order, held.earned) > _rank(order, line.before):
            break  # A later review gives it more than it is about to lose.
        tier = replace(held, tier=kept.tier, next_tier=kept.next_tier, since=kept.since, hold_until=kept.hold_until)
        changed[line.enrolment_id, day] = replace(standing, tiers={**standing.tiers, line.ladder: tier})
    return changed


def _rank(order: Sequence[str], tier: str | None) -> int:
    return order.index(tier) if tier else -1


def _store(
    standings: Sequence[Standing],
    histories: Mapping[str, Sequence[HistoryLine]],
    *,
    version: ProgramVersion,
    program: Program,
    as_of: date,
) -> None:
    enrolments = {row.pk: row for row in Enrolment.objects.filter(program=version.program_id)}
    found = [computed(item, program, history=histories.get(item.enrolment, ())) for item in standings]
    position = current_position(version.owner_id)
    stored = StoredStanding.objects.bulk_create(
        (_standing(item, enrolments[item.enrolment], version, as_of, position) for item in found), batch_size=BATCH
    )
    rows = (row for standing, item in zip(stored, found, strict=True) for row in _requirements(standing, item))
    StandingRequirement.objects.bulk_create(rows, batch_size=BATCH)


def _histories(run: Assessment) -> Mapping[str, Sequence[HistoryLine]]:
    score = shown_score(run.program)
    return run.histories(score) if score else {}


def _standing(
    item: ComputedStanding, enrolment: Enrolment, version: ProgramVersion, as_of: date, position: int
) -> StoredStanding:
    return StoredStanding(
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        enrolment=enrolment,
        as_of=as_of,
        position=position,
        program_version=version,
        program_hash=version.hash,
        engine_version=swingby.__version__,
        tier=item.tier,
        result=dict(item.result),
    )


def _requirements(standing: StoredStanding, item: ComputedStanding) -> Iterator[StandingRequirement]:
    for row in item.requirements:
        yield StandingRequirement(
            owner_id=standing.owner_id,
            partner_id=standing.partner_id,
            standing=standing,
            ladder=row.ladder,
            tier=row.tier,
            requirement=row.requirement,
            state=row.state,
            value=row.value,
            threshold=row.threshold,
            gap=row.gap,
        )
