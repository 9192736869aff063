"""The scorecard: what is asked and what stands, the lines behind a number, the record behind a line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.domain.programs import version_in_force
from swingby.web.domain.prospects import find_prospect
from swingby.web.domain.queries.subjects import in_words, subjects_of
from swingby.web.domain.reports import accept_report, submit_report
from swingby.web.domain.scorecards import Card, keep_scorecard
from swingby.web.domain.standings import assess_enrolment
from swingby.web.models import ActivityReport, Scorecard, ScorecardLine
from swingby.web.portal.scorecard_pages import _asked_by
from swingby.web.portal.scorecard_parts import NumberPage, RecordPage, ScorecardPage
from swingby.web.tenancy import act_for_owner
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment

pytestmark = pytest.mark.django_db
CARD = f"/partner/{ENROLMENT}/scorecard/"
OURS = f"/console/harbor/partners/{ENROLMENT}/scorecard/"


def accepted(day: int) -> str:
    """An accepted report about a plan review; the id of its record."""
    with acting("partner-admin") as actor:
        key = submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, day)).pk
    with acting("manager") as actor:
        report = ActivityReport.objects.select_related("partner", "enrolment").get(pk=key)
        position = accept_report(report, actor=actor)
    assess_enrolment(ENROLMENT, owner="harbor", position=position)
    return report.fact_id


def page_of(address: str, person: str = "partner-member") -> Any:
    return signed_in(person).get(address).context["page"]


def test_requirements_lead_to_numbers_and_numbers_to_lines_and_lines_to_records() -> None:
    facts = [accepted(day) for day in (3, 20)]
    assert page_of(CARD).is_behind
    find_prospect(ENROLMENT, owner="harbor")
    card = page_of(CARD)
    assert isinstance(card, ScorecardPage)
    assert (card.is_behind, card.as_of, card.version) == (False, date(2026, 3, 31), "1")
    gold = next(tier for ladder in card.ladders for tier in ladder.tiers if tier.name == "Gold")
    gate = gold.rows[0].gate
    assert gate.href == f"{CARD}total/"

    number = page_of(gate.href)
    assert isinstance(number, NumberPage)
    assert number.value == gate.value
    assert number.value == sum(line.amount or 0 for line in number.lines)
    assert [asked.tier for asked in number.asked_by] == ["Select", "Gold"]
    plans = page_of(f"{CARD}plans/")
    assert [line.record for line in plans.lines[:2]] == facts[::-1]
    assert {line.what for line in plans.lines[:2]} == {"Plan reviewed"}

    record = page_of(plans.lines[0].record_url)
    assert isinstance(record, RecordPage)
    assert (record.source, record.is_removed) == ("activity reports", False)
    assert "Plan reviewed" in [row.name for row in record.counts_for]
    assert ("Kind", "Plan reviewed") in [(detail.label, detail.value) for detail in record.details]


@pytest.mark.parametrize(
    ("person", "said"), [("partner-member", "Plan reviewed"), ("manager", "Plan reviewed"), ("other-partner", "")]
)
def test_what_a_record_is_about_is_told_to_those_who_may_read_it(person: str, said: str) -> None:
    place = ("activities", accepted(3))
    with acting(person):
        assert (
            subjects_of("harbor", [place, ("no-such-kind", "x"), ("activities", "no-such-key")]).get(place, "") == said
        )


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"kind": "plan_reviewed", "attributes": '{"note": "x"}'}, "Plan reviewed"),
        ({"code": "keep_advanced", "product": "keep", "role": "engineering"}, "Keep advanced, engineering"),
        ({"kind": "won", "customer": "c1"}, "Won, Grebe Inc"),
        ({"customer": "c2"}, "C2"),
        ({"attributes": '{"topic": "audit"}'}, "Audit"),
        ({"amount": 3}, ""),
    ],
)
def test_a_few_words_tell_records_apart(record: dict[str, Any], words: str) -> None:
    assert in_words(record, {"c1": "Grebe Inc"}) == words


def test_both_sides_read_the_same() -> None:
    accepted(3)
    find_prospect(ENROLMENT, owner="harbor")
    theirs, ours = page_of(CARD), page_of(OURS, "manager")
    assert [group.heading for group in theirs.groups] == [group.heading for group in ours.groups]
    assert [row.value for group in theirs.groups for row in group.rows] == [
        row.value for group in ours.groups for row in group.rows
    ]
    assert page_of(f"{OURS}plans/", "manager").lines[0].record_url.startswith("/console/harbor/")


def stored(count: int) -> None:
    enrolment = the_enrolment()
    whose = {"owner_id": "harbor", "partner_id": enrolment.partner_id, "enrolment": enrolment}
    ScorecardLine.objects.filter(enrolment=enrolment).delete()
    ScorecardLine.objects.bulk_create(
        ScorecardLine(
            **whose,
            rule="plans",
            kind="entry",
            key=f"plans|entry|f-{number:04}",
            counts=True,
            day=date(2026, 3, 1 + number % 3),
            amount=Decimal(1),
            record_kind="activities",
            record=f"f-{number:04}",
        )
        for number in range(count)
    )


def test_pages_of_lines_end_and_hold_each_line_once_and_cost_the_same() -> None:
    client = signed_in("partner-member")
    with act_for_owner("harbor"):
        stored(10)
    client.get(f"{CARD}plans/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{CARD}plans/")
    with act_for_owner("harbor"):
        stored(300)
    with CaptureQueriesContext(connection) as many:
        answer = client.get(f"{CARD}plans/")
    assert len(many) == len(few)
    assert len(answer.content) < 150_000

    seen, address = [], f"{CARD}plans/"
    while address:
        page = client.get(address).context["page"]
        assert len(page.lines) <= 50
        seen += [line.record for line in page.lines]
        address = page.older_url
    assert len(seen) == len(set(seen)) == 300


@pytest.mark.parametrize("asked", ["?after=nonsense", "?after=2026-03-01~%00", "?left=in", "?after=~"])
def test_what_makes_no_sense_is_the_first_page(asked: str) -> None:
    assert [line.record for line in page_of(f"{CARD}plans/{asked}").lines] == ["harbor-tarn"]


@pytest.mark.parametrize(
    "address",
    [
        f"{CARD}nothing/",
        f"/partner/{ENROLMENT}/records/activities/not-there/",
        f"/partner/{ENROLMENT}/records/nothing/harbor-tarn/",
        f"/partner/{ENROLMENT}/records/activities/quay-sedge/",
        # What the vendor keeps for itself.
        f"/partner/{ENROLMENT}/records/touches/harbor-tarn/",
    ],
)
def test_what_is_not_there_or_not_theirs_is_not_found(address: str) -> None:
    assert signed_in("partner-admin").get(address).status_code == 404


def test_before_anything_was_worked_out_the_page_says_so() -> None:
    with act_for_owner("harbor"):
        Scorecard.objects.filter(pk=ENROLMENT).update(position=-1, numbers=[], ladders=[])
    answer = signed_in("partner-member").get(CARD)
    assert answer.context["page"].is_behind
    assert b"Something newer is being added" in answer.content


def test_what_was_worked_out_with_less_knowledge_changes_nothing() -> None:
    with act_for_owner("harbor"):
        Scorecard.objects.filter(pk=ENROLMENT).update(position=5, as_of=date(2026, 3, 31))
        row = the_enrolment()
        version = version_in_force(row.program_id, on=date(2026, 3, 31))
        keep_scorecard(row, Card(), version=version, day=date(2026, 3, 31), position=4)
        assert ScorecardLine.objects.filter(enrolment=row).count() == 1
        keep_scorecard(row, Card(), version=version, day=date(2026, 3, 31), position=5)
        assert ScorecardLine.objects.filter(enrolment=row).count() == 0


@pytest.mark.parametrize(("address", "person"), [(CARD, "partner-member"), (OURS, "success")])
def test_a_page_that_waits_is_told_when_there_is_something_newer(address: str, person: str) -> None:
    """Nothing is swapped while it waits; then the whole page is asked for, also once it is open and up to date."""
    accepted(3)
    page = signed_in(person).get(address).content
    waits = signed_in(person).get(address, headers={"HX-Request": "true"})
    find_prospect(ENROLMENT, owner="harbor")
    done = signed_in(person).get(address, headers={"HX-Request": "true"})

    assert b'hx-get="" hx-trigger="every 3s"' in page
    assert (waits.status_code, waits.content, waits.has_header("HX-Refresh")) == (204, b"", False)
    assert (done.status_code, done["HX-Refresh"]) == (204, "true")
    assert b"hx-get" not in signed_in(person).get(address).content.partition(b"<main")[2]


def test_a_way_that_another_one_makes_needless_is_not_called_missing() -> None:
    """The page of a number told a partner that holds Gold that Gold is not reached: another of two ways was met."""
    asked = {"value": "3", "line": "4", "gap": "1", "test": "at_least", "depth": 1}
    rows = [
        {"path": "gold", "kind": "any", "state": "met", "number": "", **asked, "depth": 0},
        {"path": "gold.1", "kind": "number", "state": "unmet", "number": "engineers", **asked},
        {"path": "gold.2", "kind": "number", "state": "met", "number": "share", **asked},
    ]
    card = Scorecard(ladders=[{"tiers": [{"label": "Gold", "rows": rows}]}])
    (found,) = _asked_by(card, {"name": "engineers", "unit": ""})

    assert (found.gate.state, found.gate.gap) == ("aside", "")
