"""Sample pages of deal registrations: usual, empty, refused, and very large."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from swingby.web.design.gallery.extremes import HUGE, LONG_NAME, LONG_WORD
from swingby.web.design.gallery.samples import TODAY
from swingby.web.portal.registration_form import RegistrationForm
from swingby.web.portal.registration_parts import AlikeRow, Ask, KnownDeals, RegistrationPage, RegistrationRow

_AT = datetime(2026, 3, 30, 14, 5, tzinfo=UTC)
_DEAL = "/gallery/?page=deal"
_DESK = "/gallery/?page=deal-desk"
_ROW = RegistrationRow(
    url=_DEAL,
    customer="Sallowby Foods",
    partner="Tarnwick Labs",
    registered_by="Priya Anand",
    registered_at=_AT,
    state="Protected",
    tone="good",
    detail="until 14 May 2026",
    amount=Decimal(48_000),
    currency="USD",
)
_WAITING = replace(
    _ROW, customer="Wrenfield Clinics", state="Waits for an answer", tone="pending", detail="answer by 2 April"
)
_LATE = replace(_WAITING, customer="Otterdale Rail", state="Answer is late", tone="bad", amount=None)
_DONE = replace(_ROW, customer="Quarry Lane Schools", state="Declined", tone="bad", detail="", amount=None)
_LONG = replace(
    _ROW, customer=LONG_NAME, partner=LONG_NAME, registered_by=LONG_NAME, state=LONG_WORD, amount=HUGE, detail=LONG_WORD
)
SAMPLE_ROWS, LONG_ROWS = (_WAITING, _ROW), (_LONG,) * 5


def my_deals(rows: tuple[RegistrationRow, ...] = (_WAITING, _ROW, _DONE)) -> dict[str, Any]:
    """A partner's registrations."""
    return {"rows": rows, "register_url": "/gallery/?page=deal-new", "vendor": "Harborline"}


def deal_form(*, refused: bool = False, answer: str = "") -> dict[str, Any]:
    """The form, empty or with what was wrong in it."""
    said = {"customer": "Wrenfield Clinics", "website": "no site", "words": ""} if refused else None
    form = RegistrationForm(said, currencies=("USD", "EUR"))
    if refused and form.is_valid() is False:
        form.add_error(None, "This is no website. Write it as example.com, or leave it empty.")
    return {"form": form, "answer": answer, "vendor": "Harborline", "cancel_url": "/gallery/?page=deals"}


def _page(**more: Any) -> RegistrationPage:
    page = RegistrationPage(
        row=_ROW,
        words="They replace their backup in June and ask for a quote for 400 seats. We met the head of IT twice.",
        website="sallowby.example",
        products="Keep base, Chart",
        closes_on=date(2026, 6, 30),
        answer="Good luck.",
        answered_by="Ana Ruiz",
        answered_at=_AT,
        protected_until=date(2026, 5, 14),
        days_left=45,
        is_protected=True,
        deal="D-1042",
        acts=("ask", "won", "lost"),
        act_url="#",
        reasons=(("taken", "It was registered before"), ("customer", "It buys from the vendor already")),
        usual_until=date(2026, 8, 12),
        last_until=date(2027, 3, 31),
        today=TODAY,
    )
    return replace(page, **more)


_OPEN: Mapping[str, Any] = {
    "row": _WAITING,
    "answer": "",
    "answered_by": "",
    "answered_at": None,
    "protected_until": None,
    "is_protected": False,
    "deal": "",
    "due": _AT,
}
_OTHER = AlikeRow(
    url=_DESK,
    customer="Wrenfield Clinics Ltd",
    partner="Gorsefell Security",
    registered_at=_AT,
    state="Protected",
    tone="good",
    detail="until 20 April 2026",
    is_first=True,
)


def my_deal(**more: Any) -> dict[str, Any]:
    """One registration as its partner reads it."""
    return {"page": _page(**more), "vendor": "Harborline", "list_url": "/gallery/?page=my-deals"}


def desk_deal(**more: Any) -> dict[str, Any]:
    """One registration as the vendor reads it."""
    return {"page": _page(**more), "list_url": "/gallery/?page=deal-desk", "partner_url": "#"}


def desk(*, empty: bool = False, large: bool = False) -> dict[str, Any]:
    """The vendor's queue."""
    if empty:
        return {"waiting": (), "waiting_total": 0, "asked": (), "protected": (), "protected_total": 0, "done": ()}
    waiting = (_LONG,) * 40 if large else (_LATE, _WAITING)
    asked = (replace(_ROW, customer="Brindle Hospital", detail="until 3 April 2026, longer asked for"),)
    protected = (_ROW,) * (20 if large else 2)
    totals = {"waiting_total": 1_240 if large else 2, "protected_total": 8_100 if large else 2}
    return {"waiting": waiting, "asked": asked, "protected": protected, "done": (_DONE,), **totals}


#: What partners see, and what the vendor sees: name -> template and how its context is made.
PARTNER: Mapping[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "my-deals": ("portal/registrations.html", my_deals),
    "my-deals-empty": ("portal/registrations.html", lambda: my_deals(())),
    "my-deals-large": ("portal/registrations.html", lambda: my_deals((_LONG,) * 40)),
    "deal-new": ("portal/registration_form.html", deal_form),
    "deal-refused": ("portal/registration_form.html", lambda: deal_form(refused=True, answer="Who decides there?")),
    "deal": ("portal/registration.html", my_deal),
    "deal-waiting": ("portal/registration.html", lambda: my_deal(**_OPEN, acts=("withdraw",))),
    "deal-large": (
        "portal/registration.html",
        lambda: my_deal(row=_LONG, words=LONG_NAME * 20, website=LONG_WORD, products=LONG_WORD, answer=LONG_NAME * 9),
    ),
}
VENDOR: Mapping[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "deal-desk": ("console/registrations.html", desk),
    "deal-desk-empty": ("console/registrations.html", lambda: desk(empty=True)),
    "deal-desk-large": ("console/registrations.html", lambda: desk(large=True)),
    "deal-to-answer": (
        "console/registration.html",
        lambda: desk_deal(
            **_OPEN,
            acts=("approve", "return", "decline"),
            alike=(_OTHER,),
            known=KnownDeals(customer="Wrenfield Clinics", deals=3, stage="Proposed", day=date(2026, 3, 9)),
            must_say_both=True,
        ),
    ),
    "deal-asked": (
        "console/registration.html",
        lambda: desk_deal(
            acts=("grant", "refuse", "end"),
            ask=Ask(until=date(2026, 8, 31), words="Their board decides in August.", at=_AT),
        ),
    ),
}
