from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from swingby.engine import assess
from swingby.engine.path import find_path
from swingby.web import demo
from swingby.web.clock import today
from swingby.web.demo.people import read_cast
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.experiments.planning import draw_experiment
from swingby.web.domain.learning.program_coverage import ProgramQuestion, program_covered
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.domain.programs import loaded as loaded_rules
from swingby.web.domain.programs import version_in_force
from swingby.web.domain.prospects import find_prospect, kept_path
from swingby.web.domain.reports import accept_report
from swingby.web.domain.standings import assess_enrolment, latest_standing
from swingby.web.models import (
    ActivityReport,
    Enrolment,
    Experiment,
    Organization,
    PartnerCoverage,
    Person,
    ProgramVersion,
    Prospect,
    Review,
    Standing,
)
from swingby.web.tenancy import act_for_owner
from swingby.web.visibility import ANYBODY
from tests.web.acting import acting
from tests.web.demo.tiny import write_example

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PARTNERS = 5


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    folder = write_example(tmp_path / "example", partners=PARTNERS)
    demo.load(folder)
    return folder


def _counts() -> dict[str, int]:
    with act_for_owner("harborline"), connection.cursor() as cursor:
        counts = {}
        for table in ("fact_activities", "fact_credentials", "fact_deals", "ref_enrolments", "ref_positions"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[table] = int(cursor.fetchone()[0])
        return {**counts, "standings": Standing.objects.count(), "reports": ActivityReport.objects.count()}


def test_an_experiment_waits_to_be_drawn_behind_everything_else(loaded: Path) -> None:
    with act_for_owner("harborline"):
        row = Experiment.objects.get()
        assert (row.state, row.words) == ("waiting", "Does the new onboarding raise win rate, as the lot fell?")
    job = ProcrastinateJob.objects.get(task_name="draw_experiment")
    assert (job.args, job.priority) == ({"owner": "harborline", "experiment": row.pk}, -3)
    draw_experiment(row.pk, owner="harborline")
    with act_for_owner("harborline"):
        drawn = Experiment.objects.get()
        # Five partners are too few, which is said; the whole example has two hundred that can take part.
        assert (drawn.state, drawn.progress.startswith("This experiment cannot be planned.")) == ("failed", True)


def test_whoever_opens_the_matrix_of_all_partners_first_finds_it_counted(loaded: Path) -> None:
    with act_for_owner("harborline"):
        rows = PartnerCoverage.objects.values_list("is_due", "counted_at")
        assert [(is_due, moment is not None) for is_due, moment in rows] == [(False, True)] * len(rows)
        running = Enrolment.objects.filter(not_ended(today()), joined_on__lte=today())
        partners = running.values("partner").distinct().count()
        found = program_covered("harborline", ProgramQuestion(), actor=ANYBODY, most=5)
    assert (found.partners, found.is_current, found.never) == (partners, True, 0)
    assert found.counted_at is not None
    assert found.people == 3 * PARTNERS


def test_everybody_has_a_standing_with_its_requirements(loaded: Path) -> None:
    with act_for_owner("harborline"):
        standings = list(Standing.objects.all())
        version = ProgramVersion.objects.get()

        assert len(standings) == PARTNERS
        assert {standing.program_hash for standing in standings} == {version.hash}
        assert {standing.requirements.count() > 0 for standing in standings} == {True}


def test_loading_twice_changes_nothing(loaded: Path) -> None:
    before = _counts()
    demo.load(loaded)

    assert _counts() == before


def test_the_reviews_that_have_come_are_open_and_standings_agree_with_the_ledger(loaded: Path) -> None:
    with act_for_owner("harborline"):
        days = list(Review.objects.order_by("on").values_list("on", "lowers"))
        held = {row.enrolment_id: row.result["held"]["level"] for row in Standing.objects.all()}
        rules = loaded_rules(version_in_force("harborline", on=date(2026, 3, 31)))
        with bring_facts("harborline", rules) as facts:
            run = assess(rules, facts, as_of=date(2026, 3, 31))
            found = {standing.enrolment: standing.tiers["level"].tier for standing in run}
            run.close()

    assert days == [(date(2026, 2, 1), True), (date(2026, 3, 1), False)]
    assert found == held


def test_the_engine_is_told_of_the_same_partners(loaded: Path) -> None:
    with act_for_owner("harborline"), connection.cursor() as cursor:
        cursor.execute("SELECT enrolment, organization, joined_on FROM ref_enrolments ORDER BY 1")
        rows = cursor.fetchall()
        assert rows == list(Enrolment.objects.order_by("pk").values_list("pk", "partner_id", "joined_on"))
        cursor.execute("SELECT organization, name FROM ref_organizations ORDER BY 1")
        partners = Organization.objects.exclude(pk="harborline").order_by("pk")
        assert cursor.fetchall() == list(partners.values_list("pk", "name"))


def test_a_person_s_facts_are_shown_to_the_partner_they_work_for(loaded: Path) -> None:
    with acting("p-priya-anand"), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT partner_org FROM fact_credentials")
        assert cursor.fetchall() == [("tarnwick-labs",)]
        cursor.execute("SELECT DISTINCT partner_org FROM fact_deals")
        assert cursor.fetchall() == [("tarnwick-labs",)]


def test_the_standing_at_once_continues_the_one_from_the_files(loaded: Path) -> None:
    """The engine in memory and the one on PostgreSQL agree; one plan review more is worth its twenty points."""
    with acting("p-priya-anand") as actor:
        enrolment = Enrolment.objects.select_related("partner").get()
        before = latest_standing(enrolment)
        waiting = ActivityReport.objects.get()
    with acting("p-ines-halvorsen") as actor:
        report = ActivityReport.objects.select_related("partner", "enrolment").get(pk=waiting.pk)
        position = accept_report(report, actor=actor)
    assess_enrolment(enrolment.pk, owner="harborline", position=position)

    with acting("p-priya-anand"):
        after = latest_standing(enrolment)
        assert before is not None
        assert after is not None
        # The deal that was approved came in after the first standings.
        assert after.position == before.position + 2
        assert int(after.result["score"]["value"]) - int(before.result["score"]["value"]) == 4
        assert after.result["history_total"] == before.result["history_total"] + 1
        assert (after.tier, after.result["gates"]) != (None, [])


def test_everybody_can_sign_in_with_the_password_that_is_printed(loaded: Path) -> None:
    lines = "\n".join(demo.describe_logins())
    cast = read_cast(loaded, example="harborline")

    assert [login.email for login in cast.logins if login.email not in lines] == []
    assert cast.password in lines
    assert [
        person.name for person in Person.objects.filter(pk__startswith="p-") if not person.check_password(cast.password)
    ] == []


def test_the_way_to_the_next_tier_is_the_engine_s_and_verified(loaded: Path) -> None:
    find_prospect("tarnwick-labs", owner="harborline")

    with act_for_owner("harborline"):
        kept = Prospect.objects.get(pk="tarnwick-labs")
        rules = loaded_rules(version_in_force("harborline", on=date(2026, 3, 31)))
        with bring_facts("harborline", rules) as facts:
            found = find_path(rules, facts, partner="tarnwick-labs", as_of=date(2026, 3, 31))

    assert kept.path["verified"] is True
    assert kept.path == {**kept_path(found), "mending": None, "promotion": None}, "nothing is missed or given"
    assert kept.loses_on == date(2026, 8, 1)
    assert ProcrastinateJob.objects.filter(task_name="find_prospect", args__enrolment="tarnwick-labs").count() == 1
