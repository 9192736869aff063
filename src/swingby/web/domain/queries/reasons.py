"""Why a record does not count: what the rules of a program ask of it that it does not say, in their own words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from swingby.program import Program
from swingby.program.blocks import Condition, Constant, Filter, TableValue, Value, Window
from swingby.program.describing import speaker_of
from swingby.program.describing.speaker import Speaker
from swingby.program.model import FactSource
from swingby.program.numbers import FactNumber
from swingby.program.walk import walk
from swingby.values import current_window, last_window
from swingby.web.models import ScorecardLine

#: Columns that say how far something is, and not what it is.
_STATES = frozenset({"status", "outcome", "stage"})
_ONE_DAY = timedelta(days=1)
#: What takes everything from what a record earned.
_TAKING = ("cap", "gate")
Row = Mapping[str, Any]
Source = FactSource | FactNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a record does not count for a rule; without a rule it counts for none."""

    words: str
    rule: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A record of a kind, and the day and the partner for which it is asked. ``counting`` are rules that it counts for."""

    kind: str
    row: Row
    as_of: date
    joined_on: date
    counting: Collection[str] = ()


def why_not(program: Program, asked: Asked, *, rules: Collection[str] | None = None) -> tuple[Reason, ...]:
    """All that speaks against a record, rule by rule; one word for all where it can count nowhere.

    Of some rules only, nothing is said where none of them is about records like it.
    """
    speaker = speaker_of(program).about(asked.kind)
    concerned = [found for found in _sources(program, asked.kind, rules) if _concerns(program, found[2], asked.row)]
    if not concerned and rules is not None:
        return ()
    if words := _whole_words(asked):
        return (Reason(words=words),)
    if not concerned and not asked.counting:
        return (Reason(words=_nobody_counts(asked)),)
    return tuple(
        Reason(words=words, rule=name, label=label)
        for name, label, source in concerned
        if name not in asked.counting and (words := " ".join(_against(program, source, asked, speaker)))
    )


def kinds_of(program: Program, rules: Collection[str]) -> tuple[str, ...]:
    """The kinds of records that some rules count."""
    return tuple(dict.fromkeys(program.base_of(source.of) for _, _, source in _all_sources(program, rules)))


def taken_away(lines: Iterable[ScorecardLine]) -> Mapping[str, str]:
    """By rule why a record that counts for it gives nothing: a limit or a condition took all of it."""
    found: dict[str, list[ScorecardLine]] = {}
    for line in lines:
        if line.counts and line.amount is not None:
            found.setdefault(line.rule, []).append(line)
    words = {"cap": _("The limit of this rule is used up."), "gate": _("What this rule asks for first is not met.")}
    return {
        rule: words[taking]
        for rule, own in found.items()
        if not sum((line.amount or Decimal(0) for line in own), Decimal(0))
        and (taking := next((line.kind for line in own if line.kind in _TAKING), ""))
    }


# --- what holds for all rules -----------------------------------------------------------------------------------------


def _whole_words(asked: Asked) -> str:
    """Why it can count nowhere: taken out, cancelled, ended, to come, or of before the partner joined."""
    row, day = asked.row, _day_of(asked.row)
    cancelled, ended = row.get("cancelled_on"), row.get("ends_on")
    if row.get("reversed_position") is not None:
        return _("It was taken out.")
    if cancelled is not None and cancelled <= asked.as_of:
        return _("It was cancelled on %(day)s.") % {"day": _words_of(cancelled)}
    if ended is not None and ended <= asked.as_of:
        return _("It ended on %(day)s.") % {"day": _words_of(ended - _ONE_DAY)}
    if day is not None and day > asked.as_of:
        return _("Its day, %(day)s, is still to come.") % {"day": _words_of(day)}
    return ""


def _day_of(row: Row) -> date | None:
    found = row.get("happened_on") or row.get("starts_on")
    return found if isinstance(found, date) else None


def _nobody_counts(asked: Asked) -> str:
    word = asked.row.get("kind")
    if word:
        return _("No rule of the program counts “%(kind)s”.") % {"kind": str(word).replace("_", " ")}
    return _("No rule of the program counts records like this one.")


# --- what one rule asks -----------------------------------------------------------------------------------------------


def _sources(program: Program, kind: str, rules: Collection[str] | None) -> list[tuple[str, str, Source]]:
    """What rules count of one kind, with the name and the label of each."""
    return [found for found in _all_sources(program, rules) if program.base_of(found[2].of) == kind]


def _all_sources(program: Program, rules: Collection[str] | None) -> Iterator[tuple[str, str, Source]]:
    for rule in (*program.points.values(), *program.incentives.values()):
        if rule.for_each and (rules is None or rule.name in rules):
            yield rule.name, rule.text.label or _label(rule.name), rule.for_each
    for name, declared in program.measures.items():
        for part in walk(declared.number) if rules is None or name in rules else ():
            if isinstance(part, FactNumber):
                yield name, declared.text.label or _label(name), part


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _conditions(program: Program, source: Source) -> tuple[Condition, ...]:
    """What a source asks of a record, with what the kinds ask that it is a part of."""
    wheres: list[Filter | None] = [source.where]
    wheres += [fact.where for kind in program.up_to_base(source.of) if (fact := program.facts.get(kind))]
    return tuple(condition for where in wheres if where for condition in where.conditions)


def _concerns(program: Program, source: Source, row: Row) -> bool:
    """Whether a source is about records like this one: of its words for what they are at least one is met, its kind always."""
    choosing = [each for each in _conditions(program, source) if _is_choosing(each)]
    met = [_holds(program, each, row) is not False for each in choosing]
    kinds = (holds for each, holds in zip(choosing, met, strict=True) if each.column == "kind")
    return all(kinds) and (any(met) or not choosing)


def _is_choosing(condition: Condition) -> bool:
    return condition.test == "is" and condition.column not in _STATES and "." not in condition.column


def _against(program: Program, source: Source, asked: Asked, speaker: Speaker) -> Iterator[str]:
    """Each condition that the record does not meet; where it meets all, the days that the source looks at."""
    missed = [each for each in _conditions(program, source) if _holds(program, each, asked.row) is False]
    for condition in missed:
        said = {"asked": speaker.say(condition), "value": _words_of(asked.row.get(condition.column))}
        if asked.row.get(condition.column) is None:
            yield _("It asks that %(asked)s; the record does not say it.") % said
        else:
            yield _("It asks that %(asked)s; the record says %(value)s.") % said
    if not missed and source.over is not None:
        yield from _outside(source.over, asked, speaker)


def _outside(window: Window, asked: Asked, speaker: Speaker) -> Iterator[str]:
    day, days = _day_of(asked.row), _bounds(window, asked)
    if day is None or days is None:
        return
    first, last = days
    if not first <= day <= last:
        said = {"window": speaker.say(window), "day": _words_of(day)}
        yield _("It looks at what was %(window)s, and the record is of %(day)s.") % said


def _bounds(window: Window, asked: Asked) -> tuple[date, date] | None:
    """The first and last day of a window as far as it can be told from the day alone."""
    if window.ago or window.not_before:
        return None
    if window.kind == "last" and window.length:
        days = last_window(asked.as_of, window.length.parts)
        return days.start, days.last_day
    if window.kind == "current" and window.unit and window.unit.calendar is None:
        days = current_window(asked.as_of, window.unit.unit, window.unit.count)
        return days.start, days.last_day
    if window.kind == "between":
        first = asked.joined_on if window.first == "joined" else window.first
        return (first if isinstance(first, date) else date.min), window.through or date.max
    return None


# --- conditions -------------------------------------------------------------------------------------------------------


def _holds(program: Program, condition: Condition, row: Row) -> bool | None:
    """Whether a record meets a condition; None where that needs more than the record."""
    if "." in condition.column or condition.test == "within" or condition.column not in row:
        return None
    value = row[condition.column]
    if condition.test == "exists":
        return (value is not None) == condition.exists
    asked = [each for value_ in condition.values for each in _scalars(program, value_)]
    if not asked or any(each is None for each in asked):
        return None
    if condition.test in ("is", "is_not"):
        return (value is not None and str(value) in map(str, asked)) == (condition.test == "is")
    return _compared(condition.test, value, asked[0])


def _scalars(program: Program, value: Value) -> Iterator[object]:
    match value:
        case Constant():
            yield value.value
        case TableValue() if program.tables[value.table].items:
            yield from (item.value for item in program.tables[value.table].items)
        case _:
            yield None


def _compared(test: str, value: object, line: object) -> bool | None:
    if value is None:
        return False
    try:
        number, asked = Decimal(str(value)), Decimal(str(line))
    except InvalidOperation:
        return None
    return {"at_least": number >= asked, "above": number > asked, "at_most": number <= asked, "below": number < asked}[
        test
    ]


def _words_of(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    return str(value).replace("_", " ")
