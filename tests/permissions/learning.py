"""A small catalogue of certifications for every organization of the small world, and what its people told of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from swingby.web.domain.learning.catalogues import take_catalogue
from swingby.web.models import (
    Badge,
    BadgeKey,
    BoardChoice,
    BoardCount,
    CertificationNeed,
    ForbiddenCountry,
    ForeignBadge,
    Grouping,
    Learner,
    LearningEvent,
    PartnerBoardCount,
)
from swingby.web.tenancy import Scope, open_scope
from tests.permissions.cast import PEOPLE

CATALOGUE = {
    "all.yaml": """\
vendors: {harbor: Harbor Example}
roles: {engineering: Engineering}
levels: {fundamentals: Fundamentals, advanced: Advanced}
certifications:
  basics:
    {label: Harbor Basics, vendor: harbor, role: engineering, level: fundamentals, valid: 24 months, path: [{label: Course, hours: 8}]}
  expert:
    label: Harbor Expert
    vendor: harbor
    role: engineering
    level: advanced
    prerequisites: [basics]
    valid: 12 months
    renewal: 90 days
    path: [{label: Course, hours: 40, link: https://learn.harbor.example/expert}]
"""
}
#: What was counted of a part of somebody.
COUNTED: dict[str, Any] = {
    "period": "weeks",
    "starts_on": date(2026, 1, 1),
    "ends_on": date(2026, 4, 1),
    "counted_on": date(2026, 3, 31),
    "heads": 12,
    **dict.fromkeys(("held_before", "earned", "lapsed", "moved_in", "moved_out", "held_after"), 1),
}
#: Who is whom in the records of a firm.
LEARNERS = {cast.key: f"{cast.key}-key" for cast in PEOPLE if cast.organization}


def learn_example(organization: str) -> None:
    """A row in every table of learning, a failure of each person among them; needs the people and no scope."""
    own = frozenset({organization})
    with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        take_catalogue(organization, CATALOGUE, on=date(2026, 1, 1))
        CertificationNeed.objects.create(
            organization_id=organization,
            vendor="harbor",
            kind="keep",
            source="Harbor Gold",
            label="Experts",
            codes=["expert"],
            people=1,
            starts_on=date(2026, 1, 1),
        )
        BadgeKey.objects.create(
            id=f"{organization}-badge-key",
            organization_id=organization,
            sealed="sealed under a secret that is lost",
            public={"kty": "RSA", "n": "AQAB", "e": "AQAB"},
            made_at=timezone.now(),
        )
        BoardCount.objects.create(organization_id=organization, grouping=Grouping.OFFICE, key="north", **COUNTED)
    for number, cast in enumerate(PEOPLE):
        if cast.organization == organization:
            with open_scope(Scope(owner_orgs=own, partner_orgs=own, person=cast.key)):
                _person(organization, cast.key, number)


def _person(organization: str, person: str, number: int) -> None:
    Learner.objects.create(organization_id=organization, key=LEARNERS[person], person_id=person)
    for kind in ("started", "failed"):
        LearningEvent.objects.create(
            organization_id=organization,
            learner=LEARNERS[person],
            code="basics",
            kind=kind,
            day=date(2026, 3, 1),
            told_by_id=person,
            told_at=timezone.now(),
        )
    BoardChoice.objects.create(
        organization_id=organization,
        person_id=person,
        learner=LEARNERS[person],
        shown_as="pseudonym" if number % 2 else "name",
        pseudonym=f"Comet {number}",
        chosen_at=timezone.now(),
    )
    ForbiddenCountry.objects.create(
        organization_id=organization, country=f"of {person}", by_id=person, at=timezone.now()
    )
    day = date(2025, 6, 1)
    Badge.objects.create(
        id=f"{organization}-{person}-badge",
        organization_id=organization,
        person_id=person,
        learner=LEARNERS[person],
        code="shown",
        label="Example badge",
        vendor="Harbor Example",
        starts_on=day,
        status_index=number,
        issued_at=timezone.now(),
        # One of them shows it to the world.
        is_public=person == "partner-member",
    )
    ForeignBadge.objects.create(
        organization_id=organization,
        person_id=person,
        digest="example",
        name="Example of others",
        issuer="Example College",
        starts_on=day,
        proof="given",
        text="a.b.c",
        taken_at=timezone.now(),
    )


def count_example(owner: str, partner: str) -> None:
    """What a vendor counted of one partner."""
    PartnerBoardCount.objects.create(owner_id=owner, partner_id=partner, joined=2025, **COUNTED)
