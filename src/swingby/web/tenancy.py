"""Whose rows may be touched: an open scope, told to the database and to every scoped manager.

Two nets hold each other. The manager refuses to query without a scope and filters by it; PostgreSQL's row-level
security filters again by the same two lists, which are set for the transaction only. Nothing set means no rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

OWNER_SETTING = "swingby.owner_orgs"
PARTNER_SETTING = "swingby.partner_orgs"
PERSON_SETTING = "swingby.person"
TOKEN_SETTING = "swingby.token"  # noqa: S105 - the name of a setting
LIMITED_SETTING = "swingby.limited_owners"
REGION_SETTING = "swingby.region_partners"
LED_SETTING = "swingby.led_regions"
SHARED_SETTING = "swingby.shared_enrolments"

Row = TypeVar("Row", bound=models.Model)


class NoScopeError(RuntimeError):
    """Tenant data was asked for while no scope was open."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Organizations whose programs may be seen, and organizations whose partner rows may be seen.

    ``token`` is the hash of a token that is presented, to find that one row before anybody is known. Of the programs of
    ``limited_owners`` only rows about ``region_partners`` are seen: a regional lead's; of sums of whole regions those of
    ``led_regions``. ``shared_enrolments`` are those of other partners who agreed to share where they stand.
    """

    owner_orgs: frozenset[str] = frozenset()
    partner_orgs: frozenset[str] = frozenset()
    person: str = ""
    token: str = ""
    limited_owners: frozenset[str] = frozenset()
    region_partners: frozenset[str] = frozenset()
    led_regions: frozenset[str] = frozenset()
    shared_enrolments: frozenset[str] = frozenset()

    def settings(self) -> dict[str, str | list[str]]:
        """What the database is told: one setting for each list and text."""
        return {
            OWNER_SETTING: sorted(self.owner_orgs),
            PARTNER_SETTING: sorted(self.partner_orgs),
            PERSON_SETTING: self.person,
            TOKEN_SETTING: self.token,
            LIMITED_SETTING: sorted(self.limited_owners),
            REGION_SETTING: _array_text(self.region_partners),
            LED_SETTING: sorted(self.led_regions),
            SHARED_SETTING: sorted(self.shared_enrolments),
        }


NOBODY = Scope()
_open_scope: ContextVar[Scope | None] = ContextVar("swingby_scope", default=None)


def current_scope() -> Scope:
    """The scope that is open, or an error: no scope, no query."""
    scope = _open_scope.get()
    if scope is None:
        raise NoScopeError("No scope is open. Open one with open_scope(visible_to(actor)) or act_for_owner(...).")
    return scope


@contextmanager
def open_scope(scope: Scope) -> Iterator[Scope]:
    """Open a scope inside the running transaction and put back the one before it at the end."""
    if not connection.in_atomic_block:
        raise NoScopeError("A scope lives in a transaction: open it inside transaction.atomic().")
    token = _open_scope.set(scope)
    before = token.old_value if isinstance(token.old_value, Scope) else NOBODY
    try:
        _tell_database(scope)
        yield scope
    finally:
        _open_scope.reset(token)
        _tell_database(before)


@contextmanager
def act_for_owner(owner: str) -> Iterator[Scope]:
    """A transaction with the scope of one program owner: for jobs and loading, which no person started."""
    with transaction.atomic(), open_scope(Scope(owner_orgs=frozenset({owner}))) as scope:
        yield scope


def _tell_database(scope: Scope) -> None:
    if connection.needs_rollback or _is_aborted():
        return  # The rollback that must follow takes the settings back by itself.
    with connection.cursor() as cursor:
        cursor.execute(*setting_statement(scope))


def setting_statement(scope: Scope) -> tuple[str, list[str | list[str]]]:
    """The statement, with its values, that tells the database a scope until the transaction ends."""
    calls: list[str] = []
    values: list[str | list[str]] = []
    for name, value in scope.settings().items():
        calls.append(
            "set_config(%s, %s::text[]::text, true)" if isinstance(value, list) else "set_config(%s, %s, true)"
        )
        values += [name, value]
    return f"SELECT {', '.join(calls)}", values


def _is_aborted() -> bool:
    raw = connection.connection
    return raw is None or raw.info.transaction_status.name in {"INERROR", "UNKNOWN"}


class ScopedManager(models.Manager[Row]):
    """Queries only inside an open scope, and only what ``visible_in`` of the model lets through."""

    def get_queryset(self) -> models.QuerySet[Row]:
        scope = current_scope()
        model: Any = self.model
        rows = super().get_queryset().filter(model.visible_in(scope))
        return rows.filter(inside_region(model, scope)) if scope.limited_owners else rows


def two_sided(scope: Scope) -> models.Q:
    """Rows that the owner of the program and the partner concerned both see."""
    return models.Q(owner_id__in=scope.owner_orgs) | models.Q(partner_id__in=scope.partner_orgs)


#: Tables about a whole program whose rows tell of partners without naming one: nothing for a regional lead.
HELD_FROM_REGIONS = frozenset(
    {"version_comparisons", "uploads", "upload_tables", "unmatched_values", "cure_decisions", "saved_mappings"}
    | {"kept_cards", "card_decisions", "card_editions", "experiments", "experiment_plans"}
)


def inside_region(model: Any, scope: Scope) -> models.Q:
    """For a regional lead: of the programs of such an owner only what names a partner of the region.

    A row under the owner's own name on both sides is about the program as a whole.
    """
    if hasattr(model, "inside_region"):
        found: models.Q = model.inside_region(scope)
        return found
    names = {field.name for field in model._meta.get_fields()}  # noqa: SLF001 - Django's own word for it
    if model._meta.db_table in HELD_FROM_REGIONS:  # noqa: SLF001 - the same
        return ~models.Q(owner_id__in=scope.limited_owners)
    if not {"owner", "partner"} <= names:
        return models.Q()
    elsewhere = models.Q(owner_id__in=scope.limited_owners) & ~models.Q(partner_id=models.F("owner_id"))
    return ~elsewhere | models.Q(partner_id__in=any_of(scope.region_partners))


def led_region(owner: str, region: str) -> str:
    """A region that somebody leads at a vendor, as one word."""
    return f"{owner}/{region}"


def any_of(keys: frozenset[str]) -> RawSQL:
    """Many keys as one value: a statement does not grow with them, and they are looked up instead of gone through."""
    return RawSQL("SELECT unnest(%s::text[])", [_array_text(keys)])


@lru_cache(maxsize=8)
def _array_text(keys: frozenset[str]) -> str:
    """As the database writes a list. A request asks for the same keys a dozen times, and they may be thousands."""
    plain = (key.replace("\\", "\\\\").replace('"', '\\"') for key in sorted(keys))
    listed = ",".join(f'"{key}"' for key in plain)
    return f"{{{listed}}}"
