"""What vendors' tiers ask of a firm's people: the option that names programs, and what is read out of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from swingby.cli.inputs import read_facts, read_program
from swingby.cli.printing import counted, print_table
from swingby.enablement import AskedByTiers, AskStanding, Catalogue, tier_asks
from swingby.engine import assess
from swingby.errors import MisusedError

tier_option = click.option(
    "--tier",
    "tiers",
    type=(click.Path(path_type=Path), str),
    multiple=True,
    metavar="PROGRAM FACTS",
    help="A vendor's program and the facts about the firm in it; may be given several times.",
)


def asked_by_tiers(catalogue: Catalogue, tiers: Iterable[tuple[Path, str]], day: date) -> AskedByTiers:
    """What keeping the tiers held, and reaching the next, asks of credentials, program by program.

    Raises
    ------
    MisusedError
        ``one-partner`` where facts tell of several firms, or of none.
    """
    found = [tier_asks(read_program(path), catalogue, _held(path, facts, day), day) for path, facts in tiers]
    return AskedByTiers(
        tuple(ask for one in found for ask in one.asks), tuple(words for one in found for words in one.unread)
    )


def print_asks(asks: Sequence[AskStanding], unread: Iterable[str]) -> None:
    """A table of what tiers ask; what cannot be counted is named on the error stream."""
    for words in unread:
        click.secho(f"Not counted here: {words}.", fg="yellow", err=True)
    if not asks:
        return
    click.echo("\nWhat tiers ask:\n")
    rows = (
        (
            one.ask.requirement.source,
            one.ask.purpose,
            one.ask.label,
            one.ask.requirement.people,
            one.held,
            one.lapsing,
            one.missing,
        )
        for one in asks
    )
    columns = ("tier", "to", "what", "asked", "held", "lapsing", "missing")
    print_table(columns, rows, right=columns[3:])


def _held(path: Path, facts_path: str, day: date) -> Mapping[str, str | None]:
    """By ladder the tier that the only partner in a folder of facts holds."""
    program = read_program(path)
    with read_facts(facts_path, program) as facts:
        found = list(assess(program, facts, as_of=day))
    if len(found) != 1:
        raise MisusedError(
            code="one-partner",
            message=f"{facts_path} tells of {counted(len(found), 'partner')}, not of one firm.",
            hint="Give --tier the facts of the firm alone in that program.",
        )
    return {ladder: standing.tier for ladder, standing in found[0].tiers.items()}
