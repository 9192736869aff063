"""Deals that the small world's partners registered, and the answers of the pages about them: method, answers, words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from swingby.web.models import DealProgress, DealRegistration, Enrolment, RegistrationState
from swingby.web.tenancy import Scope, open_scope

#                  anon str  oven opar both memb admn exec fina oper succ mana
PAGE: Final = "302 404 404 404 404 200 200 403 403 403 403 403"
DONE: Final = "302 404 404 404 404 302 302 403 403 403 403 403"
NO_ACT: Final = "302 404 404 404 404 404 404 403 403 403 403 403"
READ: Final = "302 404 404 404 404 404 404 403 403 200 200 200"
DECIDED: Final = "302 404 404 404 404 404 404 403 403 403 302 302"
PARTNER: Final = "harbor-program-tarn"
WAITING, RETURNED = f"{PARTNER}-deal-waiting", f"{PARTNER}-deal-returned"
DEAL: Final = {"customer": "Wrenfield Clinics", "words": "They ask for a quote."}
BACK: Final = {"act": "return", "words": "Who decides there?"}
REGISTERED: Final[Mapping[str, tuple[tuple[Any, ...], ...]]] = {
    "portal:registrations": (("get", PAGE, (PARTNER,)),),
    "portal:new_registration": (("get", PAGE, (PARTNER,)), ("post", DONE, (PARTNER,), DEAL)),
    "portal:registration": (("get", PAGE, (PARTNER, WAITING)),),
    "portal:edit_registration": (
        ("get", PAGE, (PARTNER, RETURNED)),
        ("post", DONE, (PARTNER, RETURNED), DEAL),
    ),
    "portal:registration_act": (
        ("post", DONE, (PARTNER, WAITING), {"act": "withdraw"}),
        # Nobody of the partner answers: there is no such act.
        ("post", NO_ACT, (PARTNER, WAITING), {"act": "approve"}),
    ),
    "console:registrations": (("get", READ, ("harbor",)),),
    "console:registration": (("get", READ, ("harbor", WAITING)),),
    "console:registration_act": (("post", DECIDED, ("harbor", WAITING), BACK),),
}


def register_examples(enrolment: Enrolment) -> None:
    """A deal in each state, and what its partner says of it."""
    whose = {"owner_id": enrolment.owner_id, "partner_id": enrolment.partner_id}
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for state in RegistrationState:
        with open_scope(Scope(partner_orgs=frozenset({enrolment.partner_id}))):
            made = DealRegistration.objects.create(
                **whose,
                enrolment=enrolment,
                id=f"{enrolment.pk}-deal-{state}",
                customer=f"Sallowby {state}",
                alike=f"sallowby {state}",
                words="They ask for a quote.",
                registered_by_id="partner-admin",
                registered_at=moment,
                answer_due=moment,
            )
            DealProgress.objects.create(**whose, registration=made)
        with open_scope(Scope(owner_orgs=frozenset({enrolment.owner_id}))):
            until = date(2026, 5, 14) if state == RegistrationState.APPROVED else None
            DealRegistration.objects.filter(pk=made.pk).update(state=state, protected_until=until)
