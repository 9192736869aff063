"""The second net: scoped managers filter as the policies do, and refuse to query without a scope.

They are tried through the role that sees everything, so that row-level security cannot hide a missing filter.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import psycopg
import pytest
from django.apps import apps
from django.db import connections, models, transaction
from pytest_django import DjangoDbBlocker

from swingby.web.models import Enrolment
from swingby.web.policies import EXCEPTIONS
from swingby.web.server import Database
from swingby.web.settings import _database
from swingby.web.tenancy import NOBODY, NoScopeError, Scope, ScopedManager, _open_scope
from tests.permissions.expectations import EXPECTED, Tables
from tests.permissions.isolation import SCOPES, read_all

SCOPED = [model for model in apps.get_app_config("swingby").get_models() if model._meta.db_table not in EXCEPTIONS]


@pytest.fixture(scope="module")
def all_seeing(database: Database, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A second database alias whose role bypasses row-level security."""
    connections.databases["all-seeing"] = deepcopy(connections["default"].settings_dict) | _database(
        database.url("backup")
    )
    with django_db_blocker.unblock():
        yield "all-seeing"
        connections["all-seeing"].close()
    del connections.databases["all-seeing"]


@pytest.fixture(scope="module")
def everything(database: Database) -> Tables:
    with psycopg.connect(database.url("backup"), autocommit=True) as backup:
        return read_all(backup, EXPECTED)


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def _manager_breaks(model: type[models.Model], alias: str, everything: Tables) -> list[str]:
    table = model._meta.db_table
    breaks = []
    for name, scope in SCOPES.items():
        held = scope or NOBODY
        token = _open_scope.set(held)
        try:
            with transaction.atomic(using=alias):
                seen = {str(key) for key in model._default_manager.using(alias).values_list("pk", flat=True)}
        finally:
            _open_scope.reset(token)
        should = {str(row[_key(model)]) for row in everything[table] if EXPECTED[table].sees(row, held, everything)}
        if seen != should:
            breaks.append(f"{table}: {name} sees {len(seen - should)} too many, {len(should - seen)} too few")
    return breaks


def test_every_tenant_model_has_the_scoped_manager_twice() -> None:
    assert [model for model in SCOPED if not isinstance(model._default_manager, ScopedManager)] == []
    assert [model for model in SCOPED if not isinstance(model._base_manager, ScopedManager)] == []


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_each_manager_filters_without_the_help_of_policies(
    all_seeing: str, everything: Tables, model: type[models.Model]
) -> None:
    assert _manager_breaks(model, all_seeing, everything) == []


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_each_filter_that_is_lost_is_noticed(
    all_seeing: str, everything: Tables, model: type[models.Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "visible_in", staticmethod(lambda _: models.Q()))

    assert _manager_breaks(model, all_seeing, everything) != []


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_each_manager_refuses_to_query_without_a_scope(model: type[models.Model]) -> None:
    with pytest.raises(NoScopeError):
        model._default_manager.count()


def test_a_scope_is_refused_outside_a_transaction(database: Database) -> None:
    from swingby.web.tenancy import open_scope

    with pytest.raises(NoScopeError), open_scope(Scope()):
        pass


@pytest.mark.django_db
def test_the_scope_before_comes_back_after_the_inner_one() -> None:
    from swingby.web.tenancy import open_scope

    with transaction.atomic(), open_scope(Scope(owner_orgs=frozenset({"harbor"}))):
        with open_scope(Scope(partner_orgs=frozenset({"loom"}))):
            inner = sorted(Enrolment.objects.values_list("pk", flat=True))
        outer = sorted(Enrolment.objects.values_list("pk", flat=True))

    assert inner == ["quay-program-loom"]
    assert outer == ["harbor-program-sedge", "harbor-program-sedge-north", "harbor-program-tarn"]
