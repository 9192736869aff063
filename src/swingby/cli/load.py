"""``swingby load``: add a delivery to a folder of facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from swingby.cli.failures import keep_for_failure
from swingby.cli.inputs import (
    PLACE,
    Day,
    answers_in_json,
    bad_rows_option,
    json_option,
    mapping_option,
    program_argument,
    read_program,
)
from swingby.cli.printing import print_json, print_table
from swingby.cli.progress import progress
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
    "--mode",
    type=click.Choice(["events", "snapshot"]),
    help="What DELIVERY is; what the mapping says, or events, if left out.",
)
@click.option(
    "--since", type=Day(), help="The first day that a snapshot holds, as 2026-03-31; older facts do not vanish."
)
@click.option(
    "--most-reversed", type=Share(), default="10%", help="Stop a snapshot that reverses more; 10% if left out."
)
@click.option("--all-or-nothing", is_flag=True, help="Write nothing if a single row is bad.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--as-recorded", is_flag=True, help="Keep the times of recording that DELIVERY has, in place of now.")
@bad_rows_option
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
    changed; each load adds files. The same delivery twice changes nothing. Bad rows never stop good ones, unless asked.
    Ends with 1 when a row was bad or a snapshot was stopped.
    """
    from swingby.facts import propose, read_facts, read_folder, source_reports, write_bad_rows

    program = read_program(program_path)
    with ExitStack() as opened:
        with progress("Reading facts"):
            known = opened.enter_context(read_folder(facts_path, program, keep_names=True))
        with progress("Reading the delivery"):
            incoming = opened.enter_context(read_facts(delivery, program, mapping=mapping, known=known))
        if bad_rows is not None:
            write_bad_rows(incoming, bad_rows)
        errors = _report(incoming)
        chosen = {"events": "events", "snapshot": "snapshot"}.get(mode or "")
        with progress("Comparing"):
            proposal = propose(incoming, program, mode=chosen, since=since)  # type: ignore[arg-type]
        found = _as_data(proposal, source_reports(incoming, list(program.kinds)))
        if as_json:
            keep_for_failure({"facts": found.facts, "references": found.references, "sources": found.sources})
        else:
            _print(proposal, found.sources)
        if errors and all_or_nothing:
            raise SwingbyError(code="rows-bad", message=f"{errors:,} problems; nothing was written.", hint="Mend them.")
        proposal.guard(most_reversed)
        written = _write(proposal, facts_path, as_recorded=as_recorded) if not dry_run else []
        if as_json:
            print_json(replace(found, written=tuple(file.name for file in written)))
    if errors:
        raise SystemExit(ExitCode.NEGATIVE)


def _write(proposal: Proposal, facts_path: Path, *, as_recorded: bool) -> list[Path]:
    from swingby.facts import write_batch

    if proposal.changes_nothing:
        return []
    with progress("Writing"):
        written = write_batch(proposal, facts_path, recorded_at=datetime.now(UTC), as_written=as_recorded)
    if not answers_in_json():
        click.echo("Written: " + ", ".join(file.name for file in written))
    return written


@dataclass(frozen=True, slots=True)
class LoadedDelivery:
    """What a delivery changes, by kind and by reference table, what its sources are complete for, and the files written."""

    facts: tuple[Change, ...]
    references: Mapping[str, LoadedReference]
    sources: tuple[SourceReport, ...]
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedReference:
    """Rows of a reference table: new ones are written, changed ones are not."""

    new: int
    changed: int


def _as_data(proposal: Proposal, sources: Sequence[SourceReport]) -> LoadedDelivery:
    references = {name: LoadedReference(new, changed) for name, (new, changed) in proposal.references.items()}
    return LoadedDelivery(tuple(proposal.changes), references, tuple(sources))


def _report(incoming: FactSet) -> int:
    from swingby.facts import counted_issues, first_issues

    for issue in first_issues(incoming, MOST_SHOWN):
        click.secho(str(issue), fg="red" if issue.level == "error" else "yellow", err=True)
    return counted_issues(incoming)[0]


def _print(proposal: Proposal, sources: Sequence[SourceReport]) -> None:
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
