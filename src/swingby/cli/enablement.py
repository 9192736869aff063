"""``swingby enablement``: what can be learned, who holds what, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from swingby.cli.enablement_ahead import ahead, check_period, moved
from swingby.cli.enablement_changes import changed
from swingby.cli.enablement_inputs import (
    catalogue_argument,
    office_option,
    offices_of,
    people_options,
    present,
    read_the_catalogue,
    read_the_records,
)
from swingby.cli.enablement_tiers import asked_by_tiers, print_asks, tier_option
from swingby.cli.inputs import (
    MOST_SHOWN,
    Day,
    as_of_option,
    day_or_today,
    json_option,
    read_program,
)
from swingby.cli.printing import counted, number_text, print_issues, print_json, print_table
from swingby.enablement import (
    AHEAD,
    AskedByTiers,
    AskStanding,
    Candidate,
    Catalogue,
    Cell,
    Growth,
    Lives,
    Need,
    Records,
    Suggestion,
    ask_standings,
    coverage,
    gaps,
    growth,
    load_catalogue,
    needs_of,
    suggest,
)
from swingby.errors import ExitCode, MisusedError
from swingby.program import Issue
from swingby.program.reading import did_you_mean
from swingby.values import Period, add_days


@click.group("enablement")
def command() -> None:
    """Read a catalogue of certifications, and say what a firm holds, gains and lacks.

    CATALOGUE is a folder of YAML, or one file.
    """


command.add_command(ahead)
command.add_command(moved)
command.add_command(changed)


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


# --- a firm's people ------------------------------------------------------------------------------------------------


class Needed(click.ParamType[tuple[str, int]]):
    """A code and a number of people, written CODE=3."""

    name = "need"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """Read both or say how they are written."""
        if isinstance(value, tuple):
            return value
        code, _, people = str(value).rpartition("=")
        if not code or not people.isdecimal():
            self.fail(f"{value!r} is not a need; write it as CODE=3.", param, ctx)
        return code, int(people)


need_option = click.option(
    "--need",
    "needs",
    type=Needed(),
    multiple=True,
    metavar="CODE=PEOPLE",
    help="A target beside what open deals ask for; may be given several times.",
)


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A fact that changes nothing, and why."""

    person: str
    code: str
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Covered:
    """What people hold and lack on a day, and what tiers ask.

    ``unknown`` are codes of credentials that the catalogue lacks; ``unread`` is what tiers ask and is not counted here.
    """

    as_of: date
    office: str | None
    people: int
    cells: tuple[Cell, ...]
    gaps: tuple[Cell, ...]
    suggestions: tuple[Suggestion, ...]
    unknown: Mapping[str, int]
    uncounted: tuple[Uncounted, ...]
    asks: tuple[AskStanding, ...]
    unread: tuple[str, ...]


@command.command("coverage")
@people_options
@as_of_option
@office_option
@need_option
@tier_option
@click.option(
    "--ahead", type=click.IntRange(1), default=AHEAD, help="Days within which a lapse is near; 90 if left out."
)
@click.option("--next", "with_next", is_flag=True, help="Say who should take what next, with the fewest hours.")
def cover(
    catalogue_path: Path,
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    as_json: bool,
    as_of: date | None,
    office: str | None,
    needs: tuple[tuple[str, int], ...],
    tiers: tuple[tuple[Path, str], ...],
    ahead: int,
    with_next: bool,
) -> None:
    """Say for every certification how many people hold it, are on the way, lapse soon and are needed.

    PROGRAM is the firm's own, FACTS what it knows of its people. With --tier it is needed for keeping vendors' tiers
    and reaching the next as well. Open deals and tiers ask for people of the whole firm: with --office they are left out.
    """
    catalogue, program = read_the_catalogue(catalogue_path), read_program(program_path)
    targets, day = _targets(catalogue, needs), day_or_today(as_of, program)
    records = read_the_records(facts_path, program, mapping, catalogue, day)
    lives = present(records, day, office)
    tiered = AskedByTiers((), ()) if office else asked_by_tiers(catalogue, tiers, day)
    asked = [*(() if office else records.needs), *needs_of(tiered.asks), *targets]
    cells = coverage(catalogue, lives, asked, day, ahead=ahead)
    candidates = _candidates(records, lives, day) if with_next else []
    chosen = suggest(catalogue, lives, candidates, cells, day, needs=asked)
    covered = Covered(
        day,
        office,
        len(lives),
        cells,
        gaps(cells),
        chosen,
        records.unknown,
        _uncounted(records),
        ask_standings(tiered.asks, records.lives, records.belonging(), day, ahead=ahead),
        tiered.unread,
    )
    if as_json:
        print_json(covered)
    else:
        _print_covered(catalogue, covered, with_next=with_next)


def _targets(catalogue: Catalogue, needs: Iterable[tuple[str, int]]) -> list[Need]:
    wrong = [code for code, _ in needs if code not in catalogue.certifications]
    if wrong:
        hint = did_you_mean(wrong[0], catalogue.certifications) or "`swingby enablement check --json` lists them."
        raise MisusedError(code="certification-unknown", message=f'There is no certification "{wrong[0]}".', hint=hint)
    return [Need(code, people, "target", "asked for") for code, people in needs]


def _candidates(records: Records, lives: Lives, day: date) -> list[Candidate]:
    roles = {stay.person: stay.role for stay in records.stays if day in stay.counted and stay.role}
    return [Candidate(person, roles[person]) for person in lives if person in roles]


def _uncounted(records: Records) -> tuple[Uncounted, ...]:
    return tuple(
        Uncounted(person, code, refusal.event.day, refusal.reason) for person, code, refusal in records.refused
    )


def _print_covered(catalogue: Catalogue, covered: Covered, *, with_next: bool) -> None:
    by_place = {(cell.vendor, cell.role, cell.level): cell for cell in covered.cells}
    rows = [
        (vendor_label, role_label, *(_cell_text(by_place.get((vendor, role, level))) for level in catalogue.levels))
        for vendor, vendor_label in catalogue.vendors.items()
        for role, role_label in catalogue.roles.items()
    ]
    levels = tuple(catalogue.levels.values())
    print_table(("vendor", "role", *levels), rows, right=levels)
    held, empty = sum(cell.held for cell in covered.cells), sum(not cell.held for cell in covered.cells)
    where = f" at {covered.office}" if covered.office else ""
    click.echo(
        f"\n{counted(covered.people, 'person')}{where} on {covered.as_of}".replace("persons", "people"), nl=False
    )
    click.echo(f": {counted(held, 'credential')}, {empty} of {len(covered.cells)} certifications without a holder.")
    click.echo("In a cell: held, +on the way, -lapsing soon, /needed.")
    if covered.unknown:
        click.secho(f"Not in the catalogue: {', '.join(sorted(covered.unknown))}.", fg="yellow", err=True)
    for one in covered.uncounted[:MOST_SHOWN]:
        click.secho(f"{one.person}, {one.code} on {one.day}: {one.reason}", fg="yellow", err=True)
    if len(covered.uncounted) > MOST_SHOWN:
        click.secho(f"{len(covered.uncounted):,} facts change nothing; --json lists them.", fg="yellow", err=True)
    print_asks(covered.asks, covered.unread)
    _print_gaps(covered)
    if with_next:
        _print_next(covered)


def _cell_text(cell: Cell | None) -> str:
    if cell is None:
        return ""
    parts = (("", cell.held), ("+", cell.in_progress), ("-", cell.lapsing), ("/", cell.needed))
    return " ".join(f"{sign}{number}" for sign, number in parts if number) or "·"


def _print_gaps(covered: Covered) -> None:
    if not covered.gaps:
        return
    click.echo("\nWhat is missing, most hours first:\n")
    rows = (
        (gap.code, gap.needed, gap.held, gap.missing, gap.uncovered, number_text(gap.hours)) for gap in covered.gaps
    )
    columns = ("certification", "needed", "held", "missing", "soon", "hours")
    print_table(columns, rows, right=columns[1:])


def _print_next(covered: Covered) -> None:
    if not covered.suggestions:
        click.echo("\nNobody can take what is missing.")
        return
    click.echo(
        "\nWho should take what next; what keeps a tier first, then what is missing, then what lapses soonest:\n"
    )
    print_table(("person", "certification", "why"), ((one.person, one.code, one.reason) for one in covered.suggestions))


@dataclass(frozen=True, slots=True)
class OfficeGrowth:
    """What a period did to the credentials of an office; of the firm where ``office`` is null."""

    office: str | None
    growth: Growth
    net: int


@dataclass(frozen=True, slots=True)
class Grown:
    """What a period did to the credentials of a firm, and of each of its offices."""

    first_day: date
    last_day: date
    offices: tuple[OfficeGrowth, ...]


@command.command("growth")
@people_options
@click.option("--from", "first_day", type=Day(), required=True, help="The first day of the period.")
@click.option("--to", "last_day", type=Day(), required=True, help="Its last day.")
def grow(
    catalogue_path: Path,
    program_path: Path,
    facts_path: str,
    mapping: Path | None,
    as_json: bool,
    first_day: date,
    last_day: date,
) -> None:
    """Say what a firm and its offices earned, lost and moved in and out in a period: net new.

    Who changes office moves out of one and into the other, and the firm neither gains nor loses.
    """
    check_period(first_day, last_day)
    catalogue, program = read_the_catalogue(catalogue_path), read_program(program_path)
    records = read_the_records(facts_path, program, mapping, catalogue, last_day)
    offices = [*offices_of(records), None]
    period, holders = Period(first_day, add_days(last_day, 1)), records.holders()
    found = ((office, growth(holders, records.members(office=office), period)) for office in offices)
    grown = Grown(first_day, last_day, tuple(OfficeGrowth(office, one, one.net) for office, one in found))
    if as_json:
        print_json(grown)
    else:
        _print_grown(grown)


def _print_grown(grown: Grown) -> None:
    columns = ("office", "before", "earned", "lapsed", "moved in", "moved out", "net", "after")
    rows = (
        (
            one.office or "firm",
            one.growth.held_before,
            one.growth.earned,
            one.growth.lapsed,
            one.growth.moved_in,
            one.growth.moved_out,
            one.net,
            one.growth.held_after,
        )
        for one in grown.offices
    )
    print_table(columns, rows, right=columns[1:])
