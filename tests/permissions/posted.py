"""What the organizations of the small world sent to their people, and what they share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from swingby.web.models import (
    Doorway,
    Enrolment,
    IdentityProvider,
    Invitation,
    InvitationState,
    Mail,
    MailState,
    Person,
    ProviderIdentity,
    Role,
    StandingShare,
    TermsAcceptance,
    TermsVersion,
)
from swingby.web.tenancy import Scope, open_scope

#: Mails that addresses can name.
#: The key of what tarn shares, far from those that are handed out.
SHARE = 1_000_001
_DISTRIBUTORS = {"tarn": "loom"}
SENT, FAILED = "manager-mail", "partner-admin-mail"


def post_example(person: str, *, organization: str) -> None:
    """A mail to each person, sent to some and given up for others."""
    own = frozenset({organization})
    with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        Mail.objects.create(
            id=f"{person}-mail",
            organization_id=organization,
            key=f"example:{person}",
            person_id=person,
            subject="An example",
            text="An example for {recipient}.",
            state=MailState.FAILED if person.startswith("partner") else MailState.SENT,
            posted_at=timezone.now(),
        )


def invite_example(organization: str) -> None:
    """Somebody on the way into each organization: a newcomer who was invited, and one who asks."""
    own = frozenset({organization})
    is_vendor = organization in {"harbor", "quay"}
    with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        for state in (InvitationState.OPEN, InvitationState.WAITING):
            person = Person.objects.create_user(
                f"{state}@{organization}.test", name="Newcomer", key=f"{organization}-{state}-newcomer"
            )
            Invitation.objects.create(
                id=f"{organization}-{state}",
                organization_id=organization,
                person=person,
                role=Role.EXECUTIVE if is_vendor else Role.PARTNER_MEMBER,
                state=state,
                made_at=timezone.now(),
                expires_at=timezone.now() + timedelta(days=14),
            )


def open_doorway(organization: str) -> None:
    own = frozenset({organization})
    with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        Doorway.objects.create(
            organization_id=organization, join_code=f"join-{organization}", share_code=f"share-{organization}"
        )


def connect_example(organization: str) -> None:
    """A provider of each organization, which knows one newcomer."""
    own = frozenset({organization})
    person = Person.objects.get(email=f"open@{organization}.test")
    with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        IdentityProvider.objects.create(
            organization_id=organization,
            issuer=f"https://login.{organization}.test",
            client_id="swingby",
            secret="sealed",
            domains=[f"{organization}.test"],
            changed_by_id="manager",
            changed_at=timezone.now(),
        )
        ProviderIdentity.objects.create(
            organization_id=organization,
            issuer=f"https://login.{organization}.test",
            subject="newcomer",
            person=person,
            made_at=timezone.now(),
        )


def share_example(enrolment: Enrolment) -> None:
    """Tarn shares with loom; all others share with tarn."""
    with open_scope(Scope(partner_orgs=frozenset({enrolment.partner_id}))):
        StandingShare.objects.create(
            id=SHARE
            + ("tarn", "sedge", "sedge-north", "loom").index(enrolment.partner_id)
            + 100 * (enrolment.owner_id == "quay"),
            owner_id=enrolment.owner_id,
            partner_id=enrolment.partner_id,
            enrolment=enrolment,
            distributor_id=_DISTRIBUTORS.get(enrolment.partner_id, "tarn"),
            distributor_name="An example",
            shared_by_id="partner-admin",
            shared_at=timezone.now(),
        )


def publish_terms_for(people: Iterable[str], *, owner: str) -> None:
    """Terms of a vendor that everybody has accepted."""
    with open_scope(Scope(owner_orgs=frozenset({owner}))):
        terms = TermsVersion.objects.create(
            owner_id=owner, number=1, text="An example.", published_by_id="manager", published_at=timezone.now()
        )
    for person in people:
        with open_scope(Scope(owner_orgs=frozenset({owner}), person=person)):
            TermsAcceptance.objects.create(owner_id=owner, terms=terms, person_id=person, accepted_at=timezone.now())
