"""``swingby test``: a program's scenarios."""

from __future__ import annotations

from pathlib import Path

import click

from swingby.cli.inputs import program_argument, read_program
from swingby.cli.printing import print_issues
from swingby.engine.scenarios import Outcome, read_scenarios, run_scenario
from swingby.errors import ExitCode, SwingbyError


@click.command("test")
@program_argument
@click.argument("scenarios_path", metavar="[SCENARIOS]", required=False, type=click.Path(path_type=Path))
@click.option("--verbose", is_flag=True, help="Name the scenarios that pass as well.")
def command(program_path: Path, scenarios_path: Path | None, verbose: bool) -> None:
    """Run the scenarios of PROGRAM (by default those in its folder ``scenarios``) and say what differs.

    Ends with 0 when every scenario passes, with 1 otherwise.
    """
    from swingby.facts import from_rows

    program = read_program(program_path)
    scenarios, issues = read_scenarios(scenarios_path or program_path / "scenarios")
    print_issues(issues)
    if not scenarios:
        raise SwingbyError(
            code="no-scenarios",
            message=f"No scenario was found in {scenarios_path or program_path / 'scenarios'}.",
            hint="Write one: see the reference page of scenarios.",
        )
    outcomes = [run_scenario(program, scenario, from_rows) for scenario in scenarios if scenario.expected]
    for outcome in outcomes:
        _print(outcome, verbose=verbose)
    failed = sum(not outcome.passed for outcome in outcomes)
    click.echo(f"{len(outcomes) - failed} passed, {failed} failed")
    if failed or issues:
        raise SystemExit(ExitCode.NEGATIVE)


def _print(outcome: Outcome, *, verbose: bool) -> None:
    if not outcome.passed:
        click.secho(f"✗ {outcome.scenario.name}", fg="red")
        for difference in outcome.differences or ("nothing was expected",):
            click.echo(f"    {difference}")
    elif verbose:
        click.secho(f"✓ {outcome.scenario.name}", fg="green")
