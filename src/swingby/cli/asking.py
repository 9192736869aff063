"""What the questions of `evidence` share: their options, and how a card is given out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import click

from swingby.cli.inputs import (
    Day,
    facts_argument,
    json_option,
    known_at_option,
    mapping_option,
    program_argument,
    width_option,
)
from swingby.cli.printing import print_json
from swingby.errors import ExitCode
from swingby.insight import Act, Between, Card, Noted, Verdict, card_page, card_paper
from swingby.program import Program

Command = TypeVar("Command", bound=Callable[..., Any])
ONE_DAY = timedelta(days=1)
_FILE = click.Path(path_type=Path, dir_okay=False)


class Words(click.ParamType[tuple[str, tuple[str, ...]]]):
    """A column and the words that count in it: ``level=advanced``, ``kind=plan,plan_b``."""

    name = "column=word"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, tuple[str, ...]]:
        """Read the column and its words."""
        if isinstance(value, tuple):
            return value
        column, sign, listed = (part.strip() for part in str(value).partition("="))
        words = tuple(word.strip() for word in listed.split(",") if word.strip())
        if not (column and sign and words):
            self.fail(f"{value!r} names no words; write it as level=advanced or kind=plan,review.", param, ctx)
        return column, words


class Range(click.ParamType[Between]):
    """A number, or two that it lies between: ``0.3``, ``0.25..0.35``."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Between:
        """Read the number or both ends."""
        if isinstance(value, Between):
            return value
        first, sign, last = str(value).partition("..")
        try:
            low = float(first)
            high = float(last) if sign else low
        except ValueError:
            self.fail(
                f"{value!r} is no number; write it as 0.3, or as 0.25..0.35 where it is not known exactly.", param, ctx
            )
        if not (isfinite(low) and isfinite(high) and low <= high):
            self.fail(f"{value!r} is no range; write the smaller number first, as 0.25..0.35.", param, ctx)
        return Between(low, high)


class Money(click.ParamType[Decimal]):
    """An amount: ``150000``."""

    name = "amount"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read the amount."""
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            self.fail(f"{value!r} is no amount; write it as 150000.", param, ctx)
        return amount


class AlsoCounted(click.ParamType[Act]):
    """Facts that are counted: ``claims``, ``activities:kind=campaign``."""

    name = "kind:column=word"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Act:
        """Read the kind and its words."""
        if isinstance(value, Act):
            return value
        kind, sign, words = (part.strip() for part in str(value).partition(":"))
        given = (WORDS.convert(words, param, ctx),) if sign else ()
        listed = " and ".join(f"{column} {' or '.join(some)}" for column, some in given)
        return Act(kind, f"{kind.replace('_', ' ')} with {listed}" if listed else kind.replace("_", " "), where(given))


class Remark(click.ParamType[Noted]):
    """What happened on a day: ``2025-03-01=a new price list``."""

    name = "day=text"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Noted:
        """Read the day and the text."""
        if isinstance(value, Noted):
            return value
        day, _, text = (part.strip() for part in str(value).partition("="))
        if not text:
            self.fail(f"{value!r} says nothing of a day; write it as 2025-03-01=a new price list.", param, ctx)
        return Noted(Day().convert(day, param, ctx), text)


WORDS, BETWEEN = Words(), Range()
Where = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Given:
    """How a card is given out.

    Parameters
    ----------
    page, paper
        Files to write it to as HTML and as PDF.
    width
        The longest line of text.
    """

    page: Path | None
    paper: Path | None
    width: int
    as_json: bool


def question_options(command: Command) -> Command:
    """What every question takes: program, facts, and in which form the card is given out."""
    options = (
        program_argument,
        facts_argument,
        mapping_option,
        known_at_option,
        click.option(
            "--seed", type=click.IntRange(0), default=0, help="Of draws; the same seed gives the same figures."
        ),
        click.option(
            "--html", "page", type=_FILE, help="Write the card to this file too, as a page that needs nothing else."
        ),
        click.option("--pdf", "paper", type=_FILE, help="Write the card to this file too, as PDF."),
        width_option,
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def span_options(command: Command) -> Command:
    """The days that are looked at."""
    first = click.option(
        "--from", "first", type=Day(), required=True, help="The first day that is looked at; it begins a month."
    )
    last = click.option("--to", "last", type=Day(), required=True, help="The last day that is looked at.")
    return first(last(command))


def won_option(command: Command) -> Command:
    """Which deals count, and for whom."""
    command = click.option(
        "--part",
        "parts",
        metavar="WORD",
        multiple=True,
        help="The part in a deal for which it counts, as seller; may be given several times; every part if left out.",
    )(command)
    return click.option(
        "--won", default="won", metavar="WORD", help="The stage of deals that were won; won if left out."
    )(command)


def where(given: Where) -> Mapping[str, tuple[str, ...]]:
    """Columns with their words; those of a column that is given twice add up."""
    found: dict[str, tuple[str, ...]] = {}
    for column, words in given:
        found[column] = (*found.get(column, ()), *words)
    return found


def called(kind: str, words: Where) -> str:
    """The act as a sentence calls it when nobody said how."""
    listed = " and ".join(f"{column} {' or '.join(some)}" for column, some in words)
    return f"the first of {kind.replace('_', ' ')}" + (f" with {listed}" if listed else "")


def give_out(card: Card, program: Program, facts_path: str, given: Given) -> None:
    """Write the card to its files and print it; ends with 1 when these data cannot answer."""
    from swingby.cli.card_text import card_text

    data = f"Program: {program.header.label}, version {program.header.version}. Facts: {Path(facts_path).name}."
    if given.page is not None:
        given.page.write_text(card_page(card, about_data=data), encoding="utf-8")
    if given.paper is not None:
        given.paper.write_bytes(card_paper(card, about_data=data))
    if given.as_json:
        print_json(card)
    else:
        click.echo(card_text(card, width=given.width))
    if card.verdict is Verdict.UNANSWERABLE:
        raise click.exceptions.Exit(ExitCode.NEGATIVE)
