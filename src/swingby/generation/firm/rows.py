"""People, offices and credentials as rows of facts, with the days on which they became known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from swingby.generation.firm.description import LEVELS, Firm, Vendor, path_code
from swingby.generation.firm.drawing import stream
from swingby.generation.firm.histories import NOTICE, Credential, Learning
from swingby.generation.firm.staff import Person
from swingby.values import add_months

Row = dict[str, object]
EVENING = "T18:00:00Z"


def known(row: Row, on: date, source: str, reverses: str | None = None) -> Row:
    """A row with the evening on which it became known, where it came from, and what it replaces."""
    return {**row, "source": source, "recorded_at": f"{on}{EVENING}", "reverses": reverses}


def organization(firm: Firm) -> Row:
    """The firm itself."""
    return {
        "organization": firm.key,
        "name": firm.organization["name"],
        "country": firm.organization["country"],
        "region": firm.organization["region"],
    }


def offices(firm: Firm) -> Iterator[Row]:
    """One row for each office."""
    for office in firm.offices.values():
        yield {"office": office.key, "organization": firm.key, "name": office.name, "country": office.country}


def people(firm: Firm, learning: Learning) -> Iterator[Row]:
    """Keys and countries; names stand in a table of their own."""
    for person in learning.staff:
        yield {"person": person.key, "country": firm.offices[person.moved_to or person.office].country}


def names(learning: Learning) -> Iterator[Row]:
    """The only place where people's names stand."""
    for person in learning.staff:
        yield {"person": person.key, "name": person.name}


def employments(firm: Firm, learning: Learning) -> Iterator[Row]:
    """An interval for each person and office; leaving and moving are told some days before."""
    for person in learning.staff:
        end = person.moved_on or person.left_on
        place = (person.office, person.team)
        yield from _stint(firm, person, "a", place, starts_on=person.joined_on, ends_on=end)
        if person.moved_on and person.moved_to and person.moved_team:
            place = (person.moved_to, person.moved_team)
            yield from _stint(firm, person, "b", place, starts_on=person.moved_on, ends_on=person.left_on)


def _stint(
    firm: Firm, person: Person, letter: str, place: tuple[str, str], *, starts_on: date, ends_on: date | None
) -> Iterator[Row]:
    row: Row = {
        "fact_id": f"emp-{person.key}-{letter}",
        "organization": firm.key,
        "person": person.key,
        "kind": person.post,
        "role": person.role,
        "office": place[0],
        "team": place[1],
        "starts_on": starts_on,
        "ends_on": None,
    }
    yield known(row, starts_on, "hr")
    if ends_on:
        told = max(starts_on, min(ends_on - 2 * NOTICE, firm.today - NOTICE))
        yield known({**row, "fact_id": f"{row['fact_id']}-end", "ends_on": ends_on}, told, "hr", str(row["fact_id"]))


def credentials(firm: Firm, seed: str, learning: Learning) -> Iterator[Row]:
    """Each credential, and a row for each renewal, which takes the place of the one before."""
    random = stream(seed, "renewals")
    for credential in learning.credentials:
        yield from _renewals(firm, random, credential)


def _renewals(firm: Firm, random: Random, credential: Credential) -> Iterator[Row]:
    code = path_code(credential.vendor, credential.role, credential.level)
    months = firm.levels[credential.level].valid_months
    key, before, nth = f"cred-{credential.person}-{code}-{credential.starts_on}", None, 0
    end, told = credential.starts_on, credential.starts_on
    while end < credential.ends_on:
        nth += 1
        end = add_months(credential.starts_on, months * nth)
        fact_id = key if nth == 1 else f"{key}-r{nth - 1}"
        yield known({**_credential(credential, code), "fact_id": fact_id, "ends_on": end}, told, "academy", before)
        before, told = fact_id, end - timedelta(days=random.randrange(3, 80))


def _credential(credential: Credential, code: str) -> Row:
    return {
        "fact_id": None,
        "person": credential.person,
        "code": code,
        "family": credential.vendor,
        "role": credential.role,
        "level": credential.level,
        "product": credential.vendor,
        "starts_on": credential.starts_on,
    }


def credential_types(firm: Firm) -> Iterator[Row]:
    """One type for each learning path."""
    for vendor, role, level in _paths(firm):
        code = path_code(vendor.key, role, level)
        yield {"code": code, "family": vendor.key, "role": role, "level": level, "product": vendor.key}


def learning_paths(firm: Firm) -> Iterator[Row]:
    """What each path takes: hours by level, role and vendor, and how many of those who sit the exam pass."""
    for vendor, role, name in _paths(firm):
        level, code = firm.levels[name], path_code(vendor.key, role, name)
        row: Row = {
            "fact_id": f"path-{code}",
            "organization": firm.key,
            "code": code,
            "vendor": vendor.key,
            "role": role,
            "level": name,
            "hours": f"{(level.hours * firm.roles[role] * vendor.factor).normalize():f}",
            "pass_rate": level.pass_rate,
            "fee": level.fee,
            "currency": "USD",
            "valid_months": level.valid_months,
            "starts_on": firm.first,
        }
        yield known(row, firm.first, "academy")


def _paths(firm: Firm) -> Iterator[tuple[Vendor, str, str]]:
    return ((vendor, role, level) for vendor in firm.vendors.values() for role in firm.roles for level in LEVELS)
