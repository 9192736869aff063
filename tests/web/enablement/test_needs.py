"""What tiers ask of a firm follows its tiers, the rules in force and its catalogue."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from swingby.web.domain.learning.catalogues import take_catalogue
from swingby.web.domain.learning.needs import refresh_needs
from swingby.web.domain.standings import _ask_for_needs
from swingby.web.models import CertificationNeed, Enrolment
from swingby.web.tenancy import act_for_owner
from tests.permissions.learning import CATALOGUE
from tests.web.acting import acting, signed_in
from tests.web.api.asking import get
from tests.web.enablement.firm import FIRM, MEMBER, certify, employ, of_the_firm
from tests.web.publishing import add_fact, assess_now, publish

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 31)
RULES = """\
program: {id: PROGRAM, label: Harbor, language: 1, version: "1", effective: 2025-01-01, currency: USD}
points:
  plans: {for_each: activities, where: {kind: plan_reviewed}, earn: 20, label: Plan reviewed}
measures:
  experts: {count: person, of: credentials, where: {role: engineering, level: advanced}, label: Experts}
scores:
  total: {sum: [plans], label: Points}
ladders:
  level:
    tiers:
      - {id: member, label: Member}
      - {id: select, label: Select, requires: {all: [{score: total, at_least: 20}, {measure: experts, at_least: 1}]}}
      - {id: gold, label: Gold, requires: {all: [{score: total, at_least: 40}, {measure: experts, at_least: 3}]}}
"""
Need = tuple[str, str, int]


@pytest.fixture(autouse=True)
def rules() -> None:
    with of_the_firm("harbor"), connection.cursor() as cursor:
        cursor.execute("UPDATE fact_activities SET reversed_position = 1 WHERE owner_org = 'harbor'")
    publish("2", "2026-01-01", RULES)
    assess_now()
    assert refresh_needs(FIRM) > 0
    run_jobs()


def run_jobs() -> int:
    """Do what a worker would; returns how often needs were worked out."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'refresh_needs' RETURNING args ->> 'owner'")
        firms = [row[0] for row in cursor.fetchall()]
    for firm in firms:
        refresh_needs(firm)
    return len(firms)


def needs() -> list[Need]:
    found = get(f"/firms/{FIRM}/needs", person=MEMBER).json()["items"]
    return [(need["kind"], need["source"], need["people"]) for need in found if need["kind"] in {"keep", "next"}]


def reach_select() -> None:
    for owner in ("harbor", FIRM):
        employ("ada", owner=owner)
        certify("ada", "expert", owner=owner)
    with of_the_firm("harbor"), connection.cursor() as cursor:
        cursor.execute("UPDATE fact_credentials SET role = 'engineering', level = 'advanced' WHERE person = 'ada'")
    add_fact("activities", "plan", organization=FIRM, kind="plan_reviewed", happened_on=date(2026, 3, 1))
    assess_now()


def test_what_was_noted_and_is_not_asked_any_more_ends() -> None:
    """The small world noted a need of a tier that there is no more."""
    assert needs() == [("next", "Harbor Select", 1)]


def test_a_tier_that_moves_asks_something_else_in_the_matrix_at_once() -> None:
    reach_select()
    assert run_jobs() == 1
    assert needs() == [("keep", "Harbor Select", 1), ("next", "Harbor Gold", 3)]
    cells = {cell["code"]: cell for cell in get(f"/firms/{FIRM}/certifications", person=MEMBER).json()["items"]}
    assert (cells["expert"]["needed"], cells["expert"]["missing"]) == (3, 2)
    page = signed_in(MEMBER).get(f"/learning/{FIRM}/coverage/").context["page"]
    assert [(line.source, line.asked) for line in page.asks] == [("Harbor Select", 1), ("Harbor Gold", 3)]


def test_a_tier_that_is_lost_again_asks_as_before(settings: Settings) -> None:
    reach_select()
    run_jobs()
    with of_the_firm("harbor"), connection.cursor() as cursor:
        cursor.execute("UPDATE fact_credentials SET ends_on = '2026-03-31' WHERE person = 'ada'")
    settings.SWINGBY_TODAY = date(2026, 4, 1)
    assess_now()
    assert run_jobs() == 1
    assert needs() == [("next", "Harbor Select", 1)]
    with of_the_firm():
        over = CertificationNeed.objects.filter(organization_id=FIRM, source="Harbor Gold", people=3)
        assert [(row.starts_on, row.ends_on) for row in over] == [(DAY, date(2026, 4, 1))]


def test_a_standing_that_moves_no_tier_asks_for_nothing_anew() -> None:
    reach_select()
    run_jobs()
    add_fact("activities", "another", organization=FIRM, kind="plan_reviewed", happened_on=date(2026, 3, 2))
    assess_now()
    assert run_jobs() == 0


def test_a_version_that_takes_effect_asks_by_its_own_rules(settings: Settings) -> None:
    publish("3", "2026-04-01", RULES.replace("experts, at_least: 1", "experts, at_least: 2"))
    assert (refresh_needs(FIRM), needs()) == (0, [("next", "Harbor Select", 1)])
    settings.SWINGBY_TODAY = date(2026, 4, 1)
    assess_now()
    assert run_jobs() == 1
    assert needs() == [("next", "Harbor Select", 2)]


def test_a_line_that_changes_by_date_asks_from_that_day_on(settings: Settings) -> None:
    by_date = "{initially: 1, 2026-04-10: 4}"
    publish("3", "2026-02-01", RULES.replace("experts, at_least: 1", f"experts, at_least: {by_date}"))
    refresh_needs(FIRM)
    assert needs() == [("next", "Harbor Select", 1)]
    settings.SWINGBY_TODAY = date(2026, 4, 10)
    assert (refresh_needs(FIRM), needs()) == (2, [("next", "Harbor Select", 4)])


def test_whatever_runs_twice_changes_nothing() -> None:
    reach_select()
    run_jobs()
    before = needs()
    assert (refresh_needs(FIRM), needs()) == (0, before)


def test_what_deals_ask_and_other_vendors_stays() -> None:
    more = {"organization_id": FIRM, "codes": ["expert"], "people": 2, "starts_on": date(2026, 1, 1)}
    with of_the_firm():
        CertificationNeed.objects.create(vendor="harbor", kind="deal", source="Deal 1", **more)
        CertificationNeed.objects.create(vendor="elsewhere", kind="keep", source="Elsewhere Gold", **more)
    refresh_needs(FIRM)
    assert needs() == [("next", "Harbor Select", 1), ("keep", "Elsewhere Gold", 2)]
    with of_the_firm():
        assert CertificationNeed.objects.get(source="Deal 1").ends_on is None


def test_a_program_that_the_firm_left_asks_nothing() -> None:
    with acting("manager"):
        Enrolment.objects.filter(partner_id=FIRM, owner_id="harbor").update(ended_on=DAY)
    assert (refresh_needs(FIRM), needs()) == (1, [])


def test_a_catalogue_that_names_the_certification_otherwise_asks_for_that() -> None:
    renamed = {name: text.replace("  expert:", "  master:") for name, text in CATALOGUE.items()}
    with of_the_firm():
        take_catalogue(FIRM, renamed, on=DAY)
    refresh_needs(FIRM)
    found = get(f"/firms/{FIRM}/needs", person=MEMBER).json()["items"]
    assert [need["codes"] for need in found if need["kind"] == "next"] == [["master"]]


def test_who_keeps_no_catalogue_has_no_needs_and_no_job() -> None:
    with act_for_owner("harbor"):
        _ask_for_needs("quay")
    assert (run_jobs(), refresh_needs("quay")) == (0, 0)
