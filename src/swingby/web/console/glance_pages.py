"""Fill the page at a glance from what is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta

from django.urls import reverse

from swingby.values import add_months
from swingby.web.clock import today
from swingby.web.console.glance_parts import (
    GlanceCard,
    GlancePage,
    KeptLine,
    NearList,
    NearPartner,
    TierLine,
    TierTable,
    WaitingLine,
)
from swingby.web.domain.cards.reading import cards_open_to
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.glance import (
    HeldOn,
    Moves,
    NearLine,
    Waiting,
    at_risk,
    held_tiers,
    one_gap,
    stuck_loads,
    waiting_appeals,
    waiting_disputes,
    waiting_lines,
    waiting_registrations,
    waiting_reports,
)
from swingby.web.domain.queries.open_reviews import open_reviews
from swingby.web.domain.queries.rhythms import PeriodCount, Promise, promises
from swingby.web.domain.results import period_start
from swingby.web.evidence.card_pages import card_view
from swingby.web.models import CardState, KeptCard, PortfolioRow, Program
from swingby.web.permissions import (
    can_decide_reviews,
    can_load_facts,
    can_read_disputes,
    can_read_registrations,
    can_read_reports,
)
from swingby.web.visibility import Actor

MOST_CARDS = 3


def glance_page(owner: str, *, actor: Actor) -> GlancePage:
    """The program at a glance: a dozen statements, however many partners there are."""
    held, moves = held_tiers(owner, days=compared_days(today(), year=_own_year(owner, today())))
    return GlancePage(
        total=held[-1].partners,
        tiers=_tiers(held, moves),
        at_risk=_near(owner, at_risk(owner), show="at_risk"),
        close=_near(owner, one_gap(owner), show="one_gap"),
        waiting=_waiting(owner, actor),
        kept=_kept(promises(owner, manager=None)),
        open_reviews=open_reviews(owner, manager=actor.person),
        decides=can_decide_reviews(actor, owner=owner),
        cards=tuple(map(_card, _newest_cards(owner, actor))),
        rhythms_url=reverse("console:rhythms", args=[owner]),
        reviews_url=reverse("console:review_list", args=[owner]),
        evidence_url=reverse("console:evidence", args=[owner]),
    )


def compared_days(day: date, *, year: date) -> tuple[date, date, date]:
    """A year before a day, the last day before its quarter of the year that began last, and the day itself."""
    months = 12 * (day.year - year.year) + day.month - year.month - (day.day < year.day)
    quarter = add_months(year, months - months % 3)
    return add_months(day, -12), quarter - timedelta(days=1), day


def _own_year(owner: str, day: date) -> date:
    """The first day of the year of the owner's first program that is in force, else of the civil one."""
    for program in Program.objects.filter(owner_id=owner).order_by("name", "id"):
        with suppress(RefusedError):
            return period_start(loaded(version_in_force(program.pk, on=day)), on=day)
    return day.replace(month=1, day=1)


def _tiers(held: Sequence[HeldOn], moves: Moves) -> TierTable:
    rungs = sorted({rung for each in held for rung in each.tiers}, key=lambda rung: (-rung[0], rung[1]))
    return TierTable(
        days=tuple(each.day for each in held),
        lines=tuple(
            TierLine(label=label, rank=rank, counts=tuple(_count(each, (rank, label)) for each in held))
            for rank, label in rungs
        ),
        unknown=tuple(each.unknown for each in held),
        totals=tuple(each.partners for each in held),
        places=held[-1].places,
        up=moves.up,
        down=moves.down,
        joined=moves.joined,
        left=moves.left,
        not_compared=moves.unknown,
        compares=bool(held[-2].tiers and held[-1].tiers),
    )


def _count(held: HeldOn, rung: tuple[int, str]) -> int | None:
    return held.tiers[rung] if held.tiers else None


def _near(owner: str, near: NearLine, *, show: str) -> NearList:
    return NearList(
        count=near.count,
        url=f"{reverse('console:overview', args=[owner])}?show={show}",
        rows=tuple(_partner(row, falls=show == "at_risk") for row in near.rows),
        unknown=near.unknown,
    )


def _partner(row: PortfolioRow, *, falls: bool) -> NearPartner:
    return NearPartner(
        name=row.name,
        url=reverse("console:partner", args=[row.owner_id, row.enrolment_id]),
        tier=row.tier,
        tier_rank=row.tier_rank,
        words="" if falls else row.gap_words,
        day=row.loses_on if falls else None,
    )


def _waiting(owner: str, actor: Actor) -> tuple[WaitingLine, ...]:
    reports, registrations, disputes, loads = (
        reverse(f"console:{name}", args=[owner]) if opens(actor, owner=owner) else "" for name, opens in _DOORS.items()
    )
    reviews = reverse("console:review_list", args=[owner])
    return (
        _line("Activity reports to answer", "list-checks", waiting_reports(owner), reports),
        _line("Registered deals to answer", "handshake", waiting_registrations(owner), registrations),
        _line("Lines of reviews to decide", "scale", waiting_lines(owner), reviews),
        _line("Appeals to answer", "scale", waiting_appeals(owner), reviews),
        _line("Disputes to answer", "message-square", waiting_disputes(owner), disputes),
        _line("Files sent and not loaded", "file-up", stuck_loads(owner), loads),
    )


_DOORS: Mapping[str, Callable[..., bool]] = {
    "reports": can_read_reports,
    "registrations": can_read_registrations,
    "disputes": can_read_disputes,
    "loads": can_load_facts,
}


def _line(label: str, icon: str, waiting: Waiting, url: str) -> WaitingLine:
    days = None if waiting.oldest is None else max((today() - waiting.oldest.date()).days, 0)
    return WaitingLine(
        label=label,
        icon=icon,
        count=waiting.count,
        oldest_days=days,
        late=waiting.late,
        url=url,
        came=waiting.came,
        before=waiting.before,
    )


def _kept(said: Sequence[Promise]) -> tuple[KeptLine, ...]:
    return tuple(
        _side([each for each in said if each.side == side], is_ours=side == "vendor") for side in ("vendor", "partner")
    )


def _side(said: Sequence[Promise], *, is_ours: bool) -> KeptLine:
    kept, asked = sum(each.kept for each in said), sum(each.asked for each in said)
    unknown = sum(period.unknown for each in said for period in each.periods)
    percent = 100 * kept // asked if asked else None
    newest, before = (_percent_of([each.over[-back] for each in said if len(each.over) >= back]) for back in (1, 2))
    return KeptLine(
        is_ours=is_ours, percent=percent, kept=kept, asked=asked, unknown=unknown, newest=newest, before=before
    )


def _percent_of(periods: Sequence[PeriodCount]) -> int | None:
    """The share of promises kept in some periods; nothing where nothing was due."""
    kept, asked = sum(each.kept for each in periods), sum(each.kept + each.missed for each in periods)
    return 100 * kept // asked if asked else None


def _newest_cards(owner: str, actor: Actor) -> Sequence[KeptCard]:
    done = cards_open_to(actor, owner=owner).filter(state=CardState.DONE)
    return list(done.order_by("-finished_at", "id")[:MOST_CARDS])


def _card(row: KeptCard) -> GlanceCard:
    day = row.finished_at.date() if row.finished_at else None
    return GlanceCard(
        view=card_view(row.card), url=reverse("console:evidence_card", args=[row.owner_id, row.pk]), day=day
    )
