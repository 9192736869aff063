"""What a catalogue must hold beside its form: names that exist, days in order, no circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from swingby.enablement.catalogue import Catalogue, Certification
from swingby.program import Issue
from swingby.program.blocks import Length
from swingby.program.reading import did_you_mean
from swingby.values import add_length

#: From where lengths are compared.
LEAP_YEAR: Final = date(2024, 1, 1)


def check(catalogue: Catalogue, unread: Iterable[str]) -> Iterator[Issue]:
    """Every problem of a catalogue that could be read; names in ``unread`` exist but are not known any closer."""
    known = {*catalogue.certifications, *unread}
    for one in catalogue:
        yield from _words(one, catalogue)
        yield from _names(one, known)
        yield from _versions(one)
        yield from _ends(one)
    yield from _circles(catalogue)
    yield from _fees(catalogue)


def _fees(catalogue: Catalogue) -> Iterator[Issue]:
    """An amount without its currency is no amount."""
    paid = next((one for one in catalogue if one.fee), None)
    if paid is not None and not catalogue.currency:
        message = f"{paid.code} has a fee, and the catalogue names no currency."
        yield Issue(
            paid.location, "currency-missing", message, 'Write "currency: USD" once, beside vendors.', "warning"
        )


def _words(one: Certification, catalogue: Catalogue) -> Iterator[Issue]:
    """Vendor, role and level are declared."""
    for section, word, known in (
        ("vendors", one.vendor, catalogue.vendors),
        ("roles", one.role, catalogue.roles),
        ("levels", one.level, catalogue.levels),
    ):
        if word not in known:
            hint = did_you_mean(word, known) or f"Declare it under {section}."
            yield Issue(one.location, "word-unknown", f'{one.code}: "{word}" is not among the {section}.', hint)


def _names(one: Certification, known: set[str]) -> Iterator[Issue]:
    """What it refers to exists and is another one."""
    for key, codes in (
        ("prerequisites", [code for group in one.prerequisites for code in group]),
        ("counts_as", one.counts_as),
    ):
        for code in codes:
            if code == one.code:
                yield Issue(one.location, "name-self", f"{one.code} names itself under {key}.", "Leave it out.")
            elif code not in known:
                hint = did_you_mean(code, known) or "Declare it under certifications."
                message = f'{one.code}: there is no certification "{code}" ({key}).'
                yield Issue(one.location, "name-unknown", message, hint)


def _versions(one: Certification) -> Iterator[Issue]:
    """Versions go from early to late, each with a name of its own, and count from their first day at least."""
    names = [version.name for version in one.versions]
    days = [version.starts_on for version in one.versions]
    if len(set(names)) < len(names):
        yield Issue(one.location, "name-twice", f"{one.code} has two versions of one name.", "Rename one.")
    if days != sorted(set(days)):
        message = f"{one.code}: versions go from early to late, one a day."
        yield Issue(one.location, "steps-order", message, "Sort them by from.")
    for version in one.versions:
        if version.counts_until and version.counts_until <= version.starts_on:
            message = f"Version {version.name} of {one.code} stops counting before it starts."
            yield Issue(version.location, "days-order", message, "counts_until is the first day without it.")


def _ends(one: Certification) -> Iterator[Issue]:
    """What retires counts at least as long as it can be sat; what never expires has no window and no grace."""
    retired = one.retirement
    if retired and retired.counts_until < retired.exams_until:
        message = f"{one.code} stops counting ({retired.counts_until}) before its last exam."
        yield Issue(retired.location, "days-order", message, "counts_until is the same day as exams_until, or later.")
    if one.valid is None and (one.renewal or one.grace):
        message = f"{one.code} holds for ever: renewal and grace say nothing."
        yield Issue(one.location, "key-idle", message, 'Add "valid:" or leave them out.')
    if one.counts_in_grace and one.grace is None:
        message = f"{one.code} has no grace in which it could count."
        yield Issue(one.location, "key-idle", message, 'Add "grace:" or leave counts_in_grace out.')
    if one.valid and one.renewal and _is_longer(one.renewal, one.valid):
        message = f"{one.code} can be renewed before it is earned: the window is longer than it holds."
        yield Issue(one.location, "window-shape", message, "Leave renewal out if any day will do.")


def _is_longer(window: Length, valid: Length) -> bool:
    return add_length(LEAP_YEAR, window.parts) > add_length(LEAP_YEAR, valid.parts)


def _circles(catalogue: Catalogue) -> Iterator[Issue]:
    """Nothing is its own prerequisite by way of others: each must be attainable from nothing."""
    open_ = dict(catalogue.certifications)
    reached: set[str] = set()
    while found := [one.code for one in open_.values() if _is_open(one, reached, catalogue)]:
        reached.update(found)
        open_ = {code: one for code, one in open_.items() if code not in reached}
    for one in open_.values():
        message = f"{one.code} can never be earned: its prerequisites lead back to it."
        yield Issue(one.location, "name-circle", message, "Break the circle of prerequisites.")


def _is_open(one: Certification, reached: set[str], catalogue: Catalogue) -> bool:
    return all(
        any(code in reached or code not in catalogue.certifications for code in group) for group in one.prerequisites
    )
