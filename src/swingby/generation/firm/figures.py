"""Whether a firm's figures agree with each other; what does not is said all at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from swingby.errors import SwingbyError
from swingby.generation.firm.description import Firm


def check_figures(firm: Firm, described: Path) -> None:
    """Refuse a firm whose figures cannot all be met.

    Raises
    ------
    SwingbyError
        ``firm`` with everything that does not agree.
    """
    found = [*_sums(firm), *_stacks(firm), *_tried(firm), *_programs(firm)]
    if found:
        raise SwingbyError(
            code="firm",
            message=f"The figures of {described} do not agree: {'; '.join(found)}.",
            hint="Change one side of each.",
        )


def _sums(firm: Firm) -> Iterator[str]:
    by_office = sum(office.held for office in firm.offices.values())
    by_path = sum(sum(counts) for vendor in firm.vendors.values() for counts in vendor.held.values())
    if by_office != by_path:
        yield f"offices come to {by_office} credentials, vendors to {by_path}"
    for office in firm.offices.values():
        if office.lasting < 0:
            yield f"{office.key} earned more since the first day than it holds"
        if office.first_wave > office.teams:
            yield f"{office.key} has fewer teams than its first wave"


def _stacks(firm: Firm) -> Iterator[str]:
    people = {role: sum(office.people[role] for office in firm.offices.values()) for role in firm.roles}
    for vendor in firm.vendors.values():
        for role, counts in vendor.held.items():
            if list(counts) != sorted(counts, reverse=True):
                yield f"{vendor.key} has more people in {role} with a level than with the one below it"
            if counts[0] > people[role]:
                yield f"{vendor.key} has more people in {role} than the firm"


def _tried(firm: Firm) -> Iterator[str]:
    year = firm.stage["first_wave_on"].year
    earned = sum(sum(office.years[year].earned) for office in firm.offices.values() if year in office.years)
    planned = sum(firm.stage["earned"]) + sum(item.invited_passed + item.waiting_passed for item in firm.rounds)
    if planned > earned:
        yield f"study groups and stage come to {planned} credentials in {year}, offices to {earned}"
    for item in firm.rounds:
        if item.invited_passed > item.invited or item.waiting_passed > item.waiting:
            yield f"more passed in the round {item.name} than were in it"
        if item.drawn_on.year != year:
            yield f"the round {item.name} is in another year than the stage"


def _programs(firm: Firm) -> Iterator[str]:
    for folder in (firm.enablement, *(vendor.program for vendor in firm.vendors.values())):
        if not (folder / "program.yaml").is_file():
            yield f"there is no program in {folder}"
