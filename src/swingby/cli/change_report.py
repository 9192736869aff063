"""What a change does, as sections of text and tables: for the terminal, as Markdown, or its moves as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import click

from swingby.cli.printing import markdown_table, number_text, print_table
from swingby.engine.replaying import (
    Comparison,
    NotReplayable,
    Review,
    Stopping,
    amount,
    because,
    headline,
    knowledge,
    why,
)

#: How many partners one line names.
MOST_NAMED = 5
MOVES = ("review", "partner", "ladder", "old", "new", "way", "why")


@dataclass(frozen=True, slots=True)
class Section:
    """A title, what is said below it, and a table; the columns named in ``right`` hold numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    right: tuple[str, ...] = ()
    said: str = ""


def print_text(found: Comparison, *, every_review: bool) -> None:
    """Print the headline and every section that has something to say."""
    click.echo(f"{_title(found)}\n\n{headline(found)}")
    for line in _remarks(found):
        click.echo(line)
    for section in sections(found, every_review=every_review):
        click.echo(f"\n{section.title}")
        if section.said:
            click.echo(section.said)
        print_table(section.columns, section.rows, right=section.right)


def print_markdown(found: Comparison, *, every_review: bool) -> None:
    """Print the same as a page of Markdown."""
    click.echo(f"# {_title(found)}\n\n{headline(found)}")
    for line in _remarks(found):
        click.echo(f"\n{line}")
    for section in sections(found, every_review=every_review):
        said = f"{section.said}\n\n" if section.said else ""
        click.echo(
            f"\n## {section.title}\n\n{said}{markdown_table(section.columns, section.rows, right=section.right)}"
        )


def print_moves(found: Comparison) -> None:
    """Print the moves of all reviews as one table."""
    print_table(MOVES, move_rows(found, found.reviews))


def print_csv(found: Comparison) -> None:
    """Print the moves of all reviews as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(MOVES)
    writer.writerows([_guarded(cell) for cell in row] for row in move_rows(found, found.reviews))
    click.echo(text.getvalue(), nl=False)


def _guarded(cell: object) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    text = str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def move_rows(found: Comparison, reviews: Iterable[Review]) -> Iterator[tuple[object, ...]]:
    """A row for every move."""
    for review in reviews:
        for move in review.moves:
            tiers = (move.old or "none", move.new or "none")
            yield (review.on, move.enrolment, move.ladder, *tiers, move.direction, why(move, found))


def _title(found: Comparison) -> str:
    old, new = found.old, found.new
    if not found.is_of_versions:
        return f"{new.program} {new.version}: {old.day} and {new.day}"
    if found.known is None:
        return f"{new.program}: version {new.version} against {old.version} on {new.day}"
    span = f"{len(found.reviews)} reviews from {found.reviews[0].on} to {found.last.on}"
    return f"{new.program}: version {new.version} against {old.version}, {span}, {knowledge(found)}"


def _remarks(found: Comparison) -> Iterator[str]:
    for side in (found.old, found.new):
        if side.effective != side.replayed_from:
            yield f"Version {side.version} begins on {side.effective}; it is replayed as if it had begun on {side.replayed_from}."
    if found.by_month:
        yield "There are too many days of review; the first of each month stands for those since the one before."
    for version, ladders in ((found.old.version, found.only_old), (found.new.version, found.only_new)):
        if ladders:
            yield f"Only version {version} has {', '.join(ladders)}, which is not compared."
    if found.not_compared:
        yield f"Not compared, because facts are missing: {len(found.not_compared):,} ({_named(found.not_compared)})."
    for cost in found.costs:
        if cost.unknown:
            yield f"{cost.label} leaves out {cost.unknown:,} partners whose cost is unknown."


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def sections(found: Comparison, *, every_review: bool) -> Iterator[Section]:
    """The sections that have rows."""
    made = (
        _reviews(found) if every_review else None,
        _tiers(found),
        _moves(found),
        _losers(found),
        _groups(found),
        _near(found),
        _stopping(found),
        _costs(found),
        _gaps(found),
    )
    yield from (section for section in made if section is not None and section.rows)


def _reviews(found: Comparison) -> Section:
    rows = [
        (item.on, item.compared, item.count("up"), item.count("down"), item.count("aside"), item.unknown)
        for item in found.reviews
    ]
    columns = ("review", "compared", "up", "down", "aside", "not compared")
    return Section("Moves per review", columns, tuple(rows), columns[1:])


def _tiers(found: Comparison) -> Section:
    columns = ("ladder", "tier", "old", "new", "up", "down", "aside")
    rows = [(item.ladder, item.label, item.old, item.new, item.up, item.down, item.aside) for item in found.last.tiers]
    return Section("Tiers", columns, tuple(rows), columns[2:])


def _moves(found: Comparison) -> Section:
    return Section(
        f"Who moves on {found.new.day}", MOVES[1:], tuple(row[1:] for row in move_rows(found, (found.last,)))
    )


def _losers(found: Comparison) -> Section:
    rows = [
        (
            loser.enrolment,
            "lower tier" if any(move.direction == "down" for move in loser.moves) else "",
            number_text(loser.lost),
        )
        for loser in found.worse_off
        if found.costs
    ]
    return Section(
        "Who is worse off", ("partner", "tier", f"{found.currency} less"), tuple(rows), (f"{found.currency} less",)
    )


def _groups(found: Comparison) -> Section:
    columns = ("by", "group", "compared", "up", "down", "aside")
    told = {item.by for item in found.groups if item.group}
    moving = (item for item in found.groups if item.by in told and (item.up or item.down or item.aside))
    rows = [(item.by, item.group or "none", item.compared, item.up, item.down, item.aside) for item in moving]
    return Section("Where they are", columns, tuple(rows), columns[2:])


def _money(value: Decimal | None) -> str:
    return "unknown" if value is None else f"{round(value, 2):,f}"


def _near(found: Comparison) -> Section:
    rows = [
        (
            item.enrolment,
            item.ladder,
            item.tier,
            item.label,
            number_text(item.value),
            number_text(item.line),
            "just met" if item.is_met else "just missed",
        )
        for item in found.near
    ]
    met = sum(item.is_met for item in found.near)
    said = f"Within 5 % of a line that decides in version {found.new.version}: {met:,} just met, {len(rows) - met:,} just missed."
    columns = ("partner", "ladder", "tier", "requirement", "value", "line", "side")
    return Section("Near a line", columns, tuple(rows), ("value", "line"), said)


def _stopping(found: Comparison) -> Section:
    old = [item for item in found.stopping if item.side == "old"]
    rows = []
    for item in (item for item in found.stopping if item.side == "new"):
        before = next((other for other in old if _is_same(other, item)), None)
        old = [other for other in old if other is not before]
        rows.append(_stop(item, before))
    gone = [(item.ladder, item.tier, item.label, item.missed, None, len(item.alone), None, "") for item in old]
    columns = (
        "ladder",
        "tier",
        "requirement",
        "missed, old",
        "missed, new",
        "alone, old",
        "alone, new",
        "it alone stops",
    )
    said = "Of those who are on their way to a tier: how many miss a requirement, and for whom it alone is missing."
    return Section("Which requirement stops whom", columns, (*rows, *gone), columns[3:7], said)


def _is_same(old: Stopping, new: Stopping) -> bool:
    """Whether two requirements say the same, or are about the same thing in the same tier."""
    if (old.ladder, old.tier) != (new.ladder, new.tier):
        return False
    return old.label == new.label or (old.name == new.name != "")


def _stop(new: Stopping, old: Stopping | None) -> tuple[object, ...]:
    before = (None, None) if old is None else (old.missed, len(old.alone))
    counts = (before[0], new.missed, before[1], len(new.alone))
    return (new.ladder, new.tier, new.label, *counts, _named(new.alone))


def _costs(found: Comparison) -> Section:
    rows = [
        (
            item.label,
            item.price,
            "a year" if item.is_yearly else "over its window",
            *("–" if side is None else amount(side, found.currency) for side in (item.old, item.new)),
            amount(item.change, found.currency),
        )
        for item in found.costs
    ]
    columns = ("benefit", "price", "counted", "old", "new", "change")
    return Section("What benefits cost", columns, tuple(rows), columns[3:])


def _gaps(found: Comparison) -> Section:
    rows = [_gap(item, found) for item in found.not_replayable]
    columns = ("version", "tier", "requirement", "reviews", "partners at most", "because")
    said = "These have no answer at some reviews, because facts did not exist then. Nobody whom they decide is compared there."
    return Section("What cannot be replayed", columns, tuple(rows), ("partners at most",), said)


def _gap(item: NotReplayable, found: Comparison) -> tuple[object, ...]:
    version = (found.old if item.side == "old" else found.new).version
    first, last = item.reviews[0], item.reviews[-1]
    days = str(first) if first == last else f"{len(item.reviews)} from {first} to {last}"
    return (version, item.tier, item.label, days, item.partners, because(item.because))
