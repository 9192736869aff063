"""Fill the rhythm board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from math import ceil
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.web.clock import today
from swingby.web.console.daily_parts import AnswerLine, CellState, PartnerPromises, PeriodCell, PromiseLine, RhythmPage
from swingby.web.console.week_pages import ALL, choose_book
from swingby.web.design.parts import StatTile
from swingby.web.domain.queries.rhythms import (
    AnswerTimes,
    KeptRhythm,
    NudgeCount,
    PeriodCount,
    Promise,
    answer_times,
    book_of,
    newest_nudges,
    nudge_counts,
    periods_by_partner,
    promises,
)
from swingby.web.models import Nudge, PortfolioRow, RhythmPeriod, RhythmState
from swingby.web.visibility import Actor

PAGE_ROWS = 8
_WORDS: Mapping[str, str] = {
    RhythmState.KEPT: "kept",
    RhythmState.MISSED: "missed",
    RhythmState.OPEN: "running",
    RhythmState.UNKNOWN: "not known",
}
_CELLS: Mapping[str, CellState] = {
    RhythmState.KEPT: "kept",
    RhythmState.MISSED: "missed",
    RhythmState.OPEN: "open",
    RhythmState.UNKNOWN: "unknown",
}


def rhythm_page(owner: str, *, actor: Actor, whose: str, page: int) -> RhythmPage:
    """Each promise through its periods, ours first; a page of partners beneath."""
    chosen, choices = choose_book(owner, actor=actor, whose=whose)
    manager = None if chosen == ALL else chosen
    rows = book_of(owner, manager=manager)
    total = rows.count()
    page = max(1, min(page, ceil(total / PAGE_ROWS) or 1))
    start = (page - 1) * PAGE_ROWS
    shown = list(rows[start : start + PAGE_ROWS])
    said, nudged = promises(owner, manager=manager), nudge_counts(owner, manager=manager)
    ours = tuple(_total(each, nudged) for each in said if each.side == "vendor")
    theirs = tuple(_total(each, nudged) for each in said if each.side == "partner")
    return RhythmPage(
        total=total,
        whose=choices,
        ours=ours,
        theirs=theirs,
        answers=tuple(map(_answers, answer_times(owner, manager=manager))),
        partners=_partners(shown),
        first=start + 1 if shown else 0,
        last=start + len(shown),
        page=page,
        before_url=_url(owner, chosen, page - 1) if page > 1 else "",
        after_url=_url(owner, chosen, page + 1) if start + PAGE_ROWS < total else "",
    )


def _url(owner: str, whose: str, page: int) -> str:
    return f"{reverse('console:rhythms', args=[owner])}?{urlencode({'whose': whose, 'page': page})}"


def _total(promise: Promise, nudged: Mapping[str, NudgeCount]) -> PromiseLine:
    counts = nudged.get(promise.key)
    sent = f"{counts.sent} nudge{'' if counts.sent == 1 else 's'}, kept after {counts.kept_after}" if counts else ""
    return PromiseLine(
        key=promise.key,
        label=promise.label,
        side=promise.side,
        cells=tuple(map(_counted, promise.periods)),
        kept=promise.kept,
        asked=promise.asked,
        nudge_words=sent,
    )


def _counted(period: PeriodCount) -> PeriodCell:
    """A period of all partners; one that runs has no share yet, since nobody is late in it."""
    due = period.kept + period.missed + period.open
    runs = " so far" if period.open else ""
    said = [f"{period.kept} of {due} kept{runs}"] if due else []
    said += [f"{period.unknown} not known"] if period.unknown else []
    figure = "running" if period.open else f"{100 * period.kept // due} %" if due else ""
    return PeriodCell(
        label=period_words(period.starts_on, period.last_day),
        state=_state_of(period),
        words=", ".join(said),
        figure=figure,
    )


def _state_of(period: PeriodCount) -> CellState:
    if not period.kept + period.missed + period.open:
        return "unknown"
    if period.open:
        return "open"
    if not period.missed:
        return "kept"
    return "missed" if period.kept < period.missed else "some"


def period_words(first: date, last: date) -> str:
    """A period by its months, whatever calendar it comes from."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%b %Y}"
    start = f"{first:%b}" if first.year == last.year else f"{first:%b %Y}"
    return f"{start} to {last:%b %Y}"


# --- one partner ----------------------------------------------------------------------------------------------------


def _partners(rows: Sequence[PortfolioRow]) -> tuple[PartnerPromises, ...]:
    keys = [row.enrolment_id for row in rows]
    periods, nudges = periods_by_partner(keys), newest_nudges(keys)
    return tuple(
        PartnerPromises(
            key=row.enrolment_id,
            partner=row.name,
            url=reverse("console:partner", args=[row.owner_id, row.enrolment_id]),
            tier=row.tier,
            tier_rank=row.tier_rank,
            promises=tuple(_lines(periods.get(row.enrolment_id, ()), nudges)),
        )
        for row in rows
    )


def _lines(periods: Sequence[RhythmPeriod], nudges: Mapping[tuple[str, str], Nudge]) -> list[PromiseLine]:
    return [_line(list(listed), nudges) for _, listed in groupby(periods, key=lambda each: (each.side, each.rhythm))]


def _line(periods: Sequence[RhythmPeriod], nudges: Mapping[tuple[str, str], Nudge]) -> PromiseLine:
    newest = periods[-1]
    nudge = nudges.get((newest.enrolment_id, newest.rhythm))
    kept = sum(each.state == RhythmState.KEPT for each in periods if each.last_day <= today())
    waits = newest.side == "partner" and newest.state in {RhythmState.OPEN, RhythmState.MISSED}
    return PromiseLine(
        key=newest.rhythm,
        label=newest.label,
        side="vendor" if newest.side == "vendor" else "partner",
        cells=tuple(_cell(each) for each in periods),
        kept=kept,
        asked=kept + sum(each.state == RhythmState.MISSED for each in periods),
        nudge_words=f"nudged {nudge.sent_at:%-d %b %Y}" if nudge else "",
        can_nudge=waits,
        text=_nudge_text(newest) if waits else "",
    )


def _nudge_text(period: RhythmPeriod) -> str:
    what = period.label[:1].lower() + period.label[1:]
    return f"Hello,\n\nwe agreed on this: {what}. Until {period.last_day:%-d %B} there is time. How can we help?"


def _cell(period: RhythmPeriod) -> PeriodCell:
    label = period_words(period.starts_on, period.last_day)
    return PeriodCell(label=label, state=_CELLS[period.state], words=_WORDS[period.state])


def _answers(times: AnswerTimes) -> AnswerLine:
    median = times.median_days
    return AnswerLine(
        quarter=f"Q{(times.quarter.month + 2) // 3} {times.quarter.year}",
        answered=times.answered,
        in_time=f"{100 * times.in_time // times.due} %" if times.due else "",
        median_days=f"{median:g} days" if median is not None else "",
        waiting=times.waiting,
    )


def rhythm_tile(rhythms: Sequence[KeptRhythm]) -> StatTile:
    """How a partner keeps its rhythms: of one kind the periods are counted, of several the kinds kept the last time.

    A plan of a quarter and a call of a month are no sum.
    """
    theirs = [each for each in rhythms if not each.is_ours]
    ours = ", ".join(_kept_words(each) for each in rhythms if each.is_ours)
    told = _("Ours: %(rhythms)s") % {"rhythms": ours} if ours else ""
    if len(theirs) < 2:  # noqa: PLR2004 - one kind or none
        kept, asked, label = sum(each.kept for each in theirs), sum(each.asked for each in theirs), _("Rhythms kept")
        said = theirs[0].label if theirs else ""
    else:
        kept, asked, label = sum(each.last_kept for each in theirs), len(theirs), _("Rhythms kept when last due")
        said = ", ".join(map(_kept_words, theirs))
    return StatTile(
        label=label,
        value=Decimal(kept) if asked else None,
        of=Decimal(asked) if asked else None,
        icon="repeat",
        note=". ".join(filter(None, (said, told))),
    )


def _kept_words(rhythm: KeptRhythm) -> str:
    counts = {"rhythm": rhythm.label, "kept": rhythm.kept, "asked": rhythm.asked}
    return _("%(rhythm)s %(kept)s of %(asked)s") % counts
