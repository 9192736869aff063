"""Checks of days, windows, ladders and earnings."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from swingby.program.blocks import Dated, Window
from swingby.program.checks.bounds import constant
from swingby.program.checks.subject import Check, Subject, error, warning
from swingby.program.issues import Issue
from swingby.program.model import Earning, Ladder, Tier
from swingby.program.numbers import Compare, Group, Number, NumberOptions, Requirement
from swingby.program.walk import Rule, walk


class ValuesHoldFromStart(Check):
    """A dated value holds from the program's first day; what days of entries are moved to may begin later."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        effective = subject.program.header.effective
        moved = {id(part) for earning in _earnings(subject) for part in walk(earning.dated)}
        for _, value in subject.parts(Dated):
            begins = value.steps[0][0] if value.steps else None
            if begins and begins > effective and value.initially is None and id(value) not in moved:
                message = f"no value before {begins};"
                yield error(value, "value-before-first-date", message, 'add "initially:".')


def _earnings(subject: Subject) -> Iterator[Earning]:
    yield from subject.program.points.values()
    yield from subject.program.incentives.values()


class WindowsHaveDays(Check):
    """A window ends on or after the day on which it begins."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, window in subject.parts(Window):
            first = window.first
            if window.through and first and first != "joined" and window.through < first:
                yield error(window, "window-shape", "through lies before from.", "Exchange the two days.")


class AccountExpiresOnce(Check):
    """What is paid into an account expires with the account; only points outside of one have their own expiry."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for earning in _earnings(subject):
            if earning.expires and (earning.into or earning.split):
                message = "expires belongs to the account; points expire under points."
                yield error(earning.expires, "account-expiry", message, "Move it to the account.")


class CapsFitSource(Check):
    """A cap per fact, column or period needs entries: ``for_each``, or ``based_on`` with ``each``."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for earning in _earnings(subject):
            recomputed = earning.based_on is not None and earning.each is None
            for cap in earning.cap:
                if cap.per and recomputed:
                    message = "A number that is worked out every day has no entries to limit one by one."
                    yield error(cap, "cap-entries", message, "Leave per out, or use for_each or each.")
            for part in earning.scale.summands if earning.based_on is not None else ():
                if part.of:
                    message = '"of" belongs to for_each; here x is the number.'
                    yield error(part, "scale-mixed", message, "Leave of out.")


class NumbersHaveNoEntries(Check):
    """A cap of a number limits the whole number."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for _, options in subject.parts(NumberOptions):
            for cap in options.cap:
                if cap.per:
                    message = "A number has no entries to limit one by one."
                    yield error(cap, "cap-entries", message, "Leave per out, or limit the earning.")


class EntriesNeedPeriods(Check):
    """What confirms, moves or stores entries needs entries."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for earning in _earnings(subject):
            if earning.based_on is None or earning.each is not None:
                continue
            for word in ("dated", "awarded", "expires", "into", "out_of", "split"):
                if getattr(earning, word):
                    message = f"{word} needs entries, but a number without each is worked out again every day."
                    yield error(earning, "earning-entries", message, 'Add "each:" with a period, or use for_each.')


class TiersOrder(Check):
    """Tiers go from low to high: no tier asks for more than the one after it."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for ladder in subject.program.ladders.values():
            for lower, higher in zip(ladder.tiers, ladder.tiers[1:], strict=False):
                if _asks_more(lower, higher):
                    message = f"{lower.id} asks for more than the tier above it in the list, {higher.id};"
                    yield warning(lower, "tiers-order", message, "tiers go from low to high.")
                elif higher.requires is None and lower.requires is not None:
                    message = f"{higher.id} asks for nothing, so {lower.id} below it is never held;"
                    yield warning(higher, "tiers-order", message, "tiers go from low to high.")


def _asks_more(lower: Tier, higher: Tier) -> bool:
    low, high = _lines(lower.requires), _lines(higher.requires)
    pairs = [(line, other) for number, line in low for same, other in high if same == number]
    return any(line > other for line, other in pairs) and not any(line < other for line, other in pairs)


def _lines(requirement: Requirement | None) -> list[tuple[Number, Decimal]]:
    """The plain lower lines that must all be reached."""
    rows = requirement.items if isinstance(requirement, Group) and requirement.kind == "all" else (requirement,)
    found: list[tuple[Number, Decimal]] = []
    for row in rows:
        if isinstance(row, Compare) and row.test in ("at_least", "above"):
            line = constant(row.line)
            if line is not None:
                found.append((row.number, line))
    return found


class TiersCanBeHeld(Check):
    """A ladder that never promotes needs a start, or nobody ever holds a tier."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for ladder in subject.program.ladders.values():
            if ladder.promote.schedule.kind == "never" and ladder.start is None and ladder.protect is None:
                message = f"{ladder.name} never promotes and has no start, so nobody ever holds a tier."
                yield warning(ladder, "ladder-empty", message, 'Add "start:" or a schedule under promote.')
            yield from _idle_reviews(ladder)


def _idle_reviews(ladder: Ladder) -> Iterator[Issue]:
    reviews = ladder.demote
    if len(reviews) > 1:
        for review in reviews:
            if review.schedule.kind == "never":
                message = "never in a list of demotions does nothing."
                yield warning(review, "ladder-empty", message, "Take it out of the list.")


class Unused(Check):
    """Tables, calendars, tracks, accounts and subsets are there to be used."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        words = {word for rule in subject.rules for word in _words(rule)}
        for rule in subject.rules:
            optional = rule.section in ("tables", "calendars", "tracks", "accounts")
            if rule.section == "facts":
                optional = subject.program.facts[rule.name].subset_of is not None
            if optional and rule.name not in words:
                hint = "Use it or delete it."
                yield warning(rule.body, "unused", f"{rule.path} is not used by any rule.", hint)


def _words(rule: Rule) -> Iterator[str]:
    """Every word that stands in a rule as a name, without the name of the rule itself."""
    names = [text for inner in rule.parts for text in _texts(inner)]
    if rule.name in names:
        names.remove(rule.name)
    yield from names


def _texts(part: Any) -> Iterator[str]:
    waiting: list[Any] = [getattr(part, name) for name in part.__slots__ if name != "location"]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, tuple):
            waiting.extend(found)
