"""What a fact of each kind carries: the contracts of the fact and reference tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal["word", "text", "number", "percent", "amount", "date", "truth", "id"]
Shape = Literal["event", "state"]
Owner = Literal["organization", "person", "customer", "deal"]

COLUMN_TYPES: tuple[ColumnType, ...] = (
    "word",
    "text",
    "number",
    "percent",
    "amount",
    "date",
    "truth",
    "id",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a fact kind; an amount also needs the kind's ``currency`` column.

    ``at_least`` and ``at_most`` bound a number; None leaves that side open.
    """

    name: str
    type: ColumnType
    required: bool = False
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact: an event happens on a day, a state holds from a day to a day.

    Parameters
    ----------
    name
        Also the name of the table: ``fact_<name>``.
    shape
        ``event`` has ``happened_on`` and ``cancelled_on``; ``state`` has ``starts_on`` and ``ends_on``
        (the first day on which it no longer holds).
    owner
        Whose fact it is, which decides how it is credited to a partner.
    columns
        Own columns, without those that every fact has.
    """

    name: str
    shape: Shape
    owner: Owner
    columns: tuple[Column, ...] = field(default=())

    @property
    def day_columns(self) -> tuple[str, str]:
        """The two columns that place a fact of this shape in time."""
        return ("happened_on", "cancelled_on") if self.shape == "event" else ("starts_on", "ends_on")

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.all_columns if column.name == name), None)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Every column, those common to the shape and the owner's link included."""
        days = tuple(Column(name, "date") for name in self.day_columns)
        return (*COMMON_COLUMNS, *days, *self.columns)


COMMON_COLUMNS = (Column("fact_id", "id"), Column("source", "text"))

#: Names that the ledger and the shapes use; a program cannot give them to columns of its own.
RESERVED_COLUMNS = frozenset(
    {
        *("fact_id", "source", "reverses", "recorded_at", "root_id", "chain", "position", "reversed_position", "batch"),
        *("happened_on", "cancelled_on", "starts_on", "ends_on", "owner_org", "partner_org", "attributes"),
    }
)

OWNER_COLUMN: Mapping[Owner, str] = {
    "organization": "organization",
    "person": "person",
    "customer": "customer",
    "deal": "deal",
}

# The link kind through which a fact reaches an organization, by owner.
OWNER_LINK: Mapping[Owner, str] = {
    "person": "employments",
    "customer": "associations",
    "deal": "deal_parties",
}


def word_of(link: FactKind) -> str | None:
    """The column by whose words several links are put in order: what kind of link it is, or who does what in a deal."""
    return next((name for name in ("kind", "role") if link.column(name) is not None), None)


def _columns(text: str) -> tuple[Column, ...]:
    """Read ``name:type`` words; ``0..1`` behind the type bounds a number, a trailing ``!`` marks what must be filled."""
    return tuple(_column(word.rstrip("!"), required=word.endswith("!")) for word in text.split())


def _column(word: str, *, required: bool) -> Column:
    name, kind, *bounds = word.split(":")
    found = next(item for item in COLUMN_TYPES if item == kind)
    least, _, most = bounds[0].partition("..") if bounds else ("", "", "")
    return Column(name, found, required, int(least) if least else None, int(most) if most else None)


def _state(name: str, owner: Owner, columns: str) -> FactKind:
    return FactKind(name, "state", owner, _columns(f"{OWNER_COLUMN[owner]}:id! {columns}"))


def _event(name: str, owner: Owner, columns: str) -> FactKind:
    return FactKind(name, "event", owner, _columns(f"{OWNER_COLUMN[owner]}:id! {columns}"))


def _event_of_somebody(name: str, columns: str) -> FactKind:
    """An event whose organization may still be unknown; until it is known it counts for nobody."""
    return FactKind(name, "event", "organization", _columns(f"organization:id {columns}"))


_ALL = (
    _state("employments", "organization", "person:id! kind:word role:word office:word share:percent:0..1"),
    _state("associations", "organization", "customer:id! kind:word product:word share:percent:0..1"),
    _state("deal_parties", "organization", "deal:id! role:word share:percent:0..1 accepted_on:date"),
    _state("credentials", "person", "code:word family:word role:word level:word product:word version:word"),
    _state(
        "subscriptions",
        "organization",
        "subscription:id customer:id product:word plan:word role:word quantity:number amount:amount currency:word",
    ),
    _state("references", "organization", "customer:id! kind:word status:word product:word document:text"),
    _state("decisions", "organization", "topic:word! outcome:word decided_by:id evidence:text"),
    _state(
        "tier_decisions",
        "organization",
        "program:word ladder:word! cell:word effect:word! tier:word decided_by:id evidence:text",
    ),
    _state("targets", "organization", "topic:word! amount:amount currency:word agreed_by:id"),
    _state("agreements", "organization", "document:word! version:word"),
    _state("assignments", "person", "project:id! customer:id share:percent:0..1"),
    _event("activities", "organization", "kind:word! person:id quantity:number rating:number status:word"),
    _event("deals", "deal", "customer:id stage:word! amount:amount currency:word lost_reason:word"),
    _event(
        "deal_lines",
        "deal",
        "product:word! line:id quantity:number list_amount:amount discount:percent:..1 amount:amount currency:word "
        "margin:amount",
    ),
    _event(
        "transactions",
        "organization",
        "kind:word customer:id product:word subscription:id invoice:id quantity:number amount:amount currency:word "
        "list_amount:amount margin:amount",
    ),
    _event_of_somebody(
        "point_of_sale",
        "distributor:id! reseller:text! customer:id product:word invoice:id quantity:number amount:amount "
        "currency:word list_amount:amount",
    ),
    _event("usage", "customer", "product:word metric:word quantity:number amount:amount currency:word"),
    _event("surveys", "organization", "topic:word score:number"),
    _event("cases", "customer", "reply_hours:number:0.. close_hours:number:0.. severity:word product:word"),
    _event("claims", "organization", "activity:word amount:amount currency:word submitted_on:date"),
    _event("touches", "organization", "kind:word! person:id made_by:id"),
    _event("costs", "organization", "kind:word! amount:amount currency:word"),
)

FACT_KINDS: Mapping[str, FactKind] = {kind.name: kind for kind in _ALL}

#: Reference tables; the day columns, where present, say from when a row holds.
REFERENCE_TABLES: Mapping[str, tuple[Column, ...]] = {
    "organizations": _columns(
        "organization:id! parent:id name:text country:word region:word merged_into:id merged_on:date"
    ),
    "offices": _columns("office:id! organization:id name:text country:word region:word"),
    "enrolments": _columns("enrolment:id! organization:id! joined_on:date ended_on:date"),
    "people": _columns("person:id! country:word"),
    "customers": _columns("customer:id! country:word market:word won_on:date name:text"),
    "products": _columns("product:id! family:word name:text"),
    "credential_types": _columns("code:id! family:word role:word level:word product:word counts_until:date"),
    "exchange_rates": _columns("currency:word! valued_on:date! rate:number:0..!"),
    "coverage": _columns("kind:word! source:text! complete_from:date complete_to:date"),
    "holidays": _columns("day:date!"),
}

#: Other names for what reference tables hold. They are used while reading and kept nowhere, because a mail address
#: is personal and a fact holds keys only.
NAME_TABLES: Mapping[str, tuple[Column, ...]] = {
    "organization_names": _columns("name:text! organization:id!"),
    "mails": _columns("mail:text! person:id!"),
}
