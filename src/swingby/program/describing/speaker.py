"""Who says it: the program whose names are read out, and what the sentence is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, TypeVar

from swingby.program.describing import english
from swingby.program.kinds import Column, FactKind
from swingby.program.model import Program
from swingby.program.numbers import NO_TEXT, RuleText

Part = TypeVar("Part")
_PHRASES: Final[dict[type, Callable[[Any, Speaker], str]]] = {}
NUMBERS: Final = {"measure": "measures", "points": "points", "score": "scores", "incentive": "incentives"}
#: Sections whose names may stand beside each other in a sentence, so that two of a name must be told apart.
_SHARED: Final = tuple(NUMBERS.values())


@dataclass(frozen=True, slots=True)
class Unit:
    """What a plain number counts: ``1 point``, ``2 points``, ``2 USD``."""

    one: str = ""
    many: str = ""

    def number(self, value: Decimal, *, as_percent: bool = False) -> str:
        """The number with its unit; a percent has none."""
        word = "" if as_percent else self.one if value == 1 else self.many
        return f"{english.number(value, as_percent=as_percent)} {word}".rstrip()


NO_UNIT: Final = Unit()
POINTS: Final = Unit("point", "points")


def unit_of(text: str | None) -> Unit:
    """A unit as a rule names it: a currency stays, a word gets its plural."""
    if not text:
        return NO_UNIT
    return Unit(text, text) if not text.islower() or text.endswith("s") else Unit(text, english.plural(text))


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says parts of a program.

    Attributes
    ----------
    unit
        What plain numbers of a value count.
    kind
        The kind of the fact in hand, whose columns a filter names.
    """

    program: Program
    names: Mapping[tuple[str, str], str]
    unit: Unit = NO_UNIT
    kind: FactKind | None = None

    def say(self, part: object) -> str:
        """A part in words."""
        return _PHRASES[type(part)](part, self)

    def counting(self, unit: Unit) -> Speaker:
        """The same speaker, whose plain numbers count something."""
        return replace(self, unit=unit)

    def about(self, kind: str) -> Speaker:
        """The same speaker with a fact of a kind in hand."""
        return replace(self, kind=self.program.kinds.get(kind), unit=NO_UNIT)

    @property
    def plain(self) -> Speaker:
        """The same speaker, whose numbers count nothing in particular."""
        return replace(self, unit=NO_UNIT)

    @property
    def money(self) -> Unit:
        """The program's currency."""
        return Unit(self.program.header.currency, self.program.header.currency)

    def name(self, section: str, name: str) -> str:
        """What people call a rule."""
        return self.names.get((section, name)) or english.words(name)

    def reference(self, section: str, name: str) -> str:
        """What people call a rule, inside a sentence."""
        return english.quoted(self.name(section, name))

    def tier(self, ladder: str, tier: str) -> str:
        """What people call a tier."""
        return self.names.get((f"ladders.{ladder}", tier)) or english.words(tier)

    def column(self, name: str) -> Column | None:
        """A column of the fact in hand."""
        return self.kind.column(name) if self.kind else None


def says(kind: type[Part]) -> Callable[[Callable[[Part, Speaker], str]], Callable[[Part, Speaker], str]]:
    """Register how parts of a type are said."""

    def register(phrase: Callable[[Part, Speaker], str]) -> Callable[[Part, Speaker], str]:
        _PHRASES[kind] = phrase
        return phrase

    return register


def said() -> frozenset[type]:
    """The types that can be said."""
    return frozenset(_PHRASES)


def speaker_of(program: Program) -> Speaker:
    """A speaker who knows what the rules of a program are called."""
    names = {
        (section, name): _label(body, name)
        for section in ("calendars", "tables", "facts", "tracks", *_SHARED, "requirements", "ladders", "accounts")
        for name, body in getattr(program, section).items()
    }
    names.update({("benefits", name): _label(body, name) for name, body in program.benefits.items()})
    tiers = {
        (f"ladders.{ladder.name}", tier.id): tier.label or english.words(tier.id)
        for ladder in program.ladders.values()
        for tier in ladder.tiers
    }
    return Speaker(program, _told_apart(names) | _told_apart(tiers))


def _label(body: object, name: str) -> str:
    text: RuleText = getattr(body, "text", NO_TEXT)
    return text.label or english.words(name)


def _told_apart(names: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Of two that are called the same, what is no measure gets its section behind it, or if that does not help its name."""
    space = {key: "numbers" if key[0] in _SHARED else key[0] for key in names}
    alike = Counter((space[key], shown) for key, shown in names.items())
    within = Counter((key[0], shown) for key, shown in names.items())
    told = {}
    for (section, name), shown in names.items():
        behind = name if within[section, shown] > 1 else _KINDS.get(section, name)
        alone = alike[space[section, name], shown] == 1 or not behind
        told[section, name] = shown if alone else f"{shown} ({behind})"
    return told


_KINDS: Final = {"measures": "", "points": "points", "scores": "score", "incentives": "incentive"}
