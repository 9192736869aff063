"""What the sample pages about users show."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from swingby.web.design.gallery import extremes
from swingby.web.people.audit_parts import ActLine, AuditPage
from swingby.web.people.user_parts import (
    DoorPart,
    InvitationLine,
    InvitedPage,
    OrphanRow,
    OrphansPage,
    UserLine,
    UserPage,
    UsersPage,
)

_SEEN = datetime(2026, 3, 27, 8, 15, tzinfo=UTC)
_PRIYA = UserLine(
    name="Priya Anand", mail="priya.anand@tarnwick.example", roles="Partner admin", href="/gallery/?page=user",
    last_seen=_SEEN, is_you=True,
)  # fmt: skip
_OLA = UserLine(
    name="Ola Brandt",
    mail="ola.brandt@brandt-training.example",
    roles="Partner manager, Partner finance",
    href="#",
    is_foreign=True,
)
_INVITED = InvitationLine(
    mail="mei.chen@tarnwick.example", role="Partner member", state="Invited", tone="pending", url="#",
    acts=("again", "withdraw"), until=datetime(2026, 4, 14, 9, tzinfo=UTC), by="Priya Anand",
)  # fmt: skip
_WAITS = InvitationLine(
    mail="sam.ode@ode.example", name="Sam Ode", role="Partner member", state="Waits for you", tone="warn", url="#",
    acts=("approve", "decline"), is_foreign=True,
)  # fmt: skip
_DOOR = DoorPart(
    url="#",
    is_open=True,
    link="http://localhost:8000/join/k7wm3xqa9dpev2h4/",
    domains="tarnwick.example",
    choices=(("joins", "Joins at once, as member", False), ("waits", "Waits for an admin", True)),
)
_ROLES = (
    ("partner_member", "Partner member"),
    ("partner_manager", "Partner manager"),
    ("partner_admin", "Partner admin"),
)
_USERS = UsersPage(
    url="#", users=(_PRIYA, _OLA), total=2, invitations=(_WAITS, _INVITED), roles=_ROLES, regions=(), door=_DOOR,
    said={},
)  # fmt: skip


def sample_users() -> dict[str, Any]:
    """A partner with two people, one who asks and one who was invited."""
    return {"page": _USERS}


def alone_users() -> dict[str, Any]:
    """A vendor with one person, and an invitation that was refused."""
    problem = "Write a whole mail address, such as name@company.example."
    page = replace(
        _USERS, users=(_PRIYA,), total=1, invitations=(), door=None, problem=problem, said={"email": "mei.chen"},
    )  # fmt: skip
    return {"page": page, "regions": (("emea", "EMEA"), ("apac", "APAC"))}


def large_users() -> dict[str, Any]:
    """Many people with long names."""
    long = replace(_OLA, name=extremes.LONG_NAME, mail=f"{'a' * 60}@{'b' * 50}.example")
    invited = replace(_INVITED, mail=f"{'a' * 60}@{'b' * 50}.example", by=extremes.LONG_NAME)
    return {"page": replace(_USERS, users=(long,) * 20, total=12_345, invitations=(invited,) * 6, waiting=12)}


def sample_user(*, last: bool = False) -> dict[str, Any]:
    """One person; ``last`` is the last admin, who is about to go."""
    problem = "Nobody would be left to run the users. Make somebody else admin first, or say that you mean it."
    roles = tuple((value, label, value == "partner_admin") for value, label in _ROLES)
    regions = () if last else (("emea", "EMEA", True), ("apac", "APAC", False))
    page = UserPage(line=_PRIYA if last else _OLA, back="/gallery/?page=users", roles=roles, regions=regions)
    return {"page": replace(page, asks_to_be_sure=True, problem=problem) if last else replace(page, look_url="#")}


def looked_at() -> dict[str, Any]:
    """A page while an admin looks as somebody."""
    looking = {"actor": {"name": "Ola Brandt"}, "until": _SEEN}
    return {**sample_users(), "looking": looking, "stop_looking": "#"}


def invited(step: str) -> dict[str, Any]:
    """One step of the way in."""
    lead = "Priya Anand invites you, as partner member. Your address is mei.chen@tarnwick.example."
    page = InvitedPage(title="Work with Tarnwick Labs", lead=lead, step=step, button="Continue", name="Mei Chen")
    if step == "settle":
        page = replace(page, problem="This password is too short. It must contain at least 12 characters.")
    if step == "over":
        page = InvitedPage(title="This link is over", lead="Ask for a new one.", button="Sign in", link="#")
    return {"page": page}


_SHOWS = (
    ("left", "The last admin left: 2", False),
    ("nobody", "Nobody can sign in there: 392", False),
    ("all", "All: 394", True),
)


def sample_orphans(*, empty: bool = False) -> dict[str, Any]:
    """Partners without an admin, or none."""
    rows = (
        OrphanRow(key="1", name="Merrowick Services", href="#", people=3, is_invited=False, is_open=True),
        OrphanRow(key="2", name="Sallowby Trade", href="#", people=1, is_invited=True),
        OrphanRow(key="3", name=extremes.LONG_NAME, href="#", people=0, is_invited=False),
    )
    page = OrphansPage(url="#", rows=rows, total=394, shows=_SHOWS)
    return {"page": replace(page, rows=(), total=0) if empty else page}


_ACT = ActLine(
    at=_SEEN, who="Ana Ruiz", what="accepted a report", subject="r-4be1", number=412, partner="Tarnwick Labs"
)


def sample_acts(*, empty: bool = False, large: bool = False) -> dict[str, Any]:
    """What was done; an empty list; a full page after a check that found breaks."""
    change = ActLine(
        at=_SEEN, who="Sunniva Dahl", what="changed roles", subject="Ana Ruiz", number=17,
        detail="before: success_manager; after: program_manager, success_manager",
    )  # fmt: skip
    page = AuditPage(url="#", lines=(_ACT, change), actions=(("report", "Activity reports", False),))
    page = replace(page, checked="812 chains with 12,345 entries were checked.", older="#")
    if large:
        long = replace(_ACT, who=extremes.LONG_NAME, partner=extremes.LONG_NAME, detail=f"words: {'a' * 150}")
        return {"page": replace(page, lines=(long,) * 40, breaks=("harborline/tarnwick/vendor: Entry 2 was changed.",))}
    return {"page": replace(page, lines=(), checked="", older="", who="nobody") if empty else page}


def sample_terms(*, empty: bool = False) -> dict[str, Any]:
    """Two versions of terms; or none, and a mistake."""
    row = {"terms": _TERMS, "accepted": 318}
    old = {"terms": {**_TERMS, "number": 1}, "accepted": 1}
    return {"rows": () if empty else (row, old), "problem": "Write the terms." if empty else "", "text": ""}


_TERMS = {
    "pk": 2,
    "number": 2,
    "text": "Use it for the partnership only.\n\nWhat you read of us stays with you.",
    "published_at": _SEEN,
    "published_by": {"name": "Sunniva Dahl"},
}


def terms_to_accept() -> dict[str, Any]:
    """Terms that wait for somebody."""
    return {"terms": _TERMS, "owner": "Harborline"}
