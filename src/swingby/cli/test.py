"""``swingby test``: a program's scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from swingby.cli.failures import excuse, show_traceback
from swingby.cli.inputs import json_option, program_argument, read_program
from swingby.cli.printing import print_issues, print_json
from swingby.cli.progress import progress
from swingby.engine.scenarios import Difference, Outcome, Scenario, read_scenarios, run_scenarios
from swingby.errors import ExitCode, IssuesError, SwingbyError
from swingby.program import Issue, Location, Program


@click.command("test")
@program_argument
@click.argument("scenarios_path", metavar="[SCENARIOS]", required=False, type=click.Path(path_type=Path))
@click.option("--verbose", is_flag=True, help="Name the scenarios that pass as well.")
@json_option
def command(program_path: Path, scenarios_path: Path | None, verbose: bool, as_json: bool) -> None:
    """Run the scenarios of PROGRAM (by default those in its folder `scenarios`) and say what differs.

    Ends with 0 when every scenario passes, with 1 otherwise.
    """
    program = read_program(program_path)
    scenarios, issues = read_scenarios(scenarios_path or program_path / "scenarios")
    print_issues(issues)
    if not scenarios:
        raise _nothing_to_run(scenarios_path or program_path / "scenarios", issues)
    outcomes = _run(program, [scenario for scenario in scenarios if scenario.expected])
    tried = Tried(
        passed=sum(outcome.passed for outcome in outcomes),
        failed=sum(not outcome.passed for outcome in outcomes),
        unread=sum(issue.level == "error" for issue in issues),
        scenarios=tuple(map(_as_data, outcomes)),
        issues=tuple(issues),
    )
    if as_json:
        print_json(tried)
    else:
        _print(tried, outcomes, verbose=verbose)
    if tried.failed or tried.unread:
        raise SystemExit(ExitCode.NEGATIVE)


@dataclass(frozen=True, slots=True)
class TriedScenario:
    """How one scenario came out; ``error`` says why it could not be run."""

    name: str
    place: Location
    passed: bool
    checked: int
    differences: tuple[Difference, ...]
    error: TriedError | None


@dataclass(frozen=True, slots=True)
class TriedError:
    """Why a scenario could not be run."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Tried:
    """How the scenarios of a program came out."""

    passed: int
    failed: int
    unread: int
    scenarios: tuple[TriedScenario, ...]
    issues: tuple[Issue, ...]


def _as_data(outcome: Outcome) -> TriedScenario:
    error = outcome.error
    return TriedScenario(
        name=outcome.scenario.name,
        place=outcome.scenario.location,
        passed=outcome.passed,
        checked=outcome.checked,
        differences=outcome.differences,
        error=TriedError(error.code, error.message, error.hint) if error else None,
    )


def _nothing_to_run(place: Path, issues: Sequence[Issue]) -> SwingbyError:
    return IssuesError(
        code="no-scenarios",
        message=f"No scenario was found in {place}.",
        hint="Write one: see the reference page of scenarios.",
        issues=issues,
    )


def _print(tried: Tried, outcomes: Sequence[Outcome], *, verbose: bool) -> None:
    for outcome in outcomes:
        _print_outcome(outcome, verbose=verbose)
    tail = f", {tried.unread} could not be read" if tried.unread else ""
    click.echo(f"{tried.passed} passed, {tried.failed} failed{tail}")


def _run(program: Program, scenarios: list[Scenario]) -> list[Outcome]:
    """Run all scenarios; one that cannot be computed does not stop the others."""
    from swingby.facts import from_rows

    with progress("Running scenarios", steps=len(scenarios)) as told:
        return run_scenarios(program, scenarios, from_rows, told=told, excuse=excuse)


def _print_outcome(outcome: Outcome, *, verbose: bool) -> None:
    if not outcome.passed:
        click.secho(f"✗ {outcome.scenario.name}", fg="red")
        if outcome.error:
            click.echo(f"    [{outcome.error.code}] {outcome.error}")
            if outcome.error.__cause__:
                show_traceback(outcome.error.__cause__)
            return
        for difference in outcome.differences or ("nothing was expected",):
            click.echo(f"    {difference}")
    elif verbose:
        click.secho(f"✓ {outcome.scenario.name}", fg="green")
