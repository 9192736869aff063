from __future__ import annotations

import pytest

from swingby.web.models import Membership, Role
from swingby.web.people.user_parts import OrphansPage
from swingby.web.tenancy import Scope, open_scope
from tests.web.acting import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/console/harbor/orphans/"


def _page(**asked: str) -> OrphansPage:
    page = signed_in("operations").get(PAGE, asked).context["page"]
    assert isinstance(page, OrphansPage)
    return page


@pytest.fixture(autouse=True)
def tarn_and_sedge_without_an_admin() -> None:
    """At Tarn people stay; at Sedge everybody left."""
    with open_scope(Scope(partner_orgs=frozenset({"tarn", "sedge", "sedge-north"}))):
        Membership.objects.filter(organization_id="tarn", role=Role.PARTNER_ADMIN).delete()
        Membership.objects.filter(organization_id__in=("sedge", "sedge-north")).delete()


def _names(**asked: str) -> list[str]:
    return [row.name for row in _page(**asked).rows]


def test_whose_admin_left_comes_first_and_who_never_came_is_asked_for() -> None:
    assert _names() == ["Tarn Example"]
    assert _names(show="nobody") == ["Sedge Example", "Sedge-north Example"]
    assert len(_names(show="all")) == 3
    assert _names(show="all", q="north") == ["Sedge-north Example"]


def test_the_choice_says_how_many_of_each_sort_there_are() -> None:
    assert _page(show="nobody", q="north").shows == (
        ("left", "The last admin left: 1", False),
        ("nobody", "Nobody can sign in there: 2", True),
        ("all", "All: 3", False),
    )


def test_after_a_refusal_the_partner_stands_open_whatever_was_shown() -> None:
    answer = signed_in("operations").post(PAGE, {"partner": "harbor-program-sedge", "email": "nothing"})

    assert answer.status_code == 422
    assert [row.is_open for row in answer.context["page"].rows if row.name == "Sedge Example"] == [True]
