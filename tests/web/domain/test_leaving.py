"""What would fall if people left: the same as if they really had left, at every step."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from swingby.engine import assess
from swingby.program import load_text
from swingby.web.domain.leaving import COMPARES, WAITS, Aftermath, leaving
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.leavers import candidates, employed_of
from swingby.web.models import Standing
from swingby.web.tenancy import act_for_owner
from tests.web.acting import ENROLMENT, acting, the_enrolment
from tests.web.enablement.firm import certify, employ
from tests.web.publishing import assess_now, publish

pytestmark = pytest.mark.django_db
PEOPLE = tuple(f"engineer-{letter}" for letter in "abcd")
#: Alone and in pairs; the fourth holds what lapses, the first three are alike.
WAYS = (PEOPLE[:1], PEOPLE[3:], PEOPLE[:2], (PEOPLE[0], PEOPLE[3]))
GONE_ON = date(2026, 4, 10)
#: Three with a certificate for select, looked at twice a year; grace is a question of the program.
RULES = """\
program: {id: PROGRAM, label: Example program, language: 1, version: "1", effective: 2025-01-01, currency: USD}
measures:
  experts: {count: person, of: credentials, where: {code: expert}, label: Experts}
ladders:
  level:
    tiers:
      - {id: member}
      - {id: bronze, requires: {measure: experts, at_least: 1}}
      - {id: select, requires: {measure: experts, at_least: 3}}
    start: member
    promote: {each: day}
    demote: DEMOTE
"""
DEMOTIONS = {
    "every day": "{each: day}",
    "at reviews": "{dates: [02-01, 08-01]}",
    "after grace": "{dates: [02-01, 08-01], grace: 60 days}",
    "one step at a time": "{dates: [05-01, 08-01], one_step: true}",
    "never": "never",
}


@pytest.fixture
def engineers() -> None:
    """Four hold the certificate; that of one lapses in May."""
    for person in PEOPLE:
        employ(person, owner="harbor")
        certify(person, "expert", owner="harbor", until=date(2026, 5, 20) if person == PEOPLE[-1] else None)


def _publish(demote: str) -> None:
    _publish_text(RULES.replace("DEMOTE", demote))


def _publish_text(text: str) -> None:
    publish("2", "2025-02-01", text)
    with act_for_owner("harbor"), connection.cursor() as cursor:
        # The world stands still on a day before the one on which its facts were written.
        cursor.execute("UPDATE ref_positions SET recorded_at = '2025-01-01' WHERE owner_org = 'harbor'")
    assess_now()


def _decided(tier: str) -> None:
    """The reviews so far are decided, and this is the tier that is held."""
    with act_for_owner("harbor"):
        row = Standing.objects.filter(enrolment=ENROLMENT).latest("id")
        kept = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.attname not in {"id", "position", "result"}
        }
        held = {**row.result, "held": {"level": tier}}
        Standing.objects.bulk_create([Standing(**kept, position=row.position + 1, result=held)])


def _asked(*people: str, on: date = GONE_ON) -> Aftermath:
    with acting("partner-admin"):
        return leaving(the_enrolment(), people, on=on)


def _tiers(days: list[date]) -> dict[date, str]:
    """The tiers on days as the engine replays all that is known: everybody's facts, nothing of this module."""
    with act_for_owner("harbor"):
        program = loaded(version_in_force("harbor-program", on=date(2026, 3, 31)))
        with bring_facts("harbor", program) as facts, closing(assess(program, facts, as_of=days)) as run:
            return {day: run.by_key[ENROLMENT, day].tiers["level"].tier or "" for day in days}


def _heads(text: str) -> int:
    """How many the engine counts today."""
    today = date(2026, 3, 31)
    with act_for_owner("harbor"):
        program = load_text(text.replace("PROGRAM", "harbor-program")).program
        assert program is not None
        with bring_facts("harbor", program) as facts, closing(assess(program, facts, as_of=[today])) as run:
            return int(run.by_key[ENROLMENT, today].numbers["heads"].value or 0)


def _really_leave(people: tuple[str, ...]) -> None:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fact_employments SET ends_on = %s WHERE owner_org = 'harbor' AND person = ANY (%s)",
            [GONE_ON, list(people)],
        )


@pytest.mark.slow
@pytest.mark.usefixtures("engineers")
@pytest.mark.proof(turns=2)
@pytest.mark.parametrize("demote", DEMOTIONS.values(), ids=DEMOTIONS)
def test_it_is_what_would_be_if_they_really_left(demote: str) -> None:
    """By brute force: their posts end in the database, and every day of a year is replayed from all facts."""
    _publish(demote)
    _decided("select")
    days = [GONE_ON + timedelta(days=nth) for nth in range(400)]
    order = ["member", "bronze", "select"]
    before = _tiers(days)
    for people in WAYS:
        found = _asked(*people)
        with transaction.atomic():
            _really_leave(people)
            after = _tiers(days)
            transaction.set_rollback(True)
        lower = next((day for day in days if order.index(after[day]) < order.index(before[day])), None)
        assert (found.unknown, found.fall.day if found.fall else None) == ("", lower), people
        if lower is not None and found.fall is not None:
            assert (found.fall.before.lower(), found.fall.after.lower()) == ("select", after[lower])
        elif after[days[-1]] != "select":
            assert found.anyway == next(day for day in days if before[day] != "select")


@pytest.mark.usefixtures("engineers")
def test_it_says_which_requirement_breaks() -> None:
    _publish(DEMOTIONS["every day"])
    found = _asked(*PEOPLE[:2])
    assert found.fall is not None
    assert (found.fall.day, found.fall.ladder, found.fall.before, found.fall.after) == (
        GONE_ON,
        "level",
        "Select",
        "Bronze",
    )
    assert found.fall.breaks == ("Experts at least 3: 2, and 3 are asked for",)


def test_heads_that_a_rule_counts_anywhere_matter() -> None:
    """Nobody has a certificate, and points are given for each head: no measure names employments."""
    for person in PEOPLE:
        employ(person, owner="harbor")
    counted = "points: {heads: {based_on: {count: person, of: employments}, earn: {rate: 1}}}"
    text = RULES.replace("measures:", f"{counted}\nmeasures:").replace("DEMOTE", DEMOTIONS["every day"])
    text = text.replace("{measure: experts, at_least: 1}", "{points: heads, at_least: 1}")
    text = text.replace("{measure: experts, at_least: 3}", "{points: heads, at_least: HEADS}")
    _publish_text(text.replace("HEADS", str(_heads(text.replace("HEADS", "3")))))
    found = _asked(*PEOPLE)

    assert found.unknown == ""
    assert found.fall is not None
    assert (found.fall.day, found.fall.before, found.fall.after) == (GONE_ON, "Select", "Member")


@pytest.mark.usefixtures("engineers")
def test_nothing_is_changed_by_asking() -> None:
    _publish(DEMOTIONS["every day"])
    _asked(*PEOPLE[:2])
    with acting("partner-admin"):
        there = employed_of([the_enrolment()], PEOPLE, on=date(2027, 1, 1))
        assert there == {ENROLMENT: frozenset(PEOPLE)}
        found = {one.key: one.programs for one in candidates([the_enrolment()], on=GONE_ON)}
        assert {person: found.get(person) for person in PEOPLE} == dict.fromkeys(PEOPLE, 1)


@pytest.mark.usefixtures("engineers")
def test_a_program_that_compares_partners_is_not_worked_out() -> None:
    ranked = RULES.replace("ladders:", "  place: {rank: {measure: experts}, label: Place}\nladders:")
    publish("2", "2025-02-01", ranked.replace("DEMOTE", DEMOTIONS["every day"]))
    assert _asked(*PEOPLE[:2]).unknown == COMPARES


@pytest.mark.usefixtures("engineers")
def test_while_a_review_waits_nothing_is_said() -> None:
    _publish(DEMOTIONS["every day"])
    _decided("bronze")
    assert _asked(*PEOPLE[:4]).unknown == WAITS
