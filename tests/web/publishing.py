"""Versions of the small world's program, and standings by them."""

from __future__ import annotations

from typing import Any

from django.db import connection

from swingby.web.domain.facts import take_position
from swingby.web.domain.programs import publish_version
from swingby.web.domain.standings import assess_enrolment
from swingby.web.models import Program
from swingby.web.tenancy import act_for_owner
from tests.permissions.world import PROGRAM_TEXT
from tests.web.acting import ENROLMENT


def publish(version: str, effective: str, text: str = PROGRAM_TEXT) -> None:
    said = text.replace("PROGRAM", "harbor-program").replace('version: "1"', f'version: "{version}"')
    with act_for_owner("harbor"):
        files = {"program.yaml": said.replace("2025-01-01", effective)}
        publish_version(Program.objects.get(pk="harbor-program"), files=files)


def assess_now(enrolment: str = ENROLMENT) -> None:
    with act_for_owner("harbor"):
        position = take_position("harbor", batch="now")
    assess_enrolment(enrolment, owner="harbor", position=position)


def add_fact(table: str, key: str, **columns: Any) -> None:
    """One more fact of tarn."""
    with act_for_owner("harbor"), connection.cursor() as cursor:
        row = {
            "fact_id": key,
            "position": take_position("harbor", batch=key),
            "owner_org": "harbor",
            "partner_org": "tarn",
            "source": "tests",
            **columns,
        }
        names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO fact_{table} ({names}) VALUES ({marks})", list(row.values()))
