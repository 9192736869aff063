"""A program as its partners read it: the tiers with what they ask and give, how points come, what changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from swingby.program.announcing import partner_sentence
from swingby.program.comparing import by_matter, difference
from swingby.program.describing import describe, english, speaker_of
from swingby.program.describing.declarations import program_name
from swingby.program.describing.numbers import ROLL_UPS
from swingby.program.describing.tree import Line, Passage
from swingby.program.granting import Grant, grants
from swingby.program.model import Header, Ladder, Program

#: Sections of the description that a guide puts under words of its own, in the order in which partners ask.
PARTS: Final = (
    ("How points come", ("Points", "Scores")),
    ("Money and accounts", ("Incentives", "Accounts")),
    ("What is counted, and over which days", ("Measures",)),
    ("Requirements with a name", ("Requirements",)),
    ("Tracks", ("Tracks",)),
    ("The program's years", ("Calendars",)),
    ("Lists and factors", ("Tables",)),
    ("What records hold", ("Facts",)),
)
#: Words of those who write programs, and what partners read instead; what stands in quotation marks is left alone.
_WORDS: Final = (
    (re.compile(r"\bfacts\b"), "records"),
    (re.compile(r"\bFacts\b"), "Records"),
    (re.compile(r"\bfact\b"), "record"),
    (re.compile(r"\bFact\b"), "Record"),
    (re.compile(r"\bfact's\b"), "record's"),
    (re.compile(r"\benrolled organization\b"), "organization in the program"),
    (re.compile(r"\benrolments\b"), "partners"),
    (re.compile(r"\benrolment\b"), "partner"),
)
_QUOTED: Final = re.compile("(“[^”]*”)")
Sections = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class GuideTier:
    """One tier: what it asks for, and what it gives."""

    id: str
    name: str
    asks: tuple[Line, ...]
    gives: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class GuideLadder:
    """A ladder: its tiers from the lowest, how partners move between them, and what who holds none of them gets."""

    id: str
    name: str
    opening: tuple[Line, ...]
    tiers: tuple[GuideTier, ...]
    moving: tuple[Line, ...]
    without: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    """A version of a program as its partners read it.

    Attributes
    ----------
    opening
        From when the version holds, what protects partners, in which currency and time zone.
    gives
        What everybody gets, whatever the tier.
    parts
        The rules behind the tiers, section by section.
    defaults
        What holds because no rule says otherwise.
    before
        The version that it replaced; empty for the first.
    changes
        What it says otherwise than that one, under headings; empty where the two say the same.
    """

    name: str
    version: str
    effective: date
    opening: tuple[str, ...]
    ladders: tuple[GuideLadder, ...]
    gives: tuple[Grant, ...]
    parts: tuple[Passage, ...]
    defaults: tuple[Line, ...]
    before: str = ""
    changes: Sections = ()


def guide(program: Program, before: Program | None = None) -> Guide:
    """Arrange the description of a program for its partners.

    Parameters
    ----------
    program
        A program that loaded without errors.
    before
        The version that it replaced.

    Returns
    -------
    Guide
        Everything that ``describe`` says, in the order in which partners ask and in their words.
    """
    said = describe(program)
    found = {passage.heading: passage.passages for passage in said.passages}
    ladders = {passage.path.partition(".")[2]: passage for passage in found.get("Tiers", ())}
    return Guide(
        name=program_name(program.header),
        version=program.header.version,
        effective=program.header.effective,
        opening=tuple(_opening(program.header)),
        ladders=tuple(_ladder(ladder, ladders[ladder.name], program) for ladder in program.ladders.values()),
        gives=tuple(grant for grant in grants(program, {}) if not grant.ladder and grant.words),
        parts=tuple(_parts(found)),
        defaults=plain_lines(said.passages[-1].lines),
        before=before.header.version if before else "",
        changes=told_changes(before, program) if before else (),
    )


def told_changes(old: Program, new: Program) -> Sections:
    """What one version says otherwise than another, as its partners read it; not what changes nothing for them."""
    found = by_matter(replace(difference(old, new), texts=()))
    said = ((heading, [partner_sentence(change, old, new) for change in changes]) for heading, changes in found)
    told = (
        (heading, tuple(plain_words(sentence) for sentence in sentences if sentence)) for heading, sentences in said
    )
    return tuple((heading, sentences) for heading, sentences in told if sentences)


def _opening(header: Header) -> Iterator[str]:
    if header.protected_through:
        yield f"Nobody moves down a tier through {english.day(header.protected_through)}."
    yield f"Amounts are in {header.currency}; days are those of the time zone {header.time_zone}."
    yield plain_words(f"What an organization does counts for {ROLL_UPS[header.roll_up]}.")


def _ladder(ladder: Ladder, passage: Passage, program: Program) -> GuideLadder:
    *_, moving = passage.passages
    said = {tier.path: tier for tier in passage.passages}
    name = speaker_of(program).name("ladders", ladder.name)
    tiers = (_tier(tier.id, said[f"{passage.path}.{tier.id}"], ladder, program) for tier in ladder.tiers)
    return GuideLadder(
        id=ladder.name,
        name=english.capital(name),
        opening=plain_lines(passage.lines),
        tiers=tuple(tiers),
        moving=plain_lines(moving.lines),
        without=_given(ladder, "", program) if ladder.tiers[0].requires else (),
    )


def _tier(tier: str, passage: Passage, ladder: Ladder, program: Program) -> GuideTier:
    name = english.capital(speaker_of(program).tier(ladder.name, tier))
    return GuideTier(tier, name, plain_lines(passage.lines), _given(ladder, tier, program))


def _given(ladder: Ladder, tier: str, program: Program) -> tuple[Grant, ...]:
    granted = grants(program, {ladder.name: tier})
    return tuple(grant for grant in granted if grant.ladder == ladder.name and grant.words)


def _parts(found: dict[str, tuple[Passage, ...]]) -> Iterator[Passage]:
    for heading, sections in PARTS:
        passages = tuple(_passage(passage) for section in sections for passage in found.get(section, ()))
        if passages:
            yield Passage(heading, passages=passages)


def _passage(passage: Passage) -> Passage:
    inner = tuple(_passage(each) for each in passage.passages)
    return replace(passage, lines=tuple(_run_on(plain_lines(passage.lines))), passages=inner)


def _run_on(lines: Iterable[Line]) -> Iterator[Line]:
    """Sentences as one paragraph, up to each that has a list."""
    sentences: list[str] = []
    for line in lines:
        sentences.append(line.text)
        if line.items:
            yield Line(" ".join(sentences), line.items)
            sentences = []
    if sentences:
        yield Line(" ".join(sentences))


def plain_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Sentences with their lists in the words of partners."""
    return tuple(Line(plain_words(line.text), plain_lines(line.items)) for line in lines)


def plain_words(text: str) -> str:
    """A sentence in the words of partners."""
    return "".join(part if part.startswith("“") else _replaced(part) for part in _QUOTED.split(text))


def _replaced(text: str) -> str:
    for pattern, word in _WORDS:
        text = pattern.sub(word, text)
    return text
