"""Facts that reach nobody: of people, customers or deals without a link to any organization, and of those not enrolled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from swingby.program.kinds import OWNER_COLUMN, OWNER_LINK

if TYPE_CHECKING:
    from swingby.facts.fact_set import FactSet
    from swingby.program import Program
    from swingby.program.kinds import FactKind


@dataclass(frozen=True, slots=True)
class Unreached:
    """Rows of a kind that no link leads to an organization, or to none that is enrolled: they count for nobody."""

    kind: str
    rows: int
    of: int
    link: str = ""

    def __str__(self) -> str:
        if not self.link:
            whose = "an organization that is not enrolled" if self.rows == 1 else "organizations that are not enrolled"
            return f"{self.kind}: {self.rows:,} of {self.of:,} rows are of {whose}, and none above is"
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
    return (*found, *_of_strangers(facts, program))


def _of_strangers(facts: FactSet, program: Program) -> Iterator[Unreached]:
    """By kind, the rows of organizations that are not enrolled and stand below none that is.

    Of a delivery without enrolments nobody can tell.
    """
    if not facts.count("ref_enrolments"):
        return
    for kind in program.kinds.values():
        if kind.owner != "organization" or kind.column("organization") is None:
            continue
        row = facts.connection.execute(_STRANGERS.format(kind=kind.name)).fetchone()
        total, missing = row or (0, 0)
        if missing:
            yield Unreached(kind.name, missing, total)


_STRANGERS = """
WITH RECURSIVE own(organization) AS (
  SELECT organization FROM ref_enrolments
  UNION SELECT o.organization FROM ref_organizations AS o JOIN own AS p ON o.parent = p.organization)
SELECT count(*), count(*) FILTER (f.organization IS NOT NULL AND f.organization NOT IN (SELECT organization FROM own))
FROM fact_{kind} AS f WHERE f.reversed_position IS NULL
"""


def _alone(kind: FactKind) -> tuple[str, str]:
    """The table that could lead to an organization, and the condition of rows that it does not lead anywhere."""
    owner, link = OWNER_COLUMN[kind.owner], OWNER_LINK.get(kind.owner)
    if link is not None:
        return link, f"f.{owner} NOT IN (SELECT l.{owner} FROM fact_{link} AS l)"
    column = kind.column(owner)
    return ("", "") if column is None or column.required else ("organization_names", f"f.{owner} IS NULL")
