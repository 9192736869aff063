"""What questions about certifications read: a catalogue, the firm's own program, and facts of its people."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from swingby.cli.inputs import Command, facts_argument, json_option, mapping_option, program_argument, read_facts
from swingby.cli.printing import print_issues
from swingby.enablement import Catalogue, Lives, Records, load_catalogue, read_records
from swingby.errors import IssuesError, MisusedError
from swingby.program import Program


def catalogue_argument(decorated: Command) -> Command:
    """The folder (or file) of a catalogue."""
    return click.argument("catalogue_path", metavar="CATALOGUE", type=click.Path(path_type=Path))(decorated)


def people_options(decorated: Command) -> Command:
    """What a question about a firm's people reads."""
    for option in (json_option, mapping_option, facts_argument, program_argument, catalogue_argument):
        decorated = option(decorated)
    return decorated


office_option = click.option("--office", metavar="OFFICE", help="Only the people of this office.")


def read_the_catalogue(path: Path) -> Catalogue:
    """The catalogue, with its warnings printed.

    Raises
    ------
    IssuesError
        ``catalogue-errors`` when it has any.
    """
    loaded = load_catalogue(path)
    print_issues(loaded.issues)
    if loaded.catalogue is not None:
        return loaded.catalogue
    raise IssuesError(
        code="catalogue-errors",
        message=f"{path} is not a catalogue without errors; nothing was computed.",
        hint="Mend them and run the command again.",
        issues=loaded.issues,
    )


def read_the_records(
    facts_path: str, program: Program, mapping: Path | None, catalogue: Catalogue, day: date
) -> Records:
    """What facts say of people and certifications."""
    with read_facts(facts_path, program, mapping=mapping) as facts:
        return read_records(facts, catalogue, day)


def offices_of(records: Records) -> list[str]:
    """Every office at which somebody works or worked."""
    return sorted({stay.office for stay in records.stays if stay.office})


def check_office(records: Records, office: str | None) -> None:
    """Refuse an office at which nobody works."""
    offices = offices_of(records)
    if office is not None and office not in offices:
        message = f'Nobody works at an office "{office}".'
        raise MisusedError(code="office-unknown", message=message, hint=f"Offices are {', '.join(offices) or 'none'}.")


def present(records: Records, day: date, office: str | None) -> Lives:
    """The lives of those who are here on a day."""
    check_office(records, office)
    return records.present(day, office=office)
