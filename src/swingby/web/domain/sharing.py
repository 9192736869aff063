"""What a partner shares with its distributor: agreed by the partner, ended by either of the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from swingby.web.clock import now
from swingby.web.domain.audit import record_act
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.models import Doorway, Enrolment, Side, Standing, StandingShare
from swingby.web.permissions import can_share_standing
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor, resellers_of

_LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class Shared:
    """One share with the newest standing, if there is one."""

    share: StandingShare
    standing: Standing | None


def doorway_of(organization: str) -> Doorway:
    """The codes of an organization, made when somebody first asks for them; needs a scope that holds it."""
    return Doorway.objects.get_or_create(organization_id=organization)[0]


def share_standing(enrolment: Enrolment, *, actor: Actor, code: str) -> StandingShare:
    """Let the organization of this code see where the partner stands in this program.

    Raises
    ------
    RefusedError
        If nobody has this code, it is one's own, or it was shared before.
    """
    if not can_share_standing(actor, organization=enrolment.partner_id):
        raise NotAllowedError("Your role does not share where you stand. Ask your partner admin.")
    distributor, name = _whose(code)
    if distributor == enrolment.partner_id:
        raise RefusedError("This is your own code. Ask your distributor for theirs.")
    share = StandingShare(
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        enrolment=enrolment,
        distributor_id=distributor,
        distributor_name=name,
        shared_by_id=actor.person,
        shared_at=now(),
    )
    try:
        with transaction.atomic():
            share.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhileError(f"{name} sees where you stand already.") from error
    _record(share, actor, "share.begin")
    return share


def end_share(share: StandingShare, *, actor: Actor) -> None:
    """End it at once: by the partner who shares, or by the distributor who looks."""
    sides = (share.partner_id, share.distributor_id)
    if not any(can_share_standing(actor, organization=side) for side in sides):
        raise NotAllowedError("Your role does not decide what is shared. Ask your partner admin.")
    ended = {"ended_at": now(), "ended_by_id": actor.person}
    if StandingShare.objects.filter(pk=share.pk, ended_at=None).update(**ended) != 1:
        raise ChangedMeanwhileError("This was ended already.")
    _record(share, actor, "share.end")


def shared_with(organization: str, *, actor: Actor, words: str = "") -> tuple[Shared, ...]:
    """The partners that share with an organization, with where they stand now; those whose name holds the words."""
    scope = resellers_of(actor)
    with open_scope(scope):
        living = StandingShare.objects.select_related("enrolment__partner", "enrolment__program")
        shares = list(
            living.filter(
                distributor_id=organization, ended_at=None, enrolment__partner__name__icontains=words
            ).order_by("enrolment__partner__name")
        )
        standings = _newest([share.enrolment_id for share in shares])
    return tuple(Shared(share, standings.get(share.enrolment_id)) for share in shares)


def _newest(enrolments: Sequence[str]) -> Mapping[str, Standing]:
    rows = Standing.objects.filter(enrolment__in=enrolments)
    newest = rows.order_by("enrolment", "-as_of", "-position", "-id").distinct("enrolment")
    return {standing.enrolment_id: standing for standing in newest}


def _whose(code: str) -> tuple[str, str]:
    """The organization that has this code, and its name."""
    words = "".join(code.split()).lower()
    if words and len(words) <= _LONGEST_CODE and "\0" not in words:
        with open_scope(Scope(token=words)):
            found = Doorway.objects.filter(share_code=words).values_list("organization_id", flat=True).first()
        if found is not None:
            with open_scope(Scope(partner_orgs=frozenset({found}))):
                doorway = Doorway.objects.select_related("organization").get(pk=found)
                return found, doorway.organization.name
    raise RefusedError("Nobody has this code. Ask your distributor to read it out from its page once more.")


def _record(share: StandingShare, actor: Actor, action: str) -> None:
    """In the partner's own chain, whoever of the two acted."""
    with open_scope(Scope(partner_orgs=frozenset({share.partner_id}))):
        record_act(
            share,
            side=Side.PARTNER,
            actor=actor.person,
            action=action,
            subject=share.enrolment_id,
            distributor=share.distributor_id,
        )
