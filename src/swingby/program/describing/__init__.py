"""A program in plain English: every rule as sentences that people can read aloud, defaults included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from swingby.program.describing import english, schedules, windows
from swingby.program.describing.declarations import (
    account_lines,
    benefit_lines,
    calendar_lines,
    fact_lines,
    header_lines,
    program_name,
    table_lines,
    track_lines,
)
from swingby.program.describing.defaults import default_lines
from swingby.program.describing.earnings import earning_lines, limit_words
from swingby.program.describing.ladders import ladder_lines, ladder_passages
from swingby.program.describing.measures import declared_lines
from swingby.program.describing.rendering import as_markdown, as_text
from swingby.program.describing.requirements import requirement_line
from swingby.program.describing.speaker import Speaker, said, speaker_of
from swingby.program.describing.texts import text_lines
from swingby.program.describing.tree import Description, Line, Passage, flat
from swingby.program.model import Account, Benefit, DeclaredNumber, Earning, NamedRequirement, Program
from swingby.program.numbers import NO_TEXT, RuleText

__all__ = [
    "SECTIONS",
    "Description",
    "Line",
    "Passage",
    "Section",
    "as_markdown",
    "as_text",
    "describe",
    "limit_words",
    "rule_words",
    "said",
    "speaker_of",
]

# These modules only register how their parts are said.
_REGISTERED: Final = (schedules, windows)


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a program as it is read out."""

    name: str
    heading: str
    lines: Callable[[Any, Speaker], Iterable[Line]]
    passages: Callable[[Any, Speaker], tuple[Passage, ...]] | None = None


def _requirement(found: NamedRequirement, speaker: Speaker) -> Iterator[Line]:
    """The requirement without its label, which is the heading already."""
    line = requirement_line(found.requirement, speaker)
    text = line.text.removeprefix(f"{found.text.label}: ")
    yield Line(english.sentence(english.capital(text)), line.items)


# What partners ask about first comes first: tiers, then what they stand on.
SECTIONS: Final = (
    Section("ladders", "Tiers", ladder_lines, ladder_passages),
    Section("requirements", "Requirements", _requirement),
    Section("scores", "Scores", declared_lines),
    Section("points", "Points", earning_lines),
    Section("incentives", "Incentives", earning_lines),
    Section("benefits", "Benefits", benefit_lines),
    Section("accounts", "Accounts", account_lines),
    Section("measures", "Measures", declared_lines),
    Section("tracks", "Tracks", track_lines),
    Section("calendars", "Calendars", calendar_lines),
    Section("tables", "Tables", table_lines),
    Section("facts", "Facts", fact_lines),
)


def describe(program: Program) -> Description:
    """Put a program into plain English sentences.

    Parameters
    ----------
    program
        A program that loaded without errors.

    Returns
    -------
    Description
        Its rules section by section, and last what holds where a rule says nothing.
    """
    speaker = speaker_of(program)
    header = program.header
    about = Passage("About", path="program", place=_place(header), lines=tuple(header_lines(header)))
    sections = [_section(section, program, speaker) for section in SECTIONS if getattr(program, section.name)]
    defaults = Passage("What holds unless a rule says otherwise", lines=default_lines(program))
    return Description(f"{program_name(header)}, version {header.version}", (about, *sections, defaults))


def rule_words(section: str, body: Any, speaker: Speaker) -> str:
    """All that a rule says as one text, for a difference."""
    found = next(item for item in SECTIONS if item.name == section)
    lines = tuple(found.lines(body, speaker))
    tiers = found.passages(body, speaker) if found.passages else ()
    inner = (f"{passage.heading}: {flat(passage.lines)}" for passage in tiers)
    return " ".join(text for text in (flat(lines), *inner) if text)


def _section(section: Section, program: Program, speaker: Speaker) -> Passage:
    rules = getattr(program, section.name)
    return Passage(section.heading, passages=tuple(_rule(section, name, body, speaker) for name, body in rules.items()))


def _rule(section: Section, name: str, body: Any, speaker: Speaker) -> Passage:
    text: RuleText = getattr(body, "text", NO_TEXT)
    return Passage(
        english.capital(text.label or english.words(name)),
        path=f"{section.name}.{name}",
        place=_place(body),
        lines=(*section.lines(body, speaker), *_text_lines(text, body)),
        passages=section.passages(body, speaker) if section.passages else (),
    )


def _place(body: Any) -> str:
    return f"{body.location.file}:{body.location.line}"


def _text_lines(text: RuleText, body: Any) -> Iterator[Line]:
    """What a rule says about itself; a named requirement says it in its own row."""
    if isinstance(body, NamedRequirement):
        return
    if text.unit and not isinstance(body, Account | DeclaredNumber | Earning | Benefit):
        yield Line(f"Unit: {text.unit}.")
    yield from text_lines(text)
