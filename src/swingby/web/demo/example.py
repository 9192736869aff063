"""Load the example: organizations, program, facts, people, first standings. Loading twice changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

import swingby
from swingby.facts import FactSet, read_folder
from swingby.web.demo.facts import copy_facts
from swingby.web.demo.people import LOGINS, VENDOR, describe_logins, invite
from swingby.web.demo.standings import store_all_standings
from swingby.web.domain.organizations import register_organization
from swingby.web.domain.programs import loaded, publish_version
from swingby.web.domain.programs import read_folder as read_program_folder
from swingby.web.domain.reports import submit_report
from swingby.web.models import Enrolment, Organization, Program, ProgramVersion, Role, Standing
from swingby.web.tenancy import Scope, act_for_owner, open_scope
from swingby.web.visibility import actor_of, visible_to

__all__ = ["describe_logins", "load"]

TODAY = date(2026, 3, 31)
VENDOR_NAME = "Harborline"


def load(folder: Path) -> None:
    """Bring the example in ``folder`` into the database, unless it is there.

    The folder holds ``program/`` (YAML) and the facts as CSV, beside it or in ``facts/``.
    """
    with act_for_owner(VENDOR):
        if Standing.objects.exists():
            return
        version = _publish(_program_folder(folder))
        program = loaded(version)
        with read_folder(_facts_folder(folder), program) as facts:
            _enrol(facts, version.program)
            copy_facts(facts, owner=VENDOR)
            store_all_standings(facts, version=version, program=program, as_of=TODAY)
    _invite_people()
    _look_after_partners()
    _report_activities()


def _program_folder(folder: Path) -> Path:
    """The example's own program, or the one that this checkout ships."""
    inner = folder / "program"
    return inner if inner.is_dir() else Path(swingby.__file__).parents[2] / "examples" / VENDOR / "program"


def _facts_folder(folder: Path) -> Path:
    inner = folder / "facts"
    return inner if inner.is_dir() else folder


def _publish(folder: Path) -> ProgramVersion:
    register_organization(VENDOR, name=VENDOR_NAME, registered_by=VENDOR)
    files = read_program_folder(folder)
    program, _ = Program.objects.get_or_create(id=VENDOR, defaults={"owner_id": VENDOR, "name": ""})
    version = publish_version(program, files=files)
    program.name = loaded(version).header.label
    program.save()
    return version


def _enrol(facts: FactSet, program: Program) -> None:
    """Organizations from the top down, so that each finds what stands above it, then the enrolments."""
    rows = facts.connection.execute(
        "SELECT organization, parent, coalesce(name, organization), coalesce(country, ''), coalesce(region, '')"
        " FROM ref_organizations WHERE organization <> ?",
        [VENDOR],
    ).fetchall()
    parents = {row[0]: row[1] for row in rows}
    lineages = {key: _lineage(key, parents) for key in parents}
    ordered = sorted(rows, key=lambda row: len(lineages[row[0]]))
    Organization.objects.bulk_create(
        Organization(
            id=key,
            parent_id=parent if parent in parents else None,
            name=name,
            country=country,
            region=region,
            lineage=lineages[key],
            registered_by=VENDOR,
        )
        for key, parent, name, country, region in ordered
    )
    enrolled = facts.connection.execute(
        "SELECT enrolment, organization, joined_on, ended_on FROM ref_enrolments ORDER BY enrolment"
    ).fetchall()
    Enrolment.objects.bulk_create(
        Enrolment(
            id=key, program=program, owner_id=VENDOR, partner_id=partner, joined_on=joined or TODAY, ended_on=ended
        )
        for key, partner, joined, ended in enrolled
    )


def _lineage(key: str, parents: dict[str, str | None]) -> list[str]:
    lineage: list[str] = []
    place: str | None = key
    while place is not None and place in parents and place not in lineage:
        lineage.append(place)
        place = parents[place]
    return lineage


def _invite_people() -> None:
    with transaction.atomic():
        with open_scope(Scope(owner_orgs=frozenset({VENDOR}))):
            known = {name: key for key, name in Organization.objects.values_list("pk", "name")}
        for login in LOGINS:
            key = VENDOR if login.organization is None else known[login.organization]
            own = frozenset({key})
            with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
                invite(login, organization=Organization.objects.get(pk=key))


def _look_after_partners() -> None:
    """Give the partners with a login their success manager."""
    with act_for_owner(VENDOR):
        manager = next(login for login in LOGINS if login.role == Role.SUCCESS_MANAGER)
        named = [login.organization for login in LOGINS if login.organization]
        Enrolment.objects.filter(partner__name__in=named).update(success_manager_id=manager.key)


#: Person, kind, days ago, words: what waits for checking when the demonstration begins.
_REPORTED = (
    (LOGINS[0], "training_completed", 6, "Two people finished the Beacon course."),
    (LOGINS[1], "campaign", 13, "Seminar for manufacturing customers, 38 guests."),
    (LOGINS[1], "pipeline_reviewed", 5, ""),
)


def _report_activities() -> None:
    for login, kind, days, words in _REPORTED:
        with transaction.atomic():
            actor = actor_of(login.key, name=login.name)
            with open_scope(visible_to(actor)):
                enrolment = Enrolment.objects.select_related("partner").get()
                day = TODAY - timedelta(days=days)
                submit_report(enrolment, actor=actor, kind=kind, happened_on=day, details=words)
