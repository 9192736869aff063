"""What is kept of a tier whose keeping is missed, as an example for the pages that say it."""

from __future__ import annotations

from typing import Any


def kept_missing(**more: Any) -> dict[str, Any]:
    """A gold partner that missed what keeps it from the first of March on, with what differs."""
    return {
        "tier": "gold",
        "then": "Select",
        "has_grace": True,
        "missed_since": "2026-03-01",
        "last_met": "2026-02-28",
        "kept_on": None,
        "mend_until": "2026-06-30",
        "lost_on": "2026-07-01",
        "holds_from": "2026-07-11",
        **more,
    }
