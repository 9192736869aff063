"""Reading a column of a fact, of what it refers to, or of the enrolment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .frame import Frame
from .ledger import as_events
from .tree import Row

TABLE_OF = {
    "organization": "organizations",
    "person": "people",
    "customer": "customers",
    "product": "products",
    "office": "offices",
    "enrolment": "enrolments",
}
LINK_OF = {"employment": "employments", "association": "associations", "deal_party": "deal_parties"}


def plain(value: Any) -> Any:
    """Numbers as fractions; everything else as it is."""
    if isinstance(value, bool) or value is None:
        return value
    return Fraction(value) if isinstance(value, (Decimal, int)) else value


def own_column(frame: Frame, kind: str, row: Row, name: str) -> Any:
    """A column of the fact itself; a declared list of columns is a joint id."""
    declared = frame.run.ledger.declared(frame.run.ledger.base_kind(kind)).get("columns", {}).get(name)
    if isinstance(declared, list):
        parts = tuple(row.get(part) for part in declared)
        return None if None in parts else parts
    return plain(row.get(name))


def read(frame: Frame, kind: str, row: Row, name: str, link: tuple[str, Row] | None = None) -> Any:
    """A column by name: ``amount``, ``customer.market``, ``organization.country``, ``association.kind``."""
    if "." not in name:
        return own_column(frame, kind, row, name)
    head, column = name.split(".", 1)
    if LINK_OF.get(head) == frame.run.ledger.base_kind(kind):
        return own_column(frame, kind, row, column)
    if head in LINK_OF or (link is not None and link[0] in (head, head + "s")):
        right = link is not None and link[0] == LINK_OF.get(head, link[0])
        return plain(link[1].get(column)) if link is not None and right else None
    if head == "enrolment":
        return plain(frame.enrolled.get(column))
    key = row.get(head)
    if head == "office" and frame.run.ledger.owner(kind) == "person" and "office" not in row:
        key = link[1].get("office") if link is not None and link[0] == "employments" else None
    if head == "organization" and key is None:
        return enrolled_column(frame, name)
    found = frame.run.ledger.reference_row(TABLE_OF[head], key)
    return plain(found.get(column)) if found else None


def enrolled_column(frame: Frame, name: str) -> Any:
    """A column of the enrolment or of its organization, without any fact in hand."""
    head, column = name.split(".", 1)
    if head == "enrolment":
        return plain(frame.enrolled.get(column))
    organization = frame.enrolled.get("organization")
    if column == "root":
        return root(frame, organization)
    found = frame.run.ledger.reference_row("organizations", organization)
    return plain(found.get(column)) if found else None


def root(frame: Frame, organization: str | None) -> str | None:
    """The top of the tree the organization stands in."""
    seen: list[str] = []
    while organization is not None and organization not in seen:
        seen.append(organization)
        organization = (frame.run.ledger.reference_row("organizations", organization) or {}).get("parent")
    return seen[-1] if seen else None


def quantity(frame: Frame, kind: str, row: Row, name: str, *, own_currency: bool = False) -> Fraction | None:
    """A column as a number; money in the program's currency unless the fact's own is asked."""
    found = read(frame, kind, row, name)
    ledger = frame.run.ledger
    if isinstance(found, Fraction) and "." not in name and ledger.is_amount(kind, name) and not own_currency:
        return ledger.converted(row, row[name], ledger.day_of(as_events(kind)[1], row))
    return found if isinstance(found, Fraction) else None


def like(text: str, value: object) -> object:
    """Read a literal as the type of the value it is compared with."""
    if isinstance(value, bool):
        return {"true": True, "false": False}.get(text)
    if isinstance(value, Fraction):
        return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    if isinstance(value, date):
        return date.fromisoformat(text)
    return text


__all__ = ["enrolled_column", "like", "own_column", "plain", "quantity", "read", "root"]
