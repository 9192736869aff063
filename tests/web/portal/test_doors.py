"""No link and no button on a page leads its reader to a page that the reader may not open."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from http import HTTPStatus

import pytest
from django.urls import Resolver404, resolve

from tests.web.acting import ENROLMENT, signed_in

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/[^"#]*)')
#: One page of each kind is opened; what signs out or is no page is not.
LEFT_OUT = re.compile(r"^/(static|accounts/logout)")
MOST_PAGES = 40


def _kind(address: str) -> str:
    try:
        return resolve(address.partition("?")[0]).view_name
    except Resolver404:
        return address


def _closed_doors(person: str, first: str) -> set[tuple[str, str]]:
    """From which page to which the reader is led and refused."""
    client, waiting, opened, found = signed_in(person), deque([("", first)]), set[str](), set[tuple[str, str]]()
    while waiting and len(opened) < MOST_PAGES:
        place, address = waiting.popleft()
        if (kind := _kind(address)) in opened:
            continue
        opened.add(kind)
        answer = client.get(unescape(address))
        if answer.status_code == HTTPStatus.FORBIDDEN:
            found.add((place, address))
        elif answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            links = LINK.findall(answer.content.decode())
            waiting.extend((address, link) for link in links if not LEFT_OUT.match(link))
    assert len(opened) > 1, "a first page that leads nowhere shows nothing"
    return found


@pytest.mark.parametrize("person", ["partner-member", "partner-finance"])
def test_a_partners_pages_lead_to_pages_that_open(person: str) -> None:
    assert _closed_doors(person, f"/partner/{ENROLMENT}/") == set()


@pytest.mark.parametrize("person", ["finance", "operations"])
def test_a_vendors_pages_lead_to_pages_that_open(person: str) -> None:
    assert _closed_doors(person, "/console/harbor/") == set()


@pytest.mark.parametrize(("person", "reports"), [("partner-member", False), ("partner-admin", True)])
def test_only_who_may_report_is_asked_to(person: str, *, reports: bool) -> None:
    door = f"/partner/{ENROLMENT}/reports/new/"
    pages = [signed_in(person).get(f"/partner/{ENROLMENT}/{page}").content.decode() for page in ("", "reports/")]
    assert [door in page for page in pages] == [reports, reports]


@pytest.mark.parametrize(("person", "found"), [("executive", False), ("success", True)])
def test_files_of_reports_are_listed_for_those_who_read_reports(person: str, *, found: bool) -> None:
    page = signed_in(person).get("/console/harbor/partners/harbor-program-sedge/").content.decode()
    assert ("/console/harbor/reports/harbor-program-sedge-submitted/files/" in page) is found
