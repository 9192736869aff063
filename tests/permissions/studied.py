"""Routes of study groups: method, answers, words of the address, what is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

EVERYBODY_THERE: Final = "302 404 404 404 404 302 302 404 404 404 404 404"
#: What is inside a group its members see: here the member.
MEMBER: Final = "302 404 404 404 404 200 404 404 404 404 404 404"
CIRCLE: Final = ("tarn", "tarn-circle")

STUDIED: Final[Mapping[str, tuple[Any, ...]]] = {
    "learning:groups": ("get", "302 404 404 404 404 200 200 404 404 404 404 404", ("tarn",)),
    "learning:study_wish": ("post", EVERYBODY_THERE, ("tarn",)),
    "learning:group_found": ("post", EVERYBODY_THERE, ("tarn",)),
    "learning:study_sharing": (
        "post",
        "302 404 404 404 404 403 302 404 404 404 404 404",
        ("tarn",),
        {"vendor": "harbor", "act": "allow"},
    ),
    "learning:group": ("get", MEMBER, CIRCLE),
    "learning:group_calendar": ("get", MEMBER, CIRCLE),
    "learning:group_act": ("post", EVERYBODY_THERE, CIRCLE, {"act": "join"}),
}
