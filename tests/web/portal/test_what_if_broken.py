"""What somebody tried in order to break the question what if people left, and what holds."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from swingby.web.domain import kept_aftermaths
from swingby.web.domain.kept_aftermaths import work_out_aftermath
from swingby.web.domain.leaving import Aftermath, leaving
from swingby.web.models import KeptAftermath, Membership, Role
from swingby.web.tenancy import Scope, open_scope
from tests.web.acting import acting, signed_in
from tests.web.portal.test_what_if import ANSWER, ASKED, ASKER, HARBOR, QUAY, _falls, _page, two

__all__ = ["two"]
pytestmark = pytest.mark.django_db


def rows() -> list[KeptAftermath]:
    with acting(ASKER):
        return list(KeptAftermath.objects.filter(person=ASKER, people=["ada"]).order_by("id"))


def work(row: KeptAftermath) -> None:
    work_out_aftermath(row.pk, organization=row.organization_id)


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'work_out_aftermath'")
        return int(cursor.fetchone()[0])


def test_what_was_refused_as_too_much_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_aftermaths, "MOST_UNFINISHED", 1)
    client = signed_in(ASKER)
    assert client.post("/firm/what-if/", ASKED).status_code == 422
    page, question = _page(client)
    assert (rows(), question.progress_url, set(_falls(page).values())) == ([], "", {None})


def test_asking_hundreds_of_times_starts_one_job_each() -> None:
    client = signed_in(ASKER)
    before = jobs()
    for _nth in range(50):
        client.post("/firm/what-if/", ASKED)
    assert (jobs() - before, len(rows())) == (2, 2)


def test_two_jobs_at_once_on_one_row_leave_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(ASKER).post("/firm/what-if/", ASKED)
    row = rows()[0]

    def twice(*args: Any, **named: Any) -> Aftermath:
        monkeypatch.setattr(kept_aftermaths, "leaving", leaving)
        work(row)
        return leaving(*args, **named)

    monkeypatch.setattr(kept_aftermaths, "leaving", twice)
    work(row)
    assert next((one.state, bool(one.found)) for one in rows()) == ("done", True)


def test_a_person_erased_while_it_is_worked_out_comes_back_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(ASKER).post("/firm/what-if/", ASKED)
    row = rows()[0]

    def erased(*args: Any, **named: Any) -> Aftermath:
        found = leaving(*args, **named)
        with acting(ASKER):
            KeptAftermath.objects.filter(person=ASKER).delete()
        return found

    monkeypatch.setattr(kept_aftermaths, "leaving", erased)
    work(row)
    assert rows() == []


@pytest.mark.parametrize("where", [ANSWER, f"/firm/what-if/?first=ada&on=2026-04-10&row={HARBOR}"])
def test_whoever_lost_the_role_reads_no_answer(where: str) -> None:
    client = signed_in(ASKER)
    client.post("/firm/what-if/", ASKED)
    for row in rows():
        work(row)
    demote("sedge", "sedge-north")
    answer = client.get(where)
    assert answer.status_code in {302, 403, 404} or answer.context["page"].what_if is None
    assert "Falls to" not in answer.content.decode()
    for row in rows():
        work(row)


def demote(*organizations: str) -> None:
    """The asker becomes somebody who only works there."""
    with open_scope(Scope(partner_orgs=frozenset(organizations))):
        Membership.objects.filter(person=ASKER, organization__in=organizations).update(role=Role.PARTNER_MEMBER)


@pytest.mark.parametrize(
    "said",
    [
        {"on": "0001-01-01"},
        {"on": "9999-12-31"},
        {"on": "2026-02-30"},
        {"on": "2026-04-10T00:00"},
        {"on": "9" * 5000},
        {"on": "\u0662\u0660\u0662\u0666-04-10"},
        {"first": "x" * 9999},
        {"first": "partner-member"},
        {"first": "' OR 1=1 --"},
        {"first": "", "second": "nobody"},
    ],
    ids=lambda said: str(said)[:30],
)
def test_odd_days_and_keys_are_refused_in_words(said: dict[str, str]) -> None:
    client = signed_in(ASKER)
    assert client.post("/firm/what-if/", ASKED | said).status_code == 422
    assert client.get("/firm/", ASKED | said).status_code == 200
    assert client.get("/firm/what-if/", ASKED | said | {"row": "\0"}).status_code == 200
    assert client.get("/firm/what-if/", ASKED | said | {"row": ["x" * 999] * 300}).status_code == 200


@pytest.mark.parametrize("person", ["partner-admin", "other-partner", "manager", "partner-finance"])
def test_nobody_else_reads_an_answer_by_its_address(person: str) -> None:
    client = signed_in(ASKER)
    client.post("/firm/what-if/", ASKED)
    for row in rows():
        work(row)
    for where in (ANSWER, f"/firm/what-if/?first=ada&on=2026-04-10&row={HARBOR}&row={QUAY}"):
        answer = signed_in(person).get(where)
        assert "Falls to" not in answer.content.decode()
        assert "Ada" not in answer.content.decode()
