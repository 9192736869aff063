"""What is said to whom when a deal is registered, answered, or about to lose its protection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.urls import reverse

from swingby.web.clock import now, today
from swingby.web.domain.mails import SENDER
from swingby.web.domain.notifications import News, about, tell_looking_after, tell_partner
from swingby.web.domain.queries.registrations import protected_now
from swingby.web.models import DealRegistration, NotificationKind

K = NotificationKind
#: So long before a protection ends its partner is told.
BEFORE_THE_END = timedelta(days=14)


def registration_came_in(registration: DealRegistration, *, by: str, is_ask: bool = False) -> None:
    """Tell whoever looks after the partner."""
    said = "asks for longer protection of a deal" if is_ask else "registered a deal"
    news = News(
        kind=K.REGISTRATION_IN,
        key=f"registration:{registration.pk}:{now().isoformat()}",
        words=f"{registration.partner.name} {said}.",
        path=reverse("console:registration", args=[registration.owner_id, registration.pk]),
        by=by,
    )
    tell_looking_after(registration.enrolment, news)


#: What became of a registration, for who sent it.
_BECAME: Mapping[str, str] = {
    "approve": "{customer} is yours: protected until {until}.",
    "return": "Your registration of {customer} came back to you.",
    "decline": "Your registration of {customer} was declined.",
    "end": "The protection of {customer} has ended early.",
    "grant": "{customer} is protected for longer, until {until}.",
    "refuse": "The protection of {customer} stays as it was, until {until}.",
}


def registration_answered(registration: DealRegistration, act: str, *, by: str) -> None:
    """Tell who registered it."""
    text = f"{SENDER} answers:\n\n{registration.answer}" if registration.answer else ""
    key = f"registration:{registration.pk}:{act}:{now().isoformat()}"
    _tell(registration, _BECAME[act], key=key, by=by, text=text)


def remind_of_protection(owner: str) -> int:
    """Tell partners whose protection ends within two weeks, once for each day that it may end on."""
    ending = DealRegistration.objects.select_related("enrolment", "partner").filter(
        protected_now(), owner_id=owner, protected_until__lte=today() + BEFORE_THE_END
    )
    rows = list(ending.order_by("pk"))
    for row in rows:
        key = f"registration:{row.pk}:ends:{row.protected_until}"
        _tell(row, "The protection of {customer} ends on {until}. Ask for longer, or say how it went.", key=key)
    return len(rows)


def _tell(registration: DealRegistration, words: str, *, key: str, by: str = "", text: str = "") -> None:
    until = f"{registration.protected_until:%-d %B %Y}" if registration.protected_until else ""
    news = News(
        kind=K.REGISTRATION,
        key=key,
        words=words.format(customer=registration.customer, until=until),
        path=reverse("portal:registration", args=[registration.enrolment_id, registration.pk]),
        by=by,
        text=text,
    )
    tell_partner(about(registration), news, only=[registration.registered_by_id])
