"""What a number counts, so that its lines and limits are said with it."""

from __future__ import annotations

from collections.abc import Sequence

from swingby.program.describing.speaker import NO_UNIT, NUMBERS, POINTS, Speaker, Unit, unit_of
from swingby.program.model import Earning
from swingby.program.numbers import (
    AccountNumber,
    EachNumber,
    FactNumber,
    ListItemNumber,
    ListNumber,
    Number,
    NumberReference,
    Requirement,
)

_UNITLESS = ("ratio", "growth", "product", "count")


def unit_for(number: Number | Requirement, speaker: Speaker) -> Unit:
    """The unit of a number: a currency, points, a word that its rule says, or none."""
    if isinstance(number, NumberReference):
        return _of_reference(number, speaker)
    if isinstance(number, FactNumber):
        return _of_facts(number, speaker)
    if isinstance(number, EachNumber):
        return NO_UNIT if number.aggregate == "count" else unit_for(number.item, speaker)
    if isinstance(number, ListNumber):
        return NO_UNIT if number.operation in _UNITLESS else _of_items(number.items, speaker)
    if isinstance(number, AccountNumber):
        return unit_of(speaker.program.accounts[number.account].unit)
    return NO_UNIT


def _of_reference(reference: NumberReference, speaker: Speaker) -> Unit:
    if reference.section in ("points", "incentive"):
        earnings = getattr(speaker.program, NUMBERS[reference.section])
        return unit_of_earning(earnings[reference.name], speaker)
    declared = getattr(speaker.program, NUMBERS[reference.section])[reference.name]
    return unit_of(declared.text.unit) if declared.text.unit else unit_for(declared.number, speaker)


def _of_facts(number: FactNumber, speaker: Speaker) -> Unit:
    kind = speaker.program.kinds.get(number.of)
    column = kind.column(number.column) if kind else None
    is_money = number.aggregate != "count" and column is not None and column.type == "amount"
    return speaker.money if is_money else NO_UNIT


def _of_items(items: Sequence[ListItemNumber], speaker: Speaker) -> Unit:
    units = {unit_for(entry.item, speaker) for entry in items}
    return units.pop() if len(units) == 1 else NO_UNIT


def unit_of_earning(earning: Earning, speaker: Speaker) -> Unit:
    """Points, or the unit of the account that an incentive flows through, or the program's currency."""
    if earning.text.unit:
        return unit_of(earning.text.unit)
    if earning.own_currency:
        return NO_UNIT
    if earning.section == "points":
        return POINTS
    account = speaker.program.accounts.get(earning.into or earning.out_of or "")
    return unit_of(account.unit) if account else speaker.money
