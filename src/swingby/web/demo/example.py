"""Load an example: organizations, program, facts, people, first standings. Loading twice changes nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

from swingby.facts import FactSet, read_folder
from swingby.web.clock import today
from swingby.web.demo.cards import ask_first_cards
from swingby.web.demo.deals import register_example_deals
from swingby.web.demo.facts import copy_facts
from swingby.web.demo.people import Cast, describe, invite, read_cast
from swingby.web.demo.standings import open_reviews_and_store_standings
from swingby.web.domain.learning.boards import count_partner_boards
from swingby.web.domain.learning.partner_counting import count_partners
from swingby.web.domain.organizations import register_organization
from swingby.web.domain.programs import load_files, loaded, publish_version
from swingby.web.domain.programs import read_folder as read_program_folder
from swingby.web.domain.prospects import ask_for_path
from swingby.web.domain.reports import submit_report
from swingby.web.domain.standings import latest_standing
from swingby.web.jobs import enqueue_coverage
from swingby.web.models import Enrolment, Organization, Program, ProgramVersion, Role, Standing
from swingby.web.tenancy import Scope, act_for_owner, open_scope
from swingby.web.visibility import actor_of, visible_to

_casts: list[Cast] = []


def load(folder: Path) -> None:
    """Bring the example in ``folder`` into the database, unless it is there.

    The folder holds ``program/`` (YAML) and the facts as CSV. The program's id is the key of its owner.
    """
    files = read_program_folder(folder / "program")
    owner = load_files(files).header.id
    cast = read_cast(folder, example=owner)
    _casts[:] = [cast]
    with transaction.atomic():
        if _load_standings(folder, files=files, owner=owner, name=cast.vendor):
            _invite_people(cast, owner=owner)
            _look_after_partners(cast, owner=owner)
            _report_activities(cast)
            register_example_deals(cast)
            _ask_for_paths(cast, owner=owner)
            count_partner_boards(owner)
            _count_certifications(owner)
            ask_first_cards(owner)


def _count_certifications(owner: str) -> None:
    """Whoever opens the matrix of all partners first finds it counted; what comes from here on is for the job."""
    while count_partners(owner):
        pass
    enqueue_coverage(owner=owner)


def describe_logins() -> list[str]:
    """How to sign in to the example that was loaded, in lines."""
    return [line for cast in _casts for line in describe(cast)]


def _load_standings(folder: Path, *, files: dict[str, str], owner: str, name: str) -> bool:
    """Everything that needs no person; False if it is there already."""
    with act_for_owner(owner):
        if Standing.objects.exists():
            return False
        version = _publish(files, owner=owner, name=name)
        program = loaded(version)
        with read_folder(folder, program) as facts:
            _enrol(facts, version.program)
            copy_facts(facts, program, owner=owner)
            open_reviews_and_store_standings(facts, version=version, program=program, as_of=today())
    return True


def _publish(files: dict[str, str], *, owner: str, name: str) -> ProgramVersion:
    register_organization(owner, name=name, registered_by=owner)
    label = load_files(files).header.label
    program, _ = Program.objects.get_or_create(id=owner, defaults={"owner_id": owner, "name": label})
    return publish_version(program, files=files)


def _enrol(facts: FactSet, program: Program) -> None:
    """Organizations from the top down, so that each finds what stands above it, then the enrolments."""
    rows = facts.connection.execute(
        "SELECT organization, parent, coalesce(name, organization), coalesce(country, ''), coalesce(region, '')"
        " FROM ref_organizations WHERE organization <> ?",
        [program.owner_id],
    ).fetchall()
    parents = {row[0]: row[1] for row in rows}
    lineages = {key: _lineage(key, parents) for key in parents}
    Organization.objects.bulk_create(
        Organization(
            id=key,
            parent_id=parent if parent in parents else None,
            name=name,
            country=country,
            region=region,
            lineage=lineages[key],
            registered_by=program.owner_id,
        )
        for key, parent, name, country, region in sorted(rows, key=lambda row: len(lineages[row[0]]))
    )
    enrolled = facts.connection.execute(
        "SELECT enrolment, organization, joined_on, ended_on FROM ref_enrolments ORDER BY enrolment"
    ).fetchall()
    whose = {"program": program, "owner_id": program.owner_id}
    Enrolment.objects.bulk_create(
        Enrolment(**whose, id=key, partner_id=partner, joined_on=joined or today(), ended_on=ended)
        for key, partner, joined, ended in enrolled
    )


def _lineage(key: str, parents: dict[str, str | None]) -> list[str]:
    lineage: list[str] = []
    place: str | None = key
    while place is not None and place in parents and place not in lineage:
        lineage.append(place)
        place = parents[place]
    return lineage


def _invite_people(cast: Cast, *, owner: str) -> None:
    with act_for_owner(owner):
        known = {name: key for key, name in Organization.objects.values_list("pk", "name")}
    hashed = make_password(cast.password)
    for login in cast.logins:
        key = owner if login.at is None else known[login.at]
        own = frozenset({key})
        with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
            invite(login, organization=Organization.objects.get(pk=key), hashed=hashed)


def _look_after_partners(cast: Cast, *, owner: str) -> None:
    """Give partners their success manager: those with a login first, then as many as each looks after, by key."""
    named = {login.at for login in cast.logins if login.at}
    with act_for_owner(owner):
        free = sorted(
            Enrolment.objects.values_list("partner__name", "pk"), key=lambda row: (row[0] not in named, row[1])
        )
        for manager in (login for login in cast.logins if login.role == Role.SUCCESS_MANAGER):
            taken, free = free[: manager.partners], free[manager.partners :]
            mine = Enrolment.objects.filter(pk__in=[key for _, key in taken])
            mine.update(success_manager_id=manager.key)


def _ask_for_paths(cast: Cast, *, owner: str) -> None:
    """Whoever signs in finds the way to the next tier ready."""
    named = {login.at for login in cast.logins if login.at}
    with act_for_owner(owner):
        for enrolment in Enrolment.objects.filter(partner__name__in=named).order_by("pk"):
            ask_for_path(enrolment, standing=latest_standing(enrolment))


def _report_activities(cast: Cast) -> None:
    for report in cast.reports:
        login = cast.login(report.by)
        actor = actor_of(login.key, name=login.name)
        with open_scope(visible_to(actor)):
            submit_report(
                Enrolment.objects.select_related("partner").get(),
                actor=actor,
                kind=report.kind,
                happened_on=today() - timedelta(days=report.days_ago),
                details=report.details,
            )
