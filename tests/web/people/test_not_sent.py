"""What is sent after a session has ended waits for the same person, and for nobody else."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from swingby.web.models import ActivityReport, Person
from tests.web.acting import acting, signed_in

pytestmark = pytest.mark.django_db
HOME = "/partner/harbor-program-tarn/"
NEW = f"{HOME}reports/new/"
KEPT = "/accounts/login/?next=/not-sent/"
SAID = {"kind": "plan_reviewed", "quantity": "12", "note": "Long thought about, & never to be lost."}


def after_the_session(person: str = "partner-admin", at: str = NEW) -> Client:
    """The browser of somebody whose session has ended while a page was open."""
    client = signed_in(person)
    assert client.get(at).status_code == 200
    del client.cookies[settings.SESSION_COOKIE_NAME]
    return client


def sign_in_again(client: Client, person: str = "partner-admin") -> None:
    client.force_login(Person.objects.get(pk=person))


def reported() -> int:
    with acting("partner-admin"):
        return ActivityReport.objects.count()


def form_of(client: Client) -> dict[str, str]:
    page = client.get("/not-sent/").content.decode()
    shown = re.findall(r'<input type="hidden" name="(?!csrf|drop)(\w+)" value="([^"]*)">', page)
    return {name: value.replace("&amp;", "&") for name, value in shown}


def test_a_report_that_came_too_late_is_shown_and_sent() -> None:
    client = after_the_session()
    day = re.search(r'name="happened_on"[^>]*max="([^"]+)"', client.get(NEW, follow=True).content.decode())
    said = {**SAID, "happened_on": day[1] if day else "2026-03-10"}
    refused = client.post(NEW, said, headers={"Referer": f"http://testserver{NEW}?kind=plan_reviewed"})
    assert (refused.status_code, refused.headers["Location"]) == (302, KEPT)

    sign_in_again(client)
    assert form_of(client) == said
    page = client.get("/not-sent/").content.decode()
    assert "Long thought about, &amp; never to be lost." in page
    assert f'href="{NEW}"' in page

    sent = client.post("/not-sent/", said)
    assert (sent.status_code, sent.headers["Location"]) == (307, NEW)
    assert client.get("/not-sent/").headers["Location"] == "/"


def test_somebody_else_at_the_same_browser_sees_nothing_of_it() -> None:
    client = after_the_session()
    client.post(NEW, SAID)
    sign_in_again(client, "manager")
    assert client.get("/not-sent/").headers["Location"] == "/"
    sign_in_again(client)
    assert client.get("/not-sent/").headers["Location"] == "/"


def test_who_signed_out_leaves_nothing() -> None:
    client = signed_in("partner-admin")
    client.get(NEW)
    client.post("/accounts/logout/")
    assert client.post(NEW, SAID).headers["Location"] == f"/accounts/login/?next={NEW}"


def test_a_stranger_cannot_have_anything_kept() -> None:
    client = Client()
    client.cookies["swingby_writer"] = "partner-admin"
    assert client.post(NEW, SAID).headers["Location"] == f"/accounts/login/?next={NEW}"
    assert settings.SESSION_COOKIE_NAME not in client.cookies


@pytest.mark.parametrize("fields", [{"note": "x" * 60_000}, {"client_secret": "s", "note": "n"}, {}])
def test_what_is_too_long_or_secret_is_not_kept(fields: dict[str, str]) -> None:
    client = after_the_session()
    assert client.post(NEW, fields).headers["Location"] == f"/accounts/login/?next={NEW}"


def test_files_are_asked_for_again_with_the_report_filled_in() -> None:
    client = after_the_session()
    client.post(NEW, {**SAID, "files": SimpleUploadedFile("proof.pdf", b"%PDF-1.4")})
    sign_in_again(client)
    page = client.get("/not-sent/").content.decode()
    assert "The files are not kept" in page
    assert "Send it now" not in page
    assert 'name="quantity" value="12"' in client.get(NEW).content.decode()
    before = reported()
    assert client.post("/not-sent/", SAID).headers["Location"] == "/"
    assert reported() == before


def test_what_is_not_to_be_sent_is_forgotten() -> None:
    client = after_the_session()
    client.post(NEW, SAID)
    sign_in_again(client)
    assert client.post("/not-sent/", {"drop": "1"}).headers["Location"] == "/"
    assert client.get("/not-sent/").headers["Location"] == "/"


def test_a_part_of_a_page_leads_to_what_was_kept_as_well() -> None:
    client = after_the_session()
    sent = client.post(NEW, SAID, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{HOME}"})
    assert sent.headers["HX-Redirect"] == KEPT
