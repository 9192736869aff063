"""`swingby demo`: an example company, on the terminal and in the browser."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from swingby.cli.assess import missing, open_rows
from swingby.cli.inputs import read_facts, read_program
from swingby.cli.serve import data_option, port_option
from swingby.engine import Assessment, assess

if TYPE_CHECKING:
    from swingby.engine import Standing, TierStanding
    from swingby.facts import FactSet

#: The day on which the example stands still.
TODAY = date(2026, 3, 31)
_SHOWN = 5


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Stop after the summary.")
@port_option
@data_option
def command(no_serve: bool, port: int | None, data: Path | None) -> None:
    """Show an example company: a summary here, then the application with a login for each role.

    The company and its partners are made up. The second start takes up where the first ended.
    """
    from swingby.web.server.layout import default_data

    data = data or default_data()
    example = make_example(data / "example")
    click.echo(f"\n{summary_of(example)}\n")
    if not no_serve:
        from swingby.web.server.demonstration import demonstrate

        sys.exit(demonstrate(example, data=data, port=port, today=TODAY))


def make_example(folder: Path) -> Path:
    """Generate the example into ``folder`` unless it is there; whole or not at all."""
    from swingby.generation import generate_example
    from swingby.web.server.console import ticking

    if folder.exists():
        return folder
    unfinished = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with ticking("example company"):
        generate_example(unfinished)
    unfinished.rename(folder)
    return folder


def summary_of(example: Path) -> str:
    """Where the example's partners stand, computed at the first call and kept beside the facts."""
    from swingby.web.server.console import ticking

    kept = example / "summary.txt"
    if not kept.exists():
        with ticking("assessment"):
            text = "\n".join(_summary(example))
        kept.write_text(text, encoding="utf-8")
    return kept.read_text(encoding="utf-8")


def _summary(example: Path) -> Iterator[str]:
    program = read_program(example / "program")
    with read_facts(example, program) as facts:
        found = assess(program, facts, as_of=TODAY)
        names = _names(facts)
    yield f"  {program.header.label}, an invented program: {len(found)} partners on {TODAY}"
    for ladder in program.ladders:
        yield from _ladder(found, ladder, names)


def _names(facts: FactSet) -> dict[str, str]:
    return dict(facts.connection.execute("SELECT organization, name FROM ref_organizations").fetchall())


def _ladder(found: Assessment, ladder: str, names: dict[str, str]) -> Iterator[str]:
    held = Counter(standing.tiers[ladder].tier for standing in found)
    for tier in reversed(found.program.ladders[ladder].tiers):
        yield f"    {tier.id:<12}{held[tier.id]:>5}"
    yield "  Closest to the next tier:"
    for standing in _closest(found, ladder):
        tier_standing = standing.tiers[ladder]
        name = names.get(standing.enrolment, standing.enrolment)
        yield f"    {name}, to {tier_standing.next_tier}: {missing(tier_standing)}"


def _closest(found: Assessment, ladder: str) -> list[Standing]:
    """Those who lack the fewest requirements, the highest tiers first."""
    order = [tier.id for tier in found.program.ladders[ladder].tiers]

    def distance(standing: Standing) -> tuple[int, int, str]:
        tier = standing.tiers[ladder]
        return (_lacking(tier), -order.index(tier.next_tier or ""), standing.enrolment)

    return sorted((standing for standing in found if _lacking(standing.tiers[ladder])), key=distance)[:_SHOWN]


def _lacking(tier: TierStanding) -> int:
    return len(open_rows(tier.rows.get(tier.next_tier or "", ())))
