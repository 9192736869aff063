"""``swingby test``: a program's scenarios."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from swingby.cli.inputs import program_argument, read_program
from swingby.cli.printing import print_issues
from swingby.engine.scenarios import Outcome, Scenario, read_scenarios, run_scenarios
from swingby.errors import ExitCode, SwingbyError
from swingby.program import Program


@click.command("test")
@program_argument
@click.argument("scenarios_path", metavar="[SCENARIOS]", required=False, type=click.Path(path_type=Path))
@click.option("--verbose", is_flag=True, help="Name the scenarios that pass as well.")
def command(program_path: Path, scenarios_path: Path | None, verbose: bool) -> None:
    """Run the scenarios of PROGRAM (by default those in its folder ``scenarios``) and say what differs.

    Ends with 0 when every scenario passes, with 1 otherwise.
    """
    program = read_program(program_path)
    scenarios, issues = read_scenarios(scenarios_path or program_path / "scenarios")
    print_issues(issues)
    if not scenarios:
        raise SwingbyError(
            code="no-scenarios",
            message=f"No scenario was found in {scenarios_path or program_path / 'scenarios'}.",
            hint="Write one: see the reference page of scenarios.",
        )
    outcomes = _run(program, [scenario for scenario in scenarios if scenario.expected])
    for outcome in outcomes:
        _print(outcome, verbose=verbose)
    failed = sum(not outcome.passed for outcome in outcomes)
    unread = sum(issue.level == "error" for issue in issues)
    tail = f", {unread} could not be read" if unread else ""
    click.echo(f"{len(outcomes) - failed} passed, {failed} failed{tail}")
    if failed or unread:
        raise SystemExit(ExitCode.NEGATIVE)


def _run(program: Program, scenarios: list[Scenario]) -> list[Outcome]:
    """Run all scenarios; one that cannot be computed does not stop the others. On a terminal, a bar says how far it is."""
    from swingby.facts import from_rows

    hidden = not sys.stderr.isatty()
    with click.progressbar(length=len(scenarios), label="Running", file=sys.stderr, hidden=hidden) as bar:
        return run_scenarios(program, scenarios, from_rows, told=bar.update)


def _print(outcome: Outcome, *, verbose: bool) -> None:
    if not outcome.passed:
        click.secho(f"✗ {outcome.scenario.name}", fg="red")
        if outcome.error:
            click.echo(f"    [{outcome.error.code}] {outcome.error}")
            return
        for difference in outcome.differences or ("nothing was expected",):
            click.echo(f"    {difference}")
    elif verbose:
        click.secho(f"✓ {outcome.scenario.name}", fg="green")
