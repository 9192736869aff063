"""Filters in words: which facts."""

from __future__ import annotations

from typing import Final

from swingby.program.blocks import Condition, Constant, Filter, TableValue, Value
from swingby.program.describing import english
from swingby.program.describing.columns import column_words, is_or_are
from swingby.program.describing.speaker import NO_UNIT, Speaker, Unit, says
from swingby.program.kinds import Column

_TESTS: Final = {"at_least": "at least", "above": "more than", "at_most": "at most", "below": "less than"}
_DAY_TESTS: Final = {
    "at_least": "no earlier than",
    "above": "later than",
    "at_most": "no later than",
    "below": "earlier than",
}


@says(Filter)
def _filter(found: Filter, speaker: Speaker) -> str:
    """``kind is “talk” and rating is at least 4``."""
    clauses = [speaker.say(condition) for condition in found.conditions]
    if found.alternatives:
        options = [f"({speaker.say(option)})" for option in found.alternatives]
        clauses.append(f"either {' or '.join(options)}" if len(options) > 1 else options[0])
    return english.joined(clauses)


@says(Condition)
def _condition(condition: Condition, speaker: Speaker) -> str:
    name = column_words(condition.column)
    column = speaker.column(condition.column)
    verb = is_or_are(condition.column)
    if condition.test == "exists":
        return f"{name} {verb} {'given' if condition.exists else 'not given'}"
    if condition.test == "within" and condition.window:
        return f"{name} {verb} {speaker.plain.say(condition.window)}"
    values = english.joined((_said(value, column, speaker) for value in condition.values), "or")
    return f"{name} {verb}{_test(condition)} {values}"


def _test(condition: Condition) -> str:
    if condition.test in ("is", "is_not"):
        return "" if condition.test == "is" else " not"
    tests = _DAY_TESTS if condition.column.endswith("_on") else _TESTS
    return f" {tests[condition.test]}"


def _said(value: Value, column: Column | None, speaker: Speaker) -> str:
    if isinstance(value, TableValue):
        return f"in the list {speaker.reference('tables', value.table)}"
    unit = _unit(column, speaker) if isinstance(value, Constant) else NO_UNIT
    return speaker.counting(unit).say(value)


def _unit(column: Column | None, speaker: Speaker) -> Unit:
    return speaker.money if column and column.type == "amount" else NO_UNIT


def whose(found: Filter | None, kind: str, speaker: Speaker) -> str:
    """`` whose kind is “talk”``; nothing without a filter."""
    if found is None:
        return ""
    said = speaker.about(kind).say(found)
    return f" for which {said}" if said.startswith("either ") else f" whose {said}"
