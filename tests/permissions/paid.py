"""Routes of money, of published versions and of a partner's people: method, answers, words of the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

#                    anon str  oven opar both memb admn exec fina oper succ mana
READ: Final = "302 404 404 404 404 404 404 200 200 403 403 200"
NOTHING: Final = "302 404 404 404 404 404 404 404 404 403 403 404"
INSIDERS: Final = "302 404 404 404 404 404 404 200 200 200 200 200"
NOT_THERE: Final = "302 404 404 404 404 404 404 404 404 404 404 404"
NOWHERE: Final = ("harbor", "1000001")
HARBOR: Final = ("harbor",)
PAID: Final[Mapping[str, tuple[tuple[Any, ...], ...]]] = {
    "console:money": (("get", READ, HARBOR),),
    # The address names no figure.
    "console:money_partners": (("get", NOTHING, HARBOR),),
    "console:money_file": (("get", READ, HARBOR),),
    "console:people": (("get", INSIDERS, ("harbor", "harbor-program-tarn")),),
    # There is no such version; tests/web/console/test_published.py asks for one that there is.
    "console:published": (("get", NOT_THERE, NOWHERE),),
    "console:published_file": (("get", NOT_THERE, NOWHERE),),
}
