"""``swingby decide``: settle a review and keep it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from swingby.cli.decision_files import keep, places_from
from swingby.cli.inputs import (
    Day,
    day_or_today,
    facts_argument,
    json_option,
    known_at_option,
    mapping_option,
    partners_option,
    program_argument,
    read_facts,
    read_program,
)
from swingby.cli.printing import counted, print_json
from swingby.cli.progress import progress
from swingby.engine.decisions import Decision, KnownAt, as_document, decide, hash_of
from swingby.errors import SwingbyError
from swingby.program import Program, read_texts
from swingby.program import hash_of as program_hash


@click.command("decide")
@program_argument
@facts_argument
@mapping_option
@click.option("--as-of", type=Day(), required=True, help="The day of the review, as 2026-03-31.")
@partners_option
@known_at_option
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    help="A folder, in which the file is named after program and day, or the file itself, *.json.",
)
@json_option
def command(
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    as_of: date,
    partners: tuple[str, ...],
    known_at: int | None,
    target: Path,
    as_json: bool,
) -> None:
    """Settle the review of a day: keep every standing with what it rests on, so that `replay` can prove it.

    The file holds the requirement rows, what was known, the program with a copy of its text, and the engine's version.
    It is never overwritten by another decision; the same one twice changes nothing.
    """
    program = read_program(program_path)
    facts = read_facts(facts_path, program, mapping=mapping)
    day = day_or_today(as_of, program)
    _tell_open_day(day, program)
    with progress("Computing standings"):
        made = decide(program, facts, as_of=day, known_at=known_at, partners=partners or None)
    texts = texts_of(program, program_path)
    stated = hash_of(made, texts)
    file = target if target.suffix == ".json" else target / _name(made, stated)
    places = places_from(file.parent, program=program_path, facts=facts_path, mapping=mapping)
    is_new = keep(file, as_document(made, texts, places))
    settled = Settled(file, stated, is_new, day, len(made.rows.partners), made.basis.known_at)
    if as_json:
        print_json(settled)
    else:
        _print(settled, made)


def texts_of(program: Program, path: Path) -> dict[str, str]:
    """The texts that a program was read from.

    Raises
    ------
    SwingbyError
        ``program-edited`` when they changed while the command ran.
    """
    texts = read_texts(path)
    if program_hash(texts) != program.hash:
        message = f"{path} was edited while the standings were computed; nothing was written."
        raise SwingbyError(code="program-edited", message=message, hint="Run the command again.")
    return texts


@dataclass(frozen=True, slots=True)
class Settled:
    """A review that was settled: its file, its hash, for how many partners, and what was known."""

    file: Path
    hash: str
    is_new: bool
    as_of: date
    partners: int
    known_at: KnownAt


def _name(made: Decision, stated: str) -> str:
    """After program and day; a decision about some partners has a name of its own."""
    basis = made.basis
    part = "" if basis.partners is None else f"-{stated.partition(':')[2][:8]}"
    return f"{basis.program.id}-{basis.as_of}{part}.json"


def _tell_open_day(day: date, program: Program) -> None:
    zone = ZoneInfo(program.header.time_zone)
    if datetime.now(UTC) < datetime.combine(day + timedelta(days=1), time(), zone):
        message = f"{day} is not over: what is recorded until it ends will count as known, and may change the replay."
        click.secho(message, fg="yellow", err=True)


def _print(settled: Settled, made: Decision) -> None:
    mark = made.basis.program
    click.echo(f"{mark.label} {mark.version} on {settled.as_of}: {counted(settled.partners, 'partner')}, {known(made)}")
    click.echo(f"{'Kept' if settled.is_new else 'Kept already'} as {settled.file}")


def known(made: Decision) -> str:
    """What was known, as people say it."""
    at = made.basis.known_at
    if at.recorded_at is None:
        return "before any fact"
    return f"as known on {at.recorded_at:%Y-%m-%d %H:%M} UTC (position {at.position})"
