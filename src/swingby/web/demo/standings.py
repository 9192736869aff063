"""The first standings of everybody, from one run of the engine in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

import swingby
from swingby.engine import Assessment, FactSource, HistoryLine, assess, next_demotion, rhythm_program
from swingby.engine import Standing as EngineStanding
from swingby.facts import Coverage, FactSet
from swingby.program import Program
from swingby.web.domain.portfolio.outlook import keep_outlooks, look_ahead, promised_periods
from swingby.web.domain.portfolio.rows import TREND_DAYS, Earlier, keep_rows
from swingby.web.domain.results import computed, shown_score
from swingby.web.domain.standings import ComputedStanding
from swingby.web.models import Enrolment, PortfolioRow, ProgramVersion, Standing, StandingRequirement

BATCH = 2_000


def store_all_standings(facts: FactSet, *, version: ProgramVersion, program: Program, as_of: date) -> None:
    """Assess every enrolment at once and store what came out."""
    enrolments = {row.pk: row for row in Enrolment.objects.filter(program=version.program_id)}
    earlier, later = as_of - timedelta(days=TREND_DAYS), _day_before_demotion(program, as_of)
    run = assess(program, facts, as_of=(earlier, as_of))
    try:
        histories = _histories(run, as_of)
        found = [
            computed(
                standing,
                program,
                history=histories.get(standing.enrolment, ()),
                joined_on=enrolments[standing.enrolment].joined_on,
            )
            for standing in run
            if standing.as_of == as_of
        ]
        before = _scores(run, earlier)
    finally:
        run.close()
    stored = Standing.objects.bulk_create(
        (_standing(item, enrolments[item.enrolment], version, as_of, run.known_at) for item in found), batch_size=BATCH
    )
    rows = (row for standing, item in zip(stored, found, strict=True) for row in _requirements(standing, item))
    StandingRequirement.objects.bulk_create(rows, batch_size=BATCH)
    keep_rows(stored, earlier=before)
    _look_ahead(facts, program, {row.enrolment_id: row for row in stored}, later)


def _day_before_demotion(program: Program, day: date) -> date | None:
    """The last day before tiers can be lost, where it is the same for all."""
    review = next_demotion(program, after=day)
    return None if review is None else max(review - timedelta(days=1), day)


def _scores(run: Assessment, day: date) -> Mapping[str, Earlier]:
    name = shown_score(run.program)
    values = {s.enrolment: s.numbers[name].value for s in run if name and s.as_of == day and name in s.numbers}
    return {key: Earlier(day, value) for key, value in values.items() if value is not None}


def _look_ahead(facts: FactSet, program: Program, stored: Mapping[str, Standing], later: date | None) -> None:
    """What everybody loses if nothing happens, and what both sides kept: two more runs, over many days at once."""
    day = next(iter(stored.values())).as_of
    promised = promised_periods(program, day=day)
    looked = _on_days(rhythm_program(program), facts, sorted({each.looked_at for each in promised}))
    then = _on_days(program, _AsIfNothingMore(facts), [later] if later else [])
    rows = {row.pk: row for row in PortfolioRow.objects.select_related("enrolment").filter(pk__in=stored)}
    outlooks = {
        row: look_ahead(
            row.enrolment,
            program,
            stored=stored[key],
            then=then.get(key, {}).get(later) if later and row.loses_on == later + timedelta(days=1) else None,
            promised=promised,
            looked=looked.get(key, {}),
        )
        for key, row in rows.items()
    }
    keep_outlooks(outlooks, position=facts.latest_position, day=day)


def _on_days(program: Program, facts: FactSource, days: Sequence[date]) -> Mapping[str, Mapping[date, EngineStanding]]:
    found: defaultdict[str, dict[date, EngineStanding]] = defaultdict(dict)
    if days:
        run = assess(program, facts, as_of=days)
        for standing in run:
            found[standing.enrolment][standing.as_of] = standing
        run.close()
    return found


@dataclass(frozen=True, slots=True)
class _AsIfNothingMore:
    """Facts that count as complete for days to come: what is known today is all there will be."""

    facts: FactSet

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        return self.facts.connection

    @property
    def latest_position(self) -> int:
        return self.facts.latest_position

    @property
    def coverage(self) -> Sequence[Coverage]:
        return ()

    def position_at(self, moment: date) -> int:
        return self.facts.position_at(moment)


def _histories(run: Assessment, day: date) -> Mapping[str, Sequence[HistoryLine]]:
    score = shown_score(run.program)
    return run.histories(score, day) if score else {}


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
