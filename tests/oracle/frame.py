"""The point from which everything is looked at: an enrolment, a day, what is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from .ledger import Ledger
from .literals import ONE_DAY
from .periods import CalendarOf
from .tree import Node, Row, World

EVERYTHING = 10**9


@dataclass(frozen=True)
class Num:
    """A number: known, undefined or incomplete.

    ``floor`` is what it certainly reaches (the value itself when known); ``counted`` is how many things
    a count looked at, for ``at_least: all`` and the size of a ranking. ``bare`` says that the floor is a mere 0,
    of points that rest on a number which may still fall; of one that is known or undefined already, that it reads such.
    """

    value: Fraction | None
    state: str = "known"
    floor: Fraction | None = None
    counted: int | None = None
    bare: bool = False

    @property
    def known(self) -> bool:
        return self.state == "known"

    @property
    def may_fall(self) -> bool:
        """Whether it, or what it reads, is not seen to rise only."""
        return self.bare or (self.state == "incomplete" and self.floor is None)


def known(value: Fraction | int, counted: int | None = None) -> Num:
    """A number that is fully known."""
    return Num(Fraction(value), "known", Fraction(value), counted)


def incomplete(floor: Fraction | None = None, counted: int | None = None) -> Num:
    """A number that reads outside what is covered; perhaps it certainly reaches ``floor``."""
    return Num(None, "incomplete", floor, counted)


UNDEFINED = Num(None, "undefined")


@dataclass(eq=False)
class Run:
    """One evaluation: the world, its ledger, and results already worked out."""

    world: World
    history: str
    ledger: Ledger
    memo: dict[Any, Any] = field(default_factory=dict)
    reads_ladders: bool = field(init=False)
    rules_reading: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reads_ladders = _reads_ladders(self.world.program, set(self.world.section("ladders")))

    def depends_on_ladders(self, name: str) -> bool:
        """Whether the rule of this name, or one that it leads to by any word in it, reads a tier."""
        if name not in self.rules_reading:
            program, ladders = self.world.program, set(self.world.section("ladders"))
            reached, waiting = set[str](), [name]
            while waiting:
                word = waiting.pop()
                if word not in reached:
                    reached.add(word)
                    waiting += [part for rule in _rules(program, word) for part in _words(rule)]
            rules = [rule for word in reached for rule in _rules(program, word)]
            self.rules_reading[name] = any(_reads_ladders(rule, ladders) for rule in rules)
        return self.rules_reading[name]


def _rules(program: Node, name: str) -> list[Any]:
    """Everything declared under a name, in whatever section."""
    return [section[name] for section in program.values() if name in section]


def _words(node: Any) -> list[str]:
    """Every text in a rule, keys as well: a name that it may refer to."""
    if isinstance(node, str):
        return [node]
    if isinstance(node, list):
        return [word for part in node for word in _words(part)]
    return [word for key, part in node.items() for word in (key, *_words(part))]


def _reads_ladders(node: Any, names: set[str]) -> bool:
    """Whether some rule reads the tier of a ladder, so that the asked day matters to more than the walk."""
    if isinstance(node, list):
        return any(_reads_ladders(part, names) for part in node)
    if not isinstance(node, dict):
        return False
    by = node.get("by", [])
    named = "ladder" in node or bool(names & set([by] if isinstance(by, str) else by))
    return named or any(_reads_ladders(part, names) for part in node.values())


@dataclass(frozen=True)
class Frame:
    """Who is looked at, on which day, with which knowledge.

    ``day`` is the as-of day D; ``asked`` the day of the question, up to which reviews are replayed;
    ``things`` and ``cells`` narrow the facts; ``fact`` is the fact in hand, if any.
    """

    run: Run
    enrolment: str
    day: date
    asked: date
    known: int
    things: tuple[tuple[str, Any], ...] = ()
    cells: tuple[tuple[str, str], ...] = ()
    fact: Row | None = field(default=None, compare=False)
    fact_kind: str = field(default="", compare=False)
    reads_on: date | None = field(default=None, compare=False)

    @property
    def reading(self) -> date:
        """The day on which values and dated lists are read: the fact's day in an earning, else the as-of day."""
        return self.reads_on or self.day

    @property
    def end(self) -> date:
        """The midnight that ends the as-of day."""
        return self.day + ONE_DAY

    @property
    def world(self) -> World:
        return self.run.world

    @property
    def enrolled(self) -> Row:
        """The row of the enrolment looked at."""
        return self.run.ledger.reference_row("enrolments", self.enrolment) or {}

    @property
    def joined(self) -> date:
        """The joining day; without one, the day the program takes effect."""
        return self.enrolled.get("joined_on") or self.effective

    @property
    def effective(self) -> date:
        """The first day of the program version."""
        written = self.world.section("program").get("effective")
        return date.fromisoformat(written) if written else date(2000, 1, 1)

    @property
    def calendars(self) -> CalendarOf:
        return CalendarOf(self.world.section("calendars"), self.joined)

    def on(self, day: date) -> Frame:
        """The same look on another day."""
        return replace(self, day=day, reads_on=None)

    def reading_on(self, day: date) -> Frame:
        """The same look, but values are read on another day."""
        return replace(self, reads_on=day)

    def holding(self, kind: str, fact: Row | None) -> Frame:
        """The same look with a fact in hand."""
        return replace(self, fact=fact, fact_kind=kind)

    def of_thing(self, column: str, value: object) -> Frame:
        """The same look at the facts of one thing only."""
        return replace(self, things=(*self.things, (column, value)))

    def of_everything(self) -> Frame:
        """The same look at the facts of all things in all cells."""
        return replace(self, things=(), cells=())

    def in_cell(self, name: str, cell: str) -> Frame:
        """The same look inside one cell."""
        rest = tuple(item for item in self.cells if item[0] != name)
        return replace(self, cells=(*rest, (name, cell)))

    def _asked_matters(self, key: object) -> bool:
        """A result that reads a tier also depends on the day of the question."""
        if isinstance(key, tuple) and key[0] in ("number", "earning", "requirement"):
            return self.run.depends_on_ladders(str(key[1]))
        return self.run.reads_ladders

    def remember(self, key: object, work: Callable[[], Any]) -> Any:
        """Give the result for this look and key, worked out once."""
        asked = self.asked if self._asked_matters(key) else None
        place = (self.enrolment, self.day, asked, self.known, self.things, self.cells, key)
        if place not in self.run.memo:
            self.run.memo[place] = work()
        return self.run.memo[place]
