"""Check whole chains of acts, also against heads that were written down elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q

from swingby.web.domain.audit import find_breaks
from swingby.web.models import AuditEntry

#: Name of a chain -> number and hash of its newest entry at some time.
Heads = Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain: owner, partner and side as its name, its newest entry, and where it is broken."""

    name: str
    number: int
    hash: str
    breaks: tuple[str, ...]


def check_chains(organization: str, *, heads: Heads | None = None) -> tuple[Chain, ...]:
    """Check every chain of an organization, whole; needs its scope.

    Parameters
    ----------
    heads
        What the newest entries were at an earlier time, kept outside the database: a chain that was cut off or written
        anew since then does not hold them any more.
    """
    rows = AuditEntry.objects.filter(Q(owner_id=organization) | Q(partner_id=organization))
    entries = rows.order_by("owner_id", "partner_id", "side", "number").iterator(chunk_size=2000)
    known = {name: head for name, head in (heads or {}).items() if organization in name.split("/")[:2]}
    found = [_checked(name, part, known.pop(name, None)) for name, part in groupby(entries, key=name_of)]
    gone = [Chain(name, 0, "", ("All of its entries are gone.",)) for name in known]
    return (*found, *gone)


def name_of(entry: AuditEntry) -> str:
    """The chain that an entry stands in."""
    return f"{entry.owner_id}/{entry.partner_id}/{entry.side}"


def _checked(name: str, entries: Iterable[AuditEntry], head: tuple[int, str] | None) -> Chain:
    newest, kept = [(0, "")], [False]

    def watched() -> Iterator[AuditEntry]:
        for entry in entries:
            newest[0] = (entry.number, entry.hash)
            kept[0] = kept[0] or newest[0] == head
            yield entry

    breaks = find_breaks(watched())
    if head is not None and not kept[0]:
        breaks.append(f"Entry {head[0]}, the newest one when it was written down, is missing or was replaced.")
    number, hash_ = newest[0]
    return Chain(name, number, hash_, tuple(breaks))
