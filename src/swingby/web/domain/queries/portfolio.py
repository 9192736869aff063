"""Which partners the portfolio shows, in which order: one statement for a page, however many partners there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import models
from django.db.models import F, Window
from django.db.models.functions import Rank

from swingby.web.clock import today
from swingby.web.domain.enrolled import of_partners_now
from swingby.web.models import ConsoleView, PortfolioRow
from swingby.web.visibility import Actor

TABLE = "portfolio"
PAGE_ROWS = 40
#: Nobody of ours was in touch for so many days.
QUIET_DAYS = 60
LONGEST_SEARCH = 100
#: So many partners are named as the next ones to grow, of those that keep so large a share of their promises.
NEXT, NEARLY_ALL = 10, 0.9


@dataclass(frozen=True, slots=True)
class PortfolioColumn:
    """A column: how it is called, by what it is sorted, and which way first."""

    key: str
    label: str
    order: tuple[str, ...]
    highest_first: bool = False
    is_number: bool = False
    is_standard: bool = True


COLUMNS: Mapping[str, PortfolioColumn] = {
    each.key: each
    for each in (
        PortfolioColumn("partner", "Partner", ("name",)),
        PortfolioColumn("tier", "Tier", ("tier_rank",), highest_first=True),
        PortfolioColumn("score", "Score", ("score",), highest_first=True, is_number=True),
        PortfolioColumn("trend", "Trend", ("trend",), is_number=True),
        PortfolioColumn("review", "Next review", ("next_review",)),
        PortfolioColumn("rhythms", "Rhythms when last due", ("missed_kinds", "missed_running"), highest_first=True),
        PortfolioColumn("gaps", "Missing for the next tier", ("gaps",)),
        PortfolioColumn("touch", "Last touch", ("last_touch",)),
        PortfolioColumn("risk", "At risk", ("at_risk",), highest_first=True, is_number=True, is_standard=False),
        PortfolioColumn("worth", "Worth", ("worth",), highest_first=True, is_number=True, is_standard=False),
        PortfolioColumn("region", "Region", ("region",), is_standard=False),
        PortfolioColumn("manager", "Success manager", ("enrolment__success_manager__name",), is_standard=False),
    )
}
STANDARD = tuple(key for key, each in COLUMNS.items() if each.is_standard)
FIRST = "partner"
SHOWS: Mapping[str, str] = {
    "": "All",
    "at_risk": "At risk of losing the tier",
    "one_gap": "One requirement from the next tier",
    "late": "Missed a rhythm when last due",
    "quiet": f"No touch for {QUIET_DAYS} days",
    "next": "Next ten: small, and keep their promises",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioQuestion:
    """What somebody asked the portfolio for. Words that it does not know ask for nothing."""

    words: str = ""
    tier: str = ""
    region: str = ""
    manager: str = ""
    show: str = ""
    sort: str = FIRST
    reverse: bool = False
    page: int = 1

    @property
    def order(self) -> str:
        """The order as an address says it."""
        return f"-{self.sort}" if self.reverse else self.sort

    def asked(self) -> dict[str, str]:
        """The question as an address says it, without its page."""
        order = {"sort": self.order} if self.order != FIRST else {}
        named = {"q": self.words, "tier": self.tier, "region": self.region, "manager": self.manager, "show": self.show}
        return {name: value for name, value in (named | order).items() if value}


def question_of(asked: Mapping[str, Any]) -> PortfolioQuestion:
    """Read a question from an address; what makes no sense is left out."""
    sort = str(asked.get("sort", FIRST))
    page = str(asked.get("page", "1"))
    words = {name: str(asked.get(name, "")).replace("\0", "").strip() for name in ("q", "tier", "region", "manager")}
    show = str(asked.get("show", ""))
    return PortfolioQuestion(
        words=words["q"][:LONGEST_SEARCH],
        tier=words["tier"],
        region=words["region"],
        manager=words["manager"],
        show=show if show in SHOWS else "",
        sort=sort.removeprefix("-") if sort.removeprefix("-") in COLUMNS else FIRST,
        reverse=sort.startswith("-"),
        page=int(page) if page.isdecimal() and len(page) < 7 and int(page) else 1,  # noqa: PLR2004 - no table is longer
    )


def portfolio(owner: str, question: PortfolioQuestion, *, actor: Actor) -> models.QuerySet[PortfolioRow]:
    """The rows that answer a question, in its order."""
    column = COLUMNS[question.sort]
    rows = partners(owner).filter(_wanted(question, actor))
    if question.show == "next":
        rows = rows.filter(pk__in=next_ten(owner))
    falls = column.highest_first != question.reverse
    order = [F(name).desc(nulls_last=True) if falls else F(name).asc(nulls_last=True) for name in column.order]
    return rows.select_related("enrolment__success_manager").order_by(*order, "name", "enrolment_id")


def page_of(rows: models.QuerySet[PortfolioRow], start: int) -> Sequence[PortfolioRow]:
    """One page of rows. First which they are, then what else they show: of thousands nothing else is joined and sorted."""
    keys = list(rows.values_list("pk", flat=True)[start : start + PAGE_ROWS])
    found = PortfolioRow.objects.select_related("enrolment__success_manager").in_bulk(keys)
    return [found[key] for key in keys]


def next_ten(owner: str) -> list[str]:
    """Of those that keep nearly all promises, who stands much higher by score than by what it brings; the farthest first."""
    by_worth, by_score = (Window(Rank(), order_by=F(name).desc()) for name in ("worth", "score"))
    known = partners(owner).exclude(score=None).exclude(worth=None).annotate(apart=by_worth - by_score)
    ordered = known.order_by("-apart", "name").values_list("pk", "apart", "kept", "asked")
    keep = (pk for pk, apart, kept, asked in ordered.iterator() if apart > 0 and asked and kept >= NEARLY_ALL * asked)
    return list(islice(keep, NEXT))


def partners(owner: str) -> models.QuerySet[PortfolioRow]:
    """Everybody who is in a program of the owner now; who leaves on a day to come still is."""
    return PortfolioRow.objects.filter(of_partners_now(today(), owner=owner), owner_id=owner)


def _wanted(question: PortfolioQuestion, actor: Actor) -> models.Q:
    wanted = models.Q()
    if question.words:
        wanted &= models.Q(name__icontains=question.words)
    if question.tier:
        wanted &= models.Q(tier="" if question.tier == "-" else question.tier)
    if question.region:
        wanted &= models.Q(region=question.region)
    if question.manager:
        wanted &= _managed(question.manager, actor)
    return wanted & _shown(question.show)


def _managed(manager: str, actor: Actor) -> models.Q:
    if manager == "none":
        return models.Q(enrolment__success_manager=None)
    return models.Q(enrolment__success_manager=actor.person if manager == "me" else manager)


def _shown(show: str) -> models.Q:
    if show == "at_risk":
        return models.Q(at_risk__gt=0)
    if show == "one_gap":
        return models.Q(gaps=1)
    if show == "late":
        return models.Q(missed_kinds__gt=0)
    if show == "quiet":
        return models.Q(last_touch=None) | models.Q(last_touch__lt=today() - timedelta(days=QUIET_DAYS))
    return models.Q()


def chosen_columns(owner: str, *, actor: Actor) -> tuple[str, ...]:
    """The columns somebody chose, or the usual ones; the partner always comes first."""
    stored = ConsoleView.objects.filter(owner_id=owner, person_id=actor.person, table=TABLE).first()
    keys = stored.columns if stored else STANDARD
    return tuple(key for key in COLUMNS if key == FIRST or key in keys)


def choose_columns(owner: str, *, actor: Actor, keys: Sequence[str]) -> None:
    """Remember which columns somebody wants to see."""
    known = [key for key in COLUMNS if key in keys]
    ConsoleView.objects.update_or_create(
        owner_id=owner, person_id=actor.person, table=TABLE, defaults={"columns": known}
    )
