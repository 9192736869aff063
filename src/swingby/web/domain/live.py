"""Standings at once, from the engine on PostgreSQL under the scope that is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from threading import Lock
from typing import Any

from django.db import connection
from django.db.models import Q

import swingby
from swingby.engine import LiveEngine, Standing, coverage_test, has_reviews, with_held
from swingby.errors import SwingbyError
from swingby.facts import Coverage
from swingby.program.model import Ladder, Program
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import loaded
from swingby.web.domain.results import NO_POINTS, KeptLines, computed, shown_score
from swingby.web.domain.standings import ComputedStanding, latest_standing, latest_standings
from swingby.web.domain.tier_facts import tier_decisions, tiers_that_count
from swingby.web.domain.whole import assess_with_all_facts
from swingby.web.models import ActivityReport, Enrolment, Organization, ProgramVersion
from swingby.web.models import Standing as StoredStanding


class EngineSource:
    """The engine as a source of standings. Ladders with clocks keep the tier of the last review.

    What one statement on PostgreSQL cannot answer is computed from all facts of the owner.
    """

    engine_version = swingby.__version__

    def assess(self, version: ProgramVersion, *, enrolment: Enrolment, as_of: date, position: int) -> ComputedStanding:
        """The standing of one enrolment."""
        program, before = loaded(version), latest_standing(enrolment)
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
        return _with_lines(found, program, enrolment, before, newest_reports([enrolment]).get(enrolment.pk))

    def assess_many(
        self, version: ProgramVersion, *, enrolments: Sequence[Enrolment], as_of: date, position: int
    ) -> Mapping[str, ComputedStanding]:
        """The standings of several enrolments of one program in one statement, by enrolment.

        Those that the statement has no row for, and all of a program that it cannot answer, are asked one by one.
        """
        program = loaded(version)
        engine = _engine(version.hash, program, coverage_of(version.owner_id))
        if engine is None:
            return {
                each.pk: self.assess(version, enrolment=each, as_of=as_of, position=position) for each in enrolments
            }
        asking = AskingMany.about(enrolments)
        found = asking.standings(engine, program, as_of=as_of, position=position)
        reports = newest_reports(enrolments)
        return {
            each.pk: _with_lines(found[each.pk], program, each, asking.before.get(each.pk), reports.get(each.pk))
            if each.pk in found
            else self.assess(version, enrolment=each, as_of=as_of, position=position)
            for each in enrolments
        }

    def is_quick(self, version: ProgramVersion) -> bool:
        """Whether a standing takes milliseconds, so that somebody can wait for it."""
        return _engine(version.hash, loaded(version), coverage_of(version.owner_id)) is not None


@dataclass(frozen=True, slots=True)
class AskingMany:
    """Enrolments of one program whose standings are asked for together, with what was stored of them."""

    enrolments: Sequence[Enrolment]
    before: Mapping[str, StoredStanding]
    organizations: Mapping[str, Sequence[str]]

    @staticmethod
    def about(enrolments: Sequence[Enrolment]) -> AskingMany:
        """What one statement about all of them needs."""
        return AskingMany(enrolments, latest_standings(enrolments), organizations_of_many(enrolments))

    def standings(self, engine: LiveEngine, program: Program, *, as_of: date, position: int) -> Mapping[str, Standing]:
        """By enrolment the standing on a day; who is not enrolled then is left out."""
        decided = tier_decisions(self.enrolments, on=as_of) if _is_reviewed(program) else {}
        return engine.assess_many(
            connection.connection,
            owner_org=self.enrolments[0].owner_id,
            partners=self.organizations,
            as_of=as_of,
            known_at=position,
            held={
                each.pk: tiers_that_count(
                    program, each, self.before.get(each.pk), on=as_of, decided=decided.get(each.pk, ())
                )
                for each in self.enrolments
            },
        )

    def only(self, enrolments: Collection[str]) -> AskingMany:
        """The same of some of them."""
        return AskingMany(
            [each for each in self.enrolments if each.pk in enrolments],
            self.before,
            {key: own for key, own in self.organizations.items() if key in enrolments},
        )


def _is_reviewed(program: Program) -> bool:
    """Whether people can have decided about a tier."""
    return any(has_reviews(ladder) for ladder in program.ladders.values())


def as_stored(
    found: Standing, program: Program, enrolment: Enrolment, before: StoredStanding | None
) -> ComputedStanding:
    """A standing from all facts as it is stored: with the tiers that count, and the lines of before."""
    held = tiers_that_count(program, enrolment, before, on=found.as_of)
    report = newest_reports([enrolment]).get(enrolment.pk)
    return _with_lines(with_held(program, found, held), program, enrolment, before, report)


def _with_lines(
    found: Standing,
    program: Program,
    enrolment: Enrolment,
    before: StoredStanding | None,
    report: ActivityReport | None,
) -> ComputedStanding:
    kept = _lines(found, program, before, report)
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
#: Whoever needs what another thread is making waits for it, and does not make it a second time.
_making = Lock()


def _engine(program_hash: str, program: Program, coverage: CoverageRows) -> LiveEngine | None:
    key = (program_hash, coverage)
    if key not in _engines:
        with _making:
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


def prepare_live(version: ProgramVersion, *, day: date, many: bool = False) -> None:
    """Make what the standings of a day need, so that the first report accepted does not wait for it."""
    engine = _engine(version.hash, loaded(version), coverage_of(version.owner_id))
    if engine is not None:
        engine.prepare(day, many=many)


def organizations_of(enrolment: Enrolment) -> list[str]:
    """The partner and all below it that are not enrolled themselves: their facts count for it."""
    return organizations_of_many([enrolment])[enrolment.pk]


def organizations_of_many(enrolments: Sequence[Enrolment]) -> dict[str, list[str]]:
    """The same of several enrolments, in two statements."""
    lineages = _with_all_below({each.partner_id for each in enrolments})
    below = defaultdict[str, set[str]](set)
    for key, lineage in lineages.items():
        for above in lineage:
            below[above].add(key)
    programs = {each.program_id for each in enrolments}
    rows = Enrolment.objects.filter(program_id__in=programs, partner__in=list(lineages))
    enrolled = defaultdict[tuple[str, str], set[str]](set)
    for key, program, partner in rows.values_list("pk", "program", "partner"):
        enrolled[program, partner].add(key)
    return {each.pk: _counting_for(each, below[each.partner_id], enrolled) for each in enrolments}


def _with_all_below(partners: Collection[str]) -> dict[str, Sequence[str]]:
    """Organizations and what is below them, with their lineages: by parents, of which an index knows."""
    found: dict[str, Sequence[str]] = {}
    wanted = Q(pk__in=partners) | Q(parent__in=partners)
    while more := dict(Organization.objects.filter(wanted).exclude(pk__in=list(found)).values_list("pk", "lineage")):
        found |= more
        below = more.keys() - set(partners)
        if not below:
            break
        wanted = Q(parent__in=below)
    return found


def _counting_for(
    enrolment: Enrolment, below: Collection[str], enrolled: Mapping[tuple[str, str], Collection[str]]
) -> list[str]:
    program, own = enrolment.program_id, {enrolment.pk}
    return sorted(one for one in {enrolment.partner_id, *below} if own.issuperset(enrolled.get((program, one), ())))


def has_clock(ladder: Ladder) -> bool:
    """Whether tiers change on review days only."""
    return has_reviews(ladder)


def newest_reports(enrolments: Sequence[Enrolment]) -> dict[str, ActivityReport]:
    """By enrolment the activity report that was accepted last."""
    rows = ActivityReport.objects.filter(enrolment__in=[each.pk for each in enrolments]).exclude(fact_id="")
    newest = rows.order_by("enrolment", "-decided_at").distinct("enrolment")
    return {row.enrolment_id: row for row in newest}


def _lines(
    found: Standing, program: Program, before: StoredStanding | None, report: ActivityReport | None
) -> KeptLines:
    """The lines stored before, and one for what the score changed by since: they still add up.

    An accepted report that a cap leaves without points gets its line too, with none.
    """
    stored = before.result if before else {}
    kept = KeptLines(stored.get("history", ()), int(stored.get("history_total", 0)))
    difference = _difference(found, program, before)
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
