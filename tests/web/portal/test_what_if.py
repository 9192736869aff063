"""The question what if people left on the board: asked, shown while it is worked out, found again, refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from swingby.web.domain.kept_aftermaths import work_out_aftermath
from swingby.web.domain.queries.firm import firm_enrolments
from swingby.web.models import KeptAftermath, Person
from swingby.web.portal.firm_parts import FirmPage, WhatIf
from swingby.web.portal.what_if_pages import answered, asking
from tests.web.acting import acting, signed_in
from tests.web.leavers import assess, hire, publish_rules

pytestmark = pytest.mark.django_db
HARBOR, NORTH, QUAY = "harbor-program-sedge", "harbor-program-sedge-north", "quay-program-sedge"
ASKER = "both-programs"
ASKED = {"first": "ada", "second": "", "on": "2026-04-10"}
ANSWER = "/firm/?first=ada&second=&on=2026-04-10"
NAMES_NONE = "This vendor's records name none of them. Ask the vendor to load them under the keys you use."


@pytest.fixture(autouse=True)
def two() -> None:
    """Two experts are known to two vendors."""
    for owner in ("harbor", "quay"):
        hire("ada", "ben", owner=owner, partner="sedge")
    publish_rules("harbor", "harbor-program", HARBOR)
    publish_rules("quay", "quay-program", QUAY)


def _page(client: Client, address: str = ANSWER) -> tuple[FirmPage, WhatIf]:
    page = client.get(address).context["page"]
    assert isinstance(page, FirmPage)
    assert page.what_if is not None
    return page, page.what_if


def _falls(page: FirmPage) -> dict[str, tuple[str, tuple[str, ...]] | None]:
    return {row.key: (row.fall.words, row.fall.reasons) if row.fall else None for row in page.rows}


def _work(number: int = 10) -> None:
    with acting(ASKER):
        rows = list(KeptAftermath.objects.filter(person=ASKER, state="waiting").order_by("id")[:number])
    for row in rows:
        work_out_aftermath(row.pk, organization=row.organization_id)


def test_it_is_asked_worked_out_piece_by_piece_and_found_again() -> None:
    client = signed_in(ASKER)
    asked = client.post("/firm/what-if/", ASKED)
    assert (asked.status_code, asked["Location"]) == (302, f"{ANSWER}#what-if")
    page, question = _page(client)
    waits = ("Waits for its turn", ())
    assert _falls(page) == {HARBOR: waits, QUAY: waits, NORTH: ("Not known", (NAMES_NONE,))}
    assert (question.names, question.done, question.total, question.unknown) == (("ada",), 0, 2, 1)
    # The part that fills in by itself does not reach the list below it, which would say "being worked out" for ever.
    assert question.before == ()

    _work(1)
    part = client.get(question.progress_url)
    assert "1 of 2 programs are worked out." in part.content.decode()
    assert part.content.decode().count('hx-swap-oob="true"') == 3
    assert "every 2s" in part.content.decode()

    _work()
    part = client.get(question.progress_url)
    assert "every 2s" not in part.content.decode()
    page, question = _page(client)
    fell = ("Falls to Member", ("Experts at least 2: 1, and 2 are asked for",))
    assert _falls(page) == {HARBOR: fell, QUAY: fell, NORTH: ("Not known", (NAMES_NONE,))}
    assert (question.falling, question.waiting, question.progress_url) == (2, 0, "")
    row = next(row for row in page.rows if row.key == HARBOR)
    assert row.fall is not None
    assert (row.fall.day, row.fall.url) == (date(2026, 4, 10), f"/partner/{HARBOR}/scorecard/")
    _, again = _page(client, "/firm/")
    assert (again.names, again.before[0].label, again.before[0].href) == (
        (),
        "ada from 10 April 2026",
        f"{ANSWER}#what-if",
    )


def test_reading_starts_nothing() -> None:
    client = signed_in(ASKER)
    page, question = _page(client)
    assert (question.names, set(_falls(page).values())) == ((), {None})
    assert [choice.value for choice in question.first if choice.chosen] == ["ada"]
    with acting(ASKER):
        assert not KeptAftermath.objects.filter(people=["ada"]).exists()


def test_an_answer_that_facts_left_behind_says_so() -> None:
    client = signed_in(ASKER)
    client.post("/firm/what-if/", ASKED)
    _work()
    assess(HARBOR, "harbor")
    page, question = _page(client)
    assert question.stale == 1
    stale = "Worked out on 31 March 2026; its records or rules have changed since. Ask again."
    assert {row.key for row in page.rows if row.fall and stale in row.fall.reasons} == {HARBOR}


def test_who_is_known_to_one_vendor_only_is_named_at_the_other() -> None:
    hire("cleo", owner="harbor", partner="sedge")
    client = signed_in(ASKER)
    client.post("/firm/what-if/", ASKED | {"second": "cleo"})
    _work()
    page, _ = _page(client, "/firm/?first=ada&second=cleo&on=2026-04-10")
    told = _falls(page)[QUAY]
    assert told is not None
    assert told[1][-1] == "This vendor's records do not name cleo."


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"first": ""}, "Choose somebody of the list."),
        ({"first": "nobody-known"}, "Choose somebody of the list."),
        ({"on": "soon"}, "Write the day as year, month and day, such as 2026-04-30."),
        ({"on": "2026-03-31"}, "Choose a day from tomorrow on, within a year."),
        ({"on": "2031-01-01"}, "Choose a day from tomorrow on, within a year."),
    ],
)
def test_what_cannot_be_asked_is_refused_on_the_page(said: dict[str, str], problem: str) -> None:
    answer = signed_in(ASKER).post("/firm/what-if/", ASKED | said)
    assert answer.status_code == 422
    assert answer.context["page"].what_if.problem == problem
    with acting(ASKER):
        assert not KeptAftermath.objects.exclude(gone_on=date(2026, 5, 1)).exists()


def test_the_same_person_twice_is_one() -> None:
    client = signed_in(ASKER)
    client.post("/firm/what-if/", ASKED | {"second": "ada"})
    with acting(ASKER):
        assert {tuple(row.people) for row in KeptAftermath.objects.exclude(gone_on=date(2026, 5, 1))} == {("ada",)}


def test_who_looks_as_a_colleague_does_not_read_what_the_colleague_asked() -> None:
    signed_in(ASKER).post("/firm/what-if/", ASKED)
    with acting(ASKER) as actor:
        asked = asking(actor, list(firm_enrolments(on=date(2026, 3, 31)).select_related("partner")), ASKED)
        assert asked is not None
        assert answered(asked, actor, shown=[])[0].names == ("ada",)
        question, lines = answered(asked, actor, shown=[], shows_own=False)
    assert (question.names, question.before, lines) == ((), (), {})
    admin = signed_in("partner-admin")
    assert admin.get("/firm/what-if/").status_code == 200
    assert admin.post("/people/tarn/people/partner-manager/look/").status_code == 302
    assert admin.get("/firm/what-if/").status_code == 403


def test_statements_do_not_grow_with_people_and_answers() -> None:
    client = signed_in(ASKER)
    client.post("/firm/what-if/", ASKED)
    few = _statements(client)
    hire(*(f"more-{number}" for number in range(100)), owner="harbor", partner="sedge")
    hire("ada", owner="harbor", partner="sedge-north")
    client.post("/firm/what-if/", ASKED)
    client.post("/firm/what-if/", ASKED | {"first": "ben"})
    assert _statements(client) == few


def _statements(client: Client) -> list[int]:
    found = []
    for address in (ANSWER, f"/firm/what-if/?first=ada&on=2026-04-10&row={HARBOR}"):
        client.get(address)
        with CaptureQueriesContext(connection) as counted:
            client.get(address)
        found.append(len(counted))
    return found


def test_names_are_those_of_the_firm_and_escaped() -> None:
    Person.objects.filter(pk=ASKER).update(name="<b>Ada</b>")
    hire(ASKER, owner="harbor", partner="sedge")
    body = signed_in(ASKER).get("/firm/").content.decode()
    assert "<b>Ada</b>" not in body
    assert "&lt;b&gt;Ada&lt;/b&gt; (1)" in body
