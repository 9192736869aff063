"""A row in every table of facts and references, of every kind of column."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from swingby.web.models import Disagreement, Enrolment, NightlyRun

# --- facts and reference tables, whatever their columns -------------------------------------------------------------

_SAMPLES: dict[str, Any] = {
    "text": "example",
    "date": date(2026, 3, 1),
    "bigint": 1,
    "numeric": 1,
    "boolean": True,
    "jsonb": "{}",
}


def fill_facts(owner: str, partner: str) -> None:
    for table in _tables(with_partner=True):
        if table not in {"ref_enrolments", "ref_organizations"}:
            _insert(table, owner=owner, partner=partner, key=f"{owner}-{partner}")


def share_deal(owner: str, partner: str, *, party: str) -> None:
    """Another partner has a part in a partner's deal."""
    _insert("fact_deal_parties", owner=owner, partner=party, key=f"{owner}-{party}-part", deal=f"{owner}-{partner}")


def fill_catalogues(owner: str) -> None:
    for table in _tables(with_partner=False):
        _insert(table, owner=owner, partner=None, key=f"{owner}-catalogue")


def _tables(*, with_partner: bool) -> list[str]:
    """Fact tables and partner references; or the catalogues, whose rows name no partner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
            " AND (tablename LIKE 'fact\\_%%' OR tablename LIKE 'ref\\_%%') ORDER BY 1"
        )
        names = [row[0] for row in cursor.fetchall()]
    return [name for name in names if is_about_partners(name) == with_partner]


def is_about_partners(table: str) -> bool:
    from swingby.facts.postgres import PARTNER_REFERENCES

    return table.startswith("fact_") or table.removeprefix("ref_") in PARTNER_REFERENCES


def _insert(table: str, *, owner: str, partner: str | None, key: str, **said: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name::text, data_type::text FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name = %s AND is_generated = 'NEVER' AND (is_nullable = 'NO' OR column_name = 'partner_org')",
            [table],
        )
        row = {name: _sample(kind, key) for name, kind in cursor.fetchall()}
        row.update({"owner_org": owner, **said})
        if "partner_org" in row:
            row["partner_org"] = partner
        names = ", ".join(f'"{name}"' for name in row)
        places = ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(row.values()))


def _sample(kind: str, key: str) -> Any:
    if kind == "text":
        return key
    return timezone.now() if kind.startswith("timestamp") else _SAMPLES[kind]


# --- nights ----------------------------------------------------------------------------------------------------------


def fill_nights(enrolment: Enrolment) -> None:
    """A night that found something, and one after which it was gone."""
    day, moment = date(2025, 3, 1), datetime(2025, 3, 1, 1, tzinfo=UTC)
    NightlyRun.objects.get_or_create(
        owner_id=enrolment.owner_id, day=day, defaults={"started_at": moment, "finished_at": moment}
    )
    Disagreement.objects.create(
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        enrolment=enrolment,
        as_of=date(2025, 2, 28),
        stored_position=1,
        known_at=1,
        program_hash="an example",
        differences=[{"what": "tier", "stored": "select", "computed": "gold"}],
        found_on=day,
        last_found_on=day,
        settled_on=date(2025, 3, 2),
    )
