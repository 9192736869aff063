"""Cases in words, for both sides."""

from __future__ import annotations

from collections.abc import Mapping

from swingby.web.clock import now
from swingby.web.design.parts import Tone
from swingby.web.models import TO_CURE, Dispute, DisputeState
from swingby.web.portal.dispute_parts import CaseRow

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
