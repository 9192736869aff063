"""Fill the console's pages from what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import models
from django.urls import reverse

from swingby.web.clock import now, today
from swingby.web.design.parts import Link, NavGroup, NavItem, Shell
from swingby.web.domain.cards.reading import due_decisions
from swingby.web.domain.facts import REPORTS_SOURCE
from swingby.web.domain.notifications import Desk
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.duplicates import Alike, alike_reports
from swingby.web.domain.queries.kinds import reportable_kinds
from swingby.web.domain.queries.waiting import waiting_at
from swingby.web.domain.report_marks import mark_of
from swingby.web.models import (
    ActivityReport,
    Organization,
    Program,
    ReportState,
    Side,
)
from swingby.web.people.navigation import administration
from swingby.web.people.notification_pages import ReadingPlace, bell_of
from swingby.web.permissions import (
    can_keep_a_week,
    can_load_facts,
    can_make_tokens,
    can_read_disputes,
    can_read_money,
    can_read_registrations,
    can_read_reports,
    can_see_at_a_glance,
    can_see_operations,
    can_see_readiness,
)
from swingby.web.portal.pages import role_words
from swingby.web.visibility import Actor

MOST_ROWS = 500
MOST_SAMPLES = 20
LONGEST_ABBREVIATION = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReport:
    """One report that waits for checking."""

    key: str
    partner: str
    partner_url: str
    what: str
    day: date
    submitted_at: datetime
    submitted_by: str
    details: str
    waits_days: int
    quantity: Decimal | None = None
    due: datetime | None = None
    is_late: bool = False
    files: tuple[tuple[str, str], ...] = ()
    alike: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledReport:
    """One accepted report that was drawn for a second look."""

    key: str
    partner: str
    what: str
    day: date
    details: str
    decided_by: str
    decided_by_key: str
    files: tuple[tuple[str, str], ...] = ()


def waiting_reports(owner: str) -> tuple[WaitingReport, ...]:
    """Reports that wait, the longest wait first."""
    rows = (
        ActivityReport.objects.filter(owner_id=owner, state=ReportState.SUBMITTED)
        .select_related("partner", "enrolment", "submitted_by")
        .prefetch_related("files__file")
        .order_by(models.F("answer_due").asc(nulls_first=True), "submitted_at")[:MOST_ROWS]
    )
    reports = list(rows)
    words, alike = _kind_words({report.enrolment.program_id for report in reports}), alike_reports(reports)
    return tuple(_waiting(report, words.get(report.kind, report.kind), alike.get(report.pk, ())) for report in reports)


def sampled_reports(owner: str) -> tuple[SampledReport, ...]:
    """Accepted reports that were drawn and wait for a second look."""
    drawn = {"sampled": True, "looked_at": None, "state": ReportState.ACCEPTED}
    rows = (
        ActivityReport.objects.filter(owner_id=owner, **drawn)
        .select_related("partner", "enrolment", "decided_by")
        .prefetch_related("files__file")
        .order_by("decided_at")[:MOST_SAMPLES]
    )
    reports = list(rows)
    words = _kind_words({report.enrolment.program_id for report in reports})
    return tuple(
        SampledReport(
            key=report.pk,
            partner=report.partner.name,
            what=words.get(report.kind, report.kind),
            day=report.happened_on,
            details=report.details,
            decided_by=report.decided_by.name if report.decided_by else "",
            decided_by_key=report.decided_by_id or "",
            files=_files(report),
        )
        for report in reports
    )


def _files(report: ActivityReport) -> tuple[tuple[str, str], ...]:
    address = [report.owner_id, report.pk]
    return tuple(
        (each.file.name, reverse("console:report_file", args=[*address, each.pk])) for each in report.files.all()
    )


def alike_words(alike: Alike) -> str:
    """What is much like a report, and whether it counts."""
    where = "another report" if alike.source == REPORTS_SOURCE else alike.source or "a source without a name"
    state = "counts already" if alike.counts else "waits too"
    return f"{alike.day:%-d %B}, from {where}: {state}"


def _kind_words(programs: set[str]) -> dict[str, str]:
    words: dict[str, str] = {}
    for program in sorted(programs):
        kinds = reportable_kinds(loaded(version_in_force(program, on=today())))
        words.update({row.kind: row.label for row in kinds})
    return words


def _waiting(report: ActivityReport, what: str, alike: Sequence[Alike]) -> WaitingReport:
    return WaitingReport(
        key=report.pk,
        partner=report.partner.name,
        partner_url=reverse("console:partner", args=[report.owner_id, report.enrolment_id]),
        what=what,
        day=report.happened_on,
        submitted_at=report.submitted_at,
        submitted_by=report.submitted_by.name,
        details=report.details,
        waits_days=max((today() - report.submitted_at.date()).days, 0),
        quantity=None if report.quantity is None else report.quantity.normalize(),
        due=report.answer_due,
        is_late=report.answer_due is not None and report.answer_due < now(),
        files=_files(report),
        alike=tuple(map(alike_words, alike)),
        mark=mark_of(report, files=len(report.files.all()), counting=sum(each.counts for each in alike)),
    )


def region_words(region: str) -> str:
    """A region as a person writes it: short codes in capitals."""
    return region.upper() if len(region) <= LONGEST_ABBREVIATION else region.capitalize()


def console_shell(owner: str, *, actor: Actor, current: str) -> Shell:
    """What surrounds the console's pages."""
    program, organization = _names(owner)
    return Shell(
        program=program,
        organization=organization,
        person=actor.name,
        role=role_words(actor, [owner]),
        navigation=(
            NavGroup(items=_navigation(owner, actor=actor, current=current)),
            *administration(owner, actor=actor, current=current),
        ),
        as_of=today(),
        bell=bell_of(actor, ReadingPlace(desk=Desk(side=Side.VENDOR, owner=owner), key=owner)),
        sign_out=reverse("account_logout"),
        account=(Link(label="Security", href=reverse("mfa_index")),),
    )


def _names(owner: str) -> tuple[str, str]:
    """What a vendor's program is called, and the vendor; without a program both are the vendor's name."""
    named = Program.objects.filter(owner_id=owner).order_by("id").values_list("name", "owner__name").first()
    return named or (Organization.objects.get(pk=owner).name,) * 2


def _navigation(owner: str, *, actor: Actor, current: str) -> tuple[NavItem, ...]:
    items, keeps_week = _first_items(owner, actor=actor, current=current), can_keep_a_week(actor, owner=owner)
    coins, waiting = _money_item(owner, current=current), waiting_at(owner)
    if can_read_reports(actor, owner=owner):
        address = reverse("console:reports", args=[owner])
        items.append(
            NavItem(
                label="Activity reports",
                short="Reports",
                icon="list-checks",
                href=address,
                current=current == "reports",
                count=waiting.reports,
            )
        )
    if can_read_disputes(actor, owner=owner):
        items.append(_disputes_item(owner, waiting.disputes, current=current))
    if can_read_registrations(actor, owner=owner):
        items.append(_registrations_item(owner, waiting.registrations, current=current))
    items.append(_reviews_item(owner, waiting.lines + waiting.appeals, current=current))
    versions = reverse("console:versions", args=[owner])
    items.append(
        NavItem(
            label="Program versions", short="Versions", icon="file-diff", href=versions, current=current == "versions"
        )
    )
    if can_see_readiness(actor, owner=owner):
        items.append(_evidence_item(owner, actor=actor, current=current))
    if can_read_money(actor, owner=owner) and keeps_week:
        items.append(coins)
    if can_load_facts(actor, owner=owner):
        address = reverse("console:loads", args=[owner])
        items.append(
            NavItem(label="Load and unmatched", short="Load", icon="file-up", href=address, current=current == "loads")
        )
    if can_see_operations(actor, owner=owner):
        items.append(_operations_item(owner, waiting.disagreements, current=current))
    if can_make_tokens(actor, organization=owner):
        address = reverse("tokens:tokens", args=[owner])
        items.append(
            NavItem(label="API tokens", short="Tokens", icon="key-round", href=address, current=current == "tokens")
        )
    matrix = reverse("console:program_certifications", args=[owner])
    is_matrix = current == "certifications"
    items.append(NavItem(label="Certifications", short="Certs", icon="grid-3x3", href=matrix, current=is_matrix))
    boards = reverse("console:boards", args=[owner])
    items.append(NavItem(label="Boards", icon="trophy", href=boards, current=current == "boards"))
    stories = reverse("console:stories", args=[owner])
    items.append(NavItem(label="Stories", icon="megaphone", href=stories, current=current == "stories"))
    vouchers = reverse("console:vouchers", args=[owner])
    items.append(NavItem(label="Vouchers", icon="ticket", href=vouchers, current=current == "vouchers"))
    return tuple(items)


def _first_items(owner: str, *, actor: Actor, current: str) -> list[NavItem]:
    """What somebody's work begins with, then all partners and what was promised."""
    address, keeps_week = reverse("console:overview", args=[owner]), can_keep_a_week(actor, owner=owner)
    items = [NavItem(label="Partners", icon="users", href=address, current=current == "overview")]
    if keeps_week:
        week = reverse("console:week", args=[owner])
        mine = NavItem(label="My week", short="Week", icon="calendar-check", href=week, current=current == "week")
        items.insert(0, mine)
    elif can_read_money(actor, owner=owner):
        items.append(_money_item(owner, current=current))
    if can_see_at_a_glance(actor, owner=owner):
        items.insert(0, _glance_item(owner, current=current))
    board = reverse("console:rhythms", args=[owner])
    return [*items, NavItem(label="Rhythms", icon="repeat", href=board, current=current == "rhythms")]


def _money_item(owner: str, *, current: str) -> NavItem:
    address = reverse("console:money", args=[owner])
    return NavItem(label="Money", icon="coins", href=address, current=current == "money")


def _glance_item(owner: str, *, current: str) -> NavItem:
    address = reverse("console:glance", args=[owner])
    return NavItem(label="At a glance", short="Glance", icon="eye", href=address, current=current == "glance")


def _evidence_item(owner: str, *, actor: Actor, current: str) -> NavItem:
    """The way to evidence, with how many decisions are to be looked at again."""
    address, due = reverse("console:evidence", args=[owner]), due_decisions(actor, owner=owner)
    return NavItem(label="Evidence", icon="microscope", href=address, current=current == "evidence", count=due)


def _operations_item(owner: str, alarms: int, *, current: str) -> NavItem:
    """The way to operations, with how many standings the nightly run does not come to."""
    address = reverse("console:operations", args=[owner])
    return NavItem(label="Operations", icon="gauge", href=address, current=current == "operations", count=alarms)


def _disputes_item(owner: str, waiting: int, *, current: str) -> NavItem:
    """The way to disputes, with how many wait for an answer."""
    address = reverse("console:disputes", args=[owner])
    return NavItem(label="Disputes", icon="message-square", href=address, current=current == "disputes", count=waiting)


def _registrations_item(owner: str, waiting: int, *, current: str) -> NavItem:
    """The way to deal registrations, with how many wait for an answer."""
    address, is_current = reverse("console:registrations", args=[owner]), current == "registrations"
    return NavItem(
        label="Deal registrations", short="Deals", icon="briefcase", href=address, current=is_current, count=waiting
    )


def _reviews_item(owner: str, waiting: int, *, current: str) -> NavItem:
    """The way to reviews, with how many lines and appeals wait."""
    address, is_current = reverse("console:review_list", args=[owner]), current == "reviews_of_tiers"
    return NavItem(label="Reviews", icon="scale", href=address, current=is_current, count=waiting)
