"""The only words in which evidence may be summed up."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What the data say of a question."""

    SHOWN = "shown"
    SUGGESTED = "suggested"
    NOT_SHOWN = "not shown"
    UNANSWERABLE = "cannot be answered from these data"
