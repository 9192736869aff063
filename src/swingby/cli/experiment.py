"""``swingby evidence experiment``: what a lot shows, at any time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from swingby.cli.asking import ONE_DAY, Given, give_out, question_options
from swingby.cli.inputs import Day, read_facts, read_program
from swingby.cli.progress import progress
from swingby.insight import answer_experiment, read_plan


@click.command("experiment")
@question_options
@click.option(
    "--plan",
    "plan_path",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file that `swingby experiment plan` wrote.",
)
@click.option(
    "--registered", required=True, metavar="HASH", help="The hash that was registered with it before the start."
)
@click.option(
    "--to",
    "last",
    type=Day(),
    help="The last day that is looked at; the last whole month that is known if left out.",
)
def experiment(
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    known_at: int | None,
    seed: int,  # noqa: ARG001 (the lot is drawn by the plan's own seed)
    page: Path | None,
    paper: Path | None,
    width: int,
    as_json: bool,
    plan_path: Path,
    registered: str,
    last: date | None,
) -> None:
    """Say what partners that were drawn by lot gained over those that wait, as often as you like, and whether to go on.

    Refuses a plan that is not the one that was registered, and a lot that somebody mended.
    """
    plan = read_plan(plan_path.read_text(encoding="utf-8", errors="replace"), registered=registered)
    program = read_program(program_path)
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Comparing waves"):
        card = answer_experiment(plan, facts, program, until=last and last + ONE_DAY, known_at=known_at)
    give_out(card, program, facts_path, Given(page, paper, width, as_json))
