"""The checks that what is read of a link, and what cells are of, can be there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from swingby.program.blocks import Condition, Filter, Located
from swingby.program.checks.columns import LINKED, find_column, uses_in
from swingby.program.checks.subject import Check, Subject, columns_of, error
from swingby.program.issues import Issue
from swingby.program.kinds import OWNER_COLUMN, OWNER_LINK, FactKind, word_of
from swingby.program.model import Earning, FactSource
from swingby.program.numbers import Credit, FactNumber

_LINKS: Final = {prefix: table for prefix, table in LINKED.items() if table in OWNER_LINK.values()}


@dataclass(frozen=True, slots=True)
class _Selection:
    """Facts that a rule chooses, how they reach a partner, and the columns that it splits them by."""

    at: Located
    of: str
    filters: tuple[Filter | None, ...]
    credit: Credit | None
    by: tuple[str, ...] = ()


class LinksLead(Check):
    """A column of a link is read only of links themselves, and where facts reach the partner through theirs."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for rule in subject.rules:
            for part in rule.parts:
                for selection in _selections(part):
                    kind = subject.kind(selection.of)
                    if kind is not None:
                        yield from _check(selection, kind, subject)


def _selections(part: object) -> Iterator[_Selection]:
    if isinstance(part, FactNumber):
        among = part.pick.among if part.pick else None
        yield _Selection(part, part.of, (part.where, among), part.credit, part.options.by)
    elif isinstance(part, FactSource):
        yield _Selection(part, part.of, (part.where, part.pick.among if part.pick else None), part.credit)
    elif isinstance(part, Earning) and part.for_each:
        yield _Selection(part, part.for_each.of, (), part.for_each.credit, part.by)


def _check(selection: _Selection, kind: FactKind, subject: Subject) -> Iterator[Issue]:
    read: list[tuple[str, Located]] = [*columns_of(_filters(selection, subject))]
    read += [(name, selection.at) for name in selection.by]
    read += [(use.column, use.at) for use in uses_in(selection.at) if not isinstance(use.at, Condition)]
    base = subject.program.base_of(kind.name)
    for name, at in read:
        asked = _LINKS.get(name.partition(".")[0]) if "." in name else None
        if asked and asked != base and (message := _misled(kind, selection.credit, asked, name)):
            yield error(at, "link-unread", message, _leading(kind, asked))


def _misled(kind: FactKind, credit: Credit | None, asked: str, name: str) -> str:
    """Why a column of a link says nothing about the facts of a kind; nothing where they come through links of theirs."""
    link = _link_of(kind, credit)
    if link != asked:
        how = f"through {link}" if link else "without a link"
        return f"{kind.name} reach a partner {how} here, so {name} is never there."
    matching = (credit.matching if credit else None) or OWNER_COLUMN[kind.owner]
    if matching != "organization":
        return ""
    return f"{kind.name} reach a partner through all of its {link} here, so {name} is that of every one of them."


def _leading(kind: FactKind, asked: str) -> str:
    """What to say instead: the facts' own column of what the link is about leads to their links."""
    about = next(OWNER_COLUMN[owner] for owner, link in OWNER_LINK.items() if link == asked)
    if kind.column(about) is None:
        return f"Leave it out: {kind.name} have no {about} to find {asked} by."
    matching = "" if OWNER_COLUMN[kind.owner] == about else f", matching: {about}"
    return f"Say credit: {{through: {asked}{matching}}}, or leave it out."


def _filters(selection: _Selection, subject: Subject) -> tuple[Filter | None, ...]:
    """The filters of a selection and of the subsets that it chooses from."""
    found, name, seen = list(selection.filters), selection.of, set[str]()
    while name not in seen and (fact := subject.program.facts.get(name)) and fact.subset_of:
        seen.add(name)
        found.append(fact.where)
        name = fact.subset_of
    return tuple(found)


def _link_of(kind: FactKind, credit: Credit | None) -> str | None:
    if credit and credit.anyone:
        return None
    return (credit.through if credit else None) or OWNER_LINK.get(kind.owner)


class LinksFit(Check):
    """Facts are credited through a state of organizations, by a column that it has; precedence needs its ``kind`` or ``role``."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for rule in subject.rules:
            for part in rule.parts:
                for selection in _selections(part) if not isinstance(part, Earning) else ():
                    credit, kind = selection.credit, subject.kind(selection.of)
                    through = _link_of(kind, credit) if kind else None
                    link = subject.kind(through) if through else None
                    if kind and credit and link:
                        yield from _check_link(credit, kind, link, subject)


def _check_link(credit: Credit, kind: FactKind, link: FactKind, subject: Subject) -> Iterator[Issue]:
    if link.shape != "state" or link.column("organization") is None:
        message = f"{link.name} are no links: a link is a state with an organization."
        yield error(credit, "link-shape", message, "Name another kind, or declare one with shape: state.")
        return
    if credit.matching is None and link.name == subject.program.base_of(kind.name):
        yield from _check_own_link(credit, kind)
        return
    matching = credit.matching or OWNER_COLUMN[kind.owner]
    names = ", ".join(column.name for column in link.columns if column.name != "organization")
    if link.column(matching) is None:
        message = f'{link.name} has no column "{matching}" to match the facts with.'
        yield error(credit, "column-unknown", message, f"Say matching: with one of its columns. It has: {names}.")
    if isinstance(credit.several, tuple) and word_of(link) is None:
        message = f"{link.name} has no kind and no role, so its links cannot be put in order of them."
        yield error(credit, "column-unknown", message, "Say several: all, earliest, latest or split.")


def _check_own_link(credit: Credit, kind: FactKind) -> Iterator[Issue]:
    """Links through their own kind go to their organization as they are, so nothing is left to choose."""
    if credit.at or credit.several != "all":
        message = (
            f"Each of the {kind.name} is its own link here, so there are no others to choose from, and no other day."
        )
        yield error(credit, "link-shape", message, "Leave out at and several, or say matching: with a column.")


class CellsAreColumns(Check):
    """What facts are split by is a column of theirs."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for rule in subject.rules:
            for part in rule.parts:
                for selection in _selections(part):
                    kind = subject.kind(selection.of)
                    for name in selection.by:
                        if kind and name in subject.cells() and find_column(subject, kind, name) is None:
                            message = f'{kind.name} have no column "{name}", so every fact is in no cell of it.'
                            hint = f"Split by a column, such as organization.{name}, with a list of that name."
                            yield error(selection.at, "column-unknown", message, hint)
