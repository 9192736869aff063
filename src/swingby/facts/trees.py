"""Organizations that stand above themselves: found, reported, and cut so that no reader walks in circles."""

from __future__ import annotations

from collections.abc import Mapping

from swingby.facts.staging import Desk


def cut_circles(desk: Desk) -> None:
    """Take the parent away from the first organization of every circle."""
    rows = desk.connection.execute(
        "SELECT organization, parent FROM ref_organizations WHERE parent IS NOT NULL ORDER BY organization"
    ).fetchall()
    for organization in organizations_in_circles(dict(rows)):
        hint = "Mend the parents; until then it stands at the top."
        desk.report(
            "tree-circle", "It stands above itself.", hint, file="organizations", value=organization, column="parent"
        )
        desk.connection.execute("UPDATE ref_organizations SET parent = NULL WHERE organization = ?", [organization])


def organizations_in_circles(parents: Mapping[str, str]) -> list[str]:
    """One organization of each circle, the first by id.

    >>> organizations_in_circles({"a": "b", "b": "c", "c": "a", "x": "a"})
    ['a']
    """
    safe: set[str] = set()
    found = []
    for start in sorted(parents):
        line: dict[str, None] = {}
        place: str | None = start
        while place is not None and place not in safe and place not in line:
            line[place] = None
            place = parents.get(place)
        if place in line and place is not None:
            circle = list(line)[list(line).index(place) :]
            found.append(min(circle))
        safe.update(line)
    return sorted(found)
