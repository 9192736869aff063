"""Facts that reach nobody: rows of people, customers or deals without a link to any organization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from swingby.program.kinds import OWNER_COLUMN, OWNER_LINK

if TYPE_CHECKING:
    from swingby.facts.fact_set import FactSet
    from swingby.program import Program


@dataclass(frozen=True, slots=True)
class Unreached:
    """Rows of a kind that no link leads to an organization: they count for nobody."""

    kind: str
    rows: int
    of: int
    link: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.rows:,} of {self.of:,} rows reach no partner; {self.link} links nobody to them"


def unreached(facts: FactSet, program: Program) -> tuple[Unreached, ...]:
    """By kind, the rows that count for nobody because their person, customer or deal is linked to no organization."""
    found = []
    for kind in program.kinds.values():
        link = OWNER_LINK.get(kind.owner)
        if link is not None:
            owner = OWNER_COLUMN[kind.owner]
            query = (
                f"SELECT count(*), count(*) FILTER (f.{owner} NOT IN (SELECT l.{owner} FROM fact_{link} AS l)) "
                f"FROM fact_{kind.name} AS f WHERE f.reversed_position IS NULL"
            )
            total, missing = facts.connection.execute(query).fetchone() or (0, 0)
            found += [Unreached(kind.name, missing, total, link)] if missing else []
    return tuple(found)
