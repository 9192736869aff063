"""Standings at once, from the engine on PostgreSQL under the scope that is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from threading import Thread
from typing import Any

from django.db import connection

import swingby
from swingby.engine import LiveEngine, Standing, coverage_test, has_reviews, with_held
from swingby.errors import SwingbyError
from swingby.facts import Coverage
from swingby.program.model import Ladder, Program
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.results import NO_POINTS, KeptLines, computed, shown_score
from swingby.web.domain.standings import ComputedStanding, latest_standing
from swingby.web.domain.tier_facts import tiers_that_count
from swingby.web.domain.whole import assess_with_all_facts
from swingby.web.models import ActivityReport, Enrolment, Organization, ProgramVersion
from swingby.web.models import Program as StoredProgram
from swingby.web.models import Standing as StoredStanding


class EngineSource:
    """The engine as a source of standings. Ladders with clocks keep the tier of the last review.

    What one statement on PostgreSQL cannot answer is computed from all facts of the owner.
    """

    engine_version = swingby.__version__

    def assess(self, version: ProgramVersion, *, enrolment: Enrolment, as_of: date, position: int) -> ComputedStanding:
        """The standing of one enrolment."""
        program, before = loaded(version), latest_standing(enrolment)
        with connection.cursor() as cursor:
            # One plan for all values: planning each time costs more than running.
            cursor.execute("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)")
        held = tiers_that_count(program, enrolment, before, on=as_of)
        engine = _engine(version.hash, program, coverage_of(enrolment.owner_id))
        if engine is None:
            found = _from_all_facts(program, enrolment, as_of=as_of, position=position, held=held)
        else:
            found = engine.assess(
                connection.connection,
                owner_org=enrolment.owner_id,
                enrolment=enrolment.pk,
                organizations=organizations_of(enrolment),
                as_of=as_of,
                known_at=position,
                held=held,
            )
        if found is None and engine is not None and not program.ladders and not program.scores:
            # The quick statement of such a program has no row for who has no facts.
            found = _from_all_facts(program, enrolment, as_of=as_of, position=position, held=held)
        if found is None:
            raise RefusedError(f"{enrolment} was not enrolled on {as_of}.")
        return _with_lines(found, program, enrolment, before)

    def is_quick(self, version: ProgramVersion) -> bool:
        """Whether a standing takes milliseconds, so that somebody can wait for it."""
        return _engine(version.hash, loaded(version), coverage_of(version.owner_id)) is not None


def as_stored(
    found: Standing, program: Program, enrolment: Enrolment, before: StoredStanding | None
) -> ComputedStanding:
    """A standing from all facts as it is stored: with the tiers that count, and the lines of before."""
    held = tiers_that_count(program, enrolment, before, on=found.as_of)
    return _with_lines(with_held(program, found, held), program, enrolment, before)


def _with_lines(
    found: Standing, program: Program, enrolment: Enrolment, before: StoredStanding | None
) -> ComputedStanding:
    kept = _lines(found, program, before, enrolment)
    return computed(found, program, kept=kept, joined_on=enrolment.joined_on)


def _from_all_facts(
    program: Program, enrolment: Enrolment, *, as_of: date, position: int, held: Mapping[str, str | None]
) -> Standing | None:
    found = assess_with_all_facts(
        program, owner=enrolment.owner_id, enrolment=enrolment.pk, as_of=as_of, position=position
    )
    return with_held(program, found, held) if found else None


CoverageRows = tuple[Coverage, ...]
#: By program and by what its sources are complete for: both are part of the statements. None for a program that one
#: statement about one partner cannot answer.
_engines: dict[tuple[str, CoverageRows], LiveEngine | None] = {}


def _engine(program_hash: str, program: Program, coverage: CoverageRows) -> LiveEngine | None:
    key = (program_hash, coverage)
    if key not in _engines:
        _engines[key] = live_engine(program, coverage)
    return _engines[key]


def live_engine(program: Program, coverage: CoverageRows) -> LiveEngine | None:
    """An engine for standings at once; None for a program that one statement about one partner cannot answer."""
    try:
        return LiveEngine(program, incomplete=coverage_test(coverage))
    except SwingbyError as error:
        if error.code != "not-computed":
            raise
        return None


def coverage_of(owner: str) -> CoverageRows:
    """What the owner's sources are complete for; a kind without a row is complete."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, source, complete_from, complete_to FROM ref_coverage WHERE owner_org = %s ORDER BY 1, 2, 3",
            [owner],
        )
        return tuple(Coverage(*row) for row in cursor.fetchall())


def warm_up_programs(owner: str) -> None:
    """Compile the versions in force of an owner's programs."""
    for program in StoredProgram.objects.filter(owner_id=owner):
        warm_up(version_in_force(program.pk, on=today()), as_of=today())


def warm_up(version: ProgramVersion, *, as_of: date) -> None:
    """Compile a version in the background, so that the first report accepted does not wait for it."""
    coverage = coverage_of(version.owner_id)
    if (version.hash, coverage) not in _engines:
        Thread(target=_prepare, args=(version.hash, loaded(version), coverage, as_of), daemon=True).start()


def _prepare(program_hash: str, program: Program, coverage: CoverageRows, day: date) -> None:
    engine = _engine(program_hash, program, coverage)
    if engine is not None:
        engine._statement(day)  # noqa: SLF001 - the engine makes it at the first assessment otherwise


def organizations_of(enrolment: Enrolment) -> list[str]:
    """The partner and all below it that are not enrolled themselves: their facts count for it."""
    below = Organization.objects.filter(lineage__contains=[enrolment.partner_id]).values_list("pk", flat=True)
    enrolled = Enrolment.objects.filter(program_id=enrolment.program_id).exclude(pk=enrolment.pk)
    return sorted(
        {enrolment.partner_id, *below} - set(enrolled.filter(partner__in=below).values_list("partner", flat=True))
    )


def has_clock(ladder: Ladder) -> bool:
    """Whether tiers change on review days only."""
    return has_reviews(ladder)


def _lines(found: Standing, program: Program, before: StoredStanding | None, enrolment: Enrolment) -> KeptLines:
    """The lines stored before, and one for what the score changed by since: they still add up.

    An accepted report that a cap leaves without points gets its line too, with none.
    """
    stored = before.result if before else {}
    kept = KeptLines(stored.get("history", ()), int(stored.get("history_total", 0)))
    difference = _difference(found, program, before)
    report = enrolment.reports.exclude(fact_id="").order_by("-decided_at").first()
    if report is not None and report.pk in {line.get("report") for line in kept.newest}:
        report = None
    if not difference and report is None:
        return kept
    line = _line_for(report, stored.get("kinds", {})) if report else _line_without(found)
    note = "" if difference else NO_POINTS
    return KeptLines([{**line, "points": f"{difference:f}", "note": note}, *kept.newest], kept.total + 1)


def _line_for(report: ActivityReport, words: Mapping[str, str]) -> dict[str, Any]:
    what = words.get(report.kind, report.kind)
    return {"day": report.happened_on.isoformat(), "what": what, "source": "You reported", "report": report.pk}


def _line_without(found: Standing) -> dict[str, Any]:
    return {"day": found.as_of.isoformat(), "what": "Brought up to date"}


def _difference(found: Standing, program: Program, before: StoredStanding | None) -> Decimal:
    name = shown_score(program)
    now = found.numbers[name].value if name else None
    stored = (before.result.get("score") or {}).get("value") if before else None
    return now - Decimal(stored) if now is not None and stored is not None else Decimal(0)
