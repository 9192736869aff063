"""Attempts to break the pages of money: whom they let in, what is not known, odd addresses, cells of a file."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.domain.amounts import Amounts
from swingby.web.domain.programs import publish_version
from swingby.web.models import Enrolment, Organization, Program, ProgramVersion, Standing
from swingby.web.tenancy import act_for_owner
from tests.permissions.world import PROGRAM_TEXT
from tests.web.acting import ENROLMENT, signed_in
from tests.web.console.test_money import FUNDS, PAGE, _account, _keep, _lot, _page
from tests.web.many import add_partners
from tests.web.publishing import publish

pytestmark = pytest.mark.django_db
INSIDE = ("success", "operations", "vendor-admin", "lead")
OUTSIDE = ("other-vendor", "partner-admin", "partner-finance", "other-partner", "both-programs", "stranger")


def _funded(partner: str = "tarn") -> None:
    with act_for_owner("harbor"):
        _keep(partner, accounts=[_account("500", "120", _lot("500", "380", "2026-05-01"))])


def _costs(*rows: tuple[date, str | None, str | None], **more: Any) -> None:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        for number, (day, amount, currency) in enumerate(rows):
            row = {
                "fact_id": f"cost-{number}", "owner_org": "harbor", "partner_org": "tarn", "happened_on": day, "position": 1,
                "organization": "tarn", "kind": "funds", "amount": amount, "currency": currency, **more,
            }  # fmt: skip
            marks = ", ".join(["%s"] * len(row))
            cursor.execute(f"INSERT INTO fact_costs ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def _spent() -> dict[str, Any]:
    return {line.unit: line.amounts.used for line in _page().costs if line.label == "Funds"}


def _cells(asked: str = "") -> list[list[str]]:
    text = signed_in("finance").get(f"{PAGE}money.csv{asked}").content.decode()
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


@pytest.mark.parametrize(("people", "status"), [(INSIDE, 403), (OUTSIDE, 404)])
def test_money_is_shown_to_nobody_else_on_any_of_its_pages(people: tuple[str, ...], status: int) -> None:
    _funded()
    pages = (PAGE, f"{PAGE}partners/{FUNDS}", f"{PAGE}money.csv")

    assert {signed_in(person).get(page).status_code for person in people for page in pages} == {status}


@pytest.mark.parametrize("page", ["-1", "0", "999999", "9" * 5000, "%00", "%D9%A1", "1e3", "", "1&page=x"])
def test_an_odd_page_of_a_figure_is_one_that_there_is(page: str) -> None:
    _funded()
    answer = signed_in("finance").get(f"{PAGE}partners/{FUNDS}&page={page}")

    assert [line.partner for line in answer.context["page"].lines] == ["Tarn Example"]


def test_costs_of_which_one_has_no_amount_have_no_sum() -> None:
    _costs((date(2026, 2, 1), "100", "USD"), (date(2026, 2, 2), None, "USD"), (date(2026, 2, 3), "5", "EUR"))

    assert _spent() == {"USD": None, "EUR": 5}


def test_costs_count_from_the_first_day_of_the_year_to_today_and_those_given_back_lower_them() -> None:
    publish("2", "2026-02-01", f"{PROGRAM_TEXT}calendars:\n  fiscal: {{starts: 02-01}}\n")
    days = (date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 31), date(2026, 4, 1))
    _costs(*((day, amount, "USD") for day, amount in zip(days, ("1000", "-30", "7", "2000"), strict=True)))

    assert _page().costs_since == date(2026, 2, 1)
    assert _spent() == {"USD": -23}


def test_a_cost_that_says_no_currency_is_in_the_programs() -> None:
    _costs((date(2026, 2, 1), "100", "USD"), (date(2026, 2, 2), "20", None), (date(2026, 2, 3), "3", ""))

    assert _spent() == {"USD": 123}


def test_a_cost_that_says_no_currency_has_no_sum_where_programs_have_several() -> None:
    with act_for_owner("harbor"):
        other = Program.objects.create(id="zz-other", owner_id="harbor", name="Other")
        text = PROGRAM_TEXT.replace("PROGRAM", "zz-other").replace("currency: USD", "currency: EUR")
        publish_version(other, files={"program.yaml": text})
    _costs((date(2026, 2, 1), "100", "USD"), (date(2026, 2, 2), "20", None))

    assert _spent() == {"USD": 100, "": None}
    assert "no currency is said, so no sum is told" in signed_in("finance").get(PAGE).content.decode()


def test_a_cost_of_no_known_partner_counts_and_is_said() -> None:
    _costs((date(2026, 2, 1), "100", "USD"))
    _costs((date(2026, 2, 2), "20", "USD"), partner_org=None, organization="nobody-known", fact_id="stray")
    (line,) = (each for each in _page().costs if each.label == "Funds")

    assert (line.amounts.used, line.partners) == (120, 1)
    assert "20 of it names no partner that is known" in signed_in("finance").get(PAGE).content.decode()
    assert [row[5] for row in _cells() if row[1] == "Funds"] == ["Tarn Example", "No partner that is known"]
    found = signed_in("finance").get(line.url).context["page"]
    assert [(each.partner, each.url) for each in found.lines][1:] == [("No partner that is known", "")]


def test_a_cost_that_is_cancelled_on_a_day_to_come_counts_until_then() -> None:
    _costs((date(2026, 2, 1), "100", "USD"), cancelled_on=date(2026, 12, 1))

    assert _spent() == {"USD": 100}


def test_reversed_costs_count_for_nothing() -> None:
    _costs((date(2026, 2, 1), "100", "USD"), reversed_position=2)

    assert _spent() == {}


@pytest.mark.parametrize("name", ["=1+1", "\n=1+1", "\t=1", "-1+cmd", "@sum", "\uff1d1+1", "\uff20sum"])
def test_a_name_is_no_formula_of_a_spreadsheet(name: str) -> None:
    _funded()
    with act_for_owner("harbor"):
        Organization.objects.filter(pk="tarn").update(name=name)

    assert [row[5] for row in _cells(FUNDS)] == [f"'{name}"]


def test_markup_in_a_name_stays_words() -> None:
    _funded()
    with act_for_owner("harbor"):
        Organization.objects.filter(pk="tarn").update(name="<script>alert(1)</script>")

    assert "<script>alert" not in signed_in("finance").get(f"{PAGE}partners/{FUNDS}").content.decode()


def test_who_leaves_on_a_day_to_come_counts_until_then() -> None:
    _funded()
    found = []
    for day in (date(2026, 4, 1), date(2026, 3, 31)):
        with act_for_owner("harbor"):
            Enrolment.objects.filter(pk=ENROLMENT).update(ended_on=day)
        found.append([line.partners for program in _page().programs for line in program.paid])

    assert found == [[1], []]


def test_who_has_no_standing_is_said() -> None:
    before = _page().programs[0].unknown
    add_partners(2)

    assert _page().programs[0].unknown - before == 2
    assert f"{before + 2} partners have no standing yet" in signed_in("finance").get(PAGE).content.decode()


def test_an_account_that_is_overdrawn_and_an_incentive_below_nothing_keep_their_sign() -> None:
    rebate = {"name": "rebate", "label": "Rebate", "unit": "USD", "value": "-30"}
    with act_for_owner("harbor"):
        _keep("tarn", accounts=[_account("0", "120")], incentives=[rebate])
    account, incentive = (line.amounts for program in _page().programs for line in program.paid)

    assert (account.earned, account.used, account.left) == (0, 120, -120)
    assert incentive == Amounts(earned=incentive.earned)
    assert incentive.earned == -30
    assert [row[6:] for row in _cells()[:2]] == [["0", "120", "0", "0", "-120"], ["-30", "", "", "", ""]]


def test_hundreds_of_standings_are_read_in_as_many_statements_as_one() -> None:
    _funded()
    client, asked = signed_in("finance"), (PAGE, f"{PAGE}money.csv", f"{PAGE}partners/{FUNDS}")

    def counted() -> list[int]:
        found = []
        for page in asked:
            with CaptureQueriesContext(connection) as caught:
                client.get(page)
            found.append(len(caught))
        return found

    client.get(PAGE)
    few = counted()
    keys = add_partners(300, of=lambda _: {"as_of": date(2026, 3, 31), "position": 1})
    with act_for_owner("harbor"):
        version = ProgramVersion.objects.filter(program_id="harbor-program")[0]
        Standing.objects.bulk_create(
            Standing(
                owner_id="harbor", partner_id=key, enrolment_id=key, as_of=date(2026, 3, 31), position=1,
                program_version=version, program_hash="x", engine_version="0", tier="gold",
                result={"accounts": [_account("5", "1", _lot("5", "4", None))], "held": {"level": "gold"}},
            )
            for key in keys
        )  # fmt: skip

    assert counted() == few
    assert [line.partners for program in _page().programs for line in program.paid] == [301]
