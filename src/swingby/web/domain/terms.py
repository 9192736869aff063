"""Publish terms of use, and accept them: each person once for each version."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count

from swingby.web.clock import now, today
from swingby.web.domain.audit import record_owner_act
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.words import kept_words
from swingby.web.models import PARTNER_ROLES, VENDOR_ROLES, Enrolment, TermsAcceptance, TermsVersion
from swingby.web.permissions import can_publish_terms
from swingby.web.tenancy import current_scope
from swingby.web.visibility import Actor

LONGEST_TERMS = 100_000


@dataclass(frozen=True, slots=True)
class Published:
    """One version with how many people accepted it."""

    terms: TermsVersion
    accepted: int


def publish_terms(owner: str, *, actor: Actor, text: str) -> TermsVersion:
    """Publish the next version: a partner's people accept it before they go on."""
    if not can_publish_terms(actor, owner=owner):
        raise NotAllowedError("Your role does not publish terms.")
    words = kept_words(text, longest=LONGEST_TERMS)
    if not words:
        raise RefusedError("Write the terms.")
    newest = TermsVersion.objects.filter(owner_id=owner).order_by("-number").first()
    if newest is not None and newest.text == words:
        raise RefusedError("These are the terms that hold already.")
    number = newest.number + 1 if newest else 1
    try:
        with transaction.atomic():
            terms = TermsVersion.objects.create(
                owner_id=owner, number=number, text=words, published_by_id=actor.person, published_at=now()
            )
    except IntegrityError as error:
        raise ChangedMeanwhileError("Somebody published terms at the same time. Look at them first.") from error
    record_owner_act(owner, actor=actor.person, action="terms.publish", subject=str(number))
    return terms


def terms_due(actor: Actor) -> TermsVersion | None:
    """The first terms that somebody on the partner's side has yet to accept; None when all are."""
    if not actor.organizations(PARTNER_ROLES):
        return None
    partners = Enrolment.objects.filter(not_ended(today()), partner_id__in=current_scope().partner_orgs)
    owners = partners.exclude(owner_id__in=actor.organizations(VENDOR_ROLES)).values("owner_id")
    newest = TermsVersion.objects.filter(owner_id__in=owners).order_by("owner_id", "-number").distinct("owner_id")
    mine = TermsAcceptance.objects.filter(person_id=actor.person)
    rows = TermsVersion.objects.filter(pk__in=newest.values("pk")).exclude(pk__in=mine.values("terms_id"))
    return rows.select_related("owner").order_by("owner_id").first()


def accept_terms(terms: TermsVersion, *, actor: Actor) -> None:
    """Note that a person accepted a version; a second time changes nothing."""
    newest = TermsVersion.objects.filter(owner_id=terms.owner_id).order_by("-number").first()
    if newest is None or newest.pk != terms.pk:
        raise ChangedMeanwhileError("There are newer terms. Read them first.")
    TermsAcceptance.objects.get_or_create(
        owner_id=terms.owner_id, terms=terms, person_id=actor.person, defaults={"accepted_at": now()}
    )


def published_terms(owner: str) -> tuple[Published, ...]:
    """Every version, the newest first, with how many people accepted it."""
    rows = TermsVersion.objects.filter(owner_id=owner).select_related("published_by").order_by("-number")
    counts = TermsAcceptance.objects.filter(owner_id=owner).values_list("terms_id").annotate(Count("id"))
    accepted = dict(counts)
    return tuple(Published(row, accepted.get(row.pk, 0)) for row in rows)
