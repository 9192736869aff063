"""Sample pages of deals: usual, empty, nothing found, and very large."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from swingby.web.design.gallery.extremes import HUGE, LONG_NAME, LONG_WORD
from swingby.web.design.gallery.registration_samples import LONG_ROWS, SAMPLE_ROWS
from swingby.web.design.gallery.samples import PROGRAM, TODAY
from swingby.web.design.parts import Link
from swingby.web.portal.deals_parts import CustomerRow, DealRow, DealsPage

_DEALS = "/gallery/?page=deals"
_STATES = (
    ("", "All (5)", True),
    ("open", "Open (3)", False),
    ("won", "Won (1)", False),
    ("lost", "Lost or ended (1)", False),
)
_BOOKINGS = Link(label="Bookings of the last 12 months", href="/gallery/?page=number")
_OPEN = DealRow(
    name="Sallowby Foods",
    reference="D-1042",
    state="open",
    stage="Proposed",
    since=date(2026, 3, 9),
    products="Chart, Keep base",
    amount=Decimal(48_000),
    currency="USD",
    roles="Sourced, Sold",
)


def sample_deals() -> DealsPage:
    """Open deals, one of them silent, one that was won and counts, one that was lost."""
    return DealsPage(
        program=PROGRAM,
        vendor="Harbor",
        deals=(
            _OPEN,
            replace(
                _OPEN,
                name="Wrenfield Clinics",
                reference="D-1038",
                state="won",
                stage="Won",
                since=date(2026, 2, 27),
                products="Notes",
                amount=Decimal(112_500),
                roles="Sold",
                points=Decimal(40),
                counts_for=(_BOOKINGS,),
            ),
            replace(_OPEN, name="", reference="D-1020", products="", amount=None, roles="Influenced"),
            replace(
                _OPEN,
                name="Otterdale Rail",
                reference="D-0988",
                stage="Registered",
                since=date(2025, 11, 20),
                roles="Delivered",
                silent_days=131,
            ),
            replace(
                _OPEN,
                name="Quarry Lane Schools",
                reference="D-0951",
                state="lost",
                stage="Lost",
                since=date(2025, 10, 2),
            ),
        ),
        found=5,
        registered=SAMPLE_ROWS,
        registered_url="/gallery/?page=my-deals",
        register_url="/gallery/?page=deal-new",
        states=_STATES,
        customers=(
            CustomerRow(
                name="Wrenfield Clinics",
                kinds="Partner of record",
                product="Notes",
                last_day=date(2026, 5, 31),
                days=61,
                amount=Decimal(24_000),
                currency="USD",
            ),
            CustomerRow(name="Sallowby Foods", product="Keep base", last_day=date(2026, 9, 14), days=167),
            CustomerRow(name="Quarry Lane Schools", kinds="Delivery"),
        ),
    )


def empty_deals() -> DealsPage:
    """A partner of whom no deal and no customer is known."""
    return DealsPage(program=PROGRAM, vendor="Harbor", states=(("", "All (0)", True),))


def no_deals_found() -> DealsPage:
    """A name that nobody has."""
    return replace(empty_deals(), customer="Marsh", clear_url=_DEALS)


def large_deals() -> DealsPage:
    """A page full of long words and huge amounts, while what counts is worked out anew."""
    long = replace(
        _OPEN,
        name=LONG_NAME,
        reference=LONG_WORD,
        stage=LONG_WORD,
        products=LONG_NAME,
        amount=HUGE,
        roles=LONG_NAME,
        silent_days=364,
        points=HUGE,
        counts_for=(Link(label=LONG_WORD, href=_DEALS), _BOOKINGS),
    )
    customer = CustomerRow(
        name=LONG_NAME, kinds=LONG_NAME, product=LONG_WORD, last_day=TODAY, days=1, amount=HUGE, currency="USD"
    )
    return replace(
        sample_deals(),
        program=LONG_NAME,
        vendor=LONG_NAME,
        is_behind=True,
        deals=(long,) * 16,
        registered=LONG_ROWS,
        found=12_345,
        customers=(customer,) * 15,
        more_customers=4_321,
        before_url=_DEALS,
        after_url=_DEALS,
        clear_url=_DEALS,
    )
