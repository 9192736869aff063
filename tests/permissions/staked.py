"""Routes of a firm's board: what programs are worth is read by admins, managers and finance, and no vendor's person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

SAID: Final = {"worth": "90000", "cost": "12000", "currency": "USD", "note": "Example"}

#                    anon str  oven opar both memb admn exec fina oper succ mana
STAKED: Final[Mapping[str, tuple[tuple[Any, ...], ...]]] = {
    "firm_file": (("get", "302 404 404 200 200 403 200 404 404 404 404 404"),),
    "firm_what_if": (
        ("get", "302 404 404 200 200 403 200 404 404 404 404 404"),
        # In the small world nobody's certificate is of somebody who works there: there is nobody to choose.
        ("post", "302 404 404 422 422 403 422 404 404 404 404 404"),
    ),
    "firm_stake": (
        ("get", "302 404 404 404 404 403 200 403 403 403 403 403", ("harbor-program-tarn",)),
        ("post", "302 404 404 404 404 403 302 403 403 403 403 403", ("harbor-program-tarn",), SAID),
    ),
}
