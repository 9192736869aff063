"""``swingby enablement``: what can be learned, who holds what, and what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import click

from swingby.cli.inputs import json_option
from swingby.cli.printing import counted, number_text, print_issues, print_json, print_table
from swingby.enablement import Catalogue, load_catalogue
from swingby.errors import ExitCode
from swingby.program import Issue


@click.group("enablement")
def command() -> None:
    """Read a catalogue of certifications, and say what a firm holds, gains and lacks.

    CATALOGUE is a folder of YAML, or one file.
    """


def catalogue_argument(decorated: click.decorators.FC) -> click.decorators.FC:
    """The folder (or file) of a catalogue."""
    return click.argument("catalogue_path", metavar="CATALOGUE", type=click.Path(path_type=Path))(decorated)


@dataclass(frozen=True, slots=True)
class VendorPaths:
    """How many certifications a vendor has, and what all of them take."""

    vendor: str
    label: str
    certifications: int
    hours: Decimal
    fees: Decimal


@dataclass(frozen=True, slots=True)
class CheckedCatalogue:
    """What is wrong with a catalogue, and what it holds by vendor."""

    issues: tuple[Issue, ...]
    vendors: tuple[VendorPaths, ...]


@command.command("check")
@catalogue_argument
@json_option
def check(catalogue_path: Path, as_json: bool) -> None:
    """Read CATALOGUE and report every problem with its place.

    Ends with 0 when there is no error, with 1 otherwise.
    """
    loaded = load_catalogue(catalogue_path)
    checked = CheckedCatalogue(loaded.issues, _by_vendor(loaded.catalogue) if loaded.catalogue else ())
    if as_json:
        print_json(checked)
    else:
        print_issues(checked.issues)
        _print_vendors(checked)
    if loaded.catalogue is None:
        raise SystemExit(ExitCode.NEGATIVE)


def _by_vendor(catalogue: Catalogue) -> tuple[VendorPaths, ...]:
    return tuple(
        VendorPaths(
            vendor,
            label,
            sum(one.vendor == vendor for one in catalogue),
            sum((one.hours for one in catalogue if one.vendor == vendor), Decimal(0)),
            sum((one.fee for one in catalogue if one.vendor == vendor), Decimal(0)),
        )
        for vendor, label in catalogue.vendors.items()
    )


def _print_vendors(checked: CheckedCatalogue) -> None:
    levels = Counter(issue.level for issue in checked.issues)
    found = f"{counted(levels['error'], 'error')}, {counted(levels['warning'], 'warning')}"
    if not checked.vendors:
        click.echo(f"No catalogue could be read: {found}.")
        return
    rows = ((one.label, one.certifications, number_text(one.hours), number_text(one.fees)) for one in checked.vendors)
    print_table(("vendor", "certifications", "hours", "fees"), rows, right=("certifications", "hours", "fees"))
    total = sum(one.certifications for one in checked.vendors)
    click.echo(f"\n{counted(total, 'certification')}; {found}.")
