"""Sample pages of vouchers: a firm's, empty, with wrong rows and very large; a vendor's; and a path with vouchers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.gallery.learning_samples import mine_page
from swingby.web.design.gallery.samples import TODAY
from swingby.web.design.parts import Choice, StatTile
from swingby.web.enablement.parts import MyPathPage
from swingby.web.enablement.voucher_parts import (
    BudgetLine,
    OwnVoucher,
    PartnerVouchers,
    VoucherLine,
    VouchersPage,
    WaitingLine,
    WrongLine,
)

FIRM, HERE = "Tarnwick Labs", "/gallery/?page=vouchers"
TILES = (
    StatTile(label="Free to give", value=Decimal(3), icon="ticket", note="USD\u00a0900"),
    StatTile(label="Expire unused within 90 days", value=Decimal(2), icon="hourglass", note="USD\u00a0600"),
    StatTile(label="Expired unused this year", value=Decimal(0), icon="circle-x"),
    StatTile(
        label="To cover what is missing",
        value=Decimal(2400),
        unit="USD",
        icon="calculator",
        note="9 exams at the catalogue's fees, 3 of them paid for by free vouchers",
    ),
)
LINE = VoucherLine(
    labels=("Beacon Advanced Engineer",),
    masked="••••QF2",
    code="BCN-7001-QF2",
    state="Given",
    tone="brand",
    price="USD\u00a0300",
    source="bought by us",
    holder="Ola Nowak",
    until=date(2026, 5, 3),
    expires="expires in 21 days",
    act_url=HERE,
    can_take_back=True,
)
FREE = replace(
    LINE,
    labels=("Beacon Advanced Engineer", "Beacon Fundamentals"),
    masked="••••8AC",
    code="BCN-7002-8AC",
    state="Free",
    tone="good",
    source="given by Beacon",
    holder="",
    can_take_back=False,
)
USED = replace(FREE, labels=LINE.labels, state="Used", tone="plain", holder="Mila Sand", expires="")
LOST = replace(FREE, state="Expired", tone="bad", expires="expired", until=date(2026, 2, 1))
WAITING = WaitingLine(
    learner="mila",
    name="Mila Sand",
    code="b",
    label="Beacon Advanced Engineer",
    state="Exam booked",
    tone="warn",
    free=3,
)
BUDGET = BudgetLine(
    label="Beacon",
    year=2026,
    amount="USD\u00a03,000",
    given="USD\u00a0900",
    left="USD\u00a02,100",
    share=Decimal("0.3"),
    tone="good",
)
OWN = OwnVoucher(
    label="Beacon Advanced Engineer",
    code="BCN-7001-QF2",
    until=date(2026, 5, 3),
    expires="expires in 21 days",
    tone="warn",
    act_url=HERE,
)
SUBJECTS = (Choice(value="vendor:beacon", label="Beacon"), Choice(value="code:b", label="Beacon Advanced Engineer"))
EXAMPLE = "code,certifications,price,currency,expires,paid_by"


def vouchers_page() -> VouchersPage:
    """A firm with a few."""
    return VouchersPage(
        name=FIRM,
        as_of=TODAY,
        load_url=HERE,
        budget_url=HERE,
        give_url=HERE,
        tiles=TILES,
        waiting=(
            WAITING,
            replace(WAITING, name="Ines Okoro", label="Keel Sales", state="Planned", tone="brand", free=0),
        ),
        waiting_total=2,
        lines=(LINE, FREE, USED, LOST),
        total=4,
        budgets=(
            BUDGET,
            replace(BUDGET, label="Keel", left="USD\u00a00", given="USD\u00a03,000", share=Decimal(1), tone="bad"),
        ),
        subjects=SUBJECTS,
        years=(2026, 2027),
        example=EXAMPLE,
    )


def vouchers_empty() -> VouchersPage:
    """Nothing is there yet."""
    tiles = tuple(replace(tile, value=Decimal(0), note="") for tile in TILES)
    none: VouchersPage = replace(
        vouchers_page(), tiles=tiles, waiting=(), waiting_total=0, lines=(), budgets=(), total=0
    )
    return none


def vouchers_wrong() -> VouchersPage:
    """Rows came back."""
    wrong = (
        WrongLine(line=3, words="A code has 4 to 80 letters, digits and signs, without a space."),
        WrongLine(line=7, words="Write the last day as year, month and day, such as 2026-12-31."),
    )
    text = f"{EXAMPLE}\nno,b,300,USD,2026-12-31,firm\nBCN-7003-1AA,b,300,USD,31.12.2026,firm\n"
    return replace(vouchers_page(), wrong=wrong, loaded=12, text=text)


def vouchers_large() -> VouchersPage:
    """Long words, as many lines as a page has."""
    line = replace(
        LINE, labels=(LONG_WORD, LONG_NAME), code=LONG_WORD, masked="••••QF2", holder=LONG_NAME, source=LONG_NAME
    )
    waiting = (replace(WAITING, name=LONG_NAME, label=LONG_WORD),) * 4
    budget = replace(BUDGET, label=LONG_WORD, amount="USD\u00a099,999,999.99", left="USD\u00a099,999,999.99")
    return replace(
        vouchers_page(),
        name=LONG_NAME,
        waiting=waiting,
        waiting_total=4200,
        lines=(line,) * 10,
        total=5000,
        after_url=HERE,
        before_url=HERE,
        budgets=(budget,) * 3,
        subjects=(Choice(value="code:b", label=LONG_WORD),) * 4,
        wrong=(WrongLine(line=501, words=LONG_NAME),) * 3,
    )


def vouchers_vendor() -> VouchersPage:
    """What a vendor gave its partners."""
    line = PartnerVouchers(name=FIRM, free=3, given=4, used=9, expired=1, worth="USD\u00a05,100")
    return VouchersPage(
        name="Beacon",
        as_of=TODAY,
        is_vendors=True,
        load_url=HERE,
        budget_url=HERE,
        tiles=TILES[:2],
        partners=(line, replace(line, name="Quaysign Systems", free=0, worth="USD\u00a01,200")),
        total=29,
        budgets=(BUDGET,),
        subjects=SUBJECTS,
        years=(2026, 2027),
        choices=(Choice(value="t", label=FIRM),),
        example=EXAMPLE.removesuffix(",paid_by"),
    )


def path_with_vouchers() -> MyPathPage:
    """One for what is on the way, one for what is not."""
    page = mine_page()
    first, *others = page.plans
    soon = replace(OWN, expires="expires in 4 days", tone="bad", label="Keel Sales")
    return replace(page, plans=(replace(first, vouchers=(OWN,)), *others), vouchers=(soon,))


PAGES: Mapping[str, tuple[str, Callable[[], object]]] = {
    "vouchers": ("vouchers", vouchers_page),
    "vouchers-empty": ("vouchers", vouchers_empty),
    "vouchers-wrong": ("vouchers", vouchers_wrong),
    "vouchers-large": ("vouchers", vouchers_large),
    "vouchers-vendor": ("vouchers", vouchers_vendor),
    "my-path-vouchers": ("mine", path_with_vouchers),
}
