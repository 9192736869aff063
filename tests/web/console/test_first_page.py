from __future__ import annotations

import pytest

from swingby.web.models import Appeal, AppealState, LineState, ReviewLine
from swingby.web.tenancy import act_for_owner
from tests.web.acting import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("person", "page"),
    [
        ("manager", "reviews/"),
        ("success", "week/"),
        ("lead", "week/"),
        ("finance", "money/"),
        ("executive", "glance/"),
        ("operations", ""),
        ("vendor-admin", ""),
    ],
)
def test_everybody_begins_where_the_work_is(person: str, page: str) -> None:
    assert signed_in(person).get("/").headers["Location"] == f"/console/harbor/{page}"


def test_a_program_manager_begins_at_reports_while_no_review_waits() -> None:
    with act_for_owner("harbor"):
        ReviewLine.objects.filter(state=LineState.WAITS).update(state=LineState.HELD)
        Appeal.objects.filter(state=AppealState.FILED).update(state=AppealState.UPHELD)

    assert signed_in("manager").get("/").headers["Location"] == "/console/harbor/reports/"
