"""Looking as a colleague: read only, for half an hour, at one organization, noted page by page."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from swingby.web.domain.audit import find_breaks
from swingby.web.looking import MINUTES
from swingby.web.models import AuditEntry, Note, PartnerVisit, Role
from tests.web.acting import acting, signed_in
from tests.web.people.test_roles import give

pytestmark = pytest.mark.django_db
PARTNER = "/console/harbor/partners/harbor-program-tarn/"


def looking(person: str = "success", *, by: str = "vendor-admin", at: str = "harbor") -> Client:
    client = signed_in(by)
    assert client.post(f"/people/{at}/people/{person}/look/").status_code == 302
    return client


def noted() -> list[tuple[str, str, str]]:
    with acting("vendor-admin"):
        chain = AuditEntry.objects.filter(owner="harbor", partner="harbor", side="vendor").order_by("number")
        assert find_breaks(chain) == []
        return [(row.actor, row.action, row.detail.get("page", "")) for row in chain if row.action.startswith("look.")]


def test_an_admin_sees_what_a_colleague_sees_and_every_page_says_so() -> None:
    client = looking()
    page = client.get("/console/harbor/week/").content.decode()
    assert "You look as Success, read only" in page
    assert client.get("/people/harbor/").status_code == 403
    client.post("/stop-looking/")

    assert "You look as" not in client.get("/console/harbor/").content.decode()
    assert client.get("/console/harbor/week/").status_code == 403
    assert noted() == [
        ("vendor-admin", "look.begin", ""),
        ("vendor-admin", "look.page", "/console/harbor/week/"),
        ("vendor-admin", "look.page", "/people/harbor/"),
        ("vendor-admin", "look.end", ""),
    ]


def test_nothing_is_changed_not_even_by_reading() -> None:
    client = looking()
    with acting("success"):
        before = PartnerVisit.objects.get(enrolment="harbor-program-tarn").seen_at
    assert client.get(PARTNER).status_code == 200
    assert client.post(PARTNER, {"text": "Written while looking.", "audience": "only_us"}).status_code == 403

    with acting("success"):
        assert PartnerVisit.objects.get(enrolment="harbor-program-tarn").seen_at == before
        assert not Note.objects.filter(text__startswith="Written").exists()


def test_it_ends_by_itself_after_half_an_hour() -> None:
    client = looking()
    session = client.session
    kept = session["swingby_looking_as"]
    left = datetime.fromisoformat(kept["until"]) - timezone.now()
    assert timedelta(minutes=MINUTES - 1) < left <= timedelta(minutes=MINUTES)
    session["swingby_looking_as"] = {**kept, "until": timezone.now().isoformat()}
    session.save()

    assert "You look as" not in client.get("/console/harbor/").content.decode()
    assert "swingby_looking_as" not in client.session


def test_it_ends_when_the_admin_is_none_any_more() -> None:
    client = looking()
    give("manager", "harbor", Role.VENDOR_ADMIN)
    signed_in("manager").post("/people/harbor/people/vendor-admin/", {"role": "finance"})

    assert "You look as" not in client.get("/console/harbor/").content.decode()


def test_only_the_organization_of_the_admin_is_seen() -> None:
    give("success", "tarn", Role.PARTNER_MEMBER)
    assert signed_in("success").get("/partner/harbor-program-tarn/").status_code == 200

    assert looking().get("/partner/harbor-program-tarn/").status_code == 403


def test_signing_out_while_looking_signs_out() -> None:
    client = looking()
    client.post("/accounts/logout/")

    assert client.get("/console/harbor/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("by", "at", "person", "status"),
    [
        ("manager", "harbor", "success", 403),
        ("vendor-admin", "tarn", "partner-member", 404),
        ("vendor-admin", "harbor", "partner-member", 404),
        ("vendor-admin", "harbor", "vendor-admin", 302),
        ("partner-admin", "tarn", "partner-member", 302),
    ],
)
def test_only_admins_look_and_only_as_their_own_people(by: str, at: str, person: str, status: int) -> None:
    client = signed_in(by)
    assert client.post(f"/people/{at}/people/{person}/look/").status_code == status
    page = client.get("/", follow=True).content.decode()

    assert ("You look as" in page) == (by == "partner-admin")
