"""Disputes as values, for both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from swingby.web.clock import now
from swingby.web.design.parts import Tone
from swingby.web.models import TO_CURE, Dispute, DisputeState

_TONES: Mapping[str, Tone] = {
    DisputeState.OPEN: "pending",
    DisputeState.UPHELD: "good",
    DisputeState.CHANGED: "good",
    DisputeState.DECLINED: "bad",
    DisputeState.WITHDRAWN: "plain",
}
CURES: Mapping[str, str] = {
    "added": "A record was added.",
    "removed": "The record was taken out.",
    "loaded": "The records were brought up to date.",
}


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


def case_words(case: Dispute) -> tuple[str, Tone]:
    """Where a case stands, and how that looks."""
    if case.state in TO_CURE:
        return (
            (f"{case.get_state_display()}, done", "good") if case.cured_at else ("You are right, not done yet", "warn")
        )
    if case.state == DisputeState.OPEN and case.answer_due < now():
        return "Answer is late", "bad"
    return str(case.get_state_display()), _TONES[case.state]


def case_row(case: Dispute, *, url: str) -> CaseRow:
    """A case as both sides read it."""
    is_open = case.state == DisputeState.OPEN
    words, tone = case_words(case)
    return CaseRow(
        url=url,
        about=case.number_label,
        line=case.line_words or "Something is missing",
        partner=case.partner.name,
        opened_by=case.opened_by.name,
        opened_at=case.opened_at,
        due=case.answer_due if is_open else None,
        is_late=is_open and case.answer_due < now(),
        state=words,
        tone=tone,
    )
