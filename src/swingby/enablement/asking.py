"""What tiers ask of credentials: read out of a program, as certifications of a catalogue and numbers of people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from math import floor
from typing import Final, Literal

from swingby.enablement.ahead import Members, Requirement
from swingby.enablement.catalogue import Catalogue, Certification
from swingby.enablement.coverage import Lives, Need
from swingby.enablement.moving import holds_one
from swingby.program import Program
from swingby.program.blocks import Condition, Constant, Dated, Filter, Value
from swingby.program.model import Ladder, Tier
from swingby.program.numbers import (
    Compare,
    FactNumber,
    Group,
    NumberReference,
    RequirementReference,
)
from swingby.program.numbers import Requirement as Rule
from swingby.values import add_days

Purpose = Literal["keep", "next"]
#: What a condition on a credential may ask that a catalogue knows.
_ATTRIBUTES: Final = frozenset({"code", "role", "level", "product"})


@dataclass(frozen=True, slots=True)
class TierAsk:
    """People with a certification that a tier asks a firm for.

    Attributes
    ----------
    purpose
        Whether it keeps the tier that the firm holds, or opens the next.
    label
        The number's own words: Engineers with Advanced.
    requirement
        Any one of its certifications will do; the same person counts once.
    """

    vendor: str
    ladder: str
    tier: str
    purpose: Purpose
    label: str
    requirement: Requirement

    @property
    def need(self) -> Need | None:
        """The same as a need of one certification; None where several will do."""
        if len(self.requirement.codes) != 1:
            return None
        (code,) = self.requirement.codes
        return Need(code, self.requirement.people, self.purpose, self.requirement.source)


@dataclass(frozen=True, slots=True)
class EitherAsk:
    """Several ways of which a tier asks one, each as numbers of people.

    Attributes
    ----------
    ways
        Of each way all that it asks; the label of each names the other ways.
    words
        How the whole is called among what is not put as one number.
    """

    ways: tuple[tuple[TierAsk, ...], ...]
    words: str


@dataclass(frozen=True, slots=True)
class AskedByTiers:
    """What tiers ask, and in words what asks for credentials in a way that cannot be put as a number of people.

    Attributes
    ----------
    either
        Of what is told as unread that of which each way is a number of people; see `by_nearest_way`.
    """

    asks: tuple[TierAsk, ...]
    unread: tuple[str, ...]
    either: tuple[EitherAsk, ...] = ()


@dataclass(frozen=True, slots=True)
class AskStanding:
    """How a cohort stands with what a tier asks.

    Attributes
    ----------
    lapsing
        Of those who hold it, the people who will not any more within the days ahead.
    missing
        How many people there are not.
    spare
        How many could go before it is missed; 0 where somebody is missing.
    """

    ask: TierAsk
    held: int
    lapsing: int
    missing: int
    spare: int


def tier_asks(
    program: Program, catalogue: Catalogue, held: Mapping[str, str | None], day: date, *, vendor: str | None = None
) -> AskedByTiers:
    """Read what keeping the tiers held, and reaching the next, asks of credentials.

    Parameters
    ----------
    held
        By ladder the tier held; None holds none.
    day
        Of lines that change by date, those of this day are meant.
    vendor
        The program's vendor in the catalogue; without it the one that is called like the program.

    Returns
    -------
    AskedByTiers
        What an ``all`` of requirements asks as numbers of people with some certifications. What only one of several
        alternatives asks, and what fills seats, is told as unread: nobody in particular is missing there. Where each
        alternative asks for people, `by_nearest_way` says who is missing at least.
    """
    reading = _Reading(program, catalogue, vendor or program.header.id, day)
    for ladder in program.ladders.values():
        if ladder.name in held and not ladder.by:
            for purpose, tier, rule in _rules(ladder, held[ladder.name]):
                reading.read(rule, _Place(ladder, tier, purpose))
    return AskedByTiers(tuple(reading.asks), tuple(dict.fromkeys(reading.unread)), tuple(reading.either))


def by_nearest_way(asked: AskedByTiers, lives: Lives, members: Members, day: date) -> tuple[TierAsk, ...]:
    """All that tiers ask of a cohort, where one of several ways will do that in which the fewest people are missing."""
    nearest = (min(one.ways, key=lambda way: _missing(way, lives, members, day)) for one in asked.either)
    return (*asked.asks, *(ask for way in nearest for ask in way))


def _missing(way: Iterable[TierAsk], lives: Lives, members: Members, day: date) -> int:
    return sum(_standing(ask, lives, members, (day, day)).missing for ask in way)


def ask_standings(
    asks: Iterable[TierAsk], lives: Lives, members: Members, day: date, *, ahead: int
) -> tuple[AskStanding, ...]:
    """Count who holds what tiers ask, on a day and some days later with the ends that are known."""
    return tuple(_standing(ask, lives, members, (day, add_days(day, ahead))) for ask in asks)


def needs_of(asks: Iterable[TierAsk]) -> tuple[Need, ...]:
    """Those that are about one certification, as needs of its cell."""
    return tuple(need for ask in asks if (need := ask.need))


def _standing(ask: TierAsk, lives: Lives, members: Members, days: tuple[date, date]) -> AskStanding:
    now, then = ({person for person in members if _holds(ask, lives, members, person, day)} for day in days)
    people = ask.requirement.people
    return AskStanding(ask, len(now), len(now - then), max(0, people - len(now)), max(0, len(now) - people))


def _holds(ask: TierAsk, lives: Lives, members: Members, person: str, day: date) -> bool:
    return holds_one(lives.get(person, {}), ask.requirement.codes, members[person], day)


def _rules(ladder: Ladder, held: str | None) -> Iterator[tuple[Purpose, Tier, Rule]]:
    places = [tier.id for tier in ladder.tiers]
    place = places.index(held) if held in places else -1
    if place >= 0 and (keeps := ladder.tiers[place].keeps or ladder.tiers[place].requires):
        yield "keep", ladder.tiers[place], keeps
    if place + 1 < len(places) and (requires := ladder.tiers[place + 1].requires):
        yield "next", ladder.tiers[place + 1], requires


@dataclass(frozen=True, slots=True)
class _Place:
    ladder: Ladder
    tier: Tier
    purpose: Purpose


@dataclass(slots=True)
class _Reading:
    program: Program
    catalogue: Catalogue
    vendor: str
    day: date
    asks: list[TierAsk] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    either: list[EitherAsk] = field(default_factory=list)

    def read(self, rule: Rule, place: _Place) -> None:
        """Note what a rule asks; of a group only what it asks for in any case."""
        match rule:
            case Group(kind="all", items=items):
                for item in items:
                    self.read(item, place)
            case RequirementReference(name=name, ago=None, at=None):
                self.read(self.program.requirements[name].requirement, place)
            case Compare(test="at_least" | "above", ago=None, at=None):
                self._compare(rule, place)
            case Group(items=items) if any(self._is_about_credentials(item) for item in items):
                self._set_aside(place, rule.text.label or "one of several ways")
                self._choose(rule, place)

    def _choose(self, rule: Group, place: _Place) -> None:
        """Note the ways of which one will do, if nothing but people is asked in each."""
        ways = [self._way(item, place) for item in rule.items] if rule.kind == "any" else []
        if not ways or not all(ways):
            return
        words = [" and ".join(f"{ask.requirement.people} {ask.label}" for ask in way) for way in ways]
        self.either.append(
            EitherAsk(
                ways=tuple(
                    tuple(replace(ask, label=f"{ask.label} (or {_others(words, place)})") for ask in way)
                    for place, way in enumerate(ways)
                ),
                words=self.unread[-1],
            )
        )

    def _way(self, rule: Rule, place: _Place) -> tuple[TierAsk, ...]:
        """What one way asks; nothing if that is more than people, or cannot be counted."""
        match rule:
            case RequirementReference(name=name, ago=None, at=None):
                return self._way(self.program.requirements[name].requirement, place)
            case Group(kind="all", items=items):
                parts = [self._way(item, place) for item in items]
                return tuple(ask for part in parts for ask in part) if all(parts) else ()
            case Compare(test="at_least" | "above", ago=None, at=None):
                apart = _Reading(self.program, self.catalogue, self.vendor, self.day)
                apart._compare(rule, place)
                return tuple(apart.asks)
        return ()

    def _compare(self, rule: Compare, place: _Place) -> None:
        number = self._counted(rule)
        if number is None:
            if self._is_about_credentials(rule):
                self._set_aside(place, self._label(rule))
            return
        codes = self._codes(number.where)
        people = self._line(rule)
        if not codes or people is None:
            self._set_aside(place, self._label(rule))
            return
        tier = place.tier.label or place.tier.id
        source = f"{self.program.header.label} {tier}"
        wanted = Requirement(source, codes, people)
        label = self._label(rule)
        self.asks.append(TierAsk(self.vendor, place.ladder.name, place.tier.id, place.purpose, label, wanted))

    def _counted(self, rule: Compare) -> FactNumber | None:
        """The number of people with credentials that a rule compares, if it is that and nothing more."""
        number = self._number(rule)
        is_plain = (
            isinstance(number, FactNumber)
            and (number.aggregate, number.column, number.of, number.when) == ("count", "person", "credentials", "held")
            and number.over is None
            and number.pick is None
            and not number.times
            and not number.options.by
        )
        return number if isinstance(number, FactNumber) and is_plain else None

    def _number(self, rule: Compare) -> object:
        number = rule.number
        if isinstance(number, NumberReference) and number.section == "measure" and not (number.ago or number.over):
            return self.program.measures[number.name].number
        return number

    def _is_about_credentials(self, rule: Rule) -> bool:
        match rule:
            case Group(items=items):
                return any(self._is_about_credentials(item) for item in items)
            case RequirementReference(name=name):
                return self._is_about_credentials(self.program.requirements[name].requirement)
            case Compare():
                of = getattr(self._number(rule), "of", "")
                return bool(of) and self.program.base_of(of) == "credentials"
        return False

    def _set_aside(self, place: _Place, label: str) -> None:
        tier = place.tier.label or place.tier.id
        self.unread.append(f"{self.program.header.label} {tier}: {label}")

    def _label(self, rule: Compare) -> str:
        if isinstance(rule.number, NumberReference) and rule.number.section == "measure":
            declared = self.program.measures[rule.number.name]
            return rule.text.label or declared.text.label or declared.name
        return rule.text.label or "credentials"

    def _line(self, rule: Compare) -> int | None:
        line = _on_day(rule.line, self.day)
        if not isinstance(line, Constant) or not isinstance(line.value, Decimal | int):
            return None
        return floor(line.value) + 1 if rule.test == "above" else -floor(-line.value)

    def _codes(self, where: Filter | None) -> tuple[str, ...] | None:
        """The certifications of the vendor that a filter lets through; None if it asks what no catalogue knows."""
        conditions = where.conditions if where else ()
        if (where and where.alternatives) or not all(self._is_readable(condition) for condition in conditions):
            return None
        own = [one for one in self.catalogue if one.vendor == self.vendor]
        asked = [one.code for one in own if all(_fits(one, condition) for condition in conditions)]
        return tuple(sorted({code for one in asked for code in self.catalogue.codes_for(one)}))

    def _is_readable(self, condition: Condition) -> bool:
        is_plain = all(isinstance(value, Constant) for value in condition.values)
        return condition.column in _ATTRIBUTES and condition.test in {"is", "is_not"} and is_plain


def _others(words: Sequence[str], place: int) -> str:
    return " or ".join(each for number, each in enumerate(words) if number != place)


def _fits(one: Certification, condition: Condition) -> bool:
    words = {value.value for value in condition.values if isinstance(value, Constant)}
    return (getattr(one, condition.column) in words) == (condition.test == "is")


def _on_day(value: Value | None, day: date) -> Value | None:
    if not isinstance(value, Dated):
        return value
    begun = [step for start, step in value.steps if start <= day]
    return begun[-1] if begun else value.initially
