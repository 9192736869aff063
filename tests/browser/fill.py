"""Give some people of the small world a password, and compute the first standings."""

from __future__ import annotations

import django

django.setup()

from swingby.web.domain.facts import take_position  # noqa: E402 - models can be imported only now
from swingby.web.domain.standings import assess_enrolment  # noqa: E402
from swingby.web.models import Person  # noqa: E402
from swingby.web.tenancy import act_for_owner  # noqa: E402
from tests.web.site import PASSWORD  # noqa: E402

PARTNERS = ("partner-admin", "partner-manager", "partner-member", "both-programs")
for key in (*PARTNERS, "manager", "second-manager", "success", "operations"):
    person = Person.objects.get(pk=key)
    person.set_password(PASSWORD)
    person.save()
with act_for_owner("harbor"):
    position = take_position("harbor", batch="start")
for enrolment in ("harbor-program-tarn", "harbor-program-sedge"):
    assess_enrolment(enrolment, owner="harbor", position=position)
