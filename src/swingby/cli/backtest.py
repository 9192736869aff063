"""``swingby backtest``: all reviews of a span of days replayed under two versions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import click

from swingby.cli.comparing import facts_of_both, form_options, price_option, print_comparison
from swingby.cli.inputs import PROGRAM, Day, facts_argument, mapping_option, read_program
from swingby.cli.progress import progress
from swingby.engine.replaying import Price, backtest


@click.command("backtest")
@click.argument("new_path", metavar="NEW", type=PROGRAM)
@facts_argument
@click.option("--against", "old_path", type=PROGRAM, required=True, help="The version to compare with.")
@mapping_option
@click.option("--from", "first", type=Day(), required=True, help="The first day of the span, as 2026-03-31.")
@click.option("--to", "last", type=Day(), required=True, help="The last day of the span.")
@click.option(
    "--known",
    type=click.Choice(["now", "then"]),
    default="now",
    help="Whether reviews see what is known now, or what was known on their day; now if left out.",
)
@price_option
@form_options
def command(
    new_path: Path,
    facts_path: str,
    old_path: Path,
    mapping: Path | None,
    first: date,
    last: date,
    known: Literal["now", "then"],
    prices: tuple[Price, ...],
    form: str | None,
    as_json: bool,
) -> None:
    """Replay every review between two days under NEW and under another version, as if nobody changed behaviour.

    Says who moves at each review and why, what benefits cost, who is worse off, who is near a line, which requirement
    alone stops whom, and what cannot be replayed. Both versions are taken as if they had begun on the first day of the
    earlier one, or on --from if that is before it.
    """
    new, against = read_program(new_path), read_program(old_path)
    facts, old_facts = facts_of_both(facts_path, against, new, mapping)
    with progress("Replaying reviews") as told:
        found = backtest(
            new,
            facts,
            against=against,
            first=first,
            last=last,
            known=known,
            prices=prices,
            old_facts=old_facts,
            progress=told.at,
        )
    print_comparison(found, form, as_json=as_json, every_review=True)
