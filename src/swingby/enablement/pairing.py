"""Buddies of a study group, and who is to be told that a buddy is silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: After how many days without a word somebody is silent, and how far apart two nudges to one person are.
SILENT: Final = timedelta(days=14)
NUDGED_AT_MOST: Final = timedelta(days=7)
_PAIR, _THREE = 2, 3

Pairs = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Buddy:
    """Somebody in one group: with whom, when last heard of or joined, and when last nudged."""

    group: str
    person: str
    pair: int | None
    heard_on: date
    nudged_on: date | None = None


@dataclass(frozen=True, slots=True)
class BuddyNudge:
    """Somebody is to be told that the buddy in a group is silent."""

    group: str
    person: str


def pair_buddies(members: Sequence[str], before: Pairs = ()) -> Pairs:
    """Pair the members of a group; of an odd number one pair is of three, and one alone has nobody.

    Pairs that are complete stay as they were. Whoever is left is paired in the order of joining.
    """
    here = set(members)
    kept = [tuple(one for one in pair if one in here) for pair in before]
    whole = [pair for pair in kept if len(pair) >= _PAIR]
    paired = {one for pair in whole for one in pair}
    return tuple(_placed([one for one in members if one not in paired], whole))


def _placed(single: list[str], pairs: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    made = [tuple(single[at : at + _PAIR]) for at in range(0, len(single) - 1, _PAIR)]
    if len(single) % 2 == 0:
        return [*pairs, *made]
    if three := next((pair for pair in pairs if len(pair) == _THREE), None):
        rest = [pair for pair in pairs if pair != three]
        return [*rest, three[:_PAIR], (three[_PAIR], single[-1]), *made]
    if not (found := [*pairs, *made]):
        return []
    return [*found[:-1], (*found[-1], single[-1])]


def buddy_nudges(buddies: Iterable[Buddy], on: date) -> tuple[BuddyNudge, ...]:
    """Say who is to be nudged on a day: a buddy is silent for two weeks, and the last nudge a week ago.

    Somebody in several groups is nudged about one of them.
    """
    everybody = list(buddies)
    due: dict[str, BuddyNudge] = {}
    for one in sorted(everybody, key=lambda each: (each.person, each.group)):
        if one.person not in due and _may_be_nudged(one.person, everybody, on) and any(_silent(one, everybody, on)):
            due[one.person] = BuddyNudge(one.group, one.person)
    return tuple(due.values())


def pairs_of(pair_by_person: Mapping[str, int | None]) -> Pairs:
    """Pairs from the number that each person's pair has."""
    found: dict[int, list[str]] = {}
    for person, pair in pair_by_person.items():
        if pair is not None:
            found.setdefault(pair, []).append(person)
    return tuple(tuple(people) for _, people in sorted(found.items()))


def _may_be_nudged(person: str, everybody: Iterable[Buddy], on: date) -> bool:
    last = [one.nudged_on for one in everybody if one.person == person and one.nudged_on]
    return all(day + NUDGED_AT_MOST <= on for day in last)


def _silent(one: Buddy, everybody: Iterable[Buddy], on: date) -> Iterator[bool]:
    return (
        other.heard_on + SILENT <= on
        for other in everybody
        if one.pair is not None and (other.group, other.pair) == (one.group, one.pair) and other.person != one.person
    )
