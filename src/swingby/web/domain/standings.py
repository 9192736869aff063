"""Compute, store and find standings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils.module_loading import import_string

from swingby.engine import has_reviews
from swingby.errors import SwingbyError
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.counting import standings_changed
from swingby.web.domain.portfolio.rows import keep_rows
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.telling import TierMove, tiers_moved
from swingby.web.jobs import (
    MOST_IN_ONE,
    enqueue_assessment,
    enqueue_needs,
    enqueue_outlooks,
    take_waiting_assessments,
)
from swingby.web.models import CertificationCatalogue, Enrolment, ProgramVersion, Standing, StandingRequirement
from swingby.web.tenancy import Scope, act_for_owner, open_scope

#: So many rows are added by one statement.
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ComputedRequirement:
    """One requirement row as an engine computed it."""

    ladder: str
    tier: str
    requirement: str
    state: str
    value: Decimal | None
    threshold: Decimal | None
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class ComputedStanding:
    """One standing as an engine computed it; ``result`` can be stored as JSON."""

    enrolment: str
    tier: str
    requirements: Sequence[ComputedRequirement]
    result: Mapping[str, Any]


class StandingSource(Protocol):
    """What computes one standing on PostgreSQL, under the scope that is open."""

    engine_version: str

    def assess(self, version: ProgramVersion, *, enrolment: Enrolment, as_of: date, position: int) -> ComputedStanding:
        """The standing of one enrolment at the end of a day, knowing the facts up to a position."""
        ...

    def assess_many(
        self, version: ProgramVersion, *, enrolments: Sequence[Enrolment], as_of: date, position: int
    ) -> Mapping[str, ComputedStanding]:
        """The standings of several enrolments of the version's program, by enrolment."""
        ...

    def is_quick(self, version: ProgramVersion) -> bool:
        """Whether a standing of the version takes milliseconds, so that somebody can wait for it."""
        ...


def standing_source() -> StandingSource:
    """The configured source."""
    source: StandingSource = import_string(settings.SWINGBY_STANDING_SOURCE)()
    return source


def latest_standing(enrolment: Enrolment) -> Standing | None:
    """The standing that counts: of the latest day, at the highest position."""
    return enrolment.standings.order_by("-as_of", "-position", "-id").first()


def latest_standings(enrolments: Sequence[Enrolment]) -> dict[str, Standing]:
    """By enrolment the standing that counts; who has none is left out."""
    rows = Standing.objects.filter(enrolment__in=[each.pk for each in enrolments])
    newest = rows.order_by("enrolment", "-as_of", "-position", "-id").distinct("enrolment")
    return {row.enrolment_id: row for row in newest}


def reassess_after_commit(enrolment: Enrolment, *, position: int) -> None:
    """Enqueue a job; what is quick is tried when the transaction commits, and the job finds nothing left to do."""
    owner, key = enrolment.owner_id, enrolment.pk
    enqueue_assessment(owner=owner, enrolment=key, position=position)
    transaction.on_commit(lambda: assess_enrolment(key, owner=owner, position=position, only_quick=True), robust=True)


def assess_enrolment(enrolment: str, *, owner: str, position: int, only_quick: bool = False) -> None:
    """Store a standing that knows at least ``position``, unless there is one; ``only_quick`` where somebody waits."""
    with act_for_owner(owner):
        row = Enrolment.objects.select_related("program").get(pk=enrolment)
        as_of = today()
        version = version_in_force(row.program_id, on=as_of)
        source = standing_source()
        if only_quick and not source.is_quick(version):
            return
        _wait_for_turn(row)
        known_at = current_position(owner)
        if _is_known(row, version=version, as_of=as_of, position=min(position, known_at)):
            return
        computed = source.assess(version, enrolment=row, as_of=as_of, position=known_at)
        store_standing(
            computed,
            enrolment=row,
            version=version,
            as_of=as_of,
            position=known_at,
            engine_version=source.engine_version,
        )


def assess_enrolments(enrolments: Sequence[str], *, owner: str, position: int) -> dict[str, Exception]:
    """The same for many, some of them at a time; one that cannot be assessed does not stop the others.

    Returns
    -------
    dict of str to Exception
        By enrolment what was wrong with those that could not be assessed; the others are stored.
    """
    wrong: dict[str, Exception] = {}
    for start in range(0, len(enrolments), MOST_IN_ONE):
        part = enrolments[start : start + MOST_IN_ONE]
        try:
            left = assess_together(dict.fromkeys(part, position), owner=owner)
        except (SwingbyError, RefusedError):
            left = list(part)
        wrong |= _assess_each(left, owner=owner, position=position)
    return wrong


def raise_first(wrong: Mapping[str, Exception]) -> None:
    """Let a job end with the first thing that was wrong, so that it is tried again."""
    for error in wrong.values():
        raise error


def _assess_each(enrolments: Sequence[str], *, owner: str, position: int) -> dict[str, Exception]:
    wrong: dict[str, Exception] = {}
    for enrolment in enrolments:
        try:
            assess_enrolment(enrolment, owner=owner, position=position)
        except (SwingbyError, RefusedError) as error:
            wrong[enrolment] = error
    return wrong


def assess_together(asked: Mapping[str, int], *, owner: str) -> list[str]:
    """Store standings that know at least the positions asked, all in one transaction, with those that wait in the queue.

    Returns
    -------
    list of str
        Those whose program takes longer than a moment: they are to be assessed one by one.
    """
    with act_for_owner(owner):
        waiting = take_waiting_assessments(owner=owner, most=MOST_IN_ONE - len(asked))
        wanted = {key: max(asked.get(key, 0), waiting.get(key, 0)) for key in {**asked, **waiting}}
        slow = _store_missing(wanted, owner=owner)
        for key in slow:
            if key not in asked:
                enqueue_assessment(owner=owner, enrolment=key, position=wanted[key])
        return [key for key in slow if key in asked]


def _store_missing(wanted: Mapping[str, int], *, owner: str) -> list[str]:
    """Returns those that take longer than a moment."""
    as_of, source, slow = today(), standing_source(), list[str]()
    by_program: defaultdict[str, list[Enrolment]] = defaultdict(list)
    for row in Enrolment.objects.filter(owner_id=owner, pk__in=wanted).order_by("pk"):
        by_program[row.program_id].append(row)
    for program, rows in by_program.items():
        version = version_in_force(program, on=as_of)
        if not source.is_quick(version):
            slow += [row.pk for row in rows]
            continue
        _wait_for_turns(rows)
        basis = Basis(version, as_of, current_position(owner), source.engine_version)
        missing = _without_standing(rows, wanted, basis)
        if missing:
            found = source.assess_many(version, enrolments=missing, as_of=as_of, position=basis.position)
            store_standings([(row, found[row.pk]) for row in missing], basis)
    return slow


def _without_standing(rows: Sequence[Enrolment], wanted: Mapping[str, int], basis: Basis) -> list[Enrolment]:
    """Those that have no standing of the day that knows as much as is asked for."""
    standing = Standing.objects.filter(
        enrolment__in=[row.pk for row in rows], as_of=basis.as_of, program_hash=basis.version.hash
    )
    known: dict[str, int] = dict(standing.values_list("enrolment").annotate(Max("position")))
    return [row for row in rows if known.get(row.pk, -1) < min(wanted[row.pk], basis.position)]


def keep_standing(
    computed: ComputedStanding, *, enrolment: Enrolment, version: ProgramVersion, as_of: date, position: int
) -> bool:
    """Add a standing that was computed with others, unless there is one for the day that knows as much."""
    _wait_for_turn(enrolment)
    if _is_known(enrolment, version=version, as_of=as_of, position=position):
        return False
    engine = standing_source().engine_version
    store_standing(
        computed, enrolment=enrolment, version=version, as_of=as_of, position=position, engine_version=engine
    )
    return True


def store_standing(
    computed: ComputedStanding,
    *,
    enrolment: Enrolment,
    version: ProgramVersion,
    as_of: date,
    position: int,
    engine_version: str,
) -> Standing:
    """Add a standing and its requirement rows."""
    basis = Basis(version, as_of, position, engine_version)
    return store_standings([(enrolment, computed)], basis)[0]


@dataclass(frozen=True, slots=True)
class Basis:
    """What standings rest on: the rules, the day, what was known, and the engine."""

    version: ProgramVersion
    as_of: date
    position: int
    engine_version: str


def store_standings(found: Sequence[tuple[Enrolment, ComputedStanding]], basis: Basis) -> list[Standing]:
    """Add standings of one owner with their requirement rows, tell of tiers that moved, and ask for what follows."""
    before = latest_standings([enrolment for enrolment, _ in found])
    standings = add_standings(found, basis)
    keep_rows(standings)
    moved = [(standing, before.get(standing.enrolment_id)) for standing in standings]
    _tell_of_tiers(moved, basis.version)
    enqueue_outlooks(owner=basis.version.owner_id, enrolments=[standing.enrolment_id for standing in standings])
    asked = [new.partner_id for new, last in moved if last is None or _asks_otherwise(last, new)]
    _ask_for_needs(asked)
    standings_changed(basis.version.owner_id, asked)
    return standings


def add_standings(found: Sequence[tuple[Enrolment, ComputedStanding]], basis: Basis) -> list[Standing]:
    """Add standings with their requirement rows, and nothing that follows from them."""
    made = (_standing(enrolment, computed, basis) for enrolment, computed in found)
    standings = Standing.objects.bulk_create(made, batch_size=BATCH)
    pairs = zip(standings, found, strict=True)
    rows = (row for standing, (_, computed) in pairs for row in _requirement_rows(standing, computed))
    StandingRequirement.objects.bulk_create(rows, batch_size=BATCH)
    return standings


def _standing(enrolment: Enrolment, computed: ComputedStanding, basis: Basis) -> Standing:
    return Standing(
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        enrolment=enrolment,
        as_of=basis.as_of,
        position=basis.position,
        program_version=basis.version,
        program_hash=basis.version.hash,
        engine_version=basis.engine_version,
        tier=computed.tier,
        result=dict(computed.result),
    )


def _requirement_rows(standing: Standing, computed: ComputedStanding) -> Iterator[StandingRequirement]:
    for row in computed.requirements:
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


def _asks_otherwise(before: Standing, standing: Standing) -> bool:
    """Whether the tiers may ask something else of the partner's people: others are held, or other rules hold."""
    held = [row.result.get("held") for row in (before, standing)]
    return held[0] != held[1] or before.program_hash != standing.program_hash


def _ask_for_needs(partners: Sequence[str]) -> None:
    """Only who keeps a catalogue has needs: of most partners nothing is asked."""
    if not partners:
        return
    with open_scope(Scope(partner_orgs=frozenset(partners))):
        keeping = CertificationCatalogue.objects.filter(organization__in=partners)
        keepers = set(keeping.values_list("organization_id", flat=True))
    for keeper in sorted(keepers):
        enqueue_needs(owner=keeper)


def _tell_of_tiers(moved: Sequence[tuple[Standing, Standing | None]], version: ProgramVersion) -> None:
    """Tell of tiers that moved by themselves; what reviews decide is told with the review."""
    ladder = next(iter(loaded(version).ladders.values()), None)
    if ladder is None or has_reviews(ladder):
        return
    moves = [
        TierMove(new.enrolment, _tier_label(last), _tier_label(new), str(new.pk))
        for new, last in moved
        if last is not None and last.tier != new.tier and last.as_of <= new.as_of
    ]
    if moves:
        tiers_moved(moves)


def _tier_label(standing: Standing) -> str:
    label: str = (standing.result.get("tier") or {}).get("label", "")
    return label


def current_position(owner: str) -> int:
    """The highest ledger position of an owner that is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position), 0) FROM ref_positions WHERE owner_org = %s", [owner])
        return int(cursor.fetchone()[0])


def _wait_for_turn(enrolment: Enrolment) -> None:
    """Two assessments of one enrolment run one after the other; the second finds the first one's standing."""
    _wait_for_turns([enrolment])


def _wait_for_turns(enrolments: Sequence[Enrolment]) -> None:
    """In the order of their keys, so that two who wait for several never wait for each other."""
    with connection.cursor() as cursor:
        for key in sorted(each.pk for each in enrolments):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"standing:{key}"])


def _is_known(enrolment: Enrolment, *, version: ProgramVersion, as_of: date, position: int) -> bool:
    known = enrolment.standings.filter(as_of=as_of, program_hash=version.hash, position__gte=position)
    return known.exists()
