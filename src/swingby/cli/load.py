"""``swingby load``: add a delivery to a folder of facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from swingby.cli.inputs import PLACE, Day, json_option, mapping_option, program_argument, read_program
from swingby.cli.printing import print_json, print_table
from swingby.errors import ExitCode, SwingbyError

if TYPE_CHECKING:
    from swingby.facts import Change, FactSet, Proposal, SourceReport

MOST_SHOWN = 20


class Share(click.ParamType[Decimal]):
    """A share, written 10% or 0.1."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read the share or say how it is written."""
        text = str(value)
        try:
            found = Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except InvalidOperation:
            self.fail(f"{text!r} is not a share; write it as 10%.", param, ctx)
        if not 0 <= found <= 1:
            self.fail(f"{text!r} is not between 0% and 100%.", param, ctx)
        return found


@click.command("load")
@program_argument
@click.argument("facts_path", metavar="FACTS", type=click.Path(path_type=Path))
@click.argument("delivery", metavar="DELIVERY", type=PLACE)
@mapping_option
@click.option(
    "--mode", type=click.Choice(["events", "snapshot"]), help="What DELIVERY is; as the mapping says, or events."
)
@click.option("--since", type=Day(), help="The first day that a snapshot holds; older facts do not vanish.")
@click.option(
    "--most-reversed", type=Share(), default="10%", help="Stop a snapshot that reverses more; 10% if left out."
)
@click.option("--all-or-nothing", is_flag=True, help="Write nothing if a single row is bad.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--as-recorded", is_flag=True, help="Keep the times of recording that DELIVERY has, in place of now.")
@click.option("--bad-rows", type=click.Path(path_type=Path, dir_okay=False), help="Write rows that were left out here.")
@json_option
def command(
    program_path: Path,
    facts_path: Path,
    delivery: str,
    mapping: Path | None,
    mode: str | None,
    since: date | None,
    most_reversed: Decimal,
    all_or_nothing: bool,
    dry_run: bool,
    as_recorded: bool,
    bad_rows: Path | None,
    as_json: bool,
) -> None:
    """Add what DELIVERY says to the folder FACTS: new facts, changed ones, and for a snapshot those that vanished.

    DELIVERY is a folder, a file, a DuckDB file or the address of a PostgreSQL database. Nothing that stands in FACTS is
    changed; each load adds files. The same delivery twice changes nothing. Bad rows
    never stop good ones, unless asked. Ends with 1 when a row was bad or a snapshot was stopped.
    """
    from swingby.facts import propose, read_facts, read_folder, source_reports, write_bad_rows, write_batch

    program = read_program(program_path)
    with (
        read_folder(facts_path, program, keep_names=True) as known,
        read_facts(delivery, program, mapping=mapping, known=known) as incoming,
    ):
        if bad_rows is not None:
            write_bad_rows(incoming, bad_rows)
        errors = _report(incoming)
        chosen = {"events": "events", "snapshot": "snapshot"}.get(mode or "")
        proposal = propose(incoming, program, mode=chosen, since=since)  # type: ignore[arg-type]
        sources = source_reports(incoming, list(program.kinds))
        _print(proposal, sources, as_json=as_json)
        if errors and all_or_nothing:
            raise SwingbyError(code="rows-bad", message=f"{errors:,} problems; nothing was written.", hint="Mend them.")
        proposal.guard(most_reversed)
        if not dry_run and not proposal.changes_nothing:
            written = write_batch(proposal, facts_path, recorded_at=datetime.now(UTC), as_written=as_recorded)
            click.echo("Written: " + ", ".join(file.name for file in written), err=as_json)
    if errors:
        raise SystemExit(ExitCode.NEGATIVE)


def _report(incoming: FactSet) -> int:
    from swingby.facts import counted_issues, first_issues

    for issue in first_issues(incoming, MOST_SHOWN):
        click.secho(str(issue), fg="red" if issue.level == "error" else "yellow", err=True)
    return counted_issues(incoming)[0]


def _print(proposal: Proposal, sources: Sequence[SourceReport], *, as_json: bool) -> None:
    if as_json:
        references = {name: {"new": new, "changed": changed} for name, (new, changed) in proposal.references.items()}
        print_json({"facts": list(proposal.changes), "references": references, "sources": list(sources)})
        return
    print_table(_COLUMNS, map(_line, proposal.changes), right=_COLUMNS[2:])
    for source in sources:
        click.echo(f"{source.kind}: {_complete(source)}")
    for name, (new, changed) in proposal.references.items():
        not_written = f", {changed:,} changed and not written: mend them in FACTS" if changed else ""
        click.echo(f"{name}: {new:,} new{not_written}")
    for change in proposal.changes:
        if change.unsure:
            message = (
                f"{change.kind}: rows could not be read, so nobody knows what vanished; nothing is reversed for it."
            )
            click.secho(message, fg="yellow", err=True)
    if proposal.changes_nothing:
        click.echo("Nothing changes.")


def _complete(report: SourceReport) -> str:
    """For which days a delivery says that its source is complete."""
    source = f"the source {report.source}" if report.source else "a source without a name"
    if not report.says:
        return f"{source} does not say for which days it is complete"
    begin, end = report.complete_from or "always", report.complete_to or "now"
    return f"{source} is complete from {begin} to {end}"


_COLUMNS = ("kind", "mode", "known", "new", "changed", "the same", "vanished", "withdrawn")


def _line(change: Change) -> tuple[object, ...]:
    numbers = (change.known, change.new, change.changed, change.same, change.vanished, change.withdrawn)
    return (change.kind, change.mode, *(f"{number:,}" for number in numbers))
