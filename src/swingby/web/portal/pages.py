"""Fill the portal's view models from what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.conf import settings
from django.db import models
from django.urls import reverse

from swingby.web.clock import now, today
from swingby.web.design.parts import Contact, Link, NavGroup, NavItem, Place, Shell
from swingby.web.design.wording import amount_words
from swingby.web.domain.mending_words import promotion_words
from swingby.web.domain.notifications import desk_of
from swingby.web.domain.prospects import ask_for_path
from swingby.web.domain.queries.firm import firm_enrolments
from swingby.web.domain.queries.happenings import happened_since
from swingby.web.domain.queries.kinds import ReportableKind
from swingby.web.domain.queries.possible import possible_points
from swingby.web.domain.queries.review_lines import OPEN_LINES
from swingby.web.domain.reports import acts_open_to
from swingby.web.domain.standings import latest_standing
from swingby.web.models import (
    ActivityReport,
    CardShare,
    Enrolment,
    ProposedVersion,
    Prospect,
    ReportState,
    ReviewLine,
    Role,
    Side,
    VersionState,
)
from swingby.web.people.navigation import administration, learning
from swingby.web.people.notification_pages import ReadingPlace, bell_of
from swingby.web.permissions import can_make_tokens, can_report_activity
from swingby.web.portal.ahead import (
    MOST_STEPS,
    cheers,
    deal_lines,
    owed,
    path_words,
    report_door,
    risk_words,
    risks,
    steps_that_keep,
    steps_worth_doing,
)
from swingby.web.portal.home import (
    Action,
    Gate,
    HomePage,
    NextTier,
    State,
    TierRoad,
    TierStop,
)
from swingby.web.portal.home_points import points_now
from swingby.web.portal.registration_pages import register_door
from swingby.web.portal.why_not import why_reports
from swingby.web.visibility import Actor

VERDICT_GATES = 2
Result = Mapping[str, Any]


def page_version(enrolment: Enrolment) -> str:
    """Changes whenever the standing part of the page may read differently; two small statements."""
    newest = enrolment.standings.order_by("-as_of", "-position", "-id").values_list("id", flat=True).first()
    by_state = {state: models.Count("pk", filter=models.Q(state=state)) for state in ReportState.values}
    ahead: Prospect | None = getattr(enrolment, "prospect", None)
    counts = enrolment.reports.aggregate(**by_state, decided=models.Max("decided_at"))
    decided = counts.pop("decided")
    parts = [newest or 0, *counts.values(), int(decided.timestamp() * 1000) if decided else 0]
    parts += [ahead.path_position, ahead.path_on or 0, ahead.path_hash[:8]] if ahead else []
    return "-".join(str(part) for part in parts)


def is_same_standing(one: str, other: str) -> bool:
    """Whether two versions of the page show the same standing, whatever reports wait."""
    return one.partition("-")[0] == other.partition("-")[0]


def home_page(enrolment: Enrolment, *, actor: Actor, is_news: bool = False) -> HomePage:
    """Everything on the partner's home page."""
    standing = latest_standing(enrolment)
    result: Result = standing.result if standing else {}
    prospect = ask_for_path(enrolment, standing=standing)
    report_url = report_door(enrolment, actor=actor)
    deals, deals_total = deal_lines(enrolment)
    path = _path_of(prospect, result)
    tier = _label(result.get("tier"))
    steps = steps_worth_doing(path, enrolment=enrolment, actor=actor) or _actions(result, report_url=report_url)
    actions = _keeping_first(steps_that_keep(prospect, enrolment=enrolment, tier=tier), steps)
    return HomePage(
        person=actor.name.split(" ")[0],
        organization=enrolment.partner.name,
        program=enrolment.program.name,
        as_of=standing.as_of if standing else today(),
        version=page_version(enrolment),
        standing_url=reverse("portal:standing", args=[enrolment.pk]),
        report_url=report_url,
        happened=happened_since(enrolment, result=result),
        tier=tier,
        road=_road(result),
        next_tier=_next_tier(result),
        deals=deals,
        deals_total=deals_total,
        deals_url=reverse("portal:deals", args=[enrolment.pk]),
        register_url=register_door(enrolment, actor=actor),
        actions=actions,
        path_words=" ".join(
            filter(
                None,
                [
                    _given(prospect, result),
                    path_words(path, tier=_label(result.get("next")), shown=_shown(steps, actions)),
                ],
            )
        ),
        promises=owed(enrolment),
        risks=risks(enrolment, actor=actor, prospect=prospect),
        risk_words=risk_words(prospect, tier=tier, held=(result.get("tier") or {}).get("id", "")),
        cheers=cheers(enrolment, actor=actor),
        points=points_now(enrolment, standing),
        history_url=reverse("portal:points", args=[enrolment.pk]),
        news="Your standing was brought up to date." if is_news else "",
        poll_ms=settings.SWINGBY_POLL_MS,
    )


def _given(prospect: Prospect | None, result: Mapping[str, Any]) -> str:
    return promotion_words(prospect, held=(result.get("tier") or {}).get("id", ""), said_to=Side.PARTNER)


def _keeping_first(keeping: Sequence[Action], gaining: Sequence[Action]) -> tuple[Action, ...]:
    """What keeps the tier stands before what gains another; what does both is said once."""
    said = {action.title for action in keeping}
    return (*keeping, *(action for action in gaining if action.title not in said))[:MOST_STEPS]


def _shown(steps: Sequence[Action], actions: Sequence[Action]) -> int:
    """How many steps of the way ahead stand among what is worth doing."""
    said = {action.title for action in actions}
    return sum(step.title in said for step in steps)


def _path_of(prospect: Prospect | None, result: Result) -> Result:
    """The way that is known, if it still leads to the next tier."""
    following = result.get("next") or {}
    if prospect is None or prospect.path.get("tier") != following.get("id"):
        return {}
    return prospect.path


def _label(tier: Mapping[str, Any] | None) -> str:
    return str(tier["label"]) if tier else ""


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _road(result: Result) -> TierRoad | None:
    tiers: Sequence[Mapping[str, Any]] = result.get("tiers", ())
    if not tiers:
        return None
    held = result.get("tier") or {}
    rank = int(held.get("rank", -1))
    stops = tuple(TierStop(name=tier["label"], place=_place(int(tier["rank"]), held=rank)) for tier in tiers)
    gates: Sequence[Mapping[str, Any]] = result.get("gates", ())
    met = sum(gate["state"] == "met" for gate in gates)
    return TierRoad(stops=stops, progress=Decimal(met) / len(gates) if gates else Decimal(0))


def _place(rank: int, *, held: int) -> Place:
    if rank == held:
        return "current"
    return "passed" if rank < held else "ahead"


def _next_tier(result: Result) -> NextTier | None:
    following = result.get("next")
    if not following:
        return None
    rows: Sequence[Mapping[str, Any]] = result.get("gates", ())
    gates = tuple(_gate(row) for row in rows if not row["is_score"])
    points = next((_gate(row) for row in rows if row["is_score"]), None)
    verdict = _verdict(gates, points=points)
    return NextTier(name=following["label"], verdict=verdict, gates=gates, points=points)


def _gate(row: Mapping[str, Any]) -> Gate:
    return Gate(
        label=row["label"],
        state=cast("State", row["state"]),
        value=_number(row["value"]),
        threshold=_number(row["threshold"]),
        comparison=row["comparison"],
        unit=row["unit"],
        gap=row["words"],
        note=row.get("note", ""),
    )


def _verdict(gates: Sequence[Gate], *, points: Gate | None) -> str:
    """The closed gates first, then the points: a full count of points never hides a gate."""
    closed = [gate for gate in gates if gate.state != "met"]
    said = [f"{gate.label}: {gate.gap}." if gate.gap else f"{gate.label}." for gate in closed[:VERDICT_GATES]]
    if len(closed) > VERDICT_GATES:
        said.append(f"And {len(closed) - VERDICT_GATES} more.")
    if points is not None:
        said.append(_points_words(points, is_only=not closed))
    return " ".join(said) or "Everything is met. The next review will show it."


def _points_words(points: Gate, *, is_only: bool) -> str:
    amount = amount_words(points) if points.value is not None else f"not known yet, {amount_words(points)}"
    if points.state == "met":
        return f"Points are enough: {amount}."
    return f"{'Only points are missing' if is_only else 'Points'}: {amount}."


def _actions(result: Result, *, report_url: str) -> tuple[Action, ...]:
    """Closed gates within the partner's own reach; an outcome is a condition, never a task."""
    rows: Sequence[Mapping[str, Any]] = result.get("actions", ())
    return tuple(
        Action(
            title=row["title"],
            who=row.get("who", ""),
            effort=row.get("effort", ""),
            ready_by=date.fromisoformat(row["ready_by"]) if row.get("ready_by") else None,
            unlocks=row.get("unlocks", ""),
            points=_number(row.get("points")),
            icon=row.get("icon", "sparkles"),
            href=report_url,
        )
        for row in rows[:3]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One report on the partner's list."""

    what: str
    day: date
    state: str
    state_words: str
    answer: str
    why_not: str = ""
    points: Decimal | None = None
    quantity: Decimal | None = None
    accepted_quantity: Decimal | None = None
    due: datetime | None = None
    is_late: bool = False
    files: tuple[tuple[str, str], ...] = ()
    edit_url: str = ""
    withdraw_url: str = ""


def report_lines(enrolment: Enrolment, *, kinds: Sequence[ReportableKind], actor: Actor) -> tuple[ReportLine, ...]:
    """The partner's reports, the newest first; with what those that wait could earn, and why others do not count."""
    words = {row.kind: row.label for row in kinds}
    found = enrolment.reports.select_related("partner", "enrolment").prefetch_related("files__file")
    rows = list(found.order_by("-submitted_at")[:100])
    possible = possible_points(enrolment, [report for report in rows if report.state == ReportState.SUBMITTED])
    why = why_reports(enrolment, rows)
    return tuple(
        replace(
            _line_of(report, words=words, actor=actor),
            points=possible.get(report.pk),
            why_not=why.get(report.pk, ""),
        )
        for report in rows
    )


def _line_of(report: ActivityReport, *, words: Mapping[str, str], actor: Actor) -> ReportLine:
    acts = acts_open_to(actor, report=report)
    address = [report.enrolment_id, report.pk]
    return ReportLine(
        what=words.get(report.kind, report.kind),
        day=report.happened_on,
        state=report.state,
        state_words=_state_words(report),
        answer=report.answer,
        quantity=report.quantity,
        accepted_quantity=report.accepted_quantity,
        due=report.answer_due,
        is_late=report.state == ReportState.SUBMITTED and report.answer_due is not None and report.answer_due < now(),
        files=tuple(
            (each.file.name, reverse("portal:report_file", args=[*address, each.pk])) for each in report.files.all()
        ),
        edit_url=reverse("portal:edit_report", args=address) if "resubmit" in acts else "",
        withdraw_url=reverse("portal:withdraw", args=address) if "withdraw" in acts else "",
    )


def _state_words(report: ActivityReport) -> str:
    in_part = report.state == ReportState.ACCEPTED and report.accepted_quantity != report.quantity
    return "Accepted in part" if in_part else ReportState(report.state).label


def partner_shell(enrolment: Enrolment, *, actor: Actor, current: str) -> Shell:
    """What surrounds the partner's pages."""
    standing = latest_standing(enrolment)
    tier = (standing.result.get("tier") if standing else None) or {}
    return Shell(
        program=enrolment.program.name,
        organization=enrolment.partner.name,
        person=actor.name,
        role=role_words(actor, enrolment.partner.lineage),
        navigation=(
            NavGroup(items=_navigation(enrolment, actor=actor, current=current)),
            *learning(enrolment.partner_id, actor=actor, current=current),
            *administration(enrolment.partner_id, actor=actor, current=current),
        ),
        tier=tier.get("label", ""),
        tier_rank=int(tier.get("rank", 0)),
        as_of=today(),
        sign_out=reverse("account_logout"),
        account=(Link(label="Security", href=reverse("mfa_index")),),
        contact=_contact(enrolment),
        bell=bell_of(actor, ReadingPlace(desk=desk_of(enrolment), key=enrolment.pk)),
    )


def _contact(enrolment: Enrolment) -> Contact | None:
    """The person at the vendor who looks after this partner."""
    manager = enrolment.success_manager
    if manager is None:
        return None
    return Contact(
        name=manager.name,
        role=Role.SUCCESS_MANAGER.label,
        link=Link(label=f"Write to {manager.name.split(' ')[0]}", href=f"mailto:{manager.email}"),
    )


def _navigation(enrolment: Enrolment, *, actor: Actor, current: str) -> tuple[NavItem, ...]:
    key = [enrolment.pk]
    items = [
        NavItem(label="Home", icon="house", href=reverse("portal:home", args=key), current=current == "home"),
        NavItem(
            label="Activity reports",
            short="Reports",
            icon="list-checks",
            href=reverse("portal:reports", args=key),
            current=current == "reports",
        ),
    ]
    points = reverse("portal:points", args=key)
    items.insert(
        1,
        NavItem(label="Points history", short="Points", icon="history", href=points, current=current == "points"),
    )
    deals = reverse("portal:deals", args=key)
    items.insert(2, NavItem(label="Deals", icon="briefcase", href=deals, current=current == "deals"))
    card = reverse("portal:scorecard", args=key)
    items.append(NavItem(label="Scorecard", icon="clipboard-list", href=card, current=current == "scorecard"))
    people = reverse("portal:people", args=key)
    items.append(
        NavItem(
            label="People and certificates",
            short="People",
            icon="graduation-cap",
            href=people,
            current=current == "people",
        )
    )
    if can_report_activity(actor, lineage=enrolment.partner.lineage):
        new = reverse("portal:new_report", args=key)
        items.append(
            NavItem(label="Report an activity", short="Report", icon="plus", href=new, current=current == "report")
        )
    if current == "tier_reviews" or ReviewLine.objects.filter(enrolment=enrolment).exists():
        items.append(_reviews_item(enrolment, current=current))
    if current == "changes" or _has_changes(enrolment):
        changes = reverse("portal:changes", args=key)
        items.append(
            NavItem(label="What changes", short="Changes", icon="file-diff", href=changes, current=current == "changes")
        )
    if current == "evidence" or CardShare.objects.filter(enrolment=enrolment, withdrawn_at=None).exists():
        address = reverse("portal:evidence", args=key)
        items.append(NavItem(label="Evidence", icon="microscope", href=address, current=current == "evidence"))
    items += _rule_items(enrolment, current=current)
    if firm_enrolments(on=today()).exclude(pk=enrolment.pk).exists():
        items.append(NavItem(label="All programs", short="All", icon="layers", href=reverse("firm")))
    if can_make_tokens(actor, organization=enrolment.partner_id):
        tokens = reverse("tokens:tokens", args=[enrolment.partner_id])
        items.append(
            NavItem(label="API tokens", short="Tokens", icon="key-round", href=tokens, current=current == "tokens")
        )
    return tuple(items)


def _rule_items(enrolment: Enrolment, *, current: str) -> list[NavItem]:
    """The ways to what the rules say and what they grant."""
    benefits, guide = (reverse(f"portal:{name}", args=[enrolment.pk]) for name in ("benefits", "guide"))
    return [
        NavItem(label="Benefits", icon="gift", href=benefits, current=current == "benefits"),
        NavItem(label="Program guide", short="Guide", icon="book-open", href=guide, current=current == "guide"),
    ]


def _reviews_item(enrolment: Enrolment, *, current: str) -> NavItem:
    """The way to reviews of the tier, with how many are proposed."""
    proposed = ReviewLine.objects.filter(enrolment=enrolment, state__in=OPEN_LINES).count()
    address = reverse("portal:tier_reviews", args=[enrolment.pk])
    return NavItem(label="Reviews", icon="scale", href=address, current=current == "tier_reviews", count=proposed)


def _has_changes(enrolment: Enrolment) -> bool:
    """Whether new rules are shown or announced and not in force yet."""
    coming = (VersionState.PREVIEW, VersionState.ANNOUNCED)
    return ProposedVersion.objects.filter(program_id=enrolment.program_id, state__in=coming).exists()


def role_words(actor: Actor, organizations: Sequence[str]) -> str:
    """The roles an actor holds at one of these organizations."""
    held = [post.role.label for post in actor.posts if post.organization in organizations]
    return ", ".join(dict.fromkeys(held))
