"""Terms of use: published by version, accepted once by each person of a partner before anything else is seen."""

from __future__ import annotations

import pytest

from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError
from swingby.web.domain.terms import accept_terms, publish_terms, published_terms, terms_due
from swingby.web.models import TermsVersion
from tests.web.acting import acting, signed_in

pytestmark = pytest.mark.django_db
HOME = "/partner/harbor-program-tarn/"
TERMS = "/terms/?next=/partner/harbor-program-tarn/"


def publish(text: str = "Be fair.") -> TermsVersion:
    with acting("vendor-admin") as actor:
        return publish_terms("harbor", actor=actor, text=text)


def accepted() -> list[tuple[int, int]]:
    with acting("vendor-admin"):
        return [(each.terms.number, each.accepted) for each in published_terms("harbor")]


def test_a_new_version_is_accepted_before_anything_else_and_the_way_leads_back() -> None:
    client, everybody = signed_in("partner-member"), accepted()[0][1]
    assert client.get(HOME).status_code == 200
    terms = publish()

    sent = client.get(HOME)
    assert (sent.status_code, sent.headers["Location"]) == (
        302,
        TERMS.replace("/partner/", "%2Fpartner%2F").replace("tarn/", "tarn%2F"),
    )
    assert "Be fair." in client.get(TERMS).content.decode()
    polled = client.get(HOME, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{HOME}"})
    assert polled.headers["HX-Redirect"].startswith("/terms/?next=")
    assert (
        client.post(f"{HOME}reports/new/", {"kind": "plan_reviewed"}).headers["Location"]
        == "/terms/?next=%2Fnot-sent%2F"
    )

    client.post(TERMS, {"terms": terms.pk})
    assert client.get(TERMS).headers["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert signed_in("partner-admin").get(HOME).status_code == 302
    assert accepted() == [(2, 1), (1, everybody)]


def test_the_vendor_and_other_vendors_partners_are_not_asked() -> None:
    publish()

    assert signed_in("manager").get("/console/harbor/").status_code == 200
    assert signed_in("other-partner").get("/partner/quay-program-loom/").status_code == 200
    assert signed_in("both-programs").get("/partner/quay-program-sedge/").status_code == 302


def test_terms_that_were_replaced_meanwhile_are_not_accepted() -> None:
    old = publish()
    publish("Be fairer.")
    with acting("partner-member") as actor, pytest.raises(ChangedMeanwhileError):
        accept_terms(old, actor=actor)
    signed_in("partner-member").post(TERMS, {"terms": old.pk})
    with acting("partner-member") as actor:
        due = terms_due(actor)
    assert due is not None
    assert due.text == "Be fairer."


def test_only_an_admin_of_the_vendor_publishes_and_not_the_same_twice() -> None:
    publish()
    with acting("manager") as actor, pytest.raises(NotAllowedError):
        publish_terms("harbor", actor=actor, text="Mine.")
    again = signed_in("vendor-admin").post("/console/harbor/terms/", {"text": " Be fair. "})
    empty = signed_in("vendor-admin").post("/console/harbor/terms/", {"text": " "})

    assert (again.status_code, empty.status_code) == (422, 422)
    assert [number for number, _ in accepted()] == [2, 1]


@pytest.mark.parametrize("onward", ["https://elsewhere.test/", "//elsewhere.test", "javascript:alert(1)"])
def test_the_way_leads_on_inside_only(onward: str) -> None:
    answer = signed_in("partner-member").get("/terms/", {"next": onward})

    assert answer.headers["Location"] == "/"
