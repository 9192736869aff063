"""Hours of study in the small world: one firm shows leads those of each person, others do not; and their routes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from swingby.web.models import StudyHours, StudyRule
from swingby.web.tenancy import Scope, open_scope
from tests.permissions.learning import BEGUN, LEARNERS

FIRST_NOTE: Final = 1_000_001
#: Since when leads of a firm read the hours of each person; each person noted some before it and some after.
SHOWN: Final = date(2026, 3, 24)
DAYS: Final = (SHOWN, date(2026, 3, 20))
#: Who noted hours, where, and since when leads there read them.
NOTED: Final = (
    ("partner-member", "tarn", SHOWN),
    ("partner-manager", "tarn", SHOWN),
    ("both-programs", "sedge", None),
    ("other-partner", "loom", SHOWN),
)
NOTE: Final = {"code": "expert", "step": "Course", "day": "2026-03-30", "hours": "1"}
TARN = ("tarn",)

#                    anon str  oven opar both memb admn exec fina oper succ mana
LEADS_PAGE: Final = "302 404 404 404 404 403 200 404 404 404 404 404"
EVERYBODY_THERE: Final = "302 404 404 404 404 302 302 404 404 404 404 404"
MEMBERS_OWN: Final = "302 404 404 404 404 302 404 404 404 404 404 404"
ADMINS_ACT: Final = "302 404 404 404 404 403 302 404 404 404 404 404"
TIMED: Final[Mapping[str, tuple[tuple[Any, ...], ...]]] = {
    "learning:hours": (("get", LEADS_PAGE, TARN),),
    "learning:hours_note": (("post", EVERYBODY_THERE, TARN, NOTE),),
    "learning:hours_change": (("post", MEMBERS_OWN, ("tarn", str(FIRST_NOTE)), {"hours": "2"}),),
    "learning:hours_rule": (("post", ADMINS_ACT, TARN, {"billed": "75"}),),
}


def note_examples() -> None:
    """Rules and notes; needs people with their roles."""
    for number, (person, firm, shown_from) in enumerate(NOTED):
        with open_scope(Scope(partner_orgs=frozenset({firm}), person=person)):
            StudyRule.objects.get_or_create(
                organization_id=firm, defaults={"shown_from": shown_from, "billed": 75, "said_at": BEGUN}
            )
            for nth, day in enumerate(DAYS):
                StudyHours(
                    id=FIRST_NOTE + 10 * nth + number,
                    organization_id=firm,
                    person_id=person,
                    learner=LEARNERS[person],
                    code="expert",
                    step="Course",
                    day=day,
                    hours=Decimal(2),
                    noted_on=day,
                ).save(force_insert=True)
