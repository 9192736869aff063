"""What each tier of a program grants, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from swingby.program.blocks import BenefitValue, ByCase, Constant, Dated, Product, TableValue, Value
from swingby.program.describing import english
from swingby.program.describing.speaker import Speaker, speaker_of, unit_of
from swingby.program.model import Benefit, Program

_NOTHING: Final = Constant(value="nothing")


@dataclass(frozen=True, slots=True)
class Grant:
    """A benefit as somebody has it.

    Attributes
    ----------
    ladder
        The ladder it goes by; empty where tiers do not matter.
    words
        What is granted, with its unit; empty where nothing is.
    """

    benefit: str
    label: str
    ladder: str
    words: str
    note: str = ""


def grants(program: Program, known: Mapping[str, str], *, on: date | None = None) -> tuple[Grant, ...]:
    """What a partner is granted of whom something is known.

    Parameters
    ----------
    program
        A program that loaded without errors.
    known
        By what a value may go by, its word: a ladder and the tier held on it (empty for none), a track,
        ``organization.region``. What goes by anything else is said with all its cases.
    on
        The day that is looked at; without one, values that change by date are said with all their days.

    Returns
    -------
    tuple of Grant
        Every benefit in the order of the program.
    """
    speaker, asked = speaker_of(program), _Asked(program, known, on)
    return tuple(_grant(benefit, asked, speaker) for benefit in program.benefits.values())


def days_of_change(program: Program) -> tuple[date, ...]:
    """The days on which what benefits give changes by itself, in order."""
    values = [benefit.value for benefit in program.benefits.values()]
    return tuple(sorted({day for value in values for day in _days(value, program)}))


def _days(value: Value | None, program: Program) -> Iterator[date]:
    if isinstance(value, Dated):
        yield from (day for day, _ in value.steps)
    for inner in _inside(value, program):
        yield from _days(inner, program)


def _inside(value: Value | None, program: Program) -> Iterable[Value | None]:
    """The values that a value is made of, those that it names among them."""
    match value:
        case ByCase():
            return (*(case for _, case in value.cases), value.otherwise)
        case Dated():
            return (value.initially, *(step for _, step in value.steps))
        case Product():
            return value.values
        case TableValue():
            return (program.tables[value.table].value,)
        case BenefitValue():
            return (program.benefits[value.benefit].value,)
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class _Asked:
    program: Program
    known: Mapping[str, str]
    on: date | None


def _grant(benefit: Benefit, asked: _Asked, speaker: Speaker) -> Grant:
    return Grant(
        benefit.name,
        english.capital(benefit.text.label or english.words(benefit.name)),
        next(_ladders(benefit.value, asked.program), ""),
        _words(_at(benefit.value, asked), speaker.counting(unit_of(benefit.text.unit))),
        benefit.text.note or "",
    )


def _words(value: Value | None, speaker: Speaker) -> str:
    if value is None or _is_nothing(value):
        return ""
    match value:
        case Constant(value=True):
            return "yes"
        case Constant(value=str() as word):
            return english.words(word)
        case ByCase():
            return speaker.say(value).removeprefix("(").removesuffix(")")
        case _:
            return speaker.say(value)


def _is_nothing(value: Value | None) -> bool:
    """Whether a value grants nothing in any case and on any day."""
    match value:
        case None:
            return True
        case Constant():
            return value == _NOTHING or value.value in (0, False)
        case ByCase():
            return all(_is_nothing(case) for case in (*(case for _, case in value.cases), value.otherwise))
        case Dated():
            return all(_is_nothing(step) for step in (value.initially, *(step for _, step in value.steps)))
        case Product():
            return any(_is_nothing(part) for part in value.values)
        case _:
            return False


def _at(value: Value | None, asked: _Asked) -> Value | None:
    """The value with what is known put in."""
    match value:
        case ByCase():
            return _case(value, asked)
        case Dated():
            return _dated(value, asked)
        case Product():
            parts = [_at(part, asked) for part in value.values]
            found = tuple(part for part in parts if part is not None)
            return replace(value, values=found) if len(found) == len(parts) else None
        case BenefitValue():
            return _at(asked.program.benefits[value.benefit].value, asked)
        case TableValue() if any(True for _ in _ladders(value, asked.program)):
            return _at(asked.program.tables[value.table].value, asked)
        case _:
            return value


def _case(value: ByCase, asked: _Asked) -> Value | None:
    if value.by in asked.known:
        return _at(dict(value.cases).get(asked.known[value.by], value.otherwise), asked)
    cases = tuple((word, _at(case, asked) or _NOTHING) for word, case in value.cases)
    return replace(value, cases=cases, otherwise=_at(value.otherwise, asked))


def _dated(value: Dated, asked: _Asked) -> Value | None:
    if asked.on is not None:
        held = [step for day, step in value.steps if day <= asked.on]
        return _at(held[-1] if held else value.initially, asked)
    steps = tuple((day, _at(step, asked) or _NOTHING) for day, step in value.steps)
    return replace(value, initially=value.initially and (_at(value.initially, asked) or _NOTHING), steps=steps)


def _ladders(value: Value | None, program: Program) -> Iterator[str]:
    """The ladders that a value goes by."""
    if isinstance(value, ByCase) and value.by in program.ladders and value.by not in program.tracks:
        yield value.by
    for inner in _inside(value, program):
        yield from _ladders(inner, program)
