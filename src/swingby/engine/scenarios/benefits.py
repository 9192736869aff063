"""What a scenario expects of benefits: their values as numbers of the program, with words written as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from swingby.engine.scenarios.reading import SECTIONS, Scenario
from swingby.engine.standing import Standing
from swingby.program import Program
from swingby.program.blocks import BenefitValue, ByCase, Constant, Dated, Product, Scalar, TableValue, Value
from swingby.program.model import DeclaredNumber
from swingby.program.numbers import ListItemNumber, ListNumber, NumberOptions, ValueNumber
from swingby.program.reading.nodes import MapNode

SECTION = "benefits"
#: What stands before a benefit's name among the numbers; no program can call a number so.
_BEFORE = "benefit "
#: Words are numbered downwards from here, far below what a benefit could be worth.
_FIRST_WORD = Decimal(-(10**17))


@dataclass(frozen=True, slots=True)
class AskedBenefits:
    """The benefits that scenarios ask for.

    Attributes
    ----------
    program
        The program, in which each of them is a number as well.
    words
        What numbers in them stand for a word.
    """

    program: Program
    words: Mapping[Decimal, str] = field(default_factory=dict)

    def answer(self, standing: Standing, name: str) -> str | None:
        """What a benefit is: a number, a word, or none; None where no benefit is called so."""
        number = standing.numbers.get(_BEFORE + name)
        if number is None:
            return None
        if number.state != "known" or number.value is None:
            return "none" if number.state == "undefined" else number.state
        return self.words.get(number.value) or format(number.value, "f")


def ask_benefits(program: Program, scenarios: Iterable[Scenario]) -> AskedBenefits:
    """The program in which the benefits that some scenarios expect are numbers, too."""
    names = {name for scenario in scenarios for node in scenario.expected.values() for name in _names(node)}
    coding = _Coding(program)
    numbers = {
        _BEFORE + name: _number(program, name, coding.coded(program.benefits[name].value))
        for name in sorted(names)
        if name in program.benefits
    }
    if not numbers:
        return AskedBenefits(program)
    asked = replace(program, measures={**program.measures, **numbers})
    return AskedBenefits(asked, {code: word for word, code in coding.codes.items()})


def without_asked(standing: Standing) -> Standing:
    """The standing as the program itself gives it."""
    numbers = {name: number for name, number in standing.numbers.items() if not name.startswith(_BEFORE)}
    return replace(standing, numbers=numbers)


def _names(expected: MapNode) -> Iterator[str]:
    for key, node in expected.entries:
        if key.text == SECTION and isinstance(node, MapNode):
            yield from (name.partition("[")[0] for name in node.names)
        elif key.text not in SECTIONS and isinstance(node, MapNode):
            yield from _names(node)


def _number(program: Program, name: str, value: Value) -> DeclaredNumber:
    """A benefit as a number; where it depends on a ladder by cells, it has one in each cell."""
    cells = dict.fromkeys(cell for ladder in _ladders(program, value) for cell in program.ladders[ladder].by)
    item = ListItemNumber(item=ValueNumber(value=value))
    number = ListNumber(operation="sum", items=(item,), options=NumberOptions(by=tuple(cells)))
    return DeclaredNumber(name=_BEFORE + name, section="measure", number=number)


def _ladders(program: Program, value: Value) -> Iterator[str]:
    if isinstance(value, ByCase) and value.by in program.ladders:
        yield value.by
    for part in _parts(value):
        yield from _ladders(program, part)


def _parts(value: Value) -> Iterator[Value]:
    if isinstance(value, ByCase):
        yield from (case for _, case in value.cases)
    elif isinstance(value, Dated):
        yield from (step for _, step in value.steps)
    elif isinstance(value, Product):
        yield from value.values
    rest = value.otherwise if isinstance(value, ByCase) else value.initially if isinstance(value, Dated) else None
    yield from () if rest is None else (rest,)


@dataclass(slots=True)
class _Coding:
    """Numbers for words, given out as they are met."""

    program: Program
    codes: dict[str, Decimal] = field(default_factory=dict)

    def coded(self, value: Value) -> Value:
        """A value in which every word, truth and day is its number; named values stand in full."""
        if isinstance(value, BenefitValue | TableValue):
            named = self._named(value)
            return value if named is None else self.coded(named)
        match value:
            case Constant():
                return replace(value, value=self._code(value.value))
            case Dated():
                steps = tuple((day, self.coded(step)) for day, step in value.steps)
                return replace(value, steps=steps, initially=self._coded_if(value.initially))
            case ByCase():
                cases = tuple((word, self.coded(case)) for word, case in value.cases)
                return replace(value, cases=cases, otherwise=self._coded_if(value.otherwise))
            case Product():
                return replace(value, values=tuple(self.coded(part) for part in value.values))
        return value

    def _named(self, value: BenefitValue | TableValue) -> Value | None:
        if isinstance(value, BenefitValue):
            return self.program.benefits[value.benefit].value
        return self.program.tables[value.table].value

    def _coded_if(self, value: Value | None) -> Value | None:
        return None if value is None else self.coded(value)

    def _code(self, value: Scalar) -> Decimal:
        if isinstance(value, Decimal):
            return value
        word = ("true" if value else "false") if isinstance(value, bool) else str(value)
        return self.codes.setdefault(word, _FIRST_WORD - len(self.codes))
