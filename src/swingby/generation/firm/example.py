"""Writes a whole firm: what it keeps for itself, and what it holds in each vendor's program."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from swingby.generation.firm import exams, money, projects, rows, tried
from swingby.generation.firm.description import Firm, read_firm
from swingby.generation.firm.enrolments import vendor_facts
from swingby.generation.firm.figures import check_figures
from swingby.generation.firm.histories import Learning, draw_learning
from swingby.generation.firm.rows import Row
from swingby.generation.firm.staff import draw_staff

Tables = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class FirmSummary:
    """What was written: rows by file, for how many programs."""

    folder: Path
    seed: str
    programs: int
    rows: Mapping[str, int]


def generate_firm(folder: Path, described: Path, *, seed: str | None = None) -> FirmSummary:
    """Write a firm's facts and the programs that it is in; the same seed gives the same bytes.

    ``facts/enablement`` holds what the firm keeps for itself, ``facts/VENDOR`` what it holds in that vendor's program;
    ``programs/NAME`` are the programs, ``names.csv`` the names of people.

    Parameters
    ----------
    described
        The firm's file.
    seed
        Another seed than the firm's own.

    Raises
    ------
    SwingbyError
        ``firm`` when that file cannot be read, or its figures cannot all be met.
    """
    firm = read_firm(described)
    check_figures(firm, described)
    chosen = seed or firm.seed
    learning = draw_learning(firm, chosen, draw_staff(firm, chosen))
    written = {"names.csv": _write(folder / "names.csv", list(rows.names(learning)))}
    own = own_facts(firm, chosen, learning)
    written |= _write_all(folder, "enablement", firm.enablement, own)
    for vendor in firm.vendors.values():
        facts = vendor_facts(firm, chosen, vendor, learning, own)
        written |= _write_all(folder, vendor.key, vendor.program, facts)
    return FirmSummary(folder, chosen, 1 + len(firm.vendors), written)


def own_facts(firm: Firm, seed: str, learning: Learning) -> Tables:
    """Every table that the firm keeps for itself."""
    tables: Tables = {
        "organizations": [rows.organization(firm)],
        "enrolments": [{"enrolment": firm.key, "organization": firm.key, "joined_on": firm.first}],
        "offices": list(rows.offices(firm)),
        "people": list(rows.people(firm, learning)),
        "employments": list(rows.employments(firm, learning)),
        "credential_types": list(rows.credential_types(firm)),
        "credentials": list(rows.credentials(firm, seed, learning)),
        "learning_paths": list(rows.learning_paths(firm)),
        "study_hours": list(exams.study_hours(firm, seed, learning)),
        "study_invitations": list(tried.study_invitations(learning)),
        "stages": list(tried.stages(firm, learning)),
        "boards": list(tried.boards(firm)),
        "cash_offers": list(tried.cash_offers(firm)),
        "targets": list(tried.targets(firm)),
        "assignments": list(projects.assignments(firm, seed, learning)),
        "worth": list(money.worth(firm, seed)),
        "costs": [*money.costs(firm, seed), *tried.cash_paid(firm, learning)],
    }
    sat = exams.draw_attempts(firm, seed, learning)
    tables |= _by_table([*exams.attempts(firm, seed, sat), *exams.ahead(firm, seed, learning)])
    tables |= _by_table(projects.deals(firm, seed))
    tables["customers"] = list(projects.customers(firm, tables))
    return tables


def _by_table(found: Iterable[tuple[str, Row]]) -> Tables:
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    for table, row in found:
        tables[table].append(row)
    return dict(tables)


def _write_all(folder: Path, name: str, program: Path, tables: Tables) -> dict[str, int]:
    shutil.copytree(program, folder / "programs" / name, dirs_exist_ok=True)
    place = folder / "facts" / name
    return {f"facts/{name}/{table}.csv": _write(place / f"{table}.csv", found) for table, found in tables.items()}


def _write(path: Path, found: list[Row]) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(name for row in found for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(found)
    return len(found)
