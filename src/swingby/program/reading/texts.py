"""Reading what a rule says about itself: label, unit, source and note."""

from __future__ import annotations

from typing import Any, Final

from swingby.program.numbers import NO_TEXT, RuleText
from swingby.program.reading.reader import Fields
from swingby.program.reading.scalars import TEXT
from swingby.program.reading.shapes import Key

LABEL: Final = Key("label", TEXT, "what people read", default="the name")
UNIT: Final = Key("unit", TEXT, "the unit of the number, for people")
SOURCE: Final = Key("source", TEXT, "the clause the rule comes from")
NOTE: Final = Key("note", TEXT, "anything else")
TEXT_KEYS: Final[tuple[Key[Any], ...]] = (LABEL, UNIT, SOURCE, NOTE)


def rule_text(fields: Fields) -> RuleText:
    """The texts of a rule; none of them changes a result."""
    if not any(fields.has(key) for key in TEXT_KEYS):
        return NO_TEXT
    return RuleText(
        label=fields.get(LABEL),
        unit=fields.get(UNIT),
        source=fields.get(SOURCE),
        note=fields.get(NOTE),
        location=fields.location,
    )
