"""What a firm says of a program, and the board as a file: what is kept, what is refused, what a spreadsheet reads."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from swingby.web.models import Person, Stake, Standing
from swingby.web.portal.firm_pages import _HEADS
from tests.web.acting import ENROLMENT, acting, signed_in
from tests.web.leavers import hire

pytestmark = pytest.mark.django_db
HARBOR, NORTH, QUAY = "harbor-program-sedge", "harbor-program-sedge-north", "quay-program-sedge"
SAID = {"person": "both-programs", "worth": "90000", "cost": "12000.50", "currency": "USD", "note": "Own books"}


def _say(client: Client, enrolment: str = HARBOR, **said: str) -> tuple[int, dict[str, list[str]]]:
    """The answer, and what is wrong by field."""
    answer = client.post(f"/firm/{enrolment}/stake/", {**SAID, **said})
    wrong = answer.context["form"].errors if answer.context else {}
    return answer.status_code, {name: [str(one) for one in errors] for name, errors in wrong.items()}


def _stakes(enrolment: str = HARBOR) -> list[Stake]:
    with acting("both-programs"):
        return list(Stake.objects.filter(enrolment=enrolment, said_by="both-programs"))


def _file(client: Client) -> list[list[str]]:
    answer = client.get("/firm/programs.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8"), newline="")))


def test_what_is_said_is_kept_and_stands_on_the_board() -> None:
    client = signed_in("both-programs")
    assert _say(client) == (302, {})
    (stake,) = _stakes()
    assert (stake.person_id, stake.worth, stake.cost) == ("both-programs", Decimal(90_000), Decimal("12000.50"))
    assert (stake.currency, stake.note) == ("USD", "Own books")
    row = next(row for row in client.get("/firm/").context["page"].rows if row.key == HARBOR)
    assert (row.stake.answers, row.stake.worth, row.stake.cost) == (
        Person.objects.get(pk="both-programs").name,
        Decimal(90_000),
        Decimal("12000.50"),
    )


def test_an_amount_that_is_left_empty_is_not_known_and_no_zero() -> None:
    client = signed_in("both-programs")
    assert _say(client, worth="", cost="0", person="") == (302, {})
    (stake,) = _stakes()
    assert (stake.person_id, stake.worth, stake.cost) == (None, None, Decimal(0))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"worth": "-1"}, "worth"),
        ({"worth": "NaN"}, "worth"),
        ({"cost": "Infinity"}, "cost"),
        ({"cost": "1e30"}, "cost"),
        ({"cost": "12.345"}, "cost"),
        ({"worth": "a lot"}, "worth"),
        ({"currency": "usd"}, "currency"),
        ({"currency": "USDX"}, "currency"),
        ({"currency": ""}, "currency"),
        ({"note": "x" * 501}, "note"),
        ({"person": "partner-admin"}, "person"),
        ({"person": "stranger"}, "person"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_nothing_is_kept(said: dict[str, str], field: str) -> None:
    status, wrong = _say(signed_in("both-programs"), **said)
    assert (status, list(wrong)) == (200, [field])
    assert all(words for words in wrong.values())
    assert _stakes() == []


def test_what_two_people_say_at_once_is_both_kept_and_the_newest_holds() -> None:
    people = ("partner-admin", "partner-manager")
    clients = [signed_in(person) for person in people]
    for client in clients:
        client.get(f"/firm/{ENROLMENT}/stake/")
    for client, person, worth in zip(clients, people, ("1", "2"), strict=True):
        assert _say(client, ENROLMENT, worth=worth, person=person) == (302, {})
    with acting("partner-admin"):
        said = Stake.objects.filter(enrolment=ENROLMENT, said_by__in=people)
        assert [(row.said_by_id, row.worth) for row in said] == [
            ("partner-manager", Decimal(2)),
            ("partner-admin", Decimal(1)),
        ]
    heads, row = _file(clients[0])
    assert (row[heads.index("Worth a year")], row[heads.index("Who answers")]) == (
        "2.00",
        Person.objects.get(pk="partner-manager").name,
    )


def test_the_file_holds_each_program_with_the_columns_of_the_board() -> None:
    client = signed_in("both-programs")
    _say(client)
    heads, *rows = _file(client)
    assert heads == list(_HEADS)
    found = {row[2]: dict(zip(heads, row, strict=True)) for row in rows if row[0] == "Harbor Example"}
    assert sorted(row[0] for row in rows) == ["Harbor Example", "Harbor Example", "Quay Example"]
    mine = found["Sedge Example"]
    assert [mine[name] for name in ("Worth a year", "Cost a year", "Currency", "Note", "Said on")] == [
        "90000.00",
        "12000.50",
        "USD",
        "Own books",
        "2026-03-31",
    ]


@pytest.mark.parametrize("note", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")'])
def test_no_note_is_a_formula_in_a_spreadsheet(note: str) -> None:
    client = signed_in("both-programs")
    _say(client, note=note)
    (stake,) = _stakes()
    heads, *rows = _file(client)
    cell = next(row[heads.index("Note")] for row in rows if row[0] == "Harbor Example" and row[2] == "Sedge Example")
    assert cell == (f"'{stake.note}" if stake.note[0] in "=+-@" else stake.note)


@pytest.mark.parametrize(
    "note", ["Ørjan – 30 €, 見積もり 🚀", 'He said "no", twice', "two\r\nlines", "<script>x</script>"]
)
def test_every_letter_of_a_note_comes_back_from_file_and_page(note: str) -> None:
    client = signed_in("both-programs")
    _say(client, note=note)
    heads, *rows = _file(client)
    cell = next(row[heads.index("Note")] for row in rows if row[0] == "Harbor Example" and row[2] == "Sedge Example")
    assert cell == note
    assert "<script>x" not in client.get(f"/firm/{HARBOR}/stake/").content.decode()


def test_the_number_of_statements_does_not_grow_with_people_or_what_was_said() -> None:
    client = signed_in("both-programs")
    hire("first", owner="harbor", partner="sedge")
    _say(client)
    addresses = ("/firm/", "/firm/programs.csv", f"/firm/{HARBOR}/stake/", "/firm/?first=first&on=2026-04-10")
    few = {address: _statements(client, address) for address in addresses}
    hire(*(f"many-{number}" for number in range(90)), owner="harbor", partner="sedge")
    hire(*(f"many-{number}" for number in range(60)), owner="quay", partner="sedge")
    for number in range(5):
        _say(client, note=f"Again {number}")
    assert {address: _statements(client, address) for address in addresses} == few
    assert len(client.get("/firm/").content) < 150_000


def _statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as counted:
        client.get(address)
    return len(counted)


def test_what_is_not_known_says_what_would_make_it_known() -> None:
    with acting("both-programs"):
        known = set(Standing.objects.values_list("enrolment_id", flat=True))
    page = signed_in("both-programs").get("/firm/")
    rows = page.context["page"].rows
    assert [row.is_known for row in rows] == [row.key in known for row in rows]
    text = page.content.decode()
    assert text.count("not known yet") == text.count("Ask the vendor to load its records of you.") * 2
    assert text.count("none is known") == sum(row.day is None for row in rows)
    assert text.count("Nothing has a day yet.") == sum(row.day is None and row.is_known for row in rows)
    assert date(2026, 3, 31) not in [row.day for row in rows]
