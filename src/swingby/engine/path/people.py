"""Whose: the people who work for the partner and do not yet count for an act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from swingby.engine.nodes import FactsNode
from swingby.engine.path.acts import Act, base_of
from swingby.engine.path.plain import Cells, matches, passes
from swingby.engine.path.worlds import Copies

#: So many classes of people are told apart; the smallest are left out.
MOST_CLASSES = 6
_STAFF = ("person", "starts_on", "ends_on")


def staff(copies: Copies, day: date) -> Mapping[str, date]:
    """Everybody who works for the partner on a day, and the first day on which, as far as is known, they no longer do."""
    rows = copies.own_rows("employments", ("organization", *_STAFF))
    own = {row[0] for row in copies.raw.execute("SELECT organization FROM path_organizations").fetchall()}
    ends: dict[str, date] = {}
    working = set()
    for organization, person, first, until in rows:
        if organization in own:
            ends[person] = max(ends.get(person, date.min), until or date.max)
            working |= {person} if _held(first, until, day) else set()
    return {person: ends[person] for person in sorted(working)}


def _held(first: date | None, until: date | None, day: date) -> bool:
    return (first is None or first <= day) and (until is None or until > day)


def classes(
    copies: Copies, act: Act, nodes: Sequence[FactsNode], everybody: Mapping[str, date], day: date
) -> tuple[list[tuple[str, ...]], bool]:
    """Those for whom an act may add something by a day, apart by how long they stay, and which numbers count them already and how long.

    Who has a fact of the same sort that still holds on the day is left out. In a class the most experienced come first.

    Returns
    -------
    tuple[list[tuple[str, ...]], bool]
        The classes, and whether these are all.
    """
    kind = copies.program.kinds[act.kind]
    first, last = kind.day_columns
    names = [column.name for column in kind.all_columns if column.name not in (first, last)]
    rows = [
        (until, dict(zip(names, cells, strict=True)))
        for _, until, *cells in copies.own_rows(act.kind, (first, last, *names))
    ]
    holding = {
        cells[act.person]
        for until, cells in rows
        if kind.shape == "state" and (until is None or until > day) and matches(act.cells, cells)
    }
    counted = [_counted(copies, act, node, rows, day) for node in nodes] if kind.shape == "state" else []
    experience = Counter(cells[act.person] for _, cells in rows)
    found: dict[object, list[str]] = {}
    for person in sorted(set(everybody) - holding, key=lambda each: (-experience[each], each)):
        found.setdefault((everybody[person], *(until.get(person) for until in counted)), []).append(person)
    ordered = sorted(found.values(), key=lambda each: (-len(each), each))
    return [tuple(people) for people in ordered[:MOST_CLASSES]], len(ordered) <= MOST_CLASSES


def _counted(
    copies: Copies, act: Act, node: FactsNode, rows: Sequence[tuple[date | None, Cells]], day: date
) -> Mapping[object, date]:
    """Whom a number counts already, and the first day of the month in which that ends."""
    _, where = base_of(copies.program, node.kind, node.where)
    found: dict[object, date] = {}
    for until, cells in rows:
        if passes(copies.program, where, cells, day) is not False:
            end = (until or date.max).replace(day=1)
            found[cells[act.person]] = max(found.get(cells[act.person], date.min), end)
    return found


def share(
    pools: Mapping[int, Sequence[str]], overlaps: Mapping[int, frozenset[int]], wanted: Sequence[tuple[int, int]]
) -> list[tuple[str, ...]]:
    """People for acts, (act, how many): nobody twice for one act, and if possible not for two that count the same people.

    Acts for which few people come into question choose first.
    """
    used: dict[int, set[str]] = {act: set() for act in pools}
    found: dict[int, tuple[str, ...]] = {}
    for place, (act, many) in sorted(enumerate(wanted), key=lambda each: (len(pools[each[1][0]]), each[0])):
        taken = set[str]().union(*(used[other] for other in overlaps[act]))
        free = [person for person in pools[act] if person not in used[act]]
        chosen = sorted(free, key=lambda person: person in taken)[:many]
        used[act].update(chosen)
        found[place] = tuple(chosen)
    return [found[place] for place in range(len(wanted))]
