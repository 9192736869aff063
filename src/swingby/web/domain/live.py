"""Standings at once, from the engine on PostgreSQL under the scope that is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from threading import Thread
from typing import Any

from django.db import connection

import swingby
from swingby.engine import LiveEngine, Standing, coverage_test, has_reviews
from swingby.facts import Coverage
from swingby.program.model import Ladder, Program
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.results import NO_POINTS, KeptLines, computed, shown_score
from swingby.web.domain.standings import ComputedStanding, latest_standing
from swingby.web.domain.tier_facts import tiers_that_count
from swingby.web.models import ActivityReport, Enrolment, Organization, ProgramVersion
from swingby.web.models import Program as StoredProgram
from swingby.web.models import Standing as StoredStanding


class EngineSource:
    """The engine as a source of standings. Ladders with clocks keep the tier of the last review."""

    engine_version = swingby.__version__

    def assess(self, version: ProgramVersion, *, enrolment: Enrolment, as_of: date, position: int) -> ComputedStanding:
        """The standing of one enrolment."""
        program, before = loaded(version), latest_standing(enrolment)
        with connection.cursor() as cursor:
            # One plan for all values: planning each time costs more than running.
            cursor.execute("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)")
        found = _engine(version.hash, program, _coverage(enrolment.owner_id)).assess(
            connection.connection,
            owner_org=enrolment.owner_id,
            enrolment=enrolment.pk,
            organizations=_organizations(enrolment),
            as_of=as_of,
            known_at=position,
            held=_held(program, before, enrolment, as_of),
        )
        if found is None:
            raise RefusedError(f"{enrolment} was not enrolled on {as_of}.")
        return computed(found, program, kept=_lines(found, program, before, enrolment))


_CoverageRows = tuple[Coverage, ...]
#: By program and by what its sources are complete for: both are part of the statements.
_engines: dict[tuple[str, _CoverageRows], LiveEngine] = {}


def _engine(program_hash: str, program: Program, coverage: _CoverageRows) -> LiveEngine:
    key = (program_hash, coverage)
    if key not in _engines:
        _engines[key] = LiveEngine(program, incomplete=coverage_test(coverage))
    return _engines[key]


def _coverage(owner: str) -> _CoverageRows:
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
    coverage = _coverage(version.owner_id)
    if (version.hash, coverage) not in _engines:
        Thread(target=_prepare, args=(version.hash, loaded(version), coverage, as_of), daemon=True).start()


def _prepare(program_hash: str, program: Program, coverage: _CoverageRows, day: date) -> None:
    _engine(program_hash, program, coverage)._statement(day)  # noqa: SLF001 - the engine makes it at the first assessment otherwise


def _organizations(enrolment: Enrolment) -> list[str]:
    """The partner and all below it that are not enrolled themselves: their facts count for it."""
    below = Organization.objects.filter(lineage__contains=[enrolment.partner_id]).values_list("pk", flat=True)
    enrolled = Enrolment.objects.filter(program_id=enrolment.program_id).exclude(pk=enrolment.pk)
    return sorted(
        {enrolment.partner_id, *below} - set(enrolled.filter(partner__in=below).values_list("partner", flat=True))
    )


def _held(
    program: Program, before: StoredStanding | None, enrolment: Enrolment, as_of: date
) -> Mapping[str, str | None]:
    """The tiers of ladders with reviews: as they were stored, and as people decided since."""
    return tiers_that_count(program, enrolment, before, on=as_of)


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
