"""Net new: what was earned less what lapsed, with what people who come and go bring and take along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from swingby.values import Period


@dataclass(frozen=True, slots=True)
class Holder:
    """One person who holds one certification for a time."""

    person: str
    code: str
    period: Period


@dataclass(frozen=True, slots=True)
class Membership:
    """One person who belongs to a cohort for a time: a team, an office, a firm, a program."""

    person: str
    period: Period


@dataclass(frozen=True, slots=True)
class Growth:
    """What became of the credentials of a cohort in a period.

    ``held_after`` is ``held_before`` and ``net`` together, whatever the cohort and the period.
    """

    held_before: int
    earned: int
    lapsed: int
    moved_in: int
    moved_out: int
    held_after: int

    @property
    def net(self) -> int:
        """Earned less lapsed, and moved in less moved out."""
        return self.earned - self.lapsed + self.moved_in - self.moved_out

    def __add__(self, other: Growth) -> Growth:
        """Of two groups without a person in common: of both together."""
        return Growth(*(getattr(self, name) + getattr(other, name) for name in Growth.__slots__))


def growth(holders: Iterable[Holder], members: Iterable[Membership], period: Period) -> Growth:
    """Count what a cohort earned, lost and moved in a period.

    Parameters
    ----------
    holders
        Who holds what and when; the same twice counts once.
    members
        Who belongs to the cohort and when. Who changes between its parts stays in it.
    period
        From its first day to the day before its end. What somebody holds on the first day in the cohort moved in,
        what somebody holds on the last day moved out.
    """
    return growths(holders, members, [period])[0]


def growths(holders: Iterable[Holder], members: Iterable[Membership], periods: Iterable[Period]) -> tuple[Growth, ...]:
    """The same for several periods, in their order: what is held when is worked out once."""
    held: dict[tuple[str, str], list[Period]] = defaultdict(list)
    for holder in holders:
        held[holder.person, holder.code].append(holder.period)
    belongs: dict[str, list[Period]] = defaultdict(list)
    for member in members:
        belongs[member.person].append(member.period)
    stays = {person: merged(stay) for person, stay in belongs.items()}
    runs = [run for (person, _), hold in held.items() for run in _runs(merged(hold), stays.get(person, []))]
    return tuple(_counted(runs, period) for period in periods)


@dataclass(frozen=True, slots=True)
class _Run:
    """Days on which one credential is held in the cohort, and whether coming and going bound them."""

    period: Period
    is_brought: bool
    is_taken: bool


def _runs(held: list[Period], stays: list[Period]) -> Iterator[_Run]:
    for stay in stays:
        for hold in held:
            start, end = max(hold.start, stay.start), min(hold.end, stay.end)
            if start < end:
                yield _Run(Period(start, end), is_brought=start == stay.start, is_taken=end == stay.end)


def _counted(runs: list[_Run], period: Period) -> Growth:
    begun = [run for run in runs if run.period.start in period]
    ended = [run for run in runs if run.period.end in period]
    brought, taken = sum(run.is_brought for run in begun), sum(run.is_taken for run in ended)
    return Growth(
        held_before=_held_at_beginning(runs, period.start),
        earned=len(begun) - brought,
        lapsed=len(ended) - taken,
        moved_in=brought,
        moved_out=taken,
        held_after=_held_at_beginning(runs, period.end),
    )


def _held_at_beginning(runs: list[_Run], midnight: date) -> int:
    """What is held on the day before a midnight."""
    return sum(run.period.start < midnight <= run.period.end for run in runs)


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same days in as few periods as possible, in order."""
    found: list[Period] = []
    for period in sorted(periods):
        if found and period.start <= found[-1].end:
            found[-1] = Period(found[-1].start, max(found[-1].end, period.end))
        elif not period.empty:
            found.append(period)
    return found
