"""Let the firm of the small world have two experts whom two vendors know, and tiers that rest on them."""

from __future__ import annotations

import django

django.setup()

from django.db import transaction  # noqa: E402 - models can be imported only now

from tests.web.leavers import hire, publish_rules  # noqa: E402

with transaction.atomic():
    for owner in ("harbor", "quay"):
        # One of them is known by name, because the key is that of somebody who has access.
        hire("both-programs", "ben", owner=owner, partner="sedge")
    publish_rules("harbor", "harbor-program", "harbor-program-sedge")
    publish_rules("quay", "quay-program", "quay-program-sedge")
