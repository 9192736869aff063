"""What the sample pages of money show: a plain program, one that keeps no money, long words and huge numbers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from swingby.web.console.money_parts import (
    BudgetMoney,
    FigurePage,
    MoneyLine,
    MoneyPage,
    PartnerMoney,
    ProgramMoney,
    WaitingMoney,
)
from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.domain.amounts import Amounts

HERE, FIGURE = "/gallery/?page=money", "/gallery/?page=money-partners"


def _amounts(*values: int | None) -> Amounts:
    numbers = [None if value is None else Decimal(value) for value in values]
    return Amounts(earned=numbers[0], used=numbers[1], expired=numbers[2], lapsing=numbers[3], left=numbers[4])


FUNDS = MoneyLine(
    label="Development funds", partners=42, url=FIGURE, unit="USD", amounts=_amounts(412_600, 287_150, 18_400, 31_250, 107_050)
)  # fmt: skip
REBATE = MoneyLine(
    label="Growth rebate", partners=17, url=FIGURE, unit="EUR", amounts=_amounts(96_340, None, None, None, None)
)
GRANTED = tuple(
    MoneyLine(label=label, words=words, partners=partners, url=FIGURE)
    for label, words, partners in (
        ("Discount", "10 %", 250), ("Discount", "15 %", 108), ("Discount", "23 %", 33), ("Discount", "27 %", 9),
        ("Paid training seats", "2", 108), ("Paid training seats", "6", 33),
    )
)  # fmt: skip
COSTS = tuple(
    MoneyLine(label=label, partners=partners, url=FIGURE, unit="USD", amounts=Amounts(used=Decimal(amount)))
    for label, partners, amount in (("Event support", 31, 38_212), ("Manager time", 398, 214_980), ("Paid seats", 150, 61_200))
)  # fmt: skip
STRAY = (
    replace(COSTS[0], label="Travel", partners=4, unplaced=Amounts(used=Decimal(1_250))),
    replace(COSTS[0], label="Gifts", partners=2, unit="", amounts=Amounts(), unplaced=Amounts()),
)
BUDGET = BudgetMoney(
    label="Harborline", year=2026, currency="USD", amount=Decimal(30_000), given=Decimal(21_600), used=Decimal(14_400),
    expired=Decimal(1_200), left=Decimal(8_400),
)  # fmt: skip
WAITING = (
    WaitingMoney(label="Activity reports", count=14, note="of 9 partners"),
    WaitingMoney(label="Rises of a tier", count=3, url="#"),
    WaitingMoney(label="Falls of a tier", count=5, url="#"),
    WaitingMoney(label="Tiers held by exception today", count=1, url="#", note="They are granted; what they grant counts above."),
)  # fmt: skip


def money_page() -> MoneyPage:
    """A program with funds in an account, a rebate without one, and benefits."""
    program = ProgramMoney(name="Partner Success", oldest=date(2026, 3, 31), paid=(FUNDS, REBATE), granted=GRANTED)
    return MoneyPage(
        programs=(program,),
        costs=(*COSTS, *STRAY),
        costs_since=date(2026, 2, 1),
        budgets=(BUDGET,),
        waiting=WAITING,
        file_url="#",
        vouchers_url="#",
        versions_url="#",
    )


def empty_money() -> MoneyPage:
    """A program that keeps no money and grants nothing."""
    program = ProgramMoney(name="Partner Success", oldest=None, paid=(), granted=())
    return replace(money_page(), programs=(program,), costs=(), budgets=(), waiting=())


def large_money() -> MoneyPage:
    """Long words and huge numbers."""
    amounts = _amounts(*[987_654_321_012] * 5)
    line = replace(FUNDS, label=LONG_WORD, amounts=amounts, partners=123_456)
    granted = replace(GRANTED[0], label=LONG_WORD, words=f"{LONG_WORD} {LONG_NAME}")
    program = ProgramMoney(name=LONG_NAME, oldest=date(2026, 3, 31), paid=(line, line), granted=(granted,))
    budget = replace(BUDGET, label=LONG_WORD, amount=Decimal("987654321012.34"))
    return replace(
        money_page(),
        programs=(program, replace(program, name=LONG_WORD)),
        costs=(replace(line, words=""),),
        budgets=(budget,),
    )


def figure_page() -> FigurePage:
    """The partners behind one figure."""
    lines = (
        ("Merrowick Services", (60_000, 41_000, 0, 4_000, 19_000)),
        ("Sedgerow Consulting", (22_500, 9_000, 1_500, 0, 12_000)),
        (LONG_NAME, (8_000, 8_000, 0, 0, 0)),
    )
    return FigurePage(
        label="Development funds",
        program="Partner Success",
        unit="USD",
        words="",
        is_account=True,
        is_cost=False,
        total=42,
        lines=tuple(PartnerMoney(partner=name, url="#", amounts=_amounts(*values)) for name, values in lines),
        amounts=FUNDS.amounts,
        money_url=HERE,
        file_url="#",
        after_url=FIGURE,
    )


PAGES: dict[str, tuple[str, Any]] = {
    "money": ("console/money.html", money_page),
    "money-empty": ("console/money.html", empty_money),
    "money-large": ("console/money.html", large_money),
    "money-partners": ("console/money_partners.html", figure_page),
}
