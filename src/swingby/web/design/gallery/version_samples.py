"""What the sample pages of versions on their way show: the fields of the console's own values, without a database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from swingby.web.design.gallery.extremes import LONG_NAME

Page = dict[str, Any]
DRAFTED = datetime(2026, 3, 24, 9, 30, tzinfo=UTC)
HEADLINE = "If nobody changed behaviour: 3 of 33 Gold drop, none rise, USD 1.4 M less Discount a year."
LETTER = """Dear partner,

from 1 August 2026 version 2.2 of Harborline Partner Success holds.

What changes on 1 August 2026:
- Gold asks for Engineers with Advanced: at least 5 instead of at least 4.
- Discount for Gold: 19 % instead of 23 %.

Nobody loses a tier by it until 31 January 2027."""
TOLD = "Gold asks for Engineers with Advanced: at least 5 instead of at least 4."
MOVERS = (
    ("Merrowick Services", "Gold", "Select", "down", "misses Engineers at least 5 (1 to go)", "Ana Ruiz", "412000"),
    ("Lockhart & Vale", "Gold", "Select", "down", "misses Engineers at least 5 (1 to go)", "Ana Ruiz", "385500"),
    ("Pellworth Digital", "Gold", "Select", "down", "misses Engineers at least 5 (2 to go)", "Sam Oduya", "96000"),
)
NEAR = (("Tarnwick Labs", "Gold: Points", "585", "550"), ("Quillmoor Systems", "Gold: Points", "541", "550"))
STOPPING = (
    ("Gold", "Engineers at least 5", 61, 14),
    ("Gold", "Plan reviews in 3 quarters", 48, 9),
    ("Elite", "References", 22, 3),
)


PUBLISHED = "/gallery/?page=published"


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One line of a file with what is wrong in it."""

    number: int
    text: str
    issues: tuple[dict[str, str], ...] = ()


def versions_page(*, empty: bool = False) -> Page:
    """The list of versions."""
    rows = (
        ("2.2", "Waits for a second approval", "pending", "hourglass", HEADLINE),
        ("2.3", "Tried unseen", "brand", "eye-off", "If nobody changed behaviour: none drop, 12 of 108 Select rise."),
        ("", "Draft", "plain", "file-pen-line", ""),
        ("2.1-b", "Withdrawn", "plain", "archive", ""),
    )
    proposals = tuple(
        {
            "name": name,
            "url": "/gallery/?page=version",
            "state": state,
            "tone": tone,
            "icon": icon,
            "effective": date(2026, 8, 1) if name else None,
            "drafted_by": "Noor Haddad",
            "drafted_at": DRAFTED,
            "headline": headline,
        }
        for name, state, tone, icon, headline in rows
    )
    published = (
        {"version": "2.1", "url": PUBLISHED, "effective": date(2025, 2, 1), "is_in_force": True},
        {"version": "2.0", "url": PUBLISHED, "effective": date(2024, 2, 1), "is_in_force": False},
    )
    return {
        "proposals": () if empty else proposals,
        "published": () if empty else published,
        "programs": (("harborline", "Harborline Partner Success"),),
    }


def version_page(**changes: Any) -> Page:
    """What one version does."""
    page: Page = {
        "key": "example",
        "version": "2.2",
        "program": "Harborline Partner Success",
        "state": "shadow",
        "state_words": "Tried unseen",
        "tone": "brand",
        "icon": "eye-off",
        "effective": date(2026, 8, 1),
        "protected_until": date(2027, 1, 31),
        "drafted_by": "Noor Haddad",
        "drafted_at": DRAFTED,
        "approved_by": "",
        "is_sound": True,
        "acts": {"show", "ask", "withdraw"},
        "letter": LETTER,
        "notice": {"days": 60, "earliest": date(2026, 5, 30), "is_kept": True},
        "next_demotion": date(2027, 2, 1),
        "excerpts": (),
        "issues": (),
        "more_issues": 0,
        "difference": (
            (
                "Tiers and what they ask for",
                ("Tier “Gold”, asks for, engineers: before, at least 4; now, at least 5.",),
            ),
            ("The program as a whole", ("Program, holds from: before, 1 February 2025; now, 1 August 2026.",)),
        ),
        "comparison": comparison(),
        "benefits": (("discount", "Discount"), ("paid_seats", "Paid training seats")),
        "history": (
            {"what": "Tried unseen", "who": "Noor Haddad", "at": DRAFTED, "words": ""},
            {
                "what": "Sent back",
                "who": "Ines Falk",
                "at": DRAFTED,
                "words": "Say in the letter who helps with exams.",
            },
            {"what": "Drafted", "who": "Noor Haddad", "at": DRAFTED, "words": ""},
        ),
        "letters": 0,
        "receipts": 0,
        "question": None,
        "withdrawn_because": "",
        "span": (date(2024, 3, 28), date(2026, 3, 31)),
    }
    return {**page, **changes}


def draft_page() -> Page:
    """A draft of which nothing was computed yet."""
    return version_page(state="draft", state_words="Draft", tone="plain", icon="file-pen-line", comparison=None, acts={"try", "show", "ask", "withdraw"})  # fmt: skip


def running_page() -> Page:
    """A version whose comparison is on its way."""
    return version_page(comparison=comparison(state="running", is_running=True, progress="Standings: version 2.2"))


def failed_page() -> Page:
    """A version that could not be compared, announced with letters."""
    reason = "The two versions have no ladder of the same name and cells: level and tier. Keep the name of a ladder."
    return version_page(
        comparison=comparison(state="failed", progress=reason),
        state="announced",
        state_words="Announced",
        tone="good",
        icon="mail",
        acts=set(),
        approved_by="Ines Falk",
        letters=400,
        receipts=241,
    )


def second_page() -> Page:
    """As the second person reads it."""
    return version_page(state="waits", state_words="Waits for a second approval", tone="pending", icon="hourglass", acts={"approve", "return", "withdraw"})  # fmt: skip


def mistakes_page() -> Page:
    """A draft with mistakes beside their lines."""
    issues = (
        {"level": "error", "message": 'A requirement has no key "at_leest".', "hint": 'Did you mean "at_least"?'},
        {"level": "error", "message": "There is no score \u201ctotals\u201d.", "hint": 'Did you mean "total"?'},
    )
    lines = (
        SampleLine(42, "      - id: gold"),
        SampleLine(43, "        requires:"),
        SampleLine(44, "          - {score: totals, at_leest: 550}", issues),
        SampleLine(45, f"          # {LONG_NAME * 2}"),
        SampleLine(
            46,
            "          - {requirement: gold_engineers}",
            ({"level": "warning", "message": "This is never missed.", "hint": ""},),
        ),
    )
    return version_page(
        version="",
        effective=None,
        is_sound=False,
        acts={"withdraw"},
        state="draft",
        state_words="Draft",
        tone="plain",
        icon="file-pen-line",
        excerpts=({"file": "tiers.yaml", "lines": lines},),
        issues=({"level": "error", "message": "There is no program.yaml here.", "hint": "Add it with the header."},),
        more_issues=3,
    )


def large_page() -> Page:
    """A version that moves very many partners with long names."""
    movers = tuple(
        mover((f"{LONG_NAME} {number}", LONG_NAME, "Select", way, f"misses {LONG_NAME} (98,765,432 to go)", LONG_NAME, "98765432109"))
        for number, way in zip(range(20), ("down", "up", "aside") * 7, strict=False)
    )  # fmt: skip
    summary = comparison()["summary"] | {"moving": 9876, "near_above": 1204, "near_below": 2310, "headline": f"{HEADLINE} {HEADLINE}"}  # fmt: skip
    return version_page(comparison=comparison(movers=movers, summary=summary), letter=LETTER * 3, state="approved", state_words="Approved", tone="good", icon="check", acts={"announce", "withdraw"}, question={"partners": 9876, "unread": 1204})  # fmt: skip


def comparison(**changes: Any) -> Page:
    """A comparison that is done."""
    page: Page = {
        "state": "done",
        "is_running": False,
        "progress": "",
        "first": date(2024, 3, 28),
        "last": date(2026, 3, 31),
        "is_today": False,
        "progress_url": "/gallery/standing/",
        "movers": tuple(mover(row) for row in MOVERS),
        "near": tuple(near(row) for row in NEAR),
        "groups": (
            ("Region", tuple(group(*row) for row in (("AMER", 160, 0, 1), ("EMEA", 140, 0, 2), ("", 8, 0, 0)))),
            ("Model", tuple(group(*row) for row in (("Resell", 290, 0, 3), ("Managed", 110, 0, 0)))),
        ),
        "differ": tuple(
            {"partner": name, "url": "#", "row": {"by_rules": "Select", "held": "Gold", "because": why}}
            for name, why in DIFFER
        ),
        "summary": summary(),
    }
    return {**page, **changes}


DIFFER = (
    ("Merrowick Services", "by exception"),
    ("Tarnwick Labs", "what a review proposes waits for a decision"),
)


def summary() -> Page:
    """Everything of a comparison but who moves."""
    return {
        "headline": HEADLINE,
        "old": "2.1",
        "known": "every review with what is known now",
        "currency": "USD",
        "money": "Bookings",
        "moving": 3,
        "compared": 398,
        "not_compared": ("one", "two"),
        "near_above": 8,
        "near_below": 11,
        "stopping": tuple(
            {"tier": tier, "label": label, "missed": missed, "alone": alone} for tier, label, missed, alone in STOPPING
        ),
        "tiers": tuple(
            {"label": label, "old": old, "held": held, "new": new, "up": 0, "down": down}
            for label, old, held, new, down in (
                ("Elite", 9, 9, 9, 0),
                ("Gold", 33, 35, 30, 3),
                ("Select", 108, 106, 111, 0),
            )
        ),
        "held_on": date(2026, 3, 31),
        "differing": 2,
        "costs": ({"label": "Discount", "change": Decimal(-1_400_000), "yearly": True, "unknown": 2},),
        "not_replayable": (
            {
                "tier": "Gold",
                "label": "Plan reviews in 3 quarters",
                "partners": 61,
                "reviews": 4,
                "because": "activities from portal: complete from 2025-02-01",
            },
        ),
        "scenarios": {
            "passed": 12,
            "failed": 1,
            "unread": 0,
            "differences": (
                {
                    "name": "Four engineers are Gold",
                    "place": "gold.yaml:31:9",
                    "words": "2026-08-31: tiers.level should be gold, and is select",
                },
            ),
        },
        "reviews": tuple(
            {"on": day, "compared": 390, "up": 0, "down": 3}
            for day in (date(2025, 8, 1), date(2026, 2, 1), date(2026, 3, 1))
        ),
    }


def mover(row: tuple[str, ...]) -> Page:
    """A partner who stands elsewhere."""
    partner, old, new, direction, why, manager, money = row
    said = {"old": old, "new": new, "direction": direction, "why": why}
    return {"partner": partner, "url": "#", "manager": manager, "row": said, "money": Decimal(money)}


def near(row: tuple[str, str, str, str]) -> Page:
    """A partner near a line."""
    partner, label, value, line = row
    tier, _, words = label.partition(": ")
    return {"partner": partner, "url": "#", "row": {"tier": tier, "label": words, "value": Decimal(value), "line": Decimal(line)}}  # fmt: skip


def group(name: str, compared: int, up: int, down: int) -> Page:
    """A region or the value of a track."""
    return {"group": name, "compared": compared, "up": up, "down": down}


def change_page(**changes: Any) -> Page:
    """An announced version as a partner reads it."""
    page: Page = {
        "version": "2.2",
        "effective": date(2026, 8, 1),
        "is_preview": False,
        "is_in_force": False,
        "protected_until": date(2027, 1, 31),
        "are_effects_known": True,
        "effects": (
            {"before": "Gold", "after": "Select", "direction": "down", "why": "misses Engineers at least 5 (1 to go)"},
        ),
        "difference": (("Tiers and what they ask for", (TOLD,)),),
        "letter": LETTER,
        "sent_at": DRAFTED,
        "confirmed_by": "",
        "confirmed_at": None,
        "may_confirm": True,
        "confirm_url": "#",
    }
    return {**page, **changes}


def change_preview() -> Page:
    """A version that is shown before it is decided."""
    return change_page(is_preview=True, letter="", may_confirm=False, effects=())


def change_rows() -> tuple[Page, ...]:
    """The partner's list of changes."""
    return (
        {"version": "2.2", "url": "/gallery/?page=change", "effective": date(2026, 8, 1), "state": "Announced", "waits_for_receipt": True},
        {"version": "2.3", "url": "/gallery/?page=change-preview", "effective": date(2027, 2, 1), "state": "Not decided yet", "waits_for_receipt": False},
    )  # fmt: skip
