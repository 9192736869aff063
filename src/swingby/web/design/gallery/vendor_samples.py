"""What the vendor's sample pages show.

The console's own values are built from tables; these have the same fields, so that the gallery needs no database.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from swingby.web.design.parts import Bell, NavGroup, NavItem, Shell

TODAY = date(2026, 3, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReport:
    """One report that waits for checking."""

    key: str
    partner: str
    partner_url: str
    what: str
    day: date
    submitted_at: datetime
    submitted_by: str
    details: str
    waits_days: int
    quantity: Decimal | None = None
    due: datetime | None = None
    is_late: bool = False
    files: tuple[tuple[str, str], ...] = ()
    alike: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One report on the partner's list."""

    what: str
    day: date
    state: str
    state_words: str
    answer: str
    why_not: str = ""
    points: Decimal | None = None
    quantity: Decimal | None = None
    accepted_quantity: Decimal | None = None
    due: datetime | None = None
    is_late: bool = False
    files: tuple[tuple[str, str], ...] = ()
    edit_url: str = ""
    withdraw_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledReport:
    """One accepted report that was drawn for a second look."""

    key: str
    partner: str
    what: str
    day: date
    details: str
    decided_by: str
    decided_by_key: str
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Mix:
    """Where the activities of a year come from."""

    reported: int = 312
    from_systems: int = 510
    reported_percent: int = 38


def sample_drawn() -> tuple[SampledReport, ...]:
    """Two that were drawn by lot."""
    return tuple(
        SampledReport(
            key=key,
            partner="Sedgerow Consulting",
            what="Campaign held",
            day=date(2026, 3, 11),
            details=details,
            decided_by="Ines Halvorsen",
            decided_by_key="ines",
            files=(("photo.jpg", "#"),),
        )
        for key, details in (("d1", "Seminar for manufacturing customers."), ("d2", ""))
    )


#: The rooms of the vendor: key, label, icon, sample page.
_ROOMS = (
    ("week", "My week", "calendar-check", "week"),
    ("glance", "At a glance", "eye", "glance"),
    ("partners", "Partners", "users", "partners"),
    ("rhythms", "Rhythms", "repeat", "rhythms"),
    ("reports", "Activity reports", "list-checks", "reports"),
    ("reviews_of_tiers", "Reviews", "scale", "tier-reviews"),
    ("versions", "Program versions", "file-diff", "versions"),
    ("evidence", "Evidence", "microscope", "evidence"),
    ("loads", "Load and unmatched", "file-up", "loads"),
)
_SHORT = {"week": "Week", "reports": "Reports", "versions": "Versions", "loads": "Load"}
_WAITING = {"reports": 3, "reviews_of_tiers": 20}


def vendor_shell(current: str) -> Shell:
    """What stands around the vendor's pages."""
    return Shell(
        program="Harborline Partner Success",
        organization="Harborline",
        person="Ana Ruiz",
        role="Partner success manager",
        as_of=TODAY,
        bell=Bell(href="/gallery/?page=notifications-large", count=240),
        navigation=(NavGroup(items=tuple(_room(*room, current=current) for room in _ROOMS)),),
        sign_out="/gallery/",
    )


def _room(key: str, label: str, icon: str, page: str, *, current: str) -> NavItem:
    return NavItem(
        label=label,
        short=_SHORT.get(key, ""),
        icon=icon,
        href=f"/gallery/?page={page}",
        count=_WAITING.get(key, 0),
        current=key == current,
    )


def _more(key: str) -> dict[str, Any]:
    """What only some reports have: a number, files, a late answer, something much like it."""
    if key != "r2":
        return {"due": datetime(2026, 4, 2, 12, tzinfo=UTC)}
    return {
        "quantity": Decimal(38),
        "due": datetime(2026, 3, 30, 16, tzinfo=UTC),
        "is_late": True,
        "files": (("attendees.pdf", "#"), ("a picture of the room with a long name.jpg", "#")),
        "alike": ("29 March, from lms: counts already",),
    }


def sample_reports() -> tuple[WaitingReport, ...]:
    """Reports that wait, the longest wait first."""
    rows = (
        (
            "r1",
            "Tarnwick Labs",
            "Plan reviewed",
            27,
            "Priya Anand",
            4,
            "Reviewed with Ana: three targets kept, the fourth moved to June.",
        ),
        ("r2", "Sedgerow Consulting", "Campaign held", 30, "Jonas Adeyemi", 1, ""),
        (
            "r3",
            "Merrowick Services",
            "Service delivered",
            31,
            "An example person",
            0,
            "Migration of 240 seats, rated 5.",
        ),
    )
    return tuple(
        WaitingReport(
            key=key,
            partner=partner,
            partner_url="#",
            what=what,
            day=date(2026, 3, day),
            submitted_at=datetime(2026, 3, day, 9, 30, tzinfo=UTC),
            submitted_by=person,
            details=details,
            waits_days=waits,
            **_more(key),
        )
        for key, partner, what, day, person, waits, details in rows
    )


def sample_lines() -> tuple[ReportLine, ...]:
    """The partner's own reports in every state."""
    return (
        ReportLine(
            what="Plan reviewed",
            day=date(2026, 3, 29),
            state="submitted",
            state_words="Waits for checking",
            answer="",
            points=Decimal(20),
            quantity=Decimal(38),
            due=datetime(2026, 3, 30, 16, tzinfo=UTC),
            is_late=True,
            files=(("attendees.pdf", "#"), ("room.jpg", "#")),
            withdraw_url="#",
        ),
        ReportLine(
            what="Campaign held",
            day=date(2026, 3, 18),
            state="returned",
            state_words="Sent back",
            answer="Please add the date of the mailing.",
            edit_url="#",
            withdraw_url="#",
        ),
        ReportLine(
            what="Training completed",
            day=date(2026, 3, 11),
            state="accepted",
            state_words="Accepted",
            answer="",
            why_not="It gives no points. The limit of this rule is used up.",
        ),
        ReportLine(
            what="Reference given",
            day=date(2026, 2, 2),
            state="declined",
            state_words="Declined",
            answer="The customer asked not to be named.",
        ),
    )
