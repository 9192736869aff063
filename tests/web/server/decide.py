"""Send facts one after another, so that each of two partners has ten standings that were decided on, one after the other."""

from __future__ import annotations

import django

django.setup()

from swingby.web.domain.sent_facts import SentFact, send_facts  # noqa: E402 - models need the set-up
from swingby.web.domain.standings import assess_enrolment, current_position  # noqa: E402
from swingby.web.models import Program  # noqa: E402
from tests.web.acting import acting  # noqa: E402
from tests.web.server.recompute import COMPUTED, TURNS  # noqa: E402

for turn in range(TURNS):
    for enrolment in COMPUTED:
        partner = enrolment.removeprefix("harbor-program-")
        values = {"organization": partner, "kind": "plan_reviewed", "happened_on": "2026-03-05", "quantity": turn + 1}
        with acting("operations") as actor:
            fact = SentFact(kind="activities", source="decided", id=f"{partner}-{turn}", values=values)
            send_facts(Program.objects.get(pk="harbor-program"), actor=actor, facts=[fact])
            position = current_position("harbor")
        assess_enrolment(enrolment, owner="harbor", position=position)
