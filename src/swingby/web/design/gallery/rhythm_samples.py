"""What the sample pages of the rhythm board show."""

from dataclasses import replace

from swingby.web.console.daily_parts import (
    AnswerLine,
    CellState,
    PartnerPromises,
    PeriodCell,
    PromiseLine,
    RhythmPage,
)
from swingby.web.design.gallery.extremes import LONG_NAME
from swingby.web.design.parts import Choice

_QUARTERS = ("Feb to Apr 2025", "May to Jul 2025", "Aug to Oct 2025", "Nov 2025 to Jan 2026", "Feb to Apr 2026")
_STATES: tuple[CellState, ...] = ("kept", "some", "missed", "some", "open")
_FIGURES = ("100 %", "81 %", "38 %", "74 %", "running")
_OWN: tuple[CellState, ...] = ("kept", "kept", "missed", "unknown", "open")


def _total(label: str, side: str, kept: int, nudges: str = "") -> PromiseLine:
    cells = tuple(
        PeriodCell(
            label=quarter,
            state=state,
            words="17 of 42 kept so far" if state == "open" else "31 of 42 kept, 3 not known",
            figure=figure,
        )
        for quarter, state, figure in zip(_QUARTERS, _STATES, _FIGURES, strict=True)
    )
    return PromiseLine(
        label=label,
        side="vendor" if side == "vendor" else "partner",
        cells=cells,
        kept=kept,
        asked=168,
        nudge_words=nudges,
    )


def _own(label: str, side: str) -> PromiseLine:
    cells = tuple(PeriodCell(label=each, state=state, words=state) for each, state in zip(_QUARTERS, _OWN, strict=True))
    is_theirs = side == "partner"
    return PromiseLine(
        label=label,
        side="partner" if is_theirs else "vendor",
        cells=cells,
        kept=2,
        asked=3,
        key="plan_quarters",
        nudge_words="nudged 12 Mar 2026" if is_theirs else "",
        can_nudge=is_theirs,
        text="Hello,\n\nwe agreed on this: plan reviews this quarter. Until 30 April there is time. How can we help?",
    )


def sample_rhythms() -> RhythmPage:
    """Both sides, with a region that was left alone for two quarters."""
    partners = tuple(
        PartnerPromises(
            key=name,
            partner=name,
            url="#",
            tier="Gold",
            tier_rank=2,
            promises=(
                _own("Business reviews with you this quarter", "vendor"),
                _own("Plan reviews this quarter", "partner"),
            ),
        )
        for name in ("Merrowick Services", "Quillmoor Systems", "Tarnwick Labs")
    )
    return RhythmPage(
        total=42,
        whose=(Choice(value="ana", label="My partners", chosen=True), Choice(value="all", label="All partners")),
        ours=(_total("Business reviews with you this quarter", "vendor", 119),),
        theirs=(
            _total("Plan reviews this quarter", "partner", 111, "14 nudges, kept after 9"),
            _total("Campaigns this half-year", "partner", 87),
        ),
        answers=(
            AnswerLine(quarter="Q4 2025", answered=118, in_time="94 %", median_days="1.4 days", waiting=0),
            AnswerLine(quarter="Q1 2026", answered=97, in_time="81 %", median_days="2.1 days", waiting=3),
        ),
        partners=partners,
        first=1,
        last=3,
        after_url="#",
    )


def empty_rhythms() -> RhythmPage:
    """A program that counts no promises, without partners."""
    return RhythmPage(total=0)


def large_rhythms() -> RhythmPage:
    """Long words, and a full page of partners."""
    page = sample_rhythms()
    total, own = replace(page.theirs[0], label=LONG_NAME), replace(page.partners[0].promises[1], label=LONG_NAME)
    partner = replace(page.partners[0], partner=LONG_NAME, tier=LONG_NAME, promises=(own,) * 2)
    return replace(page, total=10_000, ours=(total,) * 2, theirs=(total,) * 2, partners=(partner, *page.partners * 2))
