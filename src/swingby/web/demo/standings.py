"""The first standings of everybody, from one run of the engine in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.db import connection

import swingby
from swingby.engine import TIER_DECISIONS, Assessment, HistoryLine, Standing, assess, proposal_of
from swingby.facts import FactSet
from swingby.program import Program
from swingby.web.domain.results import computed, shown_score
from swingby.web.domain.review_opening import due_reviews, open_review
from swingby.web.domain.standings import ComputedStanding, current_position
from swingby.web.models import Enrolment, LineState, ProgramVersion, StandingRequirement
from swingby.web.models import Standing as StoredStanding

BATCH = 2_000


def open_reviews_and_store_standings(facts: FactSet, *, version: ProgramVersion, program: Program, as_of: date) -> None:
    """Assess every enrolment, open the reviews that have come, and store where everybody stands.

    One run answers the days of the reviews as well. Only who waits for a decision of a review is assessed again, since
    that partner stands elsewhere on the days after it.
    """
    due = [item for item in due_reviews(version.program_id) if item.day.holds_from == (item.day.on,)]
    days = sorted({as_of, *(day for item in due for day in item.day.days)})
    run = assess(program, facts, as_of=days)
    try:
        found = dict(run.by_key)
        for item in due:
            proposal = proposal_of(program, item.day, found, known_at=run.known_at)
            review = open_review(version.program, item, proposal, facts)
            waiting = sorted(
                {line.enrolment_id for line in review.lines.filter(state=LineState.WAITS)} if review else ()
            )
            if waiting:
                found |= _assessed_again(facts, program, waiting, days)
        histories = _histories(run)
    finally:
        run.close()
    standings = [standing for (_, day), standing in found.items() if day == as_of]
    _store(standings, histories, version=version, program=program, as_of=as_of)


def _assessed_again(
    facts: FactSet, program: Program, enrolments: Sequence[str], days: Sequence[date]
) -> Mapping[tuple[str, date], Standing]:
    """The standings of some partners with what their reviews wait for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fact_id, position, organization, program, ladder, effect, tier, starts_on, ends_on"
            " FROM fact_tier_decisions WHERE program = %s",
            [program.header.id],
        )
        rows = cursor.fetchall()
    facts.connection.execute(f"DELETE FROM fact_{TIER_DECISIONS}")
    facts.connection.executemany(
        f"INSERT INTO fact_{TIER_DECISIONS} (fact_id, root_id, position, organization, program, ladder, effect, tier,"
        " starts_on, ends_on) VALUES ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9)",
        rows,
    )
    again = assess(program, facts, as_of=days, known_at=max(row[1] for row in rows), enrolments=enrolments)
    try:
        return dict(again.by_key)
    finally:
        again.close()


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
