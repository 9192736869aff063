"""What an approved registration is among the facts: the partner's part in a deal, and the deal's first stage."""

from __future__ import annotations

from django.utils.timezone import localdate

from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.queries.registrations import known_customer
from swingby.web.domain.sent_facts import SentFact, write_facts
from swingby.web.models import DealRegistration
from swingby.web.visibility import Actor

#: Under this source stand the records that registrations make.
REGISTRATIONS_SOURCE = "deal registrations"


def record_registration(registration: DealRegistration, *, actor: Actor) -> None:
    """Write who registered the deal and when it was accepted, and its stage; whatever fails takes the approval back."""
    day = localdate(registration.registered_at)
    party = {
        "deal": registration.deal,
        "organization": registration.partner_id,
        "role": "registrant",
        "starts_on": day,
        "accepted_on": today(),
    }
    stage = {
        "deal": registration.deal,
        "stage": "registered",
        "happened_on": day,
        "customer": known_customer(registration.owner_id, registration.customer) or registration.customer,
    }
    if registration.amount is not None:
        stage |= {"amount": registration.amount, "currency": registration.currency}
    facts = [_sent("deal_parties", registration, party), _sent("deals", registration, stage)]
    delivery = write_facts(registration.enrolment.program, actor=actor, facts=facts)
    if "wrong" in delivery.outcomes:
        reasons = " ".join(issue.reason for issue in delivery.issues if issue.level == "error")
        raise RefusedError(f"The deal could not be added to the records. {reasons}".strip())


def _sent(kind: str, registration: DealRegistration, values: dict[str, object]) -> SentFact:
    return SentFact(kind=kind, source=REGISTRATIONS_SOURCE, id=f"{kind}-{registration.pk}", values=values)
