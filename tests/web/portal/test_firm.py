"""A firm with several vendors: each program beside the others, the next day first; one program leads straight on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.domain.learning.catalogues import take_catalogue
from swingby.web.domain.queries.firm import _of_result, tier_risk
from swingby.web.models import (
    Enrolment,
    Notification,
    NotificationKind,
    Organization,
    ProgramVersion,
    Prospect,
    ReviewLine,
    RhythmPeriod,
    Side,
    Standing,
)
from swingby.web.portal.firm_pages import risk_note, risk_words
from swingby.web.portal.firm_parts import FirmPage
from swingby.web.tenancy import act_for_owner
from tests.permissions.learning import CATALOGUE
from tests.web.acting import signed_in
from tests.web.missing import kept_missing
from tests.web.publishing import assess_now, publish

pytestmark = pytest.mark.django_db
HARBOR, NORTH, QUAY = "harbor-program-sedge", "harbor-program-sedge-north", "quay-program-sedge"


@pytest.fixture(autouse=True)
def quiet() -> None:
    """No day of the small world's own stands before those that a test sets."""
    for owner in ("harbor", "quay"):
        with act_for_owner(owner):
            ReviewLine.objects.filter(owner_id=owner).update(mend_until=None)
            RhythmPeriod.objects.filter(owner_id=owner).update(state="kept")


def _page(asked: str = "") -> FirmPage:
    page = signed_in("both-programs").get(f"/firm/{asked}").context["page"]
    assert isinstance(page, FirmPage)
    return page


def _promise(enrolment: str, owner: str, last_day: date) -> None:
    with act_for_owner(owner):
        RhythmPeriod.objects.create(
            owner_id=owner,
            partner_id="sedge",
            enrolment_id=enrolment,
            rhythm="promised",
            label="Plan review",
            side=Side.PARTNER,
            starts_on=date(2026, 1, 1),
            last_day=last_day,
            asked=Decimal(1),
            state="open",
        )


def test_programs_stand_in_the_order_of_their_next_days() -> None:
    publish("2", "2026-05-01")
    _promise(QUAY, "quay", date(2026, 4, 20))
    page = _page()

    assert [(row.key, row.vendor, row.day, row.what) for row in page.rows] == [
        (QUAY, "Quay Example", date(2026, 4, 20), "Plan review is due"),
        (HARBOR, "Harbor Example", date(2026, 5, 1), "Version 2 of the rules holds"),
        (NORTH, "Harbor Example", date(2026, 5, 1), "Version 2 of the rules holds"),
    ]
    assert (page.firm, page.vendors, page.total, page.names_partners) == ("Sedge Example", 2, 3, True)


def test_what_is_late_comes_first_and_says_so() -> None:
    _promise(HARBOR, "harbor", date(2026, 3, 20))

    assert [(row.key, row.is_late) for row in _page().rows if row.day] == [(HARBOR, True)]


def test_a_row_says_tier_gap_and_who_looks_after_it() -> None:
    with act_for_owner("harbor"):
        Enrolment.objects.filter(pk=HARBOR).update(success_manager="success")
    assess_now(HARBOR)
    row = next(row for row in _page().rows if row.key == HARBOR)

    assert (row.tier, row.next_tier, row.gap, row.contact) == ("Member", "Select", "Points: 20 more points", "Success")


def _held(*, unmet: bool, review: str | None = "2026-05-01", tier: str = "gold") -> dict[str, Any]:
    gate = {"label": "Plan reviews", "words": "one more", "state": "unmet" if unmet else "met", "is_score": False}
    return {
        "tier": {"id": tier, "label": tier.capitalize(), "rank": 2},
        "keeps": [gate],
        "reviews": {"demotion": review, "promotion": None},
    }


def _ahead(*, closing: bool, mending: dict[str, Any] | None = None) -> Prospect:
    gate = {"label": "Plan reviews", "words": "one more", "now": False}
    return Prospect(
        loses_on=date(2026, 5, 1), closing=[gate] if closing else [], path={"mending": mending} if mending else {}
    )


@pytest.mark.parametrize(
    ("result", "prospect", "fall", "said"),
    [
        (_held(unmet=False), _ahead(closing=False), None, ""),
        (_held(unmet=True), None, None, "at risk by 1 May 2026"),
        (_held(unmet=True, review=None), None, None, "at risk"),
        (_held(unmet=False), _ahead(closing=True), None, "at risk by 1 May 2026"),
        (
            _held(unmet=True),
            _ahead(closing=True, mending=kept_missing()),
            None,
            "at risk by 30 June 2026, then Select from 11 July 2026",
        ),
        (
            _held(unmet=True),
            _ahead(closing=True, mending=kept_missing(mend_until=None)),
            None,
            "lost from 11 July 2026, then Select",
        ),
        (_held(unmet=True), _ahead(closing=True, mending=kept_missing(tier="elite")), None, "at risk by 1 May 2026"),
        (
            _held(unmet=True),
            _ahead(closing=True, mending=kept_missing()),
            ReviewLine(mend_until=date(2026, 4, 15), after_label="Member", holds_from=date(2026, 4, 20)),
            "at risk by 15 April 2026, then Member from 20 April 2026",
        ),
        ({}, _ahead(closing=True), None, ""),
    ],
)
def test_the_tier_that_is_at_risk_and_by_when(
    result: dict[str, Any], prospect: Prospect | None, fall: ReviewLine | None, said: str
) -> None:
    proposed = {(HARBOR, "gold"): fall} if fall else {}
    risk = tier_risk(HARBOR, result, prospect, proposed)
    words = ", ".join(part for part in (risk_words(risk), risk_note(risk)) if part) if risk else ""

    assert words == said


@pytest.mark.parametrize(
    ("more", "words"),
    [({}, "The tier is looked at; nothing is missing today"), ({"kept_otherwise": True}, "The tier is looked at")],
)
def test_of_a_tier_that_is_kept_by_something_else_nothing_is_said_to_be_there(
    more: dict[str, bool], words: str
) -> None:
    result = {"reviews": {"demotion": "2026-05-01"}, "keeps": [], **more}
    assert [each.what for each in _of_result(result, on=date(2026, 3, 31))] == [words]


def test_the_page_and_the_file_say_what_is_at_risk() -> None:
    with act_for_owner("harbor"):
        standing = Standing.objects.filter(enrolment=HARBOR).latest("pk")
        standing.pk, standing.position, standing.result = None, standing.position + 1, _held(unmet=True)
        standing.save(force_insert=True)
        ReviewLine.objects.filter(enrolment=HARBOR).update(state="approved")
    client = signed_in("both-programs")
    page, file = client.get("/firm/").content.decode(), client.get("/firm/programs.csv").content.decode()

    assert [(row.key, row.risk) for row in _page().rows if row.risk] == [(HARBOR, "at risk by 1 May 2026")]
    assert page.count("at risk by 1 May 2026") == 1
    assert file.count("at risk by 1 May 2026") == 1


def test_news_are_counted_for_each_program_by_itself() -> None:
    with act_for_owner("harbor"):
        for number, kind in enumerate((NotificationKind.NOTE, NotificationKind.TIER, NotificationKind.REVIEW_OPEN)):
            Notification.objects.bulk_create(
                [
                    Notification(
                        id=f"news-{number}",
                        owner_id="harbor",
                        partner_id="sedge",
                        side=Side.PARTNER,
                        person_id="both-programs",
                        kind=kind,
                        words="A word.",
                        at=ReviewLine.objects.latest("decided_at").decided_at or date(2026, 3, 1),
                    )
                ]
            )

    assert {row.key: row.unread for row in _page().rows} == {HARBOR: 2, NORTH: 0, QUAY: 0}


def test_who_has_one_program_goes_straight_there() -> None:
    for address in ("/", "/firm/"):
        answer = signed_in("partner-member").get(address)
        assert (answer.status_code, answer["Location"]) == (302, "/partner/harbor-program-tarn/")
    assert signed_in("both-programs").get("/")["Location"] == "/firm/"
    assert signed_in("manager").get("/firm/").status_code == 404


def test_a_program_that_ended_is_gone() -> None:
    with act_for_owner("quay"):
        Enrolment.objects.filter(pk=QUAY).update(ended_on=date(2026, 3, 31))

    assert [row.key for row in _page().rows] == [HARBOR, NORTH]
    assert signed_in("both-programs").get("/")["Location"] == f"/partner/{HARBOR}/"


def test_the_way_to_all_programs_stands_in_each_of_them() -> None:
    entries = signed_in("both-programs").get(f"/partner/{QUAY}/").context["shell"].entries
    alone = signed_in("partner-member").get("/partner/harbor-program-tarn/").context["shell"].entries

    assert [entry.href for entry in entries if entry.label == "All programs"] == ["/firm/"]
    assert [entry.href for entry in alone if entry.label == "All programs"] == []


def test_what_is_the_firm_s_own_carries_its_own_frame_and_leads_to_its_learning() -> None:
    client = signed_in("both-programs")
    with act_for_owner("sedge"):
        take_catalogue("sedge", CATALOGUE, on=date(2026, 3, 1))
    client.get(f"/partner/{HARBOR}/")
    shells = [client.get(path).context["shell"] for path in ("/firm/", f"/firm/{QUAY}/stake/", "/learning/sedge/")]

    assert {(shell.program, shell.organization, shell.tier, shell.contact) for shell in shells} == {
        ("Sedge Example", "Sedge Example", "", None)
    }
    assert [[group.heading for group in shell.navigation][:3] for shell in shells] == [["", "Learning", "Programs"]] * 3
    assert [[entry.label for entry in shell.entries if entry.current] for shell in shells] == [
        ["All programs"],
        ["All programs"],
        ["My path"],
    ]


def _many(first: int, count: int) -> None:
    """More offices of the firm in harbor's program, each with a standing and a promise."""
    with act_for_owner("harbor"):
        version = ProgramVersion.objects.filter(program="harbor-program").latest("id")
        offices = [
            Organization(
                id=f"office-{number}",
                name=f"Office {number}",
                parent_id="sedge",
                lineage=[f"office-{number}", "sedge"],
                registered_by="harbor",
            )
            for number in range(first, first + count)
        ]
        Organization.objects.bulk_create(offices)
        rows = [
            Enrolment(
                id=f"in-{office.pk}",
                owner_id="harbor",
                partner=office,
                program_id="harbor-program",
                joined_on=date(2025, 5, 1),
            )
            for office in offices
        ]
        Enrolment.objects.bulk_create(rows)
        for row in rows:
            whose = {"owner_id": "harbor", "partner_id": row.partner_id, "enrolment_id": row.pk}
            Standing.objects.create(
                **whose,
                as_of=date(2026, 3, 31),
                position=1,
                program_version=version,
                program_hash=version.hash,
                engine_version="0",
                tier="member",
                result={
                    "tier": {"id": "member", "label": "Member", "rank": 0},
                    "reviews": {"promotion": (date(2026, 4, 1) + timedelta(days=len(row.pk))).isoformat()},
                },
            )


def test_hundreds_of_programs_ask_no_more_than_a_few() -> None:
    client = signed_in("both-programs")
    _many(0, 7)
    client.get("/firm/")
    with CaptureQueriesContext(connection) as few:
        client.get("/firm/")
    _many(7, 290)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/firm/")

    assert len(many) == len(few)
    assert len(page.content) < 150_000
    assert (page.context["page"].total, len(page.context["page"].rows), page.context["page"].after_url) == (
        300,
        8,
        "/firm/?page=2",
    )
    assert len(_page("?page=30").rows) == 8
    assert len(_page("?page=nonsense").rows) == 8
