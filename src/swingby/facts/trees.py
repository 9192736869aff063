"""Trees of organizations that nobody can climb: circles and too many levels are found, reported and cut."""

from __future__ import annotations

from collections.abc import Mapping

from swingby.facts.desk import Desk

#: An organization stands at most so many levels below the top of its tree; what reads facts climbs no further.
MOST_LEVELS = 7


def join_merged(desk: Desk) -> None:
    """Put an organization that was merged into another one below it, whatever parent it had."""
    desk.connection.execute("UPDATE ref_organizations SET parent = merged_into WHERE merged_into IS NOT NULL")


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


def cut_deep_trees(desk: Desk) -> None:
    """Take the parent away from every organization that stands too far below the top."""
    rows = desk.connection.execute(
        "SELECT organization, parent FROM ref_organizations WHERE parent IS NOT NULL ORDER BY organization"
    ).fetchall()
    for organization in organizations_too_deep(dict(rows)):
        hint = f"Give it a parent at most {MOST_LEVELS - 1} levels below the top; until then it stands at the top."
        reason = f"It stands more than {MOST_LEVELS} levels below the top."
        desk.report("tree-deep", reason, hint, file="organizations", value=organization, column="parent")
        desk.connection.execute("UPDATE ref_organizations SET parent = NULL WHERE organization = ?", [organization])


def organizations_too_deep(parents: Mapping[str, str]) -> list[str]:
    """The organizations at which trees must be cut, so that nothing stands too far below a top; circles must be cut before.

    >>> organizations_too_deep({f"level {number}": f"level {number - 1}" for number in range(1, 10)})
    ['level 8']
    """
    depths: dict[str, int] = {}
    for start in parents:
        line = [start]
        while line[-1] in parents and line[-1] not in depths:
            line.append(parents[line[-1]])
        depth = depths.get(line.pop(), 0)
        for organization in reversed(line):
            depth = (depth + 1) % (MOST_LEVELS + 1)
            depths[organization] = depth
    return sorted(organization for organization, depth in depths.items() if depth == 0)


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
