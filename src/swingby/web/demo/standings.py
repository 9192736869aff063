"""The first standings of everybody, from one run of the engine in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import swingby
from swingby.engine import Assessment, HistoryLine, assess
from swingby.facts import FactSet
from swingby.program import Program
from swingby.web.domain.results import computed, shown_score
from swingby.web.domain.standings import ComputedStanding
from swingby.web.models import Enrolment, ProgramVersion, Standing, StandingRequirement

BATCH = 2_000


def store_all_standings(facts: FactSet, *, version: ProgramVersion, program: Program, as_of: date) -> None:
    """Assess every enrolment at once and store what came out."""
    enrolments = {row.pk: row for row in Enrolment.objects.filter(program=version.program_id)}
    run = assess(program, facts, as_of=as_of)
    try:
        histories = _histories(run)
        found = [computed(standing, program, history=histories.get(standing.enrolment, ())) for standing in run]
    finally:
        run.close()
    stored = Standing.objects.bulk_create(
        (_standing(item, enrolments[item.enrolment], version, as_of, run.known_at) for item in found), batch_size=BATCH
    )
    rows = (row for standing, item in zip(stored, found, strict=True) for row in _requirements(standing, item))
    StandingRequirement.objects.bulk_create(rows, batch_size=BATCH)


def _histories(run: Assessment) -> Mapping[str, Sequence[HistoryLine]]:
    score = shown_score(run.program)
    return run.histories(score) if score else {}


def _standing(
    item: ComputedStanding, enrolment: Enrolment, version: ProgramVersion, as_of: date, position: int
) -> Standing:
    return Standing(
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


def _requirements(standing: Standing, item: ComputedStanding) -> Iterator[StandingRequirement]:
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
