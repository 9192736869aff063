"""Rules of the small world that limit what trainings earn in a quarter, and a partner who has used the limit up."""

from __future__ import annotations

from datetime import date

import django

django.setup()

from swingby.web.domain.prospects import find_prospect  # noqa: E402 - models can be imported only now
from tests.permissions.world import PROGRAM_TEXT  # noqa: E402
from tests.web.acting import ENROLMENT  # noqa: E402
from tests.web.publishing import add_fact, assess_now, publish  # noqa: E402

TRAINING = "where: {kind: training_completed}, earn: 4, "
publish("2", "2026-02-01", PROGRAM_TEXT.replace(TRAINING, f"{TRAINING}cap: {{at_most: 4, per: quarter}}, "))
add_fact("activities", "done", organization="tarn", kind="training_completed", happened_on=date(2026, 2, 3))
assess_now()
find_prospect(ENROLMENT, owner="harbor")
