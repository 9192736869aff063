"""States as the events of their first days, or of the days on which they ended: what an earning may pay once for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from swingby.engine.sql import statement
from swingby.program.kinds import Column, FactKind

BEGUN = """
SELECT t.*, t.starts_on AS happened_on, CAST(NULL AS DATE) AS cancelled_on
FROM {facts} AS t
"""
ENDED = """
SELECT t.*, t.ends_on AS happened_on, CAST(NULL AS DATE) AS cancelled_on
FROM {facts} AS t
WHERE t.ends_on IS NOT NULL
"""
#: What no kind of event has of its own: the days of the state, which filters may still read.
DAYS = (Column("starts_on", "date"), Column("ends_on", "date"))


@dataclass(frozen=True, slots=True)
class TurnedKind(FactKind):
    """A kind of event that a kind of state was turned into; nothing that happened to it can be cancelled."""

    when: Literal["started", "ended"] = "started"


def turned(kind: FactKind, when: Literal["held", "started", "ended"]) -> FactKind:
    """The kind of fact that entries stand for: itself, or the event that a state began or ended."""
    if when == "held" or kind.shape == "event":
        return kind
    return TurnedKind(kind.name, "event", kind.owner, (*DAYS, *kind.columns), when)


def untouched(kind: FactKind) -> FactKind:
    """The kind as it is stored."""
    if not isinstance(kind, TurnedKind):
        return kind
    return FactKind(kind.name, "state", kind.owner, tuple(column for column in kind.columns if column not in DAYS))


def money_day(kind: FactKind) -> str:
    """The column of the day by whose rate amounts are converted: of states the first, whatever they are taken for."""
    return "starts_on" if isinstance(kind, TurnedKind) else kind.day_columns[0]


def turned_facts(kind: FactKind, facts: exp.Expr | str) -> exp.Expr | str:
    """The stored facts of a kind as the events that it means."""
    if not isinstance(kind, TurnedKind):
        return facts
    return statement(BEGUN if kind.when == "started" else ENDED, facts=facts)
