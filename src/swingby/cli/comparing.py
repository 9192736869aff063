"""What `compare` and `backtest` share: their options, the facts of two versions, and how results are printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from swingby.cli.change_report import print_csv, print_markdown, print_moves, print_text
from swingby.cli.inputs import json_option, read_facts
from swingby.cli.printing import print_json
from swingby.engine.replaying import Comparison, Price, headline
from swingby.errors import MisusedError
from swingby.program import Program

if TYPE_CHECKING:
    from swingby.facts import FactSet

Command = TypeVar("Command", bound=Callable[..., Any])


class Priced(click.ParamType[Price]):
    """A benefit and its price: ``discount=bookings``, ``paid_seats=1200``."""

    name = "benefit=price"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Price:
        """Read the price: an amount, or the name of a measure."""
        if isinstance(value, Price):
            return value
        benefit, sign, of = (part.strip() for part in str(value).partition("="))
        if not (benefit and sign and of):
            self.fail(f"{value!r} is not a price; write it as discount=bookings or paid_seats=1200.", param, ctx)
        try:
            amount = Decimal(of)
        except InvalidOperation:
            return Price(benefit, of)
        if not amount.is_finite():
            self.fail(f"{of!r} is not an amount.", param, ctx)
        return Price(benefit, amount)


def price_option(command: Command) -> Command:
    """What benefits cost."""
    return click.option(
        "--price",
        "prices",
        type=Priced(),
        multiple=True,
        help="What a benefit costs: an amount for each and year (paid_seats=1200), or a measure of which it is a share "
        "(discount=bookings); may be given several times.",
    )(command)


def form_options(command: Command) -> Command:
    """In which form the answer is printed."""
    options = (
        click.option("--table", "form", flag_value="table", help="Print the moves as one table."),
        click.option("--markdown", "form", flag_value="markdown", help="Print a page of Markdown."),
        click.option("--csv", "form", flag_value="csv", help="Print the moves as CSV."),
    )
    command = json_option(command)
    for option in reversed(options):
        command = option(command)
    return command


def facts_of_both(path: str, old: Program, new: Program, mapping: Path | None) -> tuple[FactSet, FactSet | None]:
    """The facts as the new version reads them; as the old one does too, where that declares other kinds of fact."""
    facts = read_facts(path, new, mapping=mapping)
    if (old.kinds, old.facts) == (new.kinds, new.facts):
        return facts, None
    return facts, read_facts(path, old, mapping=mapping)


@dataclass(frozen=True, slots=True)
class ToldComparison(Comparison):
    """A comparison with its headline in words."""

    headline: str = ""


def _told(found: Comparison) -> ToldComparison:
    return ToldComparison(**{item.name: getattr(found, item.name) for item in fields(found)}, headline=headline(found))


def print_comparison(found: Comparison, form: str | None, *, as_json: bool, every_review: bool) -> None:
    """Print the answer in the form that is asked for."""
    if as_json and form is not None:
        message = f"--json and --{form} exclude each other."
        raise MisusedError(code="options-exclusive", message=message, hint="Choose one of them.")
    if as_json:
        print_json(_told(found))
    elif form == "table":
        print_moves(found)
    elif form == "csv":
        print_csv(found)
    elif form == "markdown":
        print_markdown(found, every_review=every_review)
    else:
        print_text(found, every_review=every_review)
