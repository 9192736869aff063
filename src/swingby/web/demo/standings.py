"""The first standings of everybody, from one run of the engine in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import swingby
from swingby.engine import (
    AsIfNothingMore,
    Assessment,
    FactSource,
    HistoryLine,
    ReviewDay,
    Standing,
    assess,
    next_demotion,
    proposal_of,
    rhythm_program,
)
from swingby.facts import FactSet
from swingby.program import Program
from swingby.web.domain.portfolio.outlook import keep_outlooks, look_ahead, promised_periods
from swingby.web.domain.portfolio.rows import TREND_DAYS, Earlier, keep_rows
from swingby.web.domain.results import computed, shown_score
from swingby.web.domain.review_opening import due_reviews, open_review
from swingby.web.domain.standings import Basis, add_standings, current_position
from swingby.web.models import Enrolment, LineState, PortfolioRow, ProgramVersion, ReviewLine
from swingby.web.models import Standing as StoredStanding

Standings = Mapping[tuple[str, date], Standing]


def open_reviews_and_store_standings(facts: FactSet, *, version: ProgramVersion, program: Program, as_of: date) -> None:
    """Assess every enrolment, open the reviews that have come, and store where everybody stands.

    One run answers everything. Between two reviews tiers stay, so that the day of a review is answered by the day that
    the next one looks at.
    """
    due = [item for item in due_reviews(version.program_id) if item.day.holds_from == (item.day.on,)]
    earlier = as_of - timedelta(days=TREND_DAYS)
    days = sorted({earlier, as_of, *(item.day.looks_at for item in due)})
    run = assess(program, facts, as_of=days)
    try:
        found = dict(run.by_key)
        for item in due:
            answers = _answered_later(found, item.day, days)
            proposal = proposal_of(program, item.day, answers, known_at=run.known_at)
            review = open_review(version.program, item, proposal, facts)
            for line in review.lines.filter(state=LineState.WAITS) if review else ():
                found |= _as_it_waits(program, found, line, days)
        histories = _histories(run, as_of)
    finally:
        run.close()
    standings = [standing for (_, day), standing in found.items() if day == as_of]
    stored = _store(standings, histories, version=version, program=program, as_of=as_of)
    keep_rows(stored, earlier=_scores(program, found, earlier))
    _look_ahead(facts, program, {row.enrolment_id: row for row in stored}, _day_before_demotion(program, as_of))


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
) -> Sequence[StoredStanding]:
    enrolments = {row.pk: row for row in Enrolment.objects.filter(program=version.program_id)}
    found = [
        computed(
            item,
            program,
            history=histories.get(item.enrolment, ()),
            joined_on=enrolments[item.enrolment].joined_on,
        )
        for item in standings
    ]
    basis = Basis(version, as_of, current_position(version.owner_id), swingby.__version__)
    return add_standings([(enrolments[item.enrolment], item) for item in found], basis)


def _day_before_demotion(program: Program, day: date) -> date | None:
    """The last day before tiers can be lost, where it is the same for all."""
    review = next_demotion(program, after=day)
    return None if review is None else max(review - timedelta(days=1), day)


def _scores(program: Program, found: Mapping[tuple[str, date], Standing], day: date) -> Mapping[str, Earlier]:
    name = shown_score(program)
    values = {
        key: each.numbers[name].value
        for (key, on), each in found.items()
        if name and on == day and name in each.numbers
    }
    return {key: Earlier(day, value) for key, value in values.items() if value is not None}


def _look_ahead(facts: FactSet, program: Program, stored: Mapping[str, StoredStanding], later: date | None) -> None:
    """What everybody loses if nothing happens, and what both sides kept: two more runs, over many days at once."""
    day = next(iter(stored.values())).as_of
    promised = promised_periods(program, day=day)
    looked = _on_days(rhythm_program(program), facts, sorted({each.looked_at for each in promised}))
    then = _on_days(program, AsIfNothingMore(facts), [later] if later else [])
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


def _on_days(program: Program, facts: FactSource, days: Sequence[date]) -> Mapping[str, Mapping[date, Standing]]:
    found: defaultdict[str, dict[date, Standing]] = defaultdict(dict)
    if days:
        run = assess(program, facts, as_of=days)
        for standing in run:
            found[standing.enrolment][standing.as_of] = standing
        run.close()
    return found


def _histories(run: Assessment, day: date) -> Mapping[str, Sequence[HistoryLine]]:
    score = shown_score(run.program)
    return run.histories(score, day) if score else {}
