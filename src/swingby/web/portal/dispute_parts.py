"""Disputes as values, for both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from swingby.web.design.parts import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case in a list."""

    url: str
    about: str
    line: str
    partner: str
    opened_by: str
    opened_at: datetime
    due: datetime | None
    is_late: bool
    state: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Everything about one case; the forms are there for those who may use them."""

    row: CaseRow
    words: str
    file_name: str
    file_url: str
    answer: str
    answered_by: str
    answered_at: datetime | None
    is_open: bool
    waits_for_cure: bool
    cure: str
    cured_at: datetime | None
    cure_url: str
    number_url: str
    record_url: str
    answers: tuple[tuple[str, str, str], ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    may_withdraw: bool = False
    may_cure: bool = False
    may_remove: bool = False
