"""Who leaves a program on a day to come is in it until then, wherever the program's partners are listed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from swingby.web.clock import now, today
from swingby.web.domain.queries.review_lines import falls_that_wait
from swingby.web.domain.queries.rhythms import promises
from swingby.web.models import CardShare, Enrolment, LineState, ReviewLine
from swingby.web.tenancy import act_for_owner
from tests.web.acting import ENROLMENT, signed_in

pytestmark = pytest.mark.django_db


def _leaves(in_days: int) -> None:
    with act_for_owner("harbor"):
        Enrolment.objects.filter(pk=ENROLMENT).update(ended_on=today() + timedelta(in_days))


def _listed() -> dict[str, int]:
    """How much is listed where the partner is."""
    exceptions = signed_in("manager").get("/console/harbor/exceptions/?q=Tarn").context["page"]
    money = signed_in("finance").get("/console/harbor/money/").context["page"]
    sharing = signed_in("partner-admin").get("/sharing/tarn/").context["page"]
    card = signed_in("manager").get("/console/harbor/evidence/harbor-program-card/share/").context["page"]
    with act_for_owner("harbor"):
        falls, kept = falls_that_wait("harbor"), promises("harbor", manager=None)
    return {
        "exceptions": len(exceptions.partners),
        "money": sum(row.count for row in money.waiting if row.label == "Falls of a tier"),
        "sharing": len(sharing.programs),
        "evidence": len(card.partners),
        "falls": falls,
        "rhythms": sum(each.kept + each.missed + each.open for promise in kept for each in promise.periods),
    }


@pytest.mark.parametrize(("in_days", "is_in"), [(1, True), (0, False), (-1, False)])
def test_a_partner_is_listed_until_the_day_on_which_it_leaves(in_days: int, *, is_in: bool) -> None:
    with act_for_owner("harbor"):
        ReviewLine.objects.filter(enrolment=ENROLMENT).update(direction="down", state=LineState.WAITS)
        CardShare.objects.filter(enrolment=ENROLMENT).update(withdrawn_at=now())
    before = _listed()
    _leaves(in_days)
    after = _listed()

    assert all(before.values())
    assert [name for name in before if (after[name] == before[name]) != is_in] == []
