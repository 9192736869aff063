"""The nightly run of one owner: recompute everything from the columnar copy, compare, then begin the new day.

First the stored standings are compared with what DuckDB makes of all facts, as of the days they are for: a fact that no
assessment at once has seen, or a difference between the two engines, is an alarm. Only then are they assessed for the
new day, by the way that is also taken at once, so that the next night compares that too.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone

from swingby.engine import Assessment, assess
from swingby.errors import SwingbyError
from swingby.facts import FactSet
from swingby.web.clock import today
from swingby.web.domain.agreement import differences
from swingby.web.domain.columnar import bring_copy, copy_folder, open_copy
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.live import as_stored
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.source_mix import mix_of_many
from swingby.web.domain.results import KeptLines, computed
from swingby.web.domain.standings import (
    ComputedStanding,
    assess_enrolments,
    keep_standing,
    latest_standing,
    standing_source,
)
from swingby.web.jobs import MOST_IN_ONE, enqueue_new_day, waiting_enrolments
from swingby.web.models import Disagreement, Enrolment, NightlyRun, Program, ProgramVersion, Standing
from swingby.web.tenancy import act_for_owner

log = logging.getLogger(__name__)

#: Standings that one statement cannot answer are recomputed as known at their own position, and each position takes
#: a whole assessment: so many are made for each program, the largest first.
MOST_GROUPS = 12
#: So many standings are compared, or stored, in one transaction.
BATCH = 200
#: The new day is begun in slices of so many seconds, because jobs that somebody waits for run between them.
SLICE_SECONDS = 4.0
MOST_FAILURES = 20


@dataclass(frozen=True, slots=True)
class Group:
    """Standings that one assessment answers."""

    version: ProgramVersion
    as_of: date
    known_at: int
    standings: tuple[int, ...]
    enrolments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """How a comparison came out, by enrolment; those that could not be compared are in neither."""

    agreed: frozenset[str]
    found: Mapping[str, tuple[Standing, list[dict[str, Any]]]]


def run_night(owner: str) -> None:
    """Bring the copy up to date, compare all standings with it, and ask for the new day. It may run twice."""
    day = today()
    with act_for_owner(owner):
        run, _ = NightlyRun.objects.get_or_create(owner_id=owner, day=day, defaults={"started_at": timezone.now()})
        # Asked for again after it had ended, it begins anew; cut short, it goes on.
        ended = NightlyRun.objects.filter(pk=run.pk, finished_at__isnull=False)
        ended.update(started_at=timezone.now(), finished_at=None)
    brought = bring_copy(owner)
    folder = copy_folder(owner)
    size = sum((folder / name).stat().st_size for name in brought.manifest.files)
    if brought.mended:
        log.error("The columnar copy of %s was wrong and is written anew: %s", owner, ", ".join(brought.mended))
    with ExitStack() as opened:
        facts = _Facts(owner, opened)
        outcomes, failures, left_out = [], [], 0
        for group in _groups(owner, day, brought.manifest.position):
            if group is None:
                left_out += 1
                continue
            try:
                outcomes.append((group, _compare(group, owner, facts)))
            except SwingbyError as error:
                failures.append(f"{group.version} as of {group.as_of}: {error.message} {error.hint}".strip())
    compared = sum(len(outcome.agreed) + len(outcome.found) for _, outcome in outcomes)
    wanted = left_out + sum(len(group.enrolments) for group, _ in outcomes)
    _note(owner, outcomes, day=day)
    with act_for_owner(owner):
        mix = mix_of_many(owner, until=day)
        NightlyRun.objects.filter(pk=run.pk).update(
            position=brought.manifest.position,
            copied_rows=brought.manifest.rows,
            copied_bytes=size,
            mended=list(brought.mended),
            compared=compared,
            disagreed=sum(len(outcome.found) for _, outcome in outcomes),
            waiting=wanted - compared,
            failures=failures,
            reported=mix.reported if mix else None,
            from_systems=mix.from_systems if mix else None,
        )
        enqueue_new_day(owner=owner)


class _Facts:
    """The copy as each version reads it, opened once."""

    def __init__(self, owner: str, opened: ExitStack) -> None:
        self._owner, self._opened = owner, opened
        self._by_hash: dict[str, FactSet] = {}

    def read_by(self, version: ProgramVersion) -> FactSet:
        if version.hash not in self._by_hash:
            with act_for_owner(self._owner):
                facts, _ = open_copy(self._owner, loaded(version))
            self._by_hash[version.hash] = self._opened.enter_context(facts)
        return self._by_hash[version.hash]


# --- comparing -------------------------------------------------------------------------------------------------------


def _groups(owner: str, day: date, position: int) -> list[Group | None]:
    """The standings that count, put together as assessments answer them; None for each that is left out."""
    with act_for_owner(owner):
        versions = {version.pk: version for version in ProgramVersion.objects.filter(owner_id=owner)}
        quick = {key: standing_source().is_quick(version) for key, version in versions.items()}
        rows = (
            Standing.objects.filter(owner_id=owner, position__lte=position)
            .filter(not_ended(day, at="enrolment"), enrolment__joined_on__lte=F("as_of"))
            .order_by("enrolment", "-as_of", "-position", "-id")
            .distinct("enrolment")
            .values_list("pk", "enrolment", "program_version", "as_of", "position")
        )
        found: defaultdict[tuple[int, date, int], list[tuple[int, str]]] = defaultdict(list)
        for key, enrolment, version, as_of, known_at in rows:
            found[version, as_of, position if quick[version] else known_at].append((key, enrolment))
    groups: list[Group | None] = []
    slow = 0
    for (version, as_of, known_at), members in sorted(found.items(), key=lambda item: -len(item[1])):
        slow += not quick[version]
        if not quick[version] and slow > MOST_GROUPS:
            groups += [None] * len(members)
            continue
        keys, enrolments = zip(*members, strict=True)
        groups.append(Group(versions[version], as_of, known_at, keys, enrolments))
    return groups


def _compare(group: Group, owner: str, facts: _Facts) -> Compared:
    program = loaded(group.version)
    run = assess(
        program, facts.read_by(group.version), as_of=group.as_of, known_at=group.known_at, enrolments=group.enrolments
    )
    agreed: set[str] = set()
    found: dict[str, tuple[Standing, list[dict[str, Any]]]] = {}
    with closing(run):
        for start in range(0, len(group.standings), BATCH):
            for standing in _still_counting(group, owner, start):
                told = differences(standing, _recomputed(run, standing, group.version))
                if told:
                    found[standing.enrolment_id] = (standing, told)
                else:
                    agreed.add(standing.enrolment_id)
    return Compared(frozenset(agreed), found)


def _still_counting(group: Group, owner: str, start: int) -> list[Standing]:
    """The stored standings of a batch, without those that changed meanwhile or wait for a job."""
    keys, enrolments = group.standings[start : start + BATCH], group.enrolments[start : start + BATCH]
    with act_for_owner(owner):
        waiting = waiting_enrolments(owner=owner, enrolments=enrolments)
        latest = set(
            Standing.objects.filter(enrolment__in=enrolments)
            .order_by("enrolment", "-as_of", "-position", "-id")
            .distinct("enrolment")
            .values_list("pk", flat=True)
        )
        rows = Standing.objects.filter(pk__in=latest.intersection(keys)).exclude(enrolment__in=waiting)
        return list(rows.select_related("enrolment").prefetch_related("requirements").order_by("enrolment"))


def _recomputed(run: Assessment, standing: Standing, version: ProgramVersion) -> ComputedStanding | None:
    found = run.by_key.get((standing.enrolment_id, standing.as_of))
    if found is None:
        return None
    return computed(found, loaded(version), kept=KeptLines((), 0), joined_on=standing.enrolment.joined_on)


def _note(owner: str, outcomes: Sequence[tuple[Group, Compared]], *, day: date) -> None:
    """Raise an alarm for each disagreement, and settle those that are over."""
    with act_for_owner(owner):
        for group, outcome in outcomes:
            Disagreement.objects.filter(enrolment__in=outcome.agreed, settled_on=None).update(settled_on=day)
            for standing, told in outcome.found.values():
                _raise_alarm(standing, told, known_at=group.known_at, day=day)
    count = sum(len(outcome.found) for _, outcome in outcomes)
    if count:
        log.error("The nightly run of %s comes to something else for %s standings: see Operations", owner, count)


def _raise_alarm(standing: Standing, told: list[dict[str, Any]], *, known_at: int, day: date) -> None:
    said = {
        "as_of": standing.as_of,
        "stored_position": standing.position,
        "known_at": known_at,
        "program_hash": standing.program_hash,
        "differences": told,
        "last_found_on": day,
    }
    Disagreement.objects.update_or_create(
        enrolment_id=standing.enrolment_id,
        settled_on=None,
        defaults=said,
        create_defaults={
            **said,
            "owner_id": standing.owner_id,
            "partner_id": standing.partner_id,
            "found_on": day,
        },
    )


# --- the new day -----------------------------------------------------------------------------------------------------


def begin_new_day(owner: str) -> None:
    """Assess those who have no standing of today, for a few seconds; asks for more of it until nobody is left."""
    until, day = time.monotonic() + SLICE_SECONDS, today()
    failures: list[str] = []
    done, is_over = 0, True
    with act_for_owner(owner):
        programs = sorted(Program.objects.filter(owner_id=owner).values_list("pk", flat=True))
    for program in programs:
        for count in _assess_program(program, owner, day, failures):
            done += count
            if time.monotonic() > until:
                is_over = False
                break
        if not is_over:
            break
    with act_for_owner(owner):
        run = NightlyRun.objects.filter(owner_id=owner, day=day).first()
        if run is not None:
            NightlyRun.objects.filter(pk=run.pk).update(
                refreshed=F("refreshed") + done,
                failures=[*run.failures, *failures][:MOST_FAILURES],
                finished_at=timezone.now() if is_over else None,
            )
        if not is_over and not (failures and not done):
            enqueue_new_day(owner=owner)


def _assess_program(program: str, owner: str, day: date, failures: list[str]) -> Iterator[int]:
    """Bring a program's standings to a day; yields how many are new, now and then."""
    try:
        with act_for_owner(owner):
            version = version_in_force(program, on=day)
            missing = _without_standing(program, version, day)
            is_quick = standing_source().is_quick(version)
        if missing and is_quick:
            yield from _assess_each(missing, owner, failures)
        elif missing:
            yield _assess_all(missing, version, owner, day)
    except (SwingbyError, RefusedError) as error:
        failures.append(f"{program}: {error}")


def _without_standing(program: str, version: ProgramVersion, day: date) -> list[str]:
    """Those who are enrolled on a day, and have no standing of that day by that version."""
    here = Enrolment.objects.filter(program_id=program, joined_on__lte=day)
    here = here.filter(not_ended(day))
    known = Standing.objects.filter(as_of=day, program_hash=version.hash, enrolment__program=program)
    return list(here.exclude(pk__in=known.values("enrolment")).order_by("pk").values_list("pk", flat=True))


def _assess_each(enrolments: Sequence[str], owner: str, failures: list[str]) -> Iterator[int]:
    for start in range(0, len(enrolments), MOST_IN_ONE):
        part = enrolments[start : start + MOST_IN_ONE]
        wrong = assess_enrolments(part, owner=owner, position=0)
        failures += [f"{enrolment}: {error}" for enrolment, error in wrong.items()]
        yield len(part) - len(wrong)


def _assess_all(enrolments: Sequence[str], version: ProgramVersion, owner: str, day: date) -> int:
    """What one statement about one partner cannot answer is answered for all at once."""
    program, done = loaded(version), 0
    with act_for_owner(owner):
        facts, manifest = open_copy(owner, program)
    with facts, closing(assess(program, facts, as_of=day, known_at=manifest.position, enrolments=enrolments)) as run:
        for start in range(0, len(enrolments), BATCH):
            with act_for_owner(owner):
                rows = Enrolment.objects.filter(pk__in=enrolments[start : start + BATCH]).select_related("partner")
                for row in rows:
                    found = run.by_key.get((row.pk, day))
                    if found is not None:
                        stored = as_stored(found, program, row, latest_standing(row))
                        done += keep_standing(
                            stored, enrolment=row, version=version, as_of=day, position=manifest.position
                        )
    return done
