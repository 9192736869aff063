from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.console.money_parts import FigurePage, MoneyPage
from swingby.web.domain.amounts import Amounts
from swingby.web.models import PortfolioRow, Standing
from swingby.web.tenancy import act_for_owner
from tests.web.acting import signed_in
from tests.web.many import add_partners

pytestmark = pytest.mark.django_db
PAGE = "/console/harbor/money/"
FUNDS = "?program=harbor-program&what=&sort=account&name=funds&unit=USD"


def _lot(amount: str, left: str, expires: str | None) -> dict[str, Any]:
    return {"opens": "2026-01-01", "expires": expires, "amount": amount, "left": left, "used": "0", "expired": "0"}


def _account(opened: str, used: str, *lots: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    left = str(Decimal(opened) - Decimal(used))
    amounts = {"balance": left, "opened": opened, "used": used, "expired": "0"}
    number = len(lots) if total is None else total
    return {"name": "funds", "label": "Funds", "unit": "USD", **amounts, "lots_total": number, "lots": list(lots)}


def _keep(partner: str, **result: Any) -> None:
    """Let the newest standing of a partner hold something."""
    key = f"harbor-program-{partner}"
    before = Standing.objects.filter(enrolment=key).order_by("-as_of", "-position", "-id")[0]
    position = before.position + 1
    Standing.objects.create(
        owner_id=before.owner_id,
        partner_id=before.partner_id,
        enrolment_id=key,
        as_of=before.as_of,
        position=position,
        program_version_id=before.program_version_id,
        program_hash=before.program_hash,
        engine_version="0",
        tier=before.tier,
        result={**before.result, **result},
    )
    PortfolioRow.objects.update_or_create(
        enrolment_id=key,
        defaults={"as_of": before.as_of, "position": position, "owner_id": "harbor", "partner_id": before.partner_id},
    )


def _page(person: str = "finance") -> MoneyPage:
    page = signed_in(person).get(PAGE).context["page"]
    assert isinstance(page, MoneyPage)
    return page


def _figure(asked: str) -> FigurePage:
    page = signed_in("finance").get(f"{PAGE}partners/{asked}").context["page"]
    assert isinstance(page, FigurePage)
    return page


def _two_accounts(**more: Any) -> None:
    with act_for_owner("harbor"):
        _keep("tarn", accounts=[_account("500", "120", _lot("500", "380", "2026-05-01"))])
        _keep("sedge", accounts=[_account("70", "0", _lot("70", "70", None), **more)])


def test_an_account_is_summed_over_partners_with_what_expires_soon() -> None:
    _two_accounts()
    (line,) = [line for program in _page().programs for line in program.paid]

    assert (line.label, line.unit, line.partners) == ("Funds", "USD", 2)
    assert line.amounts == Amounts(
        earned=Decimal(570), used=Decimal(120), expired=Decimal(0), lapsing=Decimal(380), left=Decimal(450)
    )


def test_what_expires_soon_is_not_told_from_a_part_of_what_came_in() -> None:
    _two_accounts(total=40)
    (line,) = [line for program in _page().programs for line in program.paid]

    assert line.amounts.lapsing is None
    assert line.amounts.left == 450


def test_nothing_is_summed_over_currencies() -> None:
    rebate = {"name": "rebate", "label": "Rebate"}
    with act_for_owner("harbor"):
        _keep("tarn", incentives=[{**rebate, "unit": "USD", "value": "30"}])
        _keep("sedge", incentives=[{**rebate, "unit": "EUR", "value": "20"}])
    told = [(line.unit, line.amounts.earned) for program in _page().programs for line in program.paid]

    assert told == [("EUR", Decimal(20)), ("USD", Decimal(30))]


def test_an_incentive_in_the_currency_of_each_record_has_no_sum() -> None:
    with act_for_owner("harbor"):
        _keep("tarn", incentives=[{"name": "rebate", "label": "Rebate", "unit": "", "value": "30"}])
    (line,) = [line for program in _page().programs for line in program.paid]

    assert line.amounts == Amounts()


def test_each_figure_leads_to_the_partners_behind_it_the_largest_first() -> None:
    _two_accounts()
    (line,) = [line for program in _page().programs for line in program.paid]
    page = signed_in("finance").get(line.url).context["page"]

    assert [(row.partner, row.amounts.left) for row in page.lines] == [("Tarn Example", 380), ("Sedge Example", 70)]
    assert page.lines[0].url == "/console/harbor/partners/harbor-program-tarn/benefits/"


def test_the_file_says_what_each_partner_has() -> None:
    _two_accounts()
    text = signed_in("finance").get(f"{PAGE}money.csv{FUNDS}").content.decode()
    rows = list(csv.reader(io.StringIO(text)))

    assert rows[1:] == [
        ["Harbor Example program", "Funds", "Account", "USD", "", "Sedge Example", "70", "0", "0", "0", "70"],
        ["Harbor Example program", "Funds", "Account", "USD", "", "Tarn Example", "500", "120", "0", "380", "380"],
    ]


@pytest.mark.parametrize("asked", ["", "?sort=account&name=none", "?sort=deal", "?sort=account&page=0"])
def test_a_figure_that_nobody_has_is_not_found(asked: str) -> None:
    assert signed_in("finance").get(f"{PAGE}partners/{asked}").status_code == 404


def test_costs_are_those_of_the_year_that_runs() -> None:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        for fact, day, amount in (
            ("a", date(2026, 2, 1), 100),
            ("b", date(2026, 3, 1), 20),
            ("c", date(2024, 3, 1), 7),
        ):
            cursor.execute(
                "INSERT INTO fact_costs (fact_id, owner_org, partner_org, happened_on, position, recorded_at, organization, kind, amount,"
                " currency) VALUES (%s, 'harbor', 'tarn', %s, 1, now(), 'tarn', 'funds', %s, 'USD')",
                [fact, day, amount],
            )

    told = [(line.label, line.unit, line.amounts.used) for line in _page().costs if line.label == "Funds"]
    assert told == [("Funds", "USD", Decimal(120))]


def test_finance_reads_how_many_reports_wait_but_is_not_led_to_them() -> None:
    told = {person: {row.label: row.url for row in _page(person).waiting} for person in ("finance", "manager")}

    assert told["finance"]["Activity reports"] == ""
    assert told["manager"]["Activity reports"] == "/console/harbor/reports/"


def test_the_page_asks_as_often_for_many_partners() -> None:
    client = signed_in("finance")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as before:
        client.get(PAGE)
    with act_for_owner("harbor"):
        add_partners(5)
    with CaptureQueriesContext(connection) as after:
        client.get(PAGE)

    assert len(after) == len(before)
