"""Bring organizations, people and enrolments in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import IntegrityError, connection, transaction

from swingby.web.domain.errors import RefusedError
from swingby.web.models import Enrolment, Membership, Organization, Person, PortfolioRow, Program, Role


def register_organization(
    key: str, *, name: str, registered_by: str, parent: str | None = None, country: str = "", region: str = ""
) -> Organization:
    """Store an organization, or bring what is known of it up to date if the same owner registered it.

    One that another owner brought in stays as it is: it is only seen in a scope that holds it, that is after its own
    people agreed to join. Its name and region on this owner's own pages are as this owner says.

    Raises
    ------
    RefusedError
        If another company, which is not seen here, has this id.
    """
    PortfolioRow.objects.filter(partner=key, owner=registered_by).update(name=name, region=region)
    known = Organization.objects.filter(pk=key).first()
    if known is not None and known.registered_by != registered_by:
        return known
    organization = known or Organization(id=key, registered_by=registered_by)
    organization.name, organization.parent_id = name, parent
    organization.country, organization.region = country, region
    before, organization.lineage = organization.lineage, lineage_of(key, parent=parent)
    try:
        with transaction.atomic():
            organization.save(force_insert=known is None, force_update=known is not None)
    except IntegrityError as error:
        raise RefusedError(f"The id {key} is taken by another company. Give this one another id.") from error
    if known is not None and before != organization.lineage:
        _move_below(organization)
    return organization


def _move_below(organization: Organization) -> None:
    """Who stands below an organization that moved stands below what is above it now, and no longer below the rest."""
    for row in Organization.objects.filter(lineage__contains=[organization.pk]).exclude(pk=organization.pk):
        row.lineage = [*row.lineage[: row.lineage.index(organization.pk)], *organization.lineage]
        row.save(update_fields=["lineage"])


def lineage_of(key: str, *, parent: str | None) -> list[str]:
    """The organization itself and all above it, the nearest first."""
    above = Organization.objects.filter(pk=parent).values_list("lineage", flat=True).first() if parent else None
    return [key, *(above or ([parent] if parent else []))]


def enrol_partner(program: Program, *, partner: Organization, joined_on: date, key: str | None = None) -> Enrolment:
    """Enrol a partner; the engine's reference tables are told in the same transaction."""
    enrolment, _ = Enrolment.objects.get_or_create(
        program=program,
        partner=partner,
        defaults={"id": key or f"{program.pk}-{partner.pk}", "owner_id": program.owner_id, "joined_on": joined_on},
    )
    PortfolioRow.objects.get_or_create(
        enrolment=enrolment,
        defaults={
            "owner_id": program.owner_id,
            "partner": partner,
            "name": partner.name,
            "region": partner.region,
        },
    )
    _tell_engine(enrolment)
    return enrolment


def date_enrolment(enrolment: Enrolment, *, joined_on: date, ended_on: date | None) -> None:
    """Say anew from when and until when a partner is enrolled; the engine's reference tables are told with it."""
    enrolment.joined_on, enrolment.ended_on = joined_on, ended_on
    enrolment.save(update_fields=["joined_on", "ended_on"])
    _tell_engine(enrolment)


def give_role(person: Person, *, organization: str, role: Role, regions: Collection[str] = ()) -> Membership:
    """Let a person act for an organization; a regional lead for some regions only."""
    membership, _ = Membership.objects.get_or_create(
        person=person, organization_id=organization, role=role, defaults={"regions": sorted(regions)}
    )
    return membership


def _tell_engine(enrolment: Enrolment) -> None:
    partner = enrolment.partner
    # What this owner's own lists say of another owner's organization stays.
    otherwise = _NEWER_WORD if partner.registered_by == enrolment.owner_id else "DO NOTHING"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ref_organizations (owner_org, partner_org, organization, parent, name, country, region)"
            f" VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (owner_org, organization) {otherwise}",
            [
                enrolment.owner_id,
                partner.pk,
                partner.pk,
                partner.parent_id,
                partner.name,
                partner.country or None,
                partner.region or None,
            ],
        )
        cursor.execute(
            "INSERT INTO ref_enrolments (owner_org, partner_org, enrolment, organization, joined_on, ended_on)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (owner_org, enrolment) DO UPDATE SET"
            " joined_on = excluded.joined_on, ended_on = excluded.ended_on",
            [enrolment.owner_id, partner.pk, enrolment.pk, partner.pk, enrolment.joined_on, enrolment.ended_on],
        )


_NEWER_WORD = (
    "DO UPDATE SET parent = excluded.parent, name = excluded.name, country = excluded.country, region = excluded.region"
)
