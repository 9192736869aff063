"""A program of the small world in which a tier rests on certified people, and those people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from swingby.web.domain.programs import publish_version
from swingby.web.domain.standings import assess_enrolment
from swingby.web.models import Program
from swingby.web.tenancy import Scope, act_for_owner, open_scope

GONE_ON = date(2026, 4, 10)
#: Two certified people for select; a tier follows every day.
RULES = """\
program: {id: PROGRAM, label: Example program, language: 1, version: "1", effective: 2025-01-01, currency: USD}
measures:
  experts: {count: person, of: credentials, where: {code: expert}, label: Experts}
ladders:
  level:
    tiers:
      - {id: member}
      - {id: select, requires: {measure: experts, at_least: 2}}
    start: member
    promote: {each: day}
    demote: {each: day}
"""


def hire(*people: str, owner: str, partner: str) -> None:
    """Let people work at a partner, with the certificate that counts."""
    start = date(2024, 1, 1)
    for person in people:
        more = {"organization": partner, "role": "engineering"}
        _insert("employments", f"{partner}-{person}-job", owner, partner, person=person, starts_on=start, **more)
        _insert(
            "credentials", f"{partner}-{person}-paper", owner, partner, person=person, starts_on=start, code="expert"
        )


def publish_rules(owner: str, program: str, *enrolments: str, version: str = "2", text: str = RULES) -> None:
    """Put the rules in force and work out where partners stand."""
    files = {"program.yaml": text.replace("PROGRAM", program).replace('version: "1"', f'version: "{version}"')}
    files["program.yaml"] = files["program.yaml"].replace("2025-01-01", f"2025-02-0{version}")
    with act_for_owner(owner), connection.cursor() as cursor:
        publish_version(Program.objects.get(pk=program), files=files)
        # The world stands still on a day before the one on which its facts were written.
        cursor.execute("UPDATE ref_positions SET recorded_at = '2025-01-01' WHERE owner_org = %s", [owner])
    for enrolment in enrolments:
        assess(enrolment, owner)


def assess(enrolment: str, owner: str) -> None:
    """Bring a standing up to date with one more position."""
    with act_for_owner(owner), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ref_positions (owner_org, position, recorded_at) SELECT %s, max(position) + 1, '2025-01-01'"
            " FROM ref_positions WHERE owner_org = %s RETURNING position",
            [owner, owner],
        )
        (position,) = cursor.fetchone()
    assess_enrolment(enrolment, owner=owner, position=position)


def _insert(kind: str, fact: str, owner: str, partner: str, **columns: Any) -> None:
    row: dict[str, Any] = {
        "owner_org": owner,
        "partner_org": partner,
        "fact_id": fact,
        "position": 1,
        "source": "example",
        **columns,
    }
    with open_scope(Scope(owner_orgs=frozenset({owner}))), connection.cursor() as cursor:
        names, places = ", ".join(row), ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO fact_{kind} ({names}) VALUES ({places})", list(row.values()))
