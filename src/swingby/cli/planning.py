"""``swingby experiment``: waves of partners drawn by lot, in a plan that is fixed before anybody looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from swingby.cli.asking import WORDS, Where, called, where, won_option
from swingby.cli.inputs import (
    Day,
    facts_argument,
    json_option,
    mapping_option,
    program_argument,
    read_facts,
    read_program,
)
from swingby.cli.printing import counted, print_json, print_table
from swingby.cli.progress import progress
from swingby.errors import MisusedError, SwingbyError
from swingby.insight import (
    Act,
    Balance,
    Design,
    Outcome,
    Plan,
    plan_document,
    plan_experiment,
    plan_hash,
    smallest_words,
)

OUTCOMES = {str(one).replace(" ", "-"): one for one in Outcome}


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan that was written: its file, its hash, how many partners each wave has, how alike waves are, what will be seen.

    Attributes
    ----------
    error, smallest
        Of the effect at the end, and the smallest effect that is seen by then in 80 of 100 such experiments; on the scale of the
        estimate.
    said
        The smallest effect in words.
    """

    file: Path
    hash: str
    is_new: bool
    days: tuple[date, ...]
    until: date
    partners: tuple[int, ...]
    balance: tuple[Balance, ...]
    error: float
    smallest: float
    said: str


@click.group("experiment")
def command() -> None:
    """Plan an experiment: who is invited when, by lot. `swingby evidence experiment` reads what comes of it."""


@command.command("plan")
@program_argument
@facts_argument
@mapping_option
@click.option(
    "--act",
    "kind",
    metavar="KIND",
    help="What partners are invited to: a kind of fact, as credentials; left out for a change that comes by itself.",
)
@click.option("--where", "words", type=WORDS, multiple=True, help="Only facts with these words, as level=advanced.")
@click.option("--said", metavar="TEXT", help='How the card calls it, as "the new onboarding".')
@click.option("--outcome", type=click.Choice(list(OUTCOMES)), required=True, help="What it should raise.")
@click.option("--start", type=Day(), required=True, help="The day on which the first wave begins; it begins a month.")
@click.option("--waves", type=click.IntRange(2), default=2, help="How many waves; two if left out.")
@click.option(
    "--every",
    type=click.IntRange(1),
    default=6,
    metavar="MONTHS",
    help="How many months lie between two waves; six if left out. When the last begins, the comparison ends.",
)
@click.option(
    "--before",
    type=click.IntRange(1),
    default=12,
    metavar="MONTHS",
    help="For so many months before the start partners are known; twelve if left out.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    required=True,
    help="Of the lot. Take a number that nobody can choose, such as that of a lottery on a day agreed before.",
)
@click.option("--on", "day", type=Day(), help="The day of planning, before the start; today if left out.")
@won_option
@click.option("--lost", default="lost", metavar="WORD", help="The stage of deals that were lost; lost if left out.")
@click.option(
    "--plan",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file to write. Another plan is never overwritten.",
)
@json_option
def plan(
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    kind: str | None,
    words: Where,
    said: str | None,
    outcome: str,
    start: date,
    waves: int,
    every: int,
    before: int,
    seed: int,
    day: date | None,
    won: str,
    parts: tuple[str, ...],
    lost: str,
    target: Path,
    as_json: bool,
) -> None:
    """Draw waves by lot that are alike in region, size and tenure, and say how large an effect will be seen.

    The plan holds the lot, the outcome, the analysis and when to stop. Register its hash before the first wave begins: hand it
    to somebody who is not part of it, or publish it.
    """
    program = read_program(program_path)
    design = Design(
        act=_act(kind, words, said),
        outcome=OUTCOMES[outcome],
        start=start,
        waves=waves,
        every=every,
        seed=seed,
        before=before,
        won=won,
        lost=lost,
        parts=parts,
    )
    planned_on = day or date.today()  # noqa: DTZ011 (the person's own day is meant)
    design.check(program, planned_on=planned_on)
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Drawing waves"):
        made = plan_experiment(design, facts, program, planned_on=planned_on)
    planned = _planned(made, target, is_new=_keep(target, plan_document(made)))
    if as_json:
        print_json(planned)
    else:
        _print(planned)


def _act(kind: str | None, words: Where, said: str | None) -> Act:
    if kind is None and (words or not said):
        raise MisusedError(
            code="question",
            message="What comes to partners has to be named.",
            hint='Write --act KIND, or --said "the new version" for a change that comes to them by itself.',
        )
    return Act(kind or "", said or called(kind or "", words), where(words))


def _keep(file: Path, text: str) -> bool:
    """Write a plan; False when it stood there already."""
    try:
        with file.open("x", encoding="utf-8") as written:
            written.write(text)
    except FileExistsError:
        if file.read_text(encoding="utf-8", errors="replace") == text:
            return False
        raise SwingbyError(
            code="plan-exists",
            message=f"{file} holds something else. A plan is never overwritten.",
            hint="Write to another place.",
        ) from None
    return True


def _planned(made: Plan, file: Path, *, is_new: bool) -> Planned:
    return Planned(
        file=file,
        hash=plan_hash(made),
        is_new=is_new,
        days=made.design.days,
        until=made.design.until,
        partners=tuple(made.size_of(wave) for wave in range(1, made.design.waves + 1)),
        balance=made.balance,
        error=made.error,
        smallest=made.smallest,
        said=smallest_words(made),
    )


def _print(planned: Planned) -> None:
    click.echo(f"{planned.file} {'is written' if planned.is_new else 'stood there already, the same'}.\n")
    rows = zip(range(1, len(planned.days) + 1), planned.days, planned.partners, strict=True)
    print_table(("wave", "invited from", "partners"), rows, right=("wave", "partners"))
    click.echo("\nHow alike the waves are (the largest difference of a wave, in standard deviations):\n")
    print_table(("trait", "difference"), ((one.trait, f"{one.difference:.2f}") for one in planned.balance))
    click.echo(
        f"\nPartners are compared until {planned.until}. An effect of {planned.said} will be seen by then in 80 of 100"
        f" such experiments, a smaller one less often; {counted(sum(planned.partners), 'partner')} take part."
    )
    click.echo(f"\nRegister this before {planned.days[0]}:\n{planned.hash}")
