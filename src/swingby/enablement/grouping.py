"""Study groups: which of them fits somebody, why and why not, and whom a new one could be made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from functools import reduce
from typing import Final
from zoneinfo import ZoneInfo

#: How far goals may lie apart, how many make a group, how long it meets, and at which minutes it may begin.
GOALS_APART: Final = timedelta(days=30)
LEAST, MOST = 3, 8
MEETING: Final = timedelta(minutes=60)
_STEP: Final = timedelta(minutes=30)
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Interval = tuple[datetime, datetime]


class StudyLevel(IntEnum):
    """How far somebody is with what is learned. Neighbours study together."""

    NEW = 0
    SOME = 1
    NEARLY = 2

    @property
    def words(self) -> str:
        """As people say it."""
        return ("New to it", "Some of it known", "Nearly ready")[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is studied: a certification by its code, or a topic in words."""

    code: str = ""
    topic: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What two subjects must share to be the same."""
        return (self.code, "" if self.code else " ".join(self.topic.casefold().split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeTime:
    """When somebody can meet: on these days of the week (Monday is 0), from and until, by the clock of a zone."""

    zone: str
    days: frozenset[int]
    starts: time
    ends: time

    def holds(self, moment: datetime, length: timedelta = MEETING) -> bool:
        """Whether something that begins at a moment lies inside, by the clock of the zone on that day."""
        begin, end = (each.astimezone(ZoneInfo(self.zone)) for each in (moment, moment + length))
        is_one_day = begin.date() == end.date()
        return is_one_day and begin.weekday() in self.days and self.starts <= begin.time() and end.time() <= self.ends

    def week_from(self, day: date) -> Iterator[Interval]:
        """The seven days from a day on, in universal time."""
        first = datetime.combine(day, time(), UTC)
        for offset in range(-1, 8):
            local = day + offset * _DAY
            if local.weekday() in self.days:
                begin, end = (_moment(local, clock, self.zone) for clock in (self.starts, self.ends))
                begin, end = max(begin, first), min(end, first + _WEEK)
                if begin < end:
                    yield begin, end


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Once a week, on a day (Monday is 0) at a time by the clock of a zone."""

    zone: str
    day: int
    starts: time

    def days_until(self, first: date, goal: date) -> Iterator[date]:
        """The days on which it meets, from the first until before the goal."""
        day = first + ((self.day - first.weekday()) % 7) * _DAY
        while day < goal:
            yield day
            day += _WEEK

    def moment(self, day: date) -> datetime:
        """When it begins on a day, in universal time."""
        return _moment(day, self.starts, self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeker:
    """Somebody who looks for a group."""

    person: str
    subject: Subject
    goal_on: date
    level: StudyLevel
    free: FreeTime
    languages: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyGroup:
    """A group that there is."""

    key: str
    subject: Subject
    goal_on: date
    level: StudyLevel
    meeting: Meeting
    language: str
    members: int
    most: int = MOST
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """How a group and a seeker fit: everything that speaks for it, and everything that stands in its way."""

    group: StudyGroup
    reasons: tuple[str, ...]
    obstacles: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group that could be made: when it meets, in which language, and of whom, the seeker first."""

    meeting: Meeting
    language: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewGroupAnswer:
    """A new group, or why there is none."""

    group: NewGroup | None
    reason: str


Finding = tuple[bool, str]


def match_groups(seeker: Seeker, groups: Iterable[StudyGroup], on: date) -> tuple[Match, ...]:
    """Match somebody with every group: those that fit first, of them those whose goal is nearest to the own."""
    found = [match_group(seeker, group, on) for group in groups]
    return tuple(
        sorted(
            found,
            key=lambda one: (len(one.obstacles), abs(one.group.goal_on - seeker.goal_on), one.group.key),
        )
    )


def match_group(seeker: Seeker, group: StudyGroup, on: date) -> Match:
    """Say what speaks for a group and what stands in its way, on a day."""
    findings = (
        _subject(seeker, group),
        _goal(seeker, group, on),
        _level(seeker, group),
        _hours(seeker, group, on),
        _language(seeker, group),
        _size(group),
    )
    return Match(
        group,
        tuple(words for is_met, words in findings if is_met),
        tuple(words for is_met, words in findings if not is_met),
    )


def new_group(seeker: Seeker, others: Iterable[Seeker], on: date, *, most: int = MOST) -> NewGroupAnswer:
    """Say whom a new group could be made of, or what is missing; nobody is named in the reason.

    Whoever is nearest in goal comes first; each who is added leaves an hour and a language to all.
    """
    left: Sequence[Seeker] = [other for other in others if other.person != seeker.person]
    for is_alike, nobody in _NARROWING:
        left = [other for other in left if is_alike(seeker, other)]
        if len(left) + 1 < LEAST:
            return NewGroupAnswer(None, nobody)
    chosen = _gathered(seeker, left, on, most)
    if len(chosen) < LEAST:
        return NewGroupAnswer(None, "Others look for the same, but their hours and yours have no hour in common.")
    meeting = first_meeting(chosen, on)
    language = min(_languages(chosen))
    people = tuple(each.person for each in chosen)
    words = "Enough people look for the same, with an hour and a language in common."
    return NewGroupAnswer(NewGroup(meeting, language, people) if meeting else None, words)


def common_hours(free: Iterable[FreeTime], on: date) -> tuple[Interval, ...]:
    """When all can, in the seven days from a day on, in universal time; what is left for all of them."""
    weeks = [tuple(each.week_from(on)) for each in free]
    return reduce(_overlaps, weeks) if weeks else ()


def first_meeting(seekers: Sequence[Seeker], on: date) -> Meeting | None:
    """The first time of the week at which all can meet, by the clock of the first of them."""
    zone = seekers[0].free.zone
    for begin, end in common_hours([each.free for each in seekers], on):
        moment = _rounded(begin)
        if moment + MEETING <= end and all(each.free.holds(moment) for each in seekers):
            local = moment.astimezone(ZoneInfo(zone))
            return Meeting(zone=zone, day=local.weekday(), starts=local.time())
    return None


# --- one thing after another ----------------------------------------------------------------------------------------


def _subject(seeker: Seeker, group: StudyGroup) -> Finding:
    if seeker.subject.key == group.subject.key:
        return True, "It is for the same."
    return False, "It is for something else."


def _goal(seeker: Seeker, group: StudyGroup, on: date) -> Finding:
    goal = _written(group.goal_on)
    if group.goal_on <= on:
        return False, f"Its goal, {goal}, has passed."
    apart = group.goal_on - seeker.goal_on
    if abs(apart) > GOALS_APART:
        return False, f"Its goal, {goal}, is {_days(apart)} yours; {GOALS_APART.days} days apart is the most."
    return True, f"Its goal, {goal}, is {_days(apart)} yours." if apart else f"Its goal is yours: {goal}."


def _level(seeker: Seeker, group: StudyGroup) -> Finding:
    is_near = abs(seeker.level - group.level) <= 1
    same = "as you" if seeker.level == group.level else "one step from you"
    return is_near, f"{group.level.words}: {same if is_near else 'too far from where you are'}."


def _hours(seeker: Seeker, group: StudyGroup, on: date) -> Finding:
    moments = [group.meeting.moment(day) for day in group.meeting.days_until(on, group.goal_on)]
    outside = next((moment for moment in moments if not seeker.free.holds(moment)), None)
    if not moments:
        return False, "It meets no more before its goal."
    if outside is None:
        return True, f"It meets in your hours: {_clock(moments[0], seeker.free.zone)} for you."
    since = "" if outside == moments[0] else f"from {_written(outside.date())} on, when clocks change, "
    return False, f"It meets outside your hours: {since}{_clock(outside, seeker.free.zone)} for you."


def _language(seeker: Seeker, group: StudyGroup) -> Finding:
    if group.language in seeker.languages:
        return True, "It speaks a language of yours."
    return False, "It speaks none of your languages."


def _size(group: StudyGroup) -> Finding:
    if group.is_closed:
        return False, "It is closed."
    if group.members >= group.most:
        return False, f"All of its {group.most} places are taken."
    return True, f"{group.most - group.members} of {group.most} places are free."


def _same_subject(one: Seeker, other: Seeker) -> bool:
    return one.subject.key == other.subject.key


def _near_goal(one: Seeker, other: Seeker) -> bool:
    return abs(one.goal_on - other.goal_on) <= GOALS_APART


def _near_level(one: Seeker, other: Seeker) -> bool:
    return abs(one.level - other.level) <= 1


def _shared_language(one: Seeker, other: Seeker) -> bool:
    return not one.languages.isdisjoint(other.languages)


#: What narrows the others down, and what is said when too few are left.
_NARROWING: Final = (
    (_same_subject, "Too few others look for a group for this yet."),
    (_near_goal, f"Others look for the same, but too few have a goal within {GOALS_APART.days} days of yours."),
    (_near_level, "Others look for the same by about your day, but too few are as far as you are."),
    (_shared_language, "Others look for the same, but too few speak a language of yours."),
)


def _gathered(seeker: Seeker, others: Sequence[Seeker], on: date, most: int) -> list[Seeker]:
    chosen = [seeker]
    for other in sorted(others, key=lambda one: (abs(one.goal_on - seeker.goal_on), one.person)):
        if len(chosen) < most and _goes_with(other, chosen) and first_meeting([*chosen, other], on):
            chosen.append(other)
    return chosen


def _goes_with(other: Seeker, chosen: Sequence[Seeker]) -> bool:
    near = all(_near_goal(each, other) and _near_level(each, other) for each in chosen)
    return near and bool(_languages([*chosen, other]))


def _languages(seekers: Iterable[Seeker]) -> frozenset[str]:
    return reduce(frozenset.intersection, (each.languages for each in seekers))


def _overlaps(one: Sequence[Interval], other: Sequence[Interval]) -> tuple[Interval, ...]:
    found = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple(sorted((begin, end) for begin, end in found if begin < end))


def _rounded(moment: datetime) -> datetime:
    """The next full or half hour."""
    beyond = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (_STEP - beyond if beyond else timedelta())


def _moment(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def _clock(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_DAYS[local.weekday()]} at {local:%H:%M}"


def _written(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _days(apart: timedelta) -> str:
    count = abs(apart.days)
    return f"{count} day{'' if count == 1 else 's'} {'before' if apart.days < 0 else 'after'}"
