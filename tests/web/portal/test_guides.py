"""The program guide: the rules in force with the partner's own place, as page and as PDF."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.portal.guide_parts import ComingVersion, GuidePage
from tests.permissions.world import PROGRAM_TEXT
from tests.web.acting import ENROLMENT, signed_in
from tests.web.publishing import assess_now, publish

pytestmark = pytest.mark.django_db
PAGE = f"/partner/{ENROLMENT}/guide/"


def _page() -> GuidePage:
    page = signed_in("partner-member").get(PAGE).context["page"]
    assert isinstance(page, GuidePage)
    return page


def test_the_guide_shows_the_rules_and_where_the_partner_stands() -> None:
    assess_now()
    page = _page()
    ladder = page.ladders[0]

    assert (page.version, page.effective, page.before, page.coming) == ("1", date(2025, 1, 1), "", None)
    assert [(tier.name, tier.stand) for tier in ladder.tiers] == [("Member", "here"), ("Select", "next"), ("Gold", "")]
    assert ladder.tiers[1].gaps == ("Points: 20 more points",)
    assert [part.heading for part in page.parts] == ["How points come", "What is counted, and over which days"]
    assert page.standing.startswith("Tarn Example holds Member with 0 points on 31 March 2026.")


def test_the_version_before_and_the_one_to_come_are_told_apart() -> None:
    publish("2", "2026-02-01", PROGRAM_TEXT.replace("earn: 20", "earn: 25"))
    publish("3", "2026-08-01", PROGRAM_TEXT.replace("earn: 20", "earn: 30"))
    page = _page()

    assert (page.version, page.before) == ("2", "1")
    assert (
        "Points, money and benefits",
        ("Plan reviewed, earns: 25 points instead of 20 points.",),
    ) in page.changes
    assert page.coming == ComingVersion(
        version="3",
        effective=date(2026, 8, 1),
        changes=(("Points, money and benefits", ("Plan reviewed, earns: 30 points instead of 25 points.",)),),
    )


def test_the_file_is_kept_by_its_version_and_shows_nobodys_standing() -> None:
    client = signed_in("partner-member")
    first = client.get(f"{PAGE}file/")
    again = client.get(f"{PAGE}file/", headers={"If-None-Match": first["ETag"]})
    others = signed_in("both-programs").get("/partner/harbor-program-sedge/guide/file/")

    assert first.content.startswith(b"%PDF")
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "private, no-cache"
    assert (others.status_code, others.content) == (200, first.content)
    publish("2", "2026-02-01", PROGRAM_TEXT.replace("earn: 20", "earn: 25"))
    newer = client.get(f"{PAGE}file/", headers={"If-None-Match": first["ETag"]})
    assert newer.status_code == 200
    assert newer["ETag"] != first["ETag"]


def test_the_copy_with_the_standing_is_kept_by_nobody() -> None:
    assess_now()
    client = signed_in("partner-member")
    own, plain = client.get(f"{PAGE}file/?mine=1"), client.get(f"{PAGE}file/")

    assert own.content != plain.content
    assert not own.has_header("ETag")
    assert own["Cache-Control"] == "private, no-store"
    assert own["Content-Disposition"] == 'attachment; filename="example-program-guide-1.pdf"'


def test_the_page_asks_as_much_for_many_versions() -> None:
    client = signed_in("partner-member")
    publish("2", "2025-02-01")
    publish("2-next", "2027-02-01")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for number in range(20):
        publish(f"3.{number}", f"2025-03-{number + 1:02}")
        publish(f"4.{number}", f"2028-03-{number + 1:02}")
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE)

    assert len(many) == len(few)
    assert len(page.content) < 150_000
