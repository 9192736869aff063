"""What if people left: asked once, worked out by jobs, kept for whoever asked, and of nobody else's facts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from swingby.facts import FactSet
from swingby.program import Program
from swingby.web.domain import kept_aftermaths
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.kept_aftermaths import (
    GIVEN_UP_AFTER,
    Known,
    ask_for_aftermaths,
    asked_before,
    known_aftermaths,
    work_out_aftermath,
)
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.domain.queries.firm import firm_enrolments
from swingby.web.domain.queries.leavers import candidates
from swingby.web.models import AftermathState, Enrolment, KeptAftermath, Learner, Person
from swingby.web.tenancy import Scope, open_scope
from tests.web.acting import acting
from tests.web.leavers import GONE_ON, RULES, assess, hire, publish_rules

pytestmark = pytest.mark.django_db
HARBOR, NORTH, QUAY = "harbor-program-sedge", "harbor-program-sedge-north", "quay-program-sedge"
ASKER = "both-programs"
TODAY = date(2026, 3, 31)


@pytest.fixture
def three() -> None:
    """The firm's two experts are known to two vendors; a third works at its office in the north."""
    for owner in ("harbor", "quay"):
        hire("ada", "ben", owner=owner, partner="sedge")
    hire("cleo", owner="harbor", partner="sedge-north")
    publish_rules("harbor", "harbor-program", HARBOR, NORTH)
    publish_rules("quay", "quay-program", QUAY)


def _ask(*people: str, on: date = GONE_ON, person: str = ASKER) -> None:
    with acting(person) as actor:
        rows = list(firm_enrolments(on=TODAY).select_related("partner"))
        ask_for_aftermaths(rows, people, gone_on=on, actor=actor)


def _known(*people: str, on: date = GONE_ON, person: str = ASKER) -> dict[str, Known]:
    with acting(person) as actor:
        return dict(known_aftermaths(list(firm_enrolments(on=TODAY)), people, gone_on=on, actor=actor))


def _jobs() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args ->> 'organization', (args ->> 'aftermath')::bigint FROM procrastinate_jobs"
            " WHERE task_name = 'work_out_aftermath' AND status = 'todo' ORDER BY id"
        )
        return list(cursor.fetchall())


def _work() -> int:
    """Do every job that waits, as a worker does."""
    jobs = _jobs()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'work_out_aftermath'")
    for organization, key in jobs:
        work_out_aftermath(key, organization=organization)
    return len(jobs)


def _told(known: dict[str, Known]) -> dict[str, tuple[str, str, str]]:
    """State, the tier after the fall, and why nothing is known."""
    return {
        key: (one.state, one.aftermath.fall.after if one.aftermath.fall else "", one.aftermath.unknown)
        for key, one in known.items()
    }


@pytest.mark.usefixtures("three")
def test_each_program_is_one_job_and_is_there_as_soon_as_its_job_is_done() -> None:
    _ask("ada")
    assert _told(_known("ada")) == {HARBOR: ("waiting", "", ""), QUAY: ("waiting", "", "")}
    (organization, first), _second = _jobs()
    work_out_aftermath(first, organization=organization)
    assert sorted(one.state for one in _known("ada").values()) == ["done", "waiting"]
    _work()
    found = _known("ada")
    assert _told(found) == {HARBOR: ("done", "Member", ""), QUAY: ("done", "Member", "")}
    assert {(one.worked_on, one.is_stale) for one in found.values()} == {(TODAY, False)}
    fall = found[HARBOR].aftermath.fall
    assert fall is not None
    assert (fall.day, fall.breaks) == (GONE_ON, ("Experts at least 2: 1, and 2 are asked for",))


@pytest.mark.usefixtures("three")
def test_the_same_question_starts_nothing_twice_and_finds_its_answer_again() -> None:
    _ask("ada", "ben")
    jobs = _jobs()
    _ask("ben", "ada")
    assert _jobs() == jobs
    assert _work() == 2
    _ask("ada", "ben")
    assert _jobs() == []
    _ask("ada", on=GONE_ON + timedelta(days=1))
    with acting(ASKER) as actor:
        asked = [(one.people, one.is_unfinished) for one in asked_before(actor)]
    # Behind them stands the sample of the small world.
    assert asked[:2] == [(("ada",), True), (("ada", "ben"), False)]


@pytest.mark.usefixtures("three")
def test_what_a_newer_fact_may_have_changed_is_stale_and_asked_anew_alone() -> None:
    _ask("ada")
    _work()
    hire("dora", owner="harbor", partner="sedge")
    assess(HARBOR, "harbor")
    assert {key: one.is_stale for key, one in _known("ada").items()} == {HARBOR: True, QUAY: False}
    _ask("ada")
    assert _work() == 1
    assert _told(_known("ada")) == {HARBOR: ("done", "", ""), QUAY: ("done", "Member", "")}


@pytest.mark.usefixtures("three")
def test_other_rules_make_it_stale_too() -> None:
    _ask("ada")
    _work()
    publish_rules("harbor", "harbor-program", HARBOR, version="3", text=RULES.replace("at_least: 2", "at_least: 1"))
    assert _known("ada")[HARBOR].is_stale
    _ask("ada")
    _work()
    assert _told(_known("ada"))[HARBOR] == ("done", "", "")


@pytest.mark.usefixtures("three")
def test_the_next_day_it_is_stale() -> None:
    _ask("ada")
    _work()
    with acting(ASKER):
        KeptAftermath.objects.filter(person=ASKER).update(worked_on=TODAY - timedelta(days=1))
    assert {one.is_stale for one in _known("ada").values()} == {True}


@pytest.mark.usefixtures("three")
def test_a_job_whose_worker_was_killed_is_done_by_the_next_one() -> None:
    _ask("ada")
    with acting(ASKER):
        KeptAftermath.objects.filter(person=ASKER).update(state=AftermathState.RUNNING)
    _work()
    assert {one.state for one in _known("ada").values()} == {"done"}
    for organization, key in [("sedge", row.pk) for row in _rows()]:
        work_out_aftermath(key, organization=organization)
    assert {one.state for one in _known("ada").values()} == {"done"}


@pytest.mark.usefixtures("three")
def test_what_never_came_is_asked_for_anew() -> None:
    _ask("ada")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    _ask("ada")
    assert _jobs() == []
    with acting(ASKER):
        for row in KeptAftermath.objects.filter(person=ASKER):
            KeptAftermath.objects.filter(pk=row.pk).update(asked_at=row.asked_at - 2 * GIVEN_UP_AFTER)
    _ask("ada")
    assert len(_jobs()) == 2


def _rows() -> list[KeptAftermath]:
    with acting(ASKER):
        return list(KeptAftermath.objects.filter(person=ASKER, gone_on=GONE_ON))


@pytest.mark.usefixtures("three")
def test_what_breaks_off_says_so_and_can_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    _ask("ada")
    with monkeypatch.context() as patched:
        patched.setattr(kept_aftermaths, "leaving", broken)
        with pytest.raises(ZeroDivisionError):
            _work()
    assert "failed" in {one.state for one in _known("ada").values()}
    _ask("ada")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'todo'")
    _work()
    assert "done" in {one.state for one in _known("ada").values()}


@pytest.mark.usefixtures("three")
def test_too_much_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_aftermaths, "MOST_UNFINISHED", 3)
    _ask("ada")
    with pytest.raises(RefusedError):
        _ask("ben")


def test_old_answers_are_thrown_away() -> None:
    hire("ada", owner="quay", partner="sedge")
    _ask("ada")
    with acting(ASKER):
        KeptAftermath.objects.filter(person=ASKER).update(gone_on=TODAY)
    _ask("ada")
    assert [row.gone_on for row in _rows()] == [GONE_ON]


@pytest.mark.parametrize("person", ["partner-member", "partner-finance"])
def test_only_who_leads_programs_may_ask(person: str) -> None:
    with pytest.raises(NotAllowedError):
        _ask("ada", person=person)


# --- nothing of anybody else's ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("three")
def test_nobody_else_finds_what_somebody_asked() -> None:
    _ask("ada")
    _work()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept_aftermaths")
        assert cursor.fetchone() == (0,)
    for person in ("manager", "other-vendor", "other-partner", "partner-admin", "executive"):
        with acting(person):
            assert [row.people for row in KeptAftermath.objects.all() if "ada" in row.people] == []
    colleague = Scope(partner_orgs=frozenset({"sedge"}), person="somebody-else")
    with open_scope(colleague):
        assert list(KeptAftermath.objects.all()) == []


@pytest.mark.usefixtures("three")
def test_people_of_other_partners_and_vendors_change_nothing() -> None:
    """The others have people under the same keys, and more of them; the answer stays what it is."""
    _ask("ada")
    _work()
    before = _told(_known("ada"))
    hire("ada", "ben", "dora", "emil", owner="harbor", partner="tarn")
    hire("ada", "ben", "dora", "emil", owner="quay", partner="loom")
    hire("ada", "dora", "emil", owner="quay", partner="tarn")
    for enrolment, owner in ((HARBOR, "harbor"), (QUAY, "quay")):
        assess(enrolment, owner)
    _ask("ada")
    assert _work() == 2
    assert _told(_known("ada")) == before


@pytest.mark.usefixtures("three")
def test_the_engine_is_given_facts_of_this_partner_and_vendor_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row that is brought, of every table that names a partner."""
    hire("zoe", owner="harbor", partner="tarn")
    hire("yan", owner="quay", partner="loom")
    seen: dict[str, set[tuple[str, str | None]]] = {}

    def watched(owner: str, program: Program) -> FactSet:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name::text FROM information_schema.columns WHERE column_name = 'partner_org'"
                " AND (table_name LIKE 'fact\\_%%' OR table_name = ANY (%s))",
                [[f"ref_{name}" for name in ("enrolments", "people", "customers", "offices", "organizations")]],
            )
            for (table,) in cursor.fetchall():
                cursor.execute(f"SELECT DISTINCT owner_org, partner_org FROM {table}")
                seen.setdefault(owner, set()).update(cursor.fetchall())
        return bring_facts(owner, program)

    monkeypatch.setattr("swingby.web.domain.leaving.bring_facts", watched)
    _ask("ada")
    _work()
    assert seen == {"harbor": {("harbor", "sedge")}, "quay": {("quay", "sedge")}}


def test_a_key_of_somebody_elsewhere_gives_no_name_away() -> None:
    """A vendor writes the keys: here those of people of other firms, of its own, and of nobody's firm."""
    strangers = ("partner-admin", "manager", "stranger", "partner-admin-key", "other-partner-key")
    hire(*strangers, "both-programs", "both-programs-key", owner="harbor", partner="sedge")
    with acting(ASKER):
        found = {one.key: one.name for one in candidates(_enrolments(), on=TODAY)}
    mine = Person.objects.get(pk=ASKER).name
    assert {key: found[key] for key in strangers} == {key: key for key in strangers}
    assert (found[ASKER], found[f"{ASKER}-key"]) == (mine, mine)


def test_a_key_that_two_of_ones_firms_use_names_neither() -> None:
    for partner in ("sedge", "sedge-north"):
        hire("twice", owner="harbor", partner=partner)
    with open_scope(Scope(partner_orgs=frozenset({"sedge", "sedge-north"}))):
        for firm, person in (("sedge", "stranger"), ("sedge-north", "other-partner")):
            Learner.objects.create(organization_id=firm, key="twice", person_id=person)
    with acting(ASKER):
        assert [one.name for one in candidates(_enrolments(), on=TODAY) if one.key == "twice"] == ["twice"]


def _enrolments() -> list[Enrolment]:
    return list(firm_enrolments(on=TODAY).select_related("partner"))
