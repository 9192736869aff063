"""What the sample pages of reviews show: the fields of the console's own values, without a database."""

from datetime import UTC, date, datetime
from typing import Any

from swingby.web.design.gallery.extremes import LONG_NAME

Page = dict[str, Any]
OPENED = datetime(2026, 2, 1, 5, 10, tzinfo=UTC)
PLANS = "Quarters with a plan review, of the last four at least 3"
REQUIREMENTS = (
    {"label": PLANS, "value": "2", "line": "3"},
    {"label": "Half-years with a campaign, of the last two at least 2", "value": "1", "line": "2"},
    {"label": "What counts as value on this track", "value": "", "line": ""},
)


def reviews_page(*, empty: bool = False) -> Page:
    """The list of reviews."""
    rows = (
        ("1 March 2026", date(2026, 3, 1), "Of 412 partners 3 would rise.", 0),
        ("1 February 2026", date(2026, 2, 1), "Of 412 partners 4 would rise and 19 would fall. 2 cannot be decided and keep their tier.", 19),
    )  # fmt: skip
    return {
        "reviews": ()
        if empty
        else tuple(
            {"url": "/gallery/?page=review", "ladder": "Tier", "program": "", "on": on, "words": words, "is_open": bool(count), "counts": {"open": count}}
            for _, on, words, count in rows
        ),
        "appeals": ()
        if empty
        else ({"url": "/gallery/?page=review-line", "partner": "Merrowick Services", "what": "Gold to Select", "due": datetime(2026, 3, 30, tzinfo=UTC), "is_late": True},),
        "programs": ({"pk": "harborline", "name": "Harborline Partner Success", "promotions_wait": False, "demotions_wait": True},),
        "exceptions": 0 if empty else 3,
    }  # fmt: skip


def line_row(**changes: Any) -> Page:
    """One partner in a review."""
    row = {
        "key": "l1",
        "url": "/gallery/?page=review-line",
        "partner": "Merrowick Services",
        "manager": "Ana Ruiz",
        "direction": "down",
        "move": "Gold to Select",
        "why": (f"{PLANS}: has 2", "Half-years with a campaign, of the last two at least 2: has 1"),
        "is_near": False,
        "meets_again": False,
        "state": "waits",
        "state_words": "Waits for a decision",
        "tone": "pending",
        "icon": "hourglass",
        "may_approve": True,
        "until": None,
    }
    return {**row, **changes}


LINES = (
    line_row(),
    line_row(key="l2", partner="Pellworth Digital", move="Select to Member", why=("Points at least 250: has 243",), is_near=True),
    line_row(key="l3", partner="Lockhart & Vale", why=(f"{PLANS}: has 2",), meets_again=True),
    line_row(key="l4", partner="Quillmoor Systems", state="protected", state_words="Protected", tone="brand", icon="shield", may_approve=False, until=date(2026, 9, 1)),
    line_row(key="l5", partner="Tarnwick Labs", direction="up", move="Select to Gold", why=("Points at least 550", PLANS, "Four engineers", "Value on this track"), state="at_once", state_words="Took effect at once", tone="good", icon="check", may_approve=False),
    line_row(key="l6", partner="Sedgerow Consulting", direction="stay", move="Keeps Gold", why=("Activation at least 60 %: records are missing",), state="undecided", state_words="Cannot be decided", tone="plain", icon="circle-question-mark", may_approve=False),
)  # fmt: skip


def review_page(**changes: Any) -> Page:
    """One review with its lines."""
    page = {
        "key": "example",
        "ladder": "Tier",
        "program": "Harborline Partner Success",
        "on": date(2026, 2, 1),
        "looked_at": date(2026, 1, 31),
        "opened_at": OPENED,
        "words": "Of 412 partners 4 would rise and 19 would fall. 2 cannot be decided and keep their tier.",
        "filters": (("open", "To decide", 19, True), ("down", "Would fall", 19, False), ("up", "Would rise", 4, False), ("near", "Miss it by little", 3, False), ("undecided", "Cannot be decided", 2, False), ("all", "All", 25, False)),
        "lines": LINES,
        "total": 19,
        "waiting": 19,
        "pages": (),
        "shown": "open",
        "near": ("Aldermere Group", "Crayshaw Networks"),
        "near_total": 2,
        "version": "2.1",
        "newer_version": "",
        "position": 4812,
        "replay": "same",
        "replayed_at": OPENED,
        "may_decide": True,
        "may_ask": True,
    }  # fmt: skip
    return {**page, **changes}


def question(act: str = "hold") -> Page:
    """What is asked before many lines are decided."""
    told = "Tier: Select instead of Gold, from 31 March 2026." if act == "approve" else "Tier: you stay at Gold."
    names = ("Aldermere Group", "Crayshaw Networks", "Merrowick Services")
    page = {
        "act": act, "keys": (), "every": "down", "total": 340, "now": 200, "down": 340, "up": 0, "unread": 2,
        "rows": tuple({"partner": name, "move": "Gold to Select", "told": told} for name in names),
    }  # fmt: skip
    return {
        "question": page,
        "review": {"pk": "example", "ladder_label": "Tier", "on": date(2026, 2, 1)},
    }


def large_review() -> Page:
    """A review of very many partners with long names, by rules that have changed since."""
    lines = tuple(
        line_row(key=f"x{number}", partner=LONG_NAME, why=(f"{PLANS}: has 0",) * 5, manager=LONG_NAME)
        for number in range(20)
    )
    pages = ((1, False), (118, False), (119, True), (120, False), (200, False))
    return review_page(lines=lines, pages=pages, newer_version="2.2", replay="changed for 2: aldermere-group, crayshaw", near_total=500)  # fmt: skip


def line_page(**changes: Any) -> Page:
    """One line, to be decided."""
    page = {
        "row": line_row(),
        "review_url": "/gallery/?page=review",
        "partner_url": "/gallery/?page=partners",
        "ladder": "Tier",
        "on": date(2026, 2, 1),
        "holds_from": date(2026, 2, 1),
        "requirements": REQUIREMENTS,
        "acts": {"approve", "hold", "protect", "give_notice", "recommend"},
        "history": ({"what": "Recommended", "who": "Ana Ruiz", "at": OPENED, "words": "Hold it: they have a new manager, and the plan for spring is written."},),
        "told": "",
        "appeal": None,
        "may_answer": False,
        "notice_until": date(2026, 4, 30),
        "protect_until": date(2026, 9, 30),
        "mend_until": None,
    }  # fmt: skip
    return {**page, **changes}


def appeal(**changes: Any) -> Page:
    """An appeal that waits for an answer."""
    found = {
        "pk": "example",
        "line_id": "example",
        "words": "Two plan reviews of December were held by telephone and never recorded. Ana was there.",
        "filed_by": {"name": "Priya Anand"},
        "filed_at": OPENED,
        "answer_due": datetime(2026, 4, 14, tzinfo=UTC),
        "file": {"name": "plan-reviews-december.pdf"},
        "answer": "",
        "get_state_display": "Waits for an answer",
    }
    return {**found, **changes}


def appealed_page() -> Page:
    """A line that the partner appeals against."""
    row = line_row(state="approved", state_words="Approved", tone="good", icon="check", may_approve=False)
    return line_page(row=row, acts=set(), told="We talked about it in February.", appeal=appeal(), may_answer=True)


def exceptions_page(*, empty: bool = False) -> Page:
    """The register of exceptions."""
    base = {
        "partner_url": "/gallery/?page=partners",
        "ladder": "Tier",
        "first": date(2026, 2, 1),
        "last": date(2026, 7, 31),
        "asked_by": "Ana Ruiz",
    }
    rows = (
        {**base, "key": "e1", "partner": "Pellworth Digital", "tier": "Gold", "rank": 2, "state": "Waits for a second person", "tone": "pending", "icon": "hourglass", "words": "They merge with Lockhart & Vale in June.", "acts": {"grant", "decline"}},
        {**base, "key": "e2", "partner": LONG_NAME, "tier": "Elite", "rank": 3, "state": "Granted", "tone": "good", "icon": "check", "words": "By contract of 2025.", "acts": {"end"}},
        {**base, "key": "e3", "partner": "Quillmoor Systems", "tier": "Select", "rank": 1, "state": "Over", "tone": "plain", "icon": "archive", "words": "", "acts": set()},
    )  # fmt: skip
    return {
        "rows": () if empty else rows,
        "choices": (("level:select", "Tier: Select"), ("level:gold", "Tier: Gold")),
        "partners": ()
        if empty
        else (("a", "Merrowick Services, Partner Success"), ("b", f"{LONG_NAME}, Partner Success")),
        "search": "" if empty else "er",
        "found": 0 if empty else 41,
        "first": date(2026, 3, 31),
        "until": date(2026, 9, 30),
    }


def decision_row(**changes: Any) -> Page:
    """One review as the partner reads it, on the list."""
    row = {"url": "/gallery/?page=my-review", "ladder": "Tier", "on": date(2026, 2, 1), "move": "Gold to Select", "direction": "down", "state": "Proposed", "tone": "pending", "icon": "hourglass"}  # fmt: skip
    return {**row, **changes}


def decision_rows() -> tuple[Page, ...]:
    """What reviews said about a partner."""
    return (
        decision_row(),
        decision_row(on=date(2025, 8, 1), move="Gold stays", state="Stays, protected", tone="brand", icon="shield"),
        decision_row(
            on=date(2025, 5, 1), move="Select to Gold", direction="up", state="Decided", tone="good", icon="check"
        ),
    )


def decision_page(**changes: Any) -> Page:
    """One review as the partner reads it."""
    page = {
        "row": decision_row(),
        "before": "Gold",
        "after": "Select",
        "is_open": True,
        "is_final": False,
        "holds_from": date(2026, 2, 1),
        "mend_until": date(2026, 4, 30),
        "protected_until": None,
        "told": "A plan review of the spring quarter is enough. Ana helps you prepare it.",
        "requirements": REQUIREMENTS,
        "appeal": None,
        "may_appeal": False,
        "appeal_until": None,
    }
    return {**page, **changes}


def decided_page() -> Page:
    """A decision against which the partner may appeal."""
    row = decision_row(state="Decided", tone="good", icon="check")
    return decision_page(row=row, is_open=False, is_final=True, mend_until=None, may_appeal=True, appeal_until=date(2026, 5, 30))  # fmt: skip
