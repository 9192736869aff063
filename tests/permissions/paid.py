"""Routes of money: method, answers, words of the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

#                    anon str  oven opar both memb admn exec fina oper succ mana
READ: Final = "302 404 404 404 404 404 404 200 200 403 403 200"
NOTHING: Final = "302 404 404 404 404 404 404 404 404 403 403 404"
HARBOR: Final = ("harbor",)
PAID: Final[Mapping[str, tuple[tuple[Any, ...], ...]]] = {
    "console:money": (("get", READ, HARBOR),),
    # The address names no figure.
    "console:money_partners": (("get", NOTHING, HARBOR),),
    "console:money_file": (("get", READ, HARBOR),),
}
