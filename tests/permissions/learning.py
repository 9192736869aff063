"""A small catalogue of certifications for every organization of the small world, and what its people told of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.utils import timezone

from swingby.web.domain.learning.catalogues import take_catalogue
from swingby.web.models import (
    Badge,
    BadgeKey,
    BoardChoice,
    BoardCount,
    CertificationNeed,
    CoverageCount,
    CoveragePortion,
    Enrolment,
    ForbiddenCountry,
    ForeignBadge,
    Grouping,
    KeptAftermath,
    Learner,
    LearningEvent,
    PartnerBoardCount,
    PartnerCoverage,
    RegionCoverage,
    SpokenLanguages,
    Stake,
    StudyCheckIn,
    StudyCircle,
    StudyMember,
    StudySeat,
    StudySharing,
    StudyWish,
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
_LISTS = ("lapsing", "needed", "missing", "uncovered")
#: Since when there is a study group; the day before the one on which the tests stand still somebody spoke in it.
BEGUN = datetime(2026, 3, 30, 9, tzinfo=UTC)
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
        CoverageCount.objects.create(
            organization_id=organization, people=1, figures={"basics": [1, 0, 0]}, counted_at=BEGUN
        )
        CoveragePortion.objects.create(organization_id=organization, number=0)
        for enrolment in Enrolment.objects.filter(partner_id=organization):
            Stake.objects.create(
                organization_id=organization, enrolment=enrolment, worth=90_000, currency="USD", said_at=BEGUN
            )
        if organization in {"tarn", "sedge"}:
            StudySharing.objects.create(organization_id=organization, vendor="harbor", allowed_at=timezone.now())
    for number, cast in enumerate(PEOPLE):
        if cast.organization == organization:
            with open_scope(Scope(owner_orgs=own, partner_orgs=own, person=cast.key)):
                _person(organization, cast.key, number)
                if cast.key == _founder(organization):
                    _circle(organization, cast.key)


def _founder(organization: str) -> str:
    people = [cast.key for cast in PEOPLE if cast.organization == organization]
    return "partner-member" if "partner-member" in people else people[0]


def _circle(organization: str, person: str) -> None:
    """A study group of one; that of Tarn is open to the other firm that allows it."""
    row = StudyCircle(
        id=f"{organization}-circle",
        organization_id=organization,
        founder_id=person,
        vendor="harbor",
        code="expert",
        goal_on=date(2026, 6, 30),
        level=0,
        zone="America/Chicago",
        day=1,
        starts=time(17, 30),
        language="en",
        most=8,
        size=1,
        is_open=organization == "tarn",
        made_at=BEGUN,
    )
    row.save(force_insert=True)
    mine = {"organization_id": organization, "circle_id": row.pk, "person_id": person}
    StudySeat(**mine).save(force_insert=True)
    StudyMember(**mine, joined_at=BEGUN).save(force_insert=True)
    StudyCheckIn(**mine, words="Example of one line", made_at=BEGUN).save(force_insert=True)
    StudyWish.objects.create(
        organization_id=organization,
        person_id=person,
        code="basics",
        goal_on=date(2026, 6, 30),
        level=0,
        zone="America/Chicago",
        days=[0, 1],
        starts=time(17),
        ends=time(20),
        made_at=BEGUN,
    )


def _person(organization: str, person: str, number: int) -> None:
    for enrolment in Enrolment.objects.filter(partner_id=organization):
        KeptAftermath.objects.create(
            organization_id=organization,
            enrolment=enrolment,
            person_id=person,
            people=[LEARNERS[person]],
            gone_on=date(2026, 5, 1),
            asked_at=BEGUN,
        )
    Learner.objects.create(organization_id=organization, key=LEARNERS[person], person_id=person)
    _speak(organization, person, is_shown=bool(number % 2))
    for kind in ("started", "failed"):
        LearningEvent.objects.create(
            organization_id=organization,
            learner=LEARNERS[person],
            code="basics",
            kind=kind,
            day=date(2026, 3, 1),
            told_by_id=person,
            told_at=BEGUN,
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
        issued_at=BEGUN,
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
        taken_at=BEGUN,
    )


def _speak(organization: str, person: str, *, is_shown: bool) -> None:
    """Every second shows to those who lead what languages are spoken."""
    SpokenLanguages.objects.create(
        organization_id=organization, person_id=person, languages=["en"], is_shown=is_shown, said_at=BEGUN
    )


def count_example(owner: str, partner: str) -> None:
    """What a vendor counted of one partner."""
    PartnerBoardCount.objects.create(owner_id=owner, partner_id=partner, joined=2025, **COUNTED)
    lists: dict[str, Any] = {name: [0] for name in _LISTS}
    PartnerCoverage.objects.create(owner_id=owner, partner_id=partner, people=12, codes=["basics"], held=[3], **lists)
    RegionCoverage.objects.get_or_create(
        owner_id=owner, region="emea", defaults={"content": "1", "codes": ["basics"], "held": [3], **lists}
    )
