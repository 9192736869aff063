"""Values in words: plain, dated, by case, products, tables, benefits, columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from swingby.program.blocks import (
    BenefitValue,
    ByCase,
    ColumnValue,
    Constant,
    Dated,
    ListItem,
    OfNumber,
    Product,
    Rounding,
    Scalar,
    TableValue,
    Value,
)
from swingby.program.describing import english
from swingby.program.describing.columns import column_words
from swingby.program.describing.moments import moment_from
from swingby.program.describing.speaker import Speaker, says
from swingby.program.describing.tree import Line


def scalar(value: Scalar, speaker: Speaker, *, as_percent: bool = False) -> str:
    """A plain value: a number in the speaker's unit, a day, a truth or a word."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return speaker.unit.number(value, as_percent=as_percent)
    return english.day(value) if isinstance(value, date) else english.data_word(value)


@says(Constant)
def _constant(value: Constant, speaker: Speaker) -> str:
    return scalar(value.value, speaker, as_percent=value.as_percent)


@says(Dated)
def _dated(value: Dated, speaker: Speaker) -> str:
    """``40 until 31 October 2025 and 25 from 1 November 2025``."""
    days = [day for day, _ in value.steps]
    spans = []
    if value.initially is not None:
        spans.append(f"{speaker.say(value.initially)} until {english.day(_before(days[0]))}" if days else "")
        if not days:
            return speaker.say(value.initially)
    for (day, step), until in zip(value.steps, [*days[1:], None], strict=True):
        tail = f" until {english.day(_before(until))}" if until else ""
        spans.append(f"{speaker.say(step)} from {english.day(day)}{tail}")
    return english.joined(spans)


def _before(day: date) -> date:
    return day - timedelta(days=1)


@says(ByCase)
def _by_case(value: ByCase, speaker: Speaker) -> str:
    """``by kind: 6 for “talk” and 4 for “visit”, otherwise 0``."""
    cases = [f"{speaker.say(case)} for {case_word(value.by, word, speaker)}" for word, case in value.cases]
    rest = speaker.say(value.otherwise) if value.otherwise else "none"
    return f"(by {key_words(value.by, speaker)}: {english.joined([*cases, f'{rest} otherwise'])})"


def is_percent(value: Value | None, speaker: Speaker) -> bool:
    """Whether a value was written in percent, in every case and at every time."""
    if isinstance(value, Constant):
        return value.as_percent
    if isinstance(value, TableValue):
        return is_percent(speaker.program.tables[value.table].value, speaker)
    if isinstance(value, BenefitValue):
        return is_percent(speaker.program.benefits[value.benefit].value, speaker)
    if isinstance(value, ByCase):
        inner = [*(case for _, case in value.cases), value.otherwise]
    elif isinstance(value, Dated):
        inner = [value.initially, *(step for _, step in value.steps)]
    else:
        return False
    return all(is_percent(each, speaker) for each in inner if each is not None)


def by_case_line(value: ByCase, speaker: Speaker) -> Line:
    """The cases of a value as a list."""
    cases = [Line(f"{case_word(value.by, word, speaker)}: {speaker.say(case)}") for word, case in value.cases]
    rest = Line(f"otherwise: {speaker.say(value.otherwise) if value.otherwise else 'none'}")
    return Line(f"by {key_words(value.by, speaker)}", (*cases, rest))


def key_words(by: str, speaker: Speaker) -> str:
    """What a value is looked up by."""
    if by in speaker.program.tracks:
        return f"the track {speaker.reference('tracks', by)}"
    if by in speaker.program.ladders:
        return f"the tier held on {speaker.reference('ladders', by)}"
    return column_words(by)


def case_word(by: str, word: str, speaker: Speaker) -> str:
    """One word that a value is looked up under."""
    if by in speaker.program.ladders and by not in speaker.program.tracks:
        return speaker.tier(by, word)
    return english.data_word(word)


@says(OfNumber)
def _of_number(value: OfNumber, speaker: Speaker) -> str:
    return speaker.plain.say(value.number)


@says(Product)
def _product(value: Product, speaker: Speaker) -> str:
    """``10,000 USD times the table “factor”``: the unit belongs to the plain number in front."""
    first, *others = value.values
    own = speaker if isinstance(first, Constant) else speaker.plain
    return " times ".join((own.say(first), *(speaker.plain.say(factor) for factor in others)))


@says(TableValue)
def _table(value: TableValue, speaker: Speaker) -> str:
    return f"the table {speaker.reference('tables', value.table)}"


@says(BenefitValue)
def _benefit(value: BenefitValue, speaker: Speaker) -> str:
    return f"the benefit {speaker.reference('benefits', value.benefit)}"


@says(ColumnValue)
def _column(value: ColumnValue, speaker: Speaker) -> str:
    base = column_words(value.column) if "." in value.column else f"the fact's {column_words(value.column)}"
    return moment_from(value.moment, base, speaker) if value.moment else base


@says(ListItem)
def _item(item: ListItem, speaker: Speaker) -> str:
    spans = [f"from {english.day(item.starts_on)}"] if item.starts_on else []
    spans += [f"until {english.day(_before(item.ends_on))}"] if item.ends_on else []
    tail = f" ({' '.join(spans)})" if spans else ""
    return f"{scalar(item.value, speaker.plain)}{tail}"


_MODES = {
    "half_up": "halves away from zero",
    "half_even": "halves to the even neighbour",
    "up": "always away from zero",
    "down": "always towards zero",
}


@says(Rounding)
def _rounding(rounding: Rounding, speaker: Speaker) -> str:
    return f"rounded to a multiple of {speaker.unit.number(rounding.to)}, {_MODES[rounding.mode]}"


def times(values: Iterable[Value], speaker: Speaker) -> str:
    """``, multiplied by 85 % and by the table “factor”``; nothing without factors."""
    found = [f"by {speaker.plain.say(value)}" for value in values]
    return f", multiplied {english.joined(found)}" if found else ""
