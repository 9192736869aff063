"""A vendor's own certifications, and what its tiers ask of a partner's people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.db import connection

from swingby.enablement import AskedByTiers, Catalogue, Certification, Retirement, tier_asks
from swingby.program import Program
from swingby.web.domain.learning.catalogues import catalogue_of
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.partner_facts import credential_label
from swingby.web.domain.standings import latest_standing
from swingby.web.models import Enrolment

#: Levels as most vendors call them, from low to high; others come after, by name.
_LEVELS: Final = ("foundational", "fundamentals", "associate", "intermediate", "specialist", "professional", "advanced", "expert")  # fmt: skip


def vendor_catalogue(owner: str) -> Catalogue:
    """The catalogue that a vendor keeps, or else the types of credentials among its facts, whose terms nobody told."""
    kept = catalogue_of(owner)
    return kept.catalogue if kept else _of_types(owner)


def partner_asks(enrolment: Enrolment, catalogue: Catalogue, on: date) -> AskedByTiers:
    """What keeping the tiers held, and reaching the next, asks of a partner's people."""
    program = loaded(version_in_force(enrolment.program_id, on=on))
    standing = latest_standing(enrolment)
    held = standing.result.get("held", {}) if standing else {}
    return asks_of(program, held, catalogue, on)


def asks_of(program: Program, held: Mapping[str, str | None], catalogue: Catalogue, on: date) -> AskedByTiers:
    """The same of a program and the tiers held in it."""
    vendor = program.header.id if program.header.id in catalogue.vendors else next(iter(catalogue.vendors), "")
    return tier_asks(program, catalogue, {ladder: held.get(ladder) for ladder in program.ladders}, on, vendor=vendor)


def _of_types(owner: str) -> Catalogue:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, product, role, level, counts_until FROM ref_credential_types WHERE owner_org = %s ORDER BY code",
            [owner],
        )
        rows = cursor.fetchall()
    found = [
        Certification(
            code=code,
            label=credential_label(code, role, level, product),
            vendor=owner,
            product=product or "",
            role=role or "",
            level=level or "",
            retirement=Retirement(exams_until=ends, counts_until=ends) if ends else None,
        )
        for code, product, role, level, ends in rows
    ]
    roles = sorted({one.role for one in found})
    levels = sorted({one.level for one in found}, key=_place)
    return Catalogue(
        {one.code: one for one in found},
        {owner: owner},
        {role: _word(role) for role in roles},
        {level: _word(level) for level in levels},
    )


def _place(level: str) -> tuple[int, str]:
    return (_LEVELS.index(level) if level in _LEVELS else len(_LEVELS), level)


def _word(word: str) -> str:
    return word.replace("_", " ").capitalize() or "Any"
