"""Fill the database with the small world."""

from __future__ import annotations

import django

django.setup()

from tests.permissions.world import build_world  # noqa: E402 - models can be imported only now

build_world()
