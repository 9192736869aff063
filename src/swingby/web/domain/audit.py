"""Append to the audit chains and check them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from swingby.web.clock import now
from swingby.web.models import AuditEntry, Side, TenantRow


@dataclass(frozen=True, slots=True)
class OwnChain:
    """The chain of acts that concern no partner: those with a program itself stand between its owner and itself."""

    owner_id: str

    @property
    def partner_id(self) -> str:
        """The owner."""
        return self.owner_id


def record_act(
    row: TenantRow | OwnChain, *, side: Side, actor: str, action: str, subject: str, **detail: Any
) -> AuditEntry:
    """Append one act to the chain of the row's owner, partner and side.

    Whoever writes to the same chain at the same time waits until this transaction ends.
    """
    _wait_for_turn(row, side=side)
    chain = AuditEntry.objects.filter(owner_id=row.owner_id, partner_id=row.partner_id, side=side)
    last = chain.order_by("-number").first()
    entry = AuditEntry(
        owner_id=row.owner_id,
        partner_id=row.partner_id,
        side=side,
        number=last.number + 1 if last else 1,
        at=now(),
        actor=actor,
        action=action,
        subject=subject,
        detail=detail,
        previous_hash=last.hash if last else "",
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    return entry


def record_owner_act(owner: str, *, actor: str, action: str, subject: str, **detail: Any) -> AuditEntry:
    """Append an act of the vendor that concerns no single partner to a chain of the vendor's own."""
    return record_act(OwnChain(owner), side=Side.VENDOR, actor=actor, action=action, subject=subject, **detail)


def _wait_for_turn(row: TenantRow | OwnChain, *, side: str) -> None:
    with connection.cursor() as cursor:
        chain = json.dumps([row.owner_id, row.partner_id, side])
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit:{chain}"])


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over everything the entry says and the hash before it."""
    said = [
        entry.owner_id,
        entry.partner_id,
        entry.side,
        entry.number,
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def find_breaks(entries: Iterable[AuditEntry]) -> list[str]:
    """Where one chain, in order of number, was changed or lost an entry; nothing if it is whole."""
    breaks, previous, expected = [], "", 1
    for entry in entries:
        if entry.number != expected or entry.previous_hash != previous:
            breaks.append(f"Entry {expected} is missing or was replaced before entry {entry.number}.")
        if entry.hash != hash_of(entry):
            breaks.append(f"Entry {entry.number} was changed after it was written.")
        previous, expected = entry.hash, entry.number + 1
    return breaks
