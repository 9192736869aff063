"""After the small world: rules with review days, thirty partners that would fall, and the review that says so."""

from __future__ import annotations

from datetime import date

import django

django.setup()

from django.db import transaction  # noqa: E402 - models can be imported only now

from swingby.web.domain.organizations import enrol_partner, register_organization  # noqa: E402
from swingby.web.domain.standings import assess_enrolment, current_position  # noqa: E402
from swingby.web.models import Enrolment, Program, ReviewLine  # noqa: E402
from swingby.web.tenancy import act_for_owner  # noqa: E402
from tests.web.domain import reviewing  # noqa: E402

PARTNERS = 30
#: What is rewarded may be reported.
POINTS = """\
points:
  plans: {for_each: activities, where: {kind: plan_reviewed}, earn: 20, label: Plan reviewed}
scores:
  total: {sum: [plans], label: Points}
"""

with transaction.atomic(), act_for_owner(reviewing.OWNER):
    program = Program.objects.get(pk=reviewing.PROGRAM)
    for number in range(PARTNERS):
        partner = register_organization(f"fall-{number}", name=f"Fall Example {number}", registered_by=reviewing.OWNER)
        enrol_partner(program, partner=partner, joined_on=date(2025, 3, 1))
        reviewing.PLANS = (*reviewing.PLANS, (f"fall-{number}", "2025-01-10"), (f"fall-{number}", "2025-01-20"))
keys = reviewing.opened(**{"measures:": f"{POINTS}measures:"})
with act_for_owner(reviewing.OWNER):
    position = current_position(reviewing.OWNER)
    enrolments = list(Enrolment.objects.filter(program_id=reviewing.PROGRAM).values_list("pk", flat=True))
    waiting = ReviewLine.objects.filter(review__in=keys, state="waits").count()
    assert waiting >= PARTNERS, waiting
for enrolment in enrolments:
    assess_enrolment(enrolment, owner=reviewing.OWNER, position=position)
