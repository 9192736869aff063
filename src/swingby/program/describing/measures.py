"""Measures and scores in words, and what is said about them for paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from swingby.program.describing import english
from swingby.program.describing.columns import column_words
from swingby.program.describing.numbers import AGGREGATES, facts_named, option_phrases
from swingby.program.describing.speaker import Speaker, says, unit_of
from swingby.program.describing.tree import Line
from swingby.program.describing.units import unit_for
from swingby.program.model import DeclaredNumber, Earning, Effort
from swingby.program.numbers import AssignNumber, ListNumber, Number

_MOST_INLINE: Final = 3
_CONTROLS: Final = {
    "controllable": "A partner can do this itself.",
    "influenced": "A partner can push this.",
    "outcome": "A partner does not decide this alone.",
}
_LISTED: Final = {"sum": "These added up", "product": "These multiplied", "average": "The average of these"}


def declared_lines(declared: DeclaredNumber, speaker: Speaker) -> Iterator[Line]:
    """What a measure or a score counts, and what a partner can do about it."""
    yield number_line(declared.number, speaker.counting(unit_of(declared.text.unit)))
    if declared.text.unit:
        yield Line(f"Counted in {unit_of(declared.text.unit).many}.")
    yield from control_lines(declared, speaker)
    if declared.side == "vendor":
        yield Line("It is a promise of the vendor.")


def control_lines(rule: DeclaredNumber | Earning, speaker: Speaker) -> Iterator[Line]:
    """What a partner can do about a rule, and what one more takes."""
    if rule.control:
        yield Line(_CONTROLS[rule.control])
    if rule.effort:
        yield Line(english.sentence(speaker.say(rule.effort)))


def number_line(number: Number, speaker: Speaker) -> Line:
    """A number as a sentence; long lists and seats become items."""
    if isinstance(number, ListNumber) and (len(number.items) > _MOST_INLINE or number.operation == "count"):
        return _listed(number, speaker)
    if isinstance(number, AssignNumber):
        return _seats(number, speaker)
    return Line(english.sentence(speaker.say(number)))


def _listed(number: ListNumber, speaker: Speaker) -> Line:
    head = _LISTED.get(number.operation, f"The {AGGREGATES.get(number.operation, 'number')} of these")
    if number.operation == "count":
        head = "How many of these hold"
    unit = speaker.unit if speaker.unit.one else unit_for(number, speaker)
    options = "".join(f", {phrase}" for phrase in option_phrases(number.options, speaker.counting(unit)))
    base = f", undefined where the second is below {speaker.plain.say(number.base)}" if number.base else ""
    items = tuple(Line(english.capital(speaker.plain.say(item).strip("“”"))) for item in number.items)
    return Line(f"{head}{base}{options}:", items)


def _seats(number: AssignNumber, speaker: Speaker) -> Line:
    who = column_words(number.person)
    limits = []
    if number.roles:
        limits.append(f"in at most {speaker.plain.say(number.roles)} different roles")
    if number.seats_each:
        limits.append(f"in at most {speaker.plain.say(number.seats_each)} seats")
    each = f" Each {who} sits {english.joined(limits)}." if limits else ""
    options = "".join(f", {phrase}" for phrase in option_phrases(number.options, speaker))
    head = (
        f"The most seats that {english.plural(who)} can fill by their {facts_named(number.of, speaker)}{options}.{each}"
    )
    seats = tuple(Line(speaker.about(number.of).say(seat)) for seat in number.seats)
    return Line(f"{head} The seats:", seats)


@says(Effort)
def _effort(effort: Effort, speaker: Speaker) -> str:
    parts = []
    if effort.hours:
        parts.append(_many(speaker.plain.say(effort.hours), "hour of work", "hours of work"))
    if effort.money:
        parts.append(speaker.counting(speaker.money).say(effort.money))
    if effort.lead_days:
        parts.append(_many(speaker.plain.say(effort.lead_days), "day until it shows", "days until it shows"))
    if effort.seats:
        parts.append(_many(speaker.plain.say(effort.seats), "training seat", "training seats"))
    return f"one more takes about {english.joined(parts)}"


def _many(number: str, one: str, many: str) -> str:
    return f"{number} {one if number in {'1', 'one'} else many}"
