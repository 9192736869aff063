"""People of the small world's firm with credentials, as the firm's own facts tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection, transaction

from swingby.web.tenancy import Scope, open_scope
from tests.permissions.learning import LEARNERS

FIRM = "tarn"
MEMBER, LEAD, ADMIN = "partner-member", "partner-manager", "partner-admin"


@contextmanager
def of_the_firm(owner: str = FIRM) -> Iterator[None]:
    """A scope in which facts about the firm may be written: its own, or those of a vendor."""
    own = frozenset({owner, FIRM})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        yield


def employ(
    *people: str, office: str = "north", role: str = "engineering", until: date | None = None, owner: str = FIRM
) -> None:
    """Let people work for the firm since 2024, as engineers unless another role is said."""
    for person in people:
        _insert("employments", f"emp-{person}", person=person, role=role, office=office, ends_on=until, owner=owner)


def certify(
    person: str, code: str, *, since: date = date(2025, 6, 1), until: date | None = None, owner: str = FIRM
) -> None:
    """Give somebody a credential."""
    _insert(
        "credentials",
        f"cred-{person}-{code}-{since}",
        person=person,
        code=code,
        starts_on=since,
        ends_on=until,
        owner=owner,
    )


def key_of(person: str) -> str:
    """Who somebody of the small world is in the firm's facts."""
    return LEARNERS[person]


def _insert(kind: str, fact: str, *, owner: str, **columns: Any) -> None:
    row: dict[str, Any] = {
        "owner_org": owner,
        "partner_org": FIRM,
        "fact_id": fact,
        "position": 1,
        "source": "example",
        "starts_on": date(2024, 1, 1),
        **({"organization": FIRM} if kind == "employments" else {}),
        **columns,
    }
    with of_the_firm(owner), connection.cursor() as cursor:
        names, places = ", ".join(row), ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO fact_{kind} ({names}) VALUES ({places})", list(row.values()))
