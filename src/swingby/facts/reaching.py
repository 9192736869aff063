"""Facts that reach nobody: rows of people, customers or deals without a link to any organization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from swingby.program.kinds import OWNER_COLUMN, OWNER_LINK

if TYPE_CHECKING:
    from swingby.facts.fact_set import FactSet
    from swingby.program import Program
    from swingby.program.kinds import FactKind


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
        link, alone = _alone(kind)
        if alone:
            query = (
                f"SELECT count(*), count(*) FILTER ({alone}) "
                f"FROM fact_{kind.name} AS f WHERE f.reversed_position IS NULL"
            )
            total, missing = facts.connection.execute(query).fetchone() or (0, 0)
            found += [Unreached(kind.name, missing, total, link)] if missing else []
    return tuple(found)


def _alone(kind: FactKind) -> tuple[str, str]:
    """The table that could lead to an organization, and the condition of rows that it does not lead anywhere."""
    owner, link = OWNER_COLUMN[kind.owner], OWNER_LINK.get(kind.owner)
    if link is not None:
        return link, f"f.{owner} NOT IN (SELECT l.{owner} FROM fact_{link} AS l)"
    column = kind.column(owner)
    return ("", "") if column is None or column.required else ("organization_names", f"f.{owner} IS NULL")
