"""``swingby path``: the least effort that reaches a tier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import click

from swingby.cli.inputs import (
    LADDER,
    PARTNER,
    TIER,
    Day,
    as_of_option,
    day_or_today,
    facts_argument,
    json_option,
    mapping_option,
    program_argument,
    read_facts,
    read_program,
)
from swingby.cli.printing import number_text, print_json
from swingby.cli.progress import progress
from swingby.engine import gap_words
from swingby.engine.path import Condition, Least, PathStep, Risk, Total, find_path, unsaid
from swingby.engine.path import Path as Way
from swingby.errors import ExitCode
from swingby.program import Program

_LEAST: tuple[Least, ...] = ("hours", "money", "days")


@click.command("path")
@program_argument
@facts_argument
@click.option("--partner", type=PARTNER, required=True, help="The id of an enrolment.")
@mapping_option
@as_of_option
@click.option("--to", "tier", type=TIER, help="The tier to reach; the next one if left out.")
@click.option("--ladder", type=LADDER, help="The ladder, where several have such a tier.")
@click.option("--by", type=Day(), help="The last day on which a review may give it; in twelve months if left out.")
@click.option("--least", type=click.Choice(_LEAST), default="hours", help="What counts first; hours if left out.")
@json_option
def command(
    program_path: Path,
    facts_path: str,
    partner: str,
    mapping: Path | None,
    as_of: date | None,
    tier: str | None,
    ladder: str | None,
    by: date | None,
    least: Least,
    as_json: bool,
) -> None:
    """Say what a partner can do to reach a tier with the least effort, by when, and what does not lie in its hands.

    Only what the program calls controllable is proposed. The engine is run on the facts with the steps added before
    they are printed. Ends with 1 when no review in time can give the tier.
    """
    program = read_program(program_path)
    day = day_or_today(as_of, program)
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Searching the least effort"):
        found = find_path(program, facts, partner=partner, to=tier, ladder=ladder, as_of=day, by=by, least=least)
    if as_json:
        print_json(found)
    else:
        _print(found, program)
    if found.outlook == "none":
        raise click.exceptions.Exit(ExitCode.NEGATIVE)


def _print(way: Way, program: Program) -> None:
    click.echo(f"{way.partner} on {way.as_of}, {program.header.label} {program.header.version}")
    click.echo(f"{way.ladder}: {way.held or 'none'} → {way.tier or 'nothing above'}\n")
    if way.outlook == "held":
        click.echo(f"{way.tier or 'The highest tier'} is held already.")
        return
    if way.outlook == "none":
        click.echo(f"No review by {way.by} can give {way.tier}{_earliest(way)}.")
    else:
        _print_steps(way, program)
    _print_rest(way)


def _earliest(way: Way) -> str:
    return f"; the first that can is on {way.earliest}" if way.earliest else ""


def _print_steps(way: Way, program: Program) -> None:
    currency = program.header.currency
    for nth, step in enumerate(way.steps, start=1):
        click.echo(f"{nth}. {_step(step)}")
        click.echo(f"   start on {step.start_on}, counts from {step.ready_on}; {_effort(step, currency)}")
        if step.people:
            click.echo(f"   {', '.join(step.people)}")
        for line in _effects(step, way):
            click.echo(f"   {line}")
    if not way.steps:
        click.echo(_without_steps(way, program))
    rest = "the rest" if way.steps else "what is missing"
    told = "given" if way.outlook == "path" else f"possible, if {rest} comes too,"
    click.echo(f"\n{way.tier} is {told} at the review of {way.review_on}" + _held_from(way))
    if way.steps:
        click.echo(f"ready by {way.ready_by}; {_total(way.effort, currency)} in all")
    if not way.is_least:
        click.echo("This is enough. That nothing costs less is not shown.")
    if way.steps or way.outlook == "path":
        click.echo("Checked: the engine was run with these steps.")


def _without_steps(way: Way, program: Program) -> str:
    """Why nothing is proposed: there is nothing to do, nothing is said of what can be done, or others decide."""
    missing = [item for item in way.depends_on if not item.is_met]
    silent = [item for item in missing if item.control == "not said"]
    if silent:
        names = dict.fromkeys(name for item in silent for name in unsaid(program, item.name))
        return (
            f"Nothing can be proposed: no rule says what a partner can do about {_listed(names, silent)}.\n"
            "Write `control: controllable` and an `effort` there where a partner can do it."
        )
    if missing or way.blocked_by:
        return "Nothing can be proposed: what is missing does not lie in the partner's hands."
    return "Nothing more to do."


def _listed(names: Iterable[str], silent: Sequence[Condition]) -> str:
    return ", ".join(names) or ", ".join(item.label for item in silent)


def _held_from(way: Way) -> str:
    return f", held from {way.effective_on}" if way.effective_on != way.review_on else ""


def _step(step: PathStep) -> str:
    word = f" ({step.word.replace('_', ' ')})" if step.word else ""
    return f"{step.label}{word}: {step.count} more"


def _effort(step: PathStep, currency: str) -> str:
    return _total(step.effort, currency) if step.is_costed else "the program says no effort"


def _total(effort: Total, currency: str) -> str:
    parts = [f"{number_text(effort.hours)} hours"]
    parts += [f"{number_text(effort.money)} {currency}"] if effort.money else []
    seats = "seat" if effort.seats == 1 else "seats"
    parts += [f"{number_text(effort.seats)} training {seats}"] if effort.seats else []
    return ", ".join(parts)


def _effects(step: PathStep, way: Way) -> list[str]:
    labels = {row.path: row.label for row in way.rows}
    found = [f"unlocks: {labels[path]}" for path in step.unlocks]
    for gain in step.gains:
        value, line = number_text(gain.value), number_text(gain.line)
        found.append(f"{gain.label}: {number_text(gain.points)} more, {value} of {line}")
    return found


def _print_rest(way: Way) -> None:
    _print_part("Still depends on", [_condition(item) for item in way.depends_on if not item.is_met])
    _print_part("Must stay", [_condition(item) for item in way.depends_on if item.is_met])
    _print_part("Blocked by", [f"{item.label}: {item.reason}" for item in way.blocked_by])
    _print_part("At risk before then", [_risk(item) for item in way.at_risk])


def _print_part(title: str, lines: list[str]) -> None:
    if lines:
        click.echo(f"\n{title}")
        for line in lines:
            click.echo(f"  {line}")


def _condition(item: Condition) -> str:
    gap = "" if item.is_met else gap_words(item.gap, item.test, is_place=item.is_place)
    return f"{item.label}: {number_text(item.value)}{gap and f', {gap}'} ({_CONTROL[item.control]})"


_CONTROL = {
    "influenced": "a partner can push it",
    "outcome": "a partner can only hope for it",
    "not said": "the program does not say what a partner can do",
}


def _risk(item: Risk) -> str:
    whose = f" of {item.person}" if item.person else ""
    if item.ends_on is None:
        return f"{item.label}: {number_text(item.amount)} less by then"
    return f"{item.label}{whose}: ends on {item.ends_on}"
