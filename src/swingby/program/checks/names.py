"""Checks that what rules refer to is declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from swingby.program.blocks import BenefitValue, ByCase, Located, Location, PeriodUnit, TableValue
from swingby.program.checks.subject import SECTION_OF, Check, Subject, error
from swingby.program.issues import Issue
from swingby.program.model import Earning, FactDeclaration, FactSource, Ladder, SplitPart
from swingby.program.numbers import (
    AccountNumber,
    AssignNumber,
    Credit,
    FactNumber,
    NumberReference,
    RequirementReference,
    TierHeld,
    TrackIs,
)
from swingby.program.reading.reader import did_you_mean
from swingby.program.walk import children


class NumbersExist(Check):
    """A reference names a measure, points, a score or an incentive that is declared, in its own section."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, reference in subject.parts(NumberReference):
            if reference.name not in subject.names(SECTION_OF[reference.section]):
                yield _unknown_number(reference, subject)


def _unknown_number(reference: NumberReference, subject: Subject) -> Issue:
    for word, section in SECTION_OF.items():
        if reference.name in subject.names(section):
            message = f'"{reference.name}" is declared under {section}.'
            return error(reference, "reference-unknown", message, f"Write {{{word}: {reference.name}}}.")
    section = SECTION_OF[reference.section]
    return _unknown(reference, section, reference.name, subject.names(section))


def _unknown(at: Located | Location, section: str, name: str, known: frozenset[str]) -> Issue:
    hint = did_you_mean(name, known) or f"Declare it under {section}."
    return error(at, "reference-unknown", f'There is no "{name}" under {section}.', hint)


class NamesExist(Check):
    """Requirements, ladders, tracks, tables, benefits and accounts that rules name are declared."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for rule in subject.rules:
            for part in rule.parts:
                for section, name in _names_in(part):
                    if name not in subject.names(section):
                        yield _unknown(part, section, name, subject.names(section))


_NAMED: Final[dict[type[Any], tuple[str, str]]] = {
    RequirementReference: ("requirements", "name"),
    TierHeld: ("ladders", "ladder"),
    TrackIs: ("tracks", "track"),
    TableValue: ("tables", "table"),
    BenefitValue: ("benefits", "benefit"),
    AccountNumber: ("accounts", "account"),
}


def _names_in(part: Any) -> Iterator[tuple[str, str]]:
    if type(part) in _NAMED:
        section, attribute = _NAMED[type(part)]
        yield section, getattr(part, attribute)
    elif isinstance(part, Earning):
        yield from (("accounts", name) for name in (part.into, part.out_of) if name)
    elif isinstance(part, SplitPart):
        yield from (("accounts", name) for name in (part.into, part.otherwise) if name)


class KindsExist(Check):
    """Kinds of fact that rules read are known or declared under facts."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        known = frozenset(subject.program.kinds) | subject.names("facts")
        for rule in subject.rules:
            for part in rule.parts:
                for name in _kinds_in(part):
                    if name not in known:
                        hint = did_you_mean(name, known) or "Declare it under facts."
                        yield error(part, "kind-unknown", f'There is no fact kind "{name}".', hint)


def _kinds_in(part: Any) -> Iterator[str]:
    if isinstance(part, FactNumber | FactSource | AssignNumber):
        yield part.of
    elif isinstance(part, FactDeclaration) and part.subset_of:
        yield part.subset_of
    elif isinstance(part, Credit) and part.through:
        yield part.through


class SubsetsEnd(Check):
    """A subset is a part of a kind that is not, over others, a part of itself."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for name, fact in subject.program.facts.items():
            path = _subset_path(name, subject)
            if path[-1] == name == min(path) and len(path) > 1:
                yield error(fact, "cycle", f"{' -> '.join(f'facts.{step}' for step in path)}.", "Cut one of the links.")


def _subset_path(name: str, subject: Subject) -> list[str]:
    path = [name]
    fact = subject.program.facts.get(name)
    while fact and fact.subset_of:
        path.append(fact.subset_of)
        if fact.subset_of in path[:-1]:
            break
        fact = subject.program.facts.get(fact.subset_of)
    return path


class TiersExist(Check):
    """A tier that a requirement or ``start`` names stands on its ladder, and no tier stands there twice."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, held in subject.parts(TierHeld):
            ladder = subject.program.ladders.get(held.ladder)
            if ladder:
                yield from _check_tier(held, ladder, held.tier)
        for ladder in subject.program.ladders.values():
            if ladder.start:
                yield from _check_tier(ladder, ladder, ladder.start)
            yield from _doubles(ladder)


def _check_tier(at: Located, ladder: Ladder, name: str) -> Iterator[Issue]:
    tiers = [tier.id for tier in ladder.tiers]
    if name not in tiers:
        hint = did_you_mean(name, tiers) or f"It has {', '.join(tiers)}."
        yield error(at, "tier-unknown", f'The ladder {ladder.name} has no tier "{name}".', hint)


def _doubles(ladder: Ladder) -> Iterator[Issue]:
    seen: set[str] = set()
    for tier in ladder.tiers:
        if tier.id in seen:
            yield error(
                tier, "name-twice", f'The tier "{tier.id}" stands twice on {ladder.name}.', "Rename one of them."
            )
        seen.add(tier.id)


class CasesExist(Check):
    """The cases of a value by ladder are its tiers, those of a value by a computed track its words."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, value in subject.parts(ByCase):
            known = _words_of(value.by, subject)
            for word, case in value.cases if known else ():
                if word not in known:
                    hint = did_you_mean(word, known) or f"It has {', '.join(known)}."
                    yield error(case, "case-unknown", f'{value.by} is never "{word}".', hint)


def _words_of(name: str, subject: Subject) -> tuple[str, ...]:
    """The words a key can have, or nothing if they are free."""
    if ladder := subject.program.ladders.get(name):
        return tuple(tier.id for tier in ladder.tiers)
    track = subject.program.tracks.get(name)
    if track and track.cases:
        return (*(case.word for case in track.cases), track.otherwise)
    return ()


class TrackWordsExist(Check):
    """A requirement of a computed track asks for words that the track can have."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, asked in subject.parts(TrackIs):
            known = _words_of(asked.track, subject)
            for word in asked.words:
                if known and word not in known:
                    hint = did_you_mean(word, known) or f"It has {', '.join(known)}."
                    yield error(asked, "case-unknown", f'The track {asked.track} is never "{word}".', hint)


class CalendarsExist(Check):
    """The calendar of a period is declared; one that starts with the tier serves only a ladder's clocks."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for rule in subject.rules:
            for part in rule.parts:
                if isinstance(part, Located):
                    yield from self._check(part, rule.section, subject)

    def _check(self, part: Located, section: str, subject: Subject) -> Iterator[Issue]:
        for name in _calendars_in(part):
            calendar = subject.program.calendars.get(name)
            if name not in subject.names("calendars"):
                known = subject.names("calendars")
                half = 'Half a year is "half".' if name == "half" else ""
                hint = half or did_you_mean(name, known) or "Declare it under calendars."
                yield error(part, "calendar-unknown", f'There is no calendar "{name}".', hint)
            elif calendar and calendar.starts == "tier" and section != "ladders":
                message = f"The calendar {name} starts with the tier held, so only a ladder's clocks can use it."
                yield error(part, "calendar-place", message, "Use one that starts on a day or joined.")


def _calendars_in(part: Any) -> Iterator[str]:
    """The calendars of the periods directly in a part, in its tuples, or in parts without a place."""
    for child in children(part):
        if isinstance(child, PeriodUnit):
            if child.calendar:
                yield child.calendar
        elif isinstance(child, tuple) or (not isinstance(child, Located) and child is not None):
            yield from _calendars_in(child)
