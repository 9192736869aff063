"""What models say and what migrations make of the database are the same."""

from __future__ import annotations

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def test_no_migration_is_missing() -> None:
    loader = MigrationLoader(None)
    found = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    said = [str(operation.describe()) for migration in found.get("swingby", []) for operation in migration.operations]
    assert said == []


def test_migrations_stand_in_one_line() -> None:
    assert len(MigrationLoader(None).graph.leaf_nodes("swingby")) == 1
