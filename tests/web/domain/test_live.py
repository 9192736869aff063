"""What one statement on PostgreSQL cannot answer is answered from all facts of the owner, in a job."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from swingby.web.domain.live import EngineSource
from swingby.web.domain.programs import loaded, publish_version, version_in_force
from swingby.web.domain.reports import accept_report, submit_report
from swingby.web.domain.results import computed
from swingby.web.domain.standings import assess_enrolment, current_position, latest_standing
from swingby.web.domain.whole import assess_with_all_facts
from swingby.web.models import ActivityReport, Program, Standing
from tests.permissions.world import next_text
from tests.web.acting import ENROLMENT, acting, the_enrolment
from tests.web.domain.proposing import PROGRAM

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DAY = date(2026, 3, 31)
RANKED = next_text(PROGRAM, version="ranked").replace("2026-08-01", "2026-03-01")
RANKED = RANKED.replace("scores:\n", "  place: {rank: {measure: reviews}, label: Place by plan reviews}\nscores:\n")
RANKED = RANKED.replace("{score: total, at_least: 20}", "{measure: place, at_most: 1}")


def _accepted() -> None:
    with acting("partner-admin") as actor:
        key = submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, 20)).pk
    with acting("manager") as actor:
        accept_report(ActivityReport.objects.select_related("partner", "enrolment").get(pk=key), actor=actor)


def _latest() -> Standing | None:
    with acting("manager"):
        return latest_standing(the_enrolment())


def test_both_ways_say_the_same() -> None:
    _accepted()
    with acting("manager"):
        version, position = version_in_force(PROGRAM, on=DAY), current_position("harbor")
        quick = EngineSource().assess(version, enrolment=the_enrolment(), as_of=DAY, position=position)
        program = loaded(version)
        whole = assess_with_all_facts(program, owner="harbor", enrolment=ENROLMENT, as_of=DAY, position=position)
        assert whole is not None
        slow = computed(whole, program, kept=None)
    assert (quick.tier, list(quick.requirements)) == (slow.tier, list(slow.requirements))
    assert EngineSource().is_quick(version)


def test_a_program_that_ranks_partners_is_assessed_by_the_job() -> None:
    with acting("manager"):
        publish_version(Program.objects.get(pk=PROGRAM), files={"program.yaml": RANKED})
    _accepted()
    before = _latest()

    assess_enrolment(ENROLMENT, owner="harbor", position=1, only_quick=True)
    assert _latest() == before

    assess_enrolment(ENROLMENT, owner="harbor", position=1)
    found = _latest()
    assert found is not None
    with acting("manager"):
        rows = list(found.requirements.order_by("pk").values_list("tier", "state", "value"))
        version = version_in_force(PROGRAM, on=DAY)
        assert not EngineSource().is_quick(version)
    assert (version.version, found.program_hash, found.tier) == ("ranked", version.hash, "select")
    assert rows[0] == ("select", "met", Decimal(1))
