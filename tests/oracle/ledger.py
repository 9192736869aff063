"""Facts with their ledger positions, reference rows and columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .literals import ONE_DAY
from .tree import Row, World

STATES = {
    "employments": "organization",
    "associations": "organization",
    "deal_parties": "organization",
    "credentials": "person",
    "subscriptions": "organization",
    "references": "organization",
    "decisions": "organization",
    "tier_decisions": "organization",
    "targets": "organization",
    "agreements": "organization",
    "assignments": "person",
}
EVENTS = {
    "activities": "organization",
    "deals": "deal",
    "deal_lines": "deal",
    "transactions": "organization",
    "point_of_sale": "organization",
    "usage": "customer",
    "surveys": "organization",
    "cases": "customer",
    "claims": "organization",
    "touches": "organization",
    "costs": "organization",
}
REFERENCE_KEYS = {
    "organizations": "organization",
    "enrolments": "enrolment",
    "people": "person",
    "customers": "customer",
    "products": "product",
    "credential_types": "code",
    "offices": "office",
}
AMOUNTS = {"amount", "list_amount", "margin"}
NEVER = 10**12


def as_events(kind: str) -> tuple[str, str]:
    """Of states that an earning takes as the events of their beginnings or ends: which, and the kind's own name."""
    first, _, rest = kind.partition(" ")
    return (first, rest) if first in ("started", "ended") and rest else ("", kind)


class Ledger:
    """Every fact row with the position that brought it and the position that reversed it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.seen: dict[tuple[str, int], list[dict[str, Any]]] = {}
        self.indexes: dict[str, dict[object, Row]] = {}
        kinds = [kind for kind in world.facts if self.is_fact_kind(kind)]
        stamps = {stamp for kind in kinds for row in world.facts[kind] if (stamp := self.stamp(kind, row))}
        self.stamps = sorted(stamps)
        self.rows = {kind: self._positioned(kind, world.facts[kind]) for kind in kinds}

    def is_fact_kind(self, kind: str) -> bool:
        """Whether the rows of this name are facts rather than reference rows."""
        return kind in STATES or kind in EVENTS or kind in self.world.section("facts")

    def declared(self, kind: str) -> Mapping[str, Any]:
        """What the program itself says about a kind; of states as events it says the same, of states as events."""
        when, own = as_events(kind)
        said = self.world.section("facts").get(own) or {}
        return {**said, "subset_of": f"{when} {said['subset_of']}"} if when and "subset_of" in said else said

    def base_kind(self, kind: str) -> str:
        """The kind a subset is cut from."""
        _, kind = as_events(kind)
        while "subset_of" in self.declared(kind):
            kind = self.declared(kind)["subset_of"]
        return kind

    def shape(self, kind: str) -> str:
        """``event`` or ``state``."""
        if as_events(kind)[0]:
            return "event"
        kind = self.base_kind(kind)
        return str(self.declared(kind).get("shape") or ("state" if kind in STATES else "event"))

    def owner(self, kind: str) -> str:
        """Whose fact it is: organization, person, customer or deal."""
        kind = self.base_kind(kind)
        return str(self.declared(kind).get("owner") or STATES.get(kind) or EVENTS.get(kind) or "organization")

    def day_of(self, kind: str, row: Row) -> date:
        """The fact's day: when it happened, or when it began to hold."""
        found = row["happened_on" if self.shape(kind) == "event" else "starts_on"]
        assert isinstance(found, date)
        return found

    def stamp(self, kind: str, row: Row) -> datetime | None:
        """When the row became known; by default the end of its day."""
        recorded = row.get("recorded_at")
        if isinstance(recorded, datetime):
            return recorded
        begun = row.get("happened_on" if self.shape(kind) == "event" else "starts_on")
        return datetime.combine(begun + ONE_DAY, time()) if begun else None

    def position_at(self, midnight: date) -> int:
        """The last position recorded by a midnight."""
        return sum(1 for stamp in self.stamps if stamp <= datetime.combine(midnight, time()))

    def position(self, kind: str, row: Row) -> int:
        """The position that brought a row: its place among the distinct times of recording."""
        stamp = self.stamp(kind, row)
        return self.stamps.index(stamp) + 1 if stamp else 1

    def _positioned(self, kind: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        reversed_by = {row["reverses"]: self.position(kind, row) for row in rows if row.get("reverses")}
        day = "happened_on" if self.shape(kind) == "event" else "starts_on"
        return [
            {
                **row,
                **self._from_type(kind, row),
                "position": self.position(kind, row),
                "reversed_position": reversed_by.get(row["fact_id"], NEVER),
            }
            for row in rows
            if row.get(day) is not None
        ]

    def _from_type(self, kind: str, row: Row) -> dict[str, Any]:
        """A credential takes what it does not say from its type, and ends when the type stops counting."""
        if kind != "credentials":
            return {}
        type_ = self.reference_row("credential_types", row.get("code")) or {}
        names = ("family", "role", "level", "product", "version")
        taken = {name: type_[name] for name in names if row.get(name) is None and type_.get(name) is not None}
        ends = [end for end in (row.get("ends_on"), type_.get("counts_until")) if end is not None]
        return {**taken, "ends_on": min(ends) if ends else None}

    def known(self, kind: str, position: int) -> list[dict[str, Any]]:
        """The rows of a kind known at a position and not yet reversed, by fact id."""
        if (kind, position) not in self.seen:
            rows = self._rows_of(kind)
            seen = [row for row in rows if row["position"] <= position < row["reversed_position"]]
            self.seen[kind, position] = sorted(seen, key=lambda row: str(row["fact_id"]))
        return self.seen[kind, position]

    def _rows_of(self, kind: str) -> list[dict[str, Any]]:
        when, own = as_events(kind)
        if not when:
            return self.rows.get(kind, [])
        day = "starts_on" if when == "started" else "ends_on"
        rows = [row for row in self.rows.get(own, []) if row.get(day) is not None]
        return [{**row, "happened_on": row[day], "cancelled_on": None} for row in rows]

    def reference_row(self, table: str, key: object) -> Row | None:
        """The row of a reference table with this key."""
        if table not in self.indexes:
            self.indexes[table] = {row[REFERENCE_KEYS[table]]: row for row in self.world.facts.get(table, [])}
        return self.indexes[table].get(key)

    def is_amount(self, kind: str, column: str) -> bool:
        """Whether a column holds money."""
        written = self.declared(self.base_kind(kind)).get("columns", {}).get(column)
        return written == "amount" or (written is None and column in AMOUNTS)

    def converted(self, row: Row, amount: Decimal, day: date) -> Fraction | None:
        """An amount in the program's currency, at the latest rate on or before the day; None without one."""
        home, own = self.world.section("program").get("currency"), row.get("currency")
        if own is None or home is None or own == home:
            return Fraction(amount)
        rates = [
            rate
            for rate in self.world.facts.get("exchange_rates", [])
            if rate["currency"] == own and rate["valued_on"] <= day
        ]
        latest = max(rates, key=lambda rate: rate["valued_on"], default=None)
        return Fraction(amount) * Fraction(latest["rate"]) if latest else None

    def covered(self, kind: str, day: date) -> bool:
        """Whether every source of a kind is complete on a day; a kind without coverage rows always is."""
        rows = [row for row in self.world.facts.get("coverage", []) if row["kind"] == self.base_kind(kind)]
        return all(
            any(_spans(row, day) for row in rows if row["source"] == source)
            for source in {row["source"] for row in rows}
        )


def _spans(row: Row, day: date) -> bool:
    begins, ends = row.get("complete_from"), row.get("complete_to")
    return (begins is None or begins <= day) and (ends is None or day < ends)
