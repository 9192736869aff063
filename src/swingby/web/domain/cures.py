"""What files name that no list knows: grouped by what cures it, decided once, remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection, models

from swingby.web.clock import now
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.words import kept_words
from swingby.web.models import CureDecision, UnmatchedValue, Upload, UploadState
from swingby.web.permissions import can_load_facts
from swingby.web.visibility import Actor

#: A list that does not know a value -> the other names that may stand for one of its rows.
NAMED_IN: Final[Mapping[str, str]] = {
    "organizations": "organization_names",
    "organization_names": "organization_names",
    "people": "mails",
}
#: Lists that take a new row which has nothing but its key.
GROWS: Final[Mapping[str, str]] = {
    "products": "product",
    "credential_types": "code",
    "customers": "customer",
    "people": "person",
}
_KEYS: Final[Mapping[str, str]] = {"organization_names": "organization", "mails": "person"}
LONGEST_VALUE = 500
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Unmatched:
    """One value, in how many rows of how many files it stands, and what it may be."""

    reference: str
    value: str
    rows: int
    files: int
    suggestion: str


@dataclass(frozen=True, slots=True)
class CureGroup:
    """Values that the same thing cures.

    Attributes
    ----------
    cure
        ``mail``, ``name`` or ``list``.
    column
        What the values are of, as files call it.
    values
        The first of them, the most rows first; ``total`` are all.
    """

    cure: str
    reference: str
    column: str
    values: tuple[Unmatched, ...]
    total: int
    rows: int


def cure_of(reference: str, value: str) -> str:
    """What cures a value: telling whose mail it is, whose name it is, or growing a list."""
    if reference == "people" and "@" in value:
        return "mail"
    return "name" if reference in ("organizations", "organization_names") else "list"


def unmatched_groups(owner: str) -> tuple[CureGroup, ...]:
    """Everything that waits for a decision, by cure; decided values and those of undone uploads are left out."""
    rows = (
        UnmatchedValue.objects.filter(owner_id=owner)
        .exclude(upload__state__in=(UploadState.UNDONE, UploadState.FAILED))
        .values("reference", "column", "value")
        .annotate(total=models.Sum("rows"), files=models.Count("upload", distinct=True), like=models.Max("suggestion"))
        .order_by("-total", "value")
    )
    decided = set(CureDecision.objects.filter(owner_id=owner).values_list("reference", "value"))
    groups: defaultdict[tuple[str, str, str], list[Unmatched]] = defaultdict(list)
    for row in rows:
        reference, value = str(row["reference"]), str(row["value"])
        if (NAMED_IN.get(reference, reference), folded(value)) not in decided:
            key = (cure_of(reference, value), reference, str(row["column"]))
            groups[key].append(Unmatched(reference, value, row["total"], row["files"], row["like"] or ""))
    found = (
        CureGroup(*key, tuple(values[:_MOST_SHOWN]), len(values), sum(each.rows for each in values))
        for key, values in groups.items()
    )
    return tuple(sorted(found, key=lambda group: (group.cure != "mail", group.cure != "name", -group.rows)))


def decide_cure(owner: str, *, actor: Actor, reference: str, value: str, means: str, act: str) -> None:
    """Remember what a value stands for (``is``), that it is new (``new``), or that it may be passed over (``pass``).

    Files that wait for it are read again by the caller.
    """
    if not can_load_facts(actor, owner=owner):
        raise NotAllowedError("Your role does not load files.")
    plain = kept_words(value, longest=LONGEST_VALUE)
    table = NAMED_IN.get(reference, reference)
    if act == "is":
        _require_known(owner, table, means)
    elif act == "new":
        _grow(owner, reference, plain)
    elif act != "pass":
        raise RefusedError("Choose what it is, or pass it over.")
    CureDecision.objects.update_or_create(
        owner_id=owner,
        reference=table,
        value=folded(plain),
        defaults={
            "means": means if act == "is" else plain if act == "new" else "",
            "decided_by_id": actor.person,
            "decided_at": now(),
        },
    )


def remember_names(owner: str, names: Sequence[tuple[str, str, str]], *, by: str | None) -> None:
    """Keep the other names that a file brings: the table, the name, what it stands for."""
    CureDecision.objects.bulk_create(
        (
            CureDecision(
                owner_id=owner, reference=table, value=folded(name), means=means, decided_by_id=by, decided_at=now()
            )
            for table, name, means in names
        ),
        update_conflicts=True,
        unique_fields=["owner", "reference", "value"],
        update_fields=["means", "decided_by", "decided_at"],
    )


def known_names(owner: str) -> Mapping[str, list[tuple[str, str]]]:
    """Other names by their table, as reading files wants them."""
    rows = CureDecision.objects.filter(owner_id=owner, reference__in=_KEYS).exclude(means="")
    found: dict[str, list[tuple[str, str]]] = {"organization_names": [], "mails": []}
    for reference, value, means in rows.values_list("reference", "value", "means"):
        found[reference].append((value, means))
    return found


def waiting_uploads(
    owner: str, *, reference: str, value: str, state: UploadState = UploadState.LOADED
) -> tuple[str, ...]:
    """The uploads in a state in which a value stands: what is decided about it may bring rows in, or change what is promised."""
    rows = UnmatchedValue.objects.filter(owner_id=owner, reference=reference, value=value, upload__state=state)
    return tuple(rows.order_by("upload").values_list("upload", flat=True).distinct())


def folded(value: str) -> str:
    """A name without what does not matter: capitals and spaces."""
    return " ".join(value.lower().split())


def keep_unmatched(upload: Upload, found: Sequence[tuple[str, str, str, str, int, str]]) -> None:
    """Write anew what an upload names that no list knows."""
    upload.unmatched.all().delete()
    UnmatchedValue.objects.bulk_create(
        UnmatchedValue(
            owner_id=upload.owner_id,
            upload=upload,
            table=table,
            column=column,
            value=value[:LONGEST_VALUE],
            reference=reference,
            rows=rows,
            suggestion=like,
        )
        for table, column, value, reference, rows, like in found
    )


def _require_known(owner: str, table: str, means: str) -> None:
    key = _KEYS.get(table)
    if key is None:
        raise RefusedError("This list knows no other names. Add the value to it, or mend the file.")
    reference = {"organization": "organizations", "person": "people"}[key]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM ref_{reference} WHERE owner_org = %s AND {key} = %s", [owner, means])
        if cursor.fetchone() is None:
            raise RefusedError(f'There is no "{means}". Choose one of the list.')


def _grow(owner: str, reference: str, value: str) -> None:
    key = GROWS.get(reference)
    if key is None:
        raise RefusedError("Rows of this list need more than a key. Load the list as a file.")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ref_{reference} (owner_org, {key}) VALUES (%s, %s) ON CONFLICT DO NOTHING", [owner, value]
        )
