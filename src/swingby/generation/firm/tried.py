"""What was tried, as rows: the board of offices, the stage, the study groups and the money for certificates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from swingby.generation.firm.description import Firm, path_code
from swingby.generation.firm.histories import Learning
from swingby.generation.firm.rows import Row, known
from swingby.generation.firm.trials import WAVES

PAID_AFTER = timedelta(days=20)


def boards(firm: Firm) -> Iterator[Row]:
    """From when each office sees the board."""
    day = firm.board["starts_on"]
    for office in firm.offices.values():
        row: Row = {
            "fact_id": f"board-{office.key}",
            "organization": firm.key,
            "office": office.key,
            "starts_on": day,
        }
        yield known(row, day, "enablement")


def stages(firm: Firm, learning: Learning) -> Iterator[Row]:
    """From when each team presents its newly certified, by lot in two waves; drawn before the first."""
    days = dict(zip(WAVES, (firm.stage["first_wave_on"], firm.stage["second_wave_on"]), strict=True))
    for team, wave in learning.trials.waves.items():
        row: Row = {
            "fact_id": f"stage-{team}",
            "organization": firm.key,
            "team": team,
            "office": team.rsplit("-", 1)[0],
            "wave": wave,
            "starts_on": days[wave],
        }
        yield known(row, days[WAVES[0]] - timedelta(days=14), "enablement")


def study_invitations(learning: Learning) -> Iterator[Row]:
    """Everybody who wanted to join, on the day of the lot, with what it said."""
    people = {person.key: person for person in learning.staff}
    for seat in sorted(learning.trials.seats, key=lambda seat: (seat.round.drawn_on, seat.person)):
        row: Row = {
            "fact_id": f"drawn-{seat.round.name}-{seat.person}",
            "person": seat.person,
            "round": seat.round.name,
            "code": path_code(seat.vendor, people[seat.person].role, seat.level),
            "drawn": seat.drawn,
            "happened_on": seat.round.drawn_on,
        }
        yield known(row, seat.round.drawn_on, "enablement")


def cash_offers(firm: Firm) -> Iterator[Row]:
    """Where and when money was offered for each certificate."""
    for office in firm.cash["offices"]:
        row: Row = {
            "fact_id": f"cash-{office}",
            "organization": firm.key,
            "office": office,
            "amount": firm.cash["amount"],
            "currency": "USD",
            "starts_on": firm.cash["starts_on"],
            "ends_on": firm.cash["ends_on"],
        }
        yield known(row, firm.cash["starts_on"], "enablement")


def cash_paid(firm: Firm, learning: Learning) -> Iterator[Row]:
    """What was paid for each certificate that was earned under the offer."""
    people = {person.key: person for person in learning.staff}
    for item in learning.credentials:
        office = people[item.person].office
        is_offered = firm.cash["starts_on"] <= item.starts_on < firm.cash["ends_on"] and office in firm.cash["offices"]
        if not is_offered or item.origin.is_brought or not item.origin.year:
            continue
        day = item.starts_on + PAID_AFTER
        row: Row = {
            "fact_id": f"paid-{item.person}-{item.vendor}-{item.level}",
            "organization": firm.key,
            "kind": "cash_incentive",
            "amount": firm.cash["amount"],
            "currency": "USD",
            "vendor": item.vendor,
            "outlook": "actual",
            "office": office,
            "person": item.person,
            "happened_on": day,
        }
        yield known(row, day, "payroll")


def targets(firm: Firm) -> Iterator[Row]:
    """The share of working hours to be billed."""
    row: Row = {
        "fact_id": "target-billing",
        "organization": firm.key,
        "topic": "billing_share",
        "amount": firm.billing_target,
        "starts_on": firm.first,
    }
    yield known(row, firm.first, "finance")
