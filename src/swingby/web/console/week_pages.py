"""Fill the week of somebody who looks after partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse

from swingby.web.clock import today
from swingby.web.console.daily_parts import Event, WeekLine, WeekPage
from swingby.web.design.parts import Choice
from swingby.web.design.wording import number_words
from swingby.web.domain.portfolio.rows import monday
from swingby.web.domain.queries.open_reviews import open_reviews
from swingby.web.domain.queries.portfolio import partners
from swingby.web.domain.queries.week_ahead import (
    BookChange,
    Renewal,
    changes_since_monday,
    falls,
    how_many,
    renewals,
    reviews_ahead,
)
from swingby.web.domain.week.acting import AWAY_DAYS, MOST_ROWS, WeekRow, rows_of
from swingby.web.domain.week.reading import read_book
from swingby.web.models import ActivityReport, PortfolioRow, PutOff, WeekDeed
from swingby.web.permissions import can_decide_reviews, can_recommend_in_reviews
from swingby.web.visibility import Actor

ALL = "all"
_ICONS: Mapping[str, str] = {
    "unanswered": "list-checks",
    "drops": "trending-down",
    "lapses": "calendar-x",
    "renews": "refresh-cw",
    "quiet": "volume-x",
    "owed": "handshake",
    "missed": "repeat",
}


def week_page(owner: str, *, actor: Actor, whose: str) -> WeekPage:
    """The rows of a book, at most MOST_ROWS, and what stands beneath them.

    Parameters
    ----------
    whose
        The key of a success manager, ``all``, or nothing: then one's own book, or all if one has none.
    """
    chosen, choices = choose_book(owner, actor=actor, whose=whose)
    book = read_book(owner, manager=None if chosen == ALL else chosen)
    rows = rows_of(book, owner=owner)
    shown = rows[:MOST_ROWS]
    mails = _mails([row.known.enrolment for row in shown])
    changes, changes_total = changes_since_monday(owner, book.query)
    counted, reviews_total = how_many(book.query)
    renewing, renewals_total = renewals(owner, book.query)
    named = Q(pk__in=[each.enrolment for each in changes]) | Q(partner__in=[each.partner for each in renewing])
    rows_named = list(book.query.filter(named))
    by_enrolment, by_partner = ({getattr(row, key): row for row in rows_named} for key in ("pk", "partner_id"))
    return WeekPage(
        ours_late=book.ours_late,
        theirs_late=book.theirs_late,
        partners=counted,
        whose=choices,
        lines=tuple(_line(row, book.rows[row.known.enrolment], actor, mails) for row in shown),
        more=len(rows) - len(shown),
        reasons=tuple(Choice(value=value, label=label) for value, label in PutOff.choices),
        monday=monday(today()),
        next_week=today() + timedelta(days=AWAY_DAYS[WeekDeed.NOT_NOW]),
        changes=tuple(_change(each, by_enrolment[each.enrolment]) for each in changes),
        changes_total=changes_total,
        reviews=tuple(map(_review, reviews_ahead(book.query))),
        reviews_total=reviews_total,
        renewals=tuple(_renewal(each, by_partner[each.partner]) for each in renewing),
        renewals_total=renewals_total,
        open_reviews=open_reviews(owner, manager=actor.person if chosen == ALL else chosen),
        decides=can_decide_reviews(actor, owner=owner),
        recommends=can_recommend_in_reviews(actor, owner=owner),
    )


def choose_book(owner: str, *, actor: Actor, whose: str) -> tuple[str, tuple[Choice, ...]]:
    """Whose partners a page is about, and whose it could be about."""
    managers = _managers(owner)
    chosen = _chosen(managers, actor=actor, whose=whose)
    return chosen, _choices(managers, actor=actor, chosen=chosen)


def _managers(owner: str) -> Mapping[str, str]:
    rows = partners(owner).exclude(enrolment__success_manager=None)
    names = rows.values_list("enrolment__success_manager", "enrolment__success_manager__name").distinct()
    return dict(sorted(names, key=lambda pair: pair[1]))


def _chosen(managers: Mapping[str, str], *, actor: Actor, whose: str) -> str:
    if whose == ALL or whose in managers:
        return whose
    return actor.person if actor.person in managers else ALL


def _choices(managers: Mapping[str, str], *, actor: Actor, chosen: str) -> tuple[Choice, ...]:
    named = [(key, "My partners" if key == actor.person else name) for key, name in managers.items()]
    return tuple(
        Choice(value=value, label=label, chosen=value == chosen) for value, label in [*named, (ALL, "All partners")]
    )


def _mails(enrolments: Sequence[str]) -> Mapping[str, str]:
    """Who of each partner reported last: the person to write to."""
    rows = ActivityReport.objects.filter(enrolment__in=enrolments).order_by("enrolment", "-submitted_at")
    return dict(rows.distinct("enrolment").values_list("enrolment", "submitted_by__email"))


def _line(row: WeekRow, kept: PortfolioRow, actor: Actor, mails: Mapping[str, str]) -> WeekLine:
    matter = row.matter
    worth = matter.amount if matter.amount is not None else kept.worth
    return WeekLine(
        key=kept.enrolment_id,
        partner=kept.name,
        url=reverse("console:partner", args=[kept.owner_id, kept.enrolment_id]),
        rule=matter.rule,
        about=matter.about,
        fact=matter.fact,
        day=matter.on,
        say=matter.say,
        icon=_ICONS[matter.rule],
        is_late=matter.acts_until is not None and matter.acts_until < today(),
        tier=kept.tier,
        tier_rank=kept.tier_rank,
        worth=None if worth is None else worth.quantize(Decimal(1)),
        worth_unit=kept.worth_unit,
        others=tuple(f"{other.fact}, {other.on:%-d %B %Y}" for other in row.others),
        letter=_letter(row, actor),
        mail=mails.get(kept.enrolment_id, ""),
    )


def _letter(row: WeekRow, actor: Actor) -> str:
    """What to begin with; nothing of ours that the partner should not read."""
    first = actor.name.split(" ")[0]
    about = _LETTERS[row.matter.rule].format(day=f"{row.matter.on:%-d %B}")
    return f"Hello,\n\n{about}\n\n{first}"


_LETTERS: Mapping[str, str] = {
    "unanswered": "what you sent us still waits for our answer. I am on it, and you hear from me today.",
    "drops": "the next review of your tier is on {day}. Shall we look together at what is still missing?",
    "lapses": "some of your certificates lapse from {day} on. May I send you dates for the renewal?",
    "renews": "a customer of yours renews on {day}. What do you hear from them, and how can we help?",
    "quiet": "we have not heard from each other for a while. When would you have half an hour?",
    "owed": "we did not keep what we promised you. I would like to make up for it: when does it suit you?",
    "missed": "may I have 30 minutes of your time about our plan? I can any day next week.",
}


# --- beneath the rows -----------------------------------------------------------------------------------------------


def _address(row: PortfolioRow) -> str:
    return reverse("console:partner", args=[row.owner_id, row.enrolment_id])


def _change(change: BookChange, row: PortfolioRow) -> Event:
    what, detail = {
        "tier": (f"{change.before or 'No tier'} to {row.tier or 'no tier'}", ""),
        "won": ("Deal won" if change.count == 1 else f"{change.count} deals won", change.amount),
        "reports": ("Report sent" if change.count == 1 else f"{change.count} reports sent", ""),
    }[change.sort]
    return Event(day=change.day, partner=row.name, url=_address(row), what=what, detail=detail)


def _review(row: PortfolioRow) -> Event:
    is_falling = falls(row)
    what = f"{row.tier} is lost if nothing happens" if is_falling else f"Everything is met for {row.next_tier}"
    detail = "; ".join(str(gate["label"]) for gate in row.outlook[:2]) if is_falling else ""
    day = row.loses_on if is_falling and row.loses_on else row.next_review or today()
    return Event(
        day=day, partner=row.name, url=_address(row), what=what, detail=detail, tone="bad" if is_falling else "good"
    )


def _renewal(renewal: Renewal, row: PortfolioRow) -> Event:
    amount = number_words(renewal.amount.quantize(Decimal(1)), renewal.currency) if renewal.amount is not None else ""
    what = renewal.customer or "A customer"
    return Event(
        day=renewal.day,
        partner=row.name,
        url=_address(row),
        what=what,
        detail=" · ".join(filter(None, (renewal.product, amount))),
    )
