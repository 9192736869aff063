"""What a regional lead, somebody with several employers and a distributor see."""

from __future__ import annotations

import pytest
from django.db import transaction

from swingby.web.domain.audit import find_breaks
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.organizations import give_role
from swingby.web.domain.sharing import end_share, share_standing, shared_with
from swingby.web.models import (
    AuditEntry,
    Enrolment,
    Note,
    Organization,
    Person,
    PortfolioRow,
    Role,
    Side,
    Standing,
    StandingShare,
)
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import visible_to
from tests.web.acting import acting, signed_in, the_enrolment

pytestmark = pytest.mark.django_db


def give(person: str, organization: str, role: Role, *regions: str) -> None:
    own = frozenset({organization})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        give_role(Person.objects.get(pk=person), organization=organization, role=role, regions=regions)


def partners_seen(person: str) -> list[str]:
    with acting(person):
        return sorted(PortfolioRow.objects.values_list("partner_id", flat=True))


def test_a_lead_sees_the_partners_of_the_region_and_no_names_of_others() -> None:
    with acting("lead"):
        assert sorted(PortfolioRow.objects.values_list("partner_id", flat=True)) == ["tarn"]
        assert sorted(Enrolment.objects.values_list("pk", flat=True)) == ["harbor-program-tarn"]
        assert sorted(Organization.objects.values_list("pk", flat=True)) == ["harbor", "tarn"]
        assert set(Note.objects.values_list("partner_id", flat=True)) == {"tarn"}
    page = signed_in("lead").get("/console/harbor/").content.decode()
    assert "Tarn Example" in page
    assert "Sedge Example" not in page


def test_a_lead_of_two_regions_sees_both_and_one_of_none_sees_nobody() -> None:
    give("stranger", "harbor", Role.REGIONAL_LEAD)
    assert partners_seen("stranger") == []
    give("other-partner", "harbor", Role.REGIONAL_LEAD, "emea", "apac")
    assert partners_seen("other-partner") == ["sedge", "tarn"]


def test_who_is_more_than_a_lead_sees_everybody() -> None:
    give("lead", "harbor", Role.FINANCE)

    assert partners_seen("lead") == ["sedge", "sedge-north", "tarn"]


def test_one_human_with_several_employers_sees_each_in_its_place() -> None:
    give("lead", "sedge", Role.PARTNER_MEMBER)
    give("lead", "quay", Role.EXECUTIVE)
    with acting("lead") as actor:
        scope = visible_to(actor)
        standings = sorted(Standing.objects.values_list("enrolment_id", flat=True))

    assert scope.owner_orgs == {"harbor", "quay"}
    assert scope.limited_owners == {"harbor"}
    assert standings == [
        "harbor-program-sedge",
        "harbor-program-sedge-north",
        "harbor-program-tarn",
        "quay-program-loom",
        "quay-program-sedge",
    ]


def test_a_lead_writes_about_the_region_only() -> None:
    client = signed_in("lead")
    said = {"text": "Met them in May.", "audience": "only_us"}
    here = client.post("/console/harbor/partners/harbor-program-tarn/", said)
    there = client.post("/console/harbor/partners/harbor-program-sedge/", said)

    assert (here.status_code, there.status_code) == (302, 404)
    with acting("manager"):
        written = Note.objects.filter(written_by="lead").values_list("partner_id", flat=True)
        assert list(written) == ["tarn"]


def share(code: str = "share-sedge") -> StandingShare:
    with acting("partner-admin") as actor:
        return share_standing(the_enrolment(), actor=actor, code=code)


def seen_by_sedge() -> list[tuple[str, str]]:
    with acting("both-programs") as actor:
        rows = shared_with("sedge", actor=actor)
    return [(each.share.enrolment_id, each.standing.tier if each.standing else "") for each in rows]


def test_a_distributor_sees_where_a_partner_stands_as_soon_as_it_agrees_until_it_ends() -> None:
    assert seen_by_sedge() == []
    shared = share(" SHARE-sedge ")
    assert seen_by_sedge() == [("harbor-program-tarn", "member")]
    page = signed_in("both-programs").get("/sharing/sedge/").content.decode()
    assert "Tarn Example" in page
    assert signed_in("both-programs").get("/partner/harbor-program-tarn/").status_code == 404

    with acting("partner-admin") as actor:
        end_share(shared, actor=actor)
    assert seen_by_sedge() == []
    with acting("partner-admin"):
        chain = AuditEntry.objects.filter(owner="harbor", partner="tarn", side=Side.PARTNER).order_by("number")
        assert [entry.action for entry in chain][-2:] == ["share.begin", "share.end"]
        assert find_breaks(chain) == []


def test_the_distributor_may_end_it_too() -> None:
    shared = share()
    assert signed_in("both-programs").post(f"/sharing/sedge/{shared.pk}/end/").status_code == 302
    assert seen_by_sedge() == []
    with acting("both-programs") as actor, pytest.raises(ChangedMeanwhileError):
        end_share(shared, actor=actor)


@pytest.mark.parametrize("code", ["", "nobody-has-this", "share-tarn", "join-sedge", "x\0y", "a" * 1000])
def test_a_code_that_opens_nothing_is_refused(code: str) -> None:
    with pytest.raises(RefusedError):
        share(code)


def test_sharing_twice_is_told_and_a_member_may_not() -> None:
    share()
    with pytest.raises(ChangedMeanwhileError):
        share()
    with acting("partner-member") as actor, pytest.raises(NotAllowedError):
        share_standing(the_enrolment(), actor=actor, code="share-sedge")


def test_shared_rows_are_seen_on_the_page_of_sharing_alone() -> None:
    share()
    with acting("both-programs"):
        assert not Enrolment.objects.filter(pk="harbor-program-tarn").exists()
