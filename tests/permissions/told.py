"""What the people of the small world were told, and how they want to hear of it; and what a vendor counted."""

from __future__ import annotations

from django.utils import timezone

from swingby.web.models import Enrolment, Notification, NotificationChoice, NotificationKind, Side, Way
from swingby.web.tenancy import Scope, open_scope
from tests.permissions.learning import count_example

#: Notifications that addresses can name: to the partner's admin, and to a program manager.
TOLD = "harbor-program-tarn-partner-admin-partner"
OURS = "harbor-program-tarn-manager-vendor"
_PEOPLE = ("manager", "success", "partner-member", "partner-admin")


def tell_examples(enrolment: Enrolment) -> None:
    """Both sides of each person, so that a hole would show; and one choice of each."""
    whose = {"owner_id": enrolment.owner_id, "partner_id": enrolment.partner_id}
    count_example(enrolment.owner_id, enrolment.partner_id)
    owners, partners = frozenset({enrolment.owner_id}), frozenset({enrolment.partner_id})
    for person in _PEOPLE:
        with open_scope(Scope(owner_orgs=owners, partner_orgs=partners, person=person)):
            for side in Side:
                Notification.objects.create(
                    id=f"{enrolment.pk}-{person}-{side}",
                    **whose,
                    side=side,
                    person_id=person,
                    kind=NotificationKind.NOTE,
                    words="An example.",
                    path=f"/partner/{enrolment.pk}/",
                    at=timezone.now(),
                )
            NotificationChoice.objects.get_or_create(
                **whose, person_id=person, kind=NotificationKind.NUDGE, defaults={"way": Way.PAGE}
            )
