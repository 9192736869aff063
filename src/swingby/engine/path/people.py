"""Whose: the people who work for the partner and do not yet count for an act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from swingby.engine.path.acts import Act
from swingby.engine.path.plain import matches
from swingby.engine.path.worlds import Copies

_STAFF = ("person", "starts_on", "ends_on")


def staff(copies: Copies, day: date) -> tuple[str, ...]:
    """Everybody who works for the partner on a day, as far as it is known."""
    rows = copies.own_rows("employments", ("organization", *_STAFF))
    own = {row[0] for row in copies.raw.execute("SELECT organization FROM path_organizations").fetchall()}
    found = {person for organization, person, first, until in rows if organization in own and _held(first, until, day)}
    return tuple(sorted(found))


def _held(first: date | None, until: date | None, day: date) -> bool:
    return (first is None or first <= day) and (until is None or until > day)


def candidates(copies: Copies, act: Act, everybody: Sequence[str], day: date) -> tuple[str, ...]:
    """Those for whom an act adds something on a day: first whose own is about to lapse, then the most experienced.

    Who has a fact of the same sort that still holds on the day is left out; who had one comes first, because a renewal
    is what people expect.
    """
    kind = copies.program.kinds[act.kind]
    columns = tuple(dict.fromkeys(name for name, _ in act.row))
    last = kind.day_columns[1]
    experience: dict[str, int] = {}
    holding, had = set(), set()
    for person, until, *cells in copies.own_rows(act.kind, (act.person, last, *columns)):
        experience[person] = experience.get(person, 0) + 1
        if matches(act.cells, dict(zip(columns, cells, strict=True))):
            had.add(person)
            if kind.shape == "state" and (until is None or until > day):
                holding.add(person)
    free = [person for person in everybody if person not in holding]
    renewing = had if kind.shape == "state" else set()
    return tuple(sorted(free, key=lambda each: (each not in renewing, -experience.get(each, 0), each)))


def share(pools: Mapping[int, Sequence[str]], overlaps: Mapping[int, frozenset[int]], wanted: Sequence[tuple[int, int]]) -> list[tuple[str, ...]]:
    """People for acts in order, (act, how many): nobody twice for the same act or for acts that count the same thing."""
    used: dict[int, set[str]] = {act: set() for act in pools}
    found = []
    for act, many in wanted:
        taken = used[act].union(*(used[other] for other in overlaps[act] if other in used))
        chosen = tuple(person for person in pools[act] if person not in taken)[:many]
        used[act].update(chosen)
        found.append(chosen)
    return found
