"""Print the newest stored standings that the engine computed, and the same computed anew from the facts."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from swingby.web.domain.standings import latest_standing, standing_source  # noqa: E402 - models need the set-up
from swingby.web.models import Enrolment  # noqa: E402
from swingby.web.tenancy import act_for_owner  # noqa: E402

#: Those whom the site's set-up assesses; the other standings of the small world are invented.
COMPUTED = ("harbor-program-tarn", "harbor-program-sedge")
stored, computed = [], []
with act_for_owner("harbor"):
    for enrolment in Enrolment.objects.filter(pk__in=COMPUTED).order_by("pk"):
        kept = latest_standing(enrolment)
        assert kept is not None
        found = standing_source().assess(
            kept.program_version, enrolment=enrolment, as_of=kept.as_of, position=kept.position
        )
        rows = sorted(str((row.ladder, row.tier, row.requirement, row.state)) for row in found.requirements)
        before = sorted(str((row.ladder, row.tier, row.requirement, row.state)) for row in kept.requirements.all())
        stored.append(f"{enrolment.pk} {kept.tier} {kept.result.get('score')} {before}")
        computed.append(f"{enrolment.pk} {found.tier} {json.loads(json.dumps(found.result.get('score')))} {rows}")
sys.stdout.write(json.dumps([stored, computed]))
