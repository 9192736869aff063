"""Fill the pages of study groups. Only the page of a group names people, and only its members see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.enablement import Catalogue, Match, NewGroup, PlanWeek, StudyLevel
from swingby.web.clock import today
from swingby.web.design.parts import Choice
from swingby.web.domain.learning.languages import LANGUAGES
from swingby.web.domain.study.circles import label_of, plan_of
from swingby.web.domain.study.usual import Usual, usual_for
from swingby.web.domain.study.wishes import matches_of, new_group_for, wish_of
from swingby.web.enablement.study_parts import (
    CheckInLine,
    GroupLine,
    GroupPage,
    GroupsPage,
    MemberLine,
    StudyForm,
    VendorLine,
    WeekLine,
)
from swingby.web.models import (
    Enrolment,
    Organization,
    StudyCheckIn,
    StudyCircle,
    StudyMember,
    StudySeat,
    StudySharing,
    StudyWish,
)
from swingby.web.permissions import can_share_standing
from swingby.web.visibility import Actor

MOST_MATCHES, MOST_CHECK_INS = 20, 50
#: One of each clock that people work by; any other that there is may be sent as well.
ZONES = (
    *("UTC", "Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi"),
    *("America/Bogota", "America/Chicago", "America/Denver", "America/Halifax", "America/Los_Angeles"),
    *("America/Mexico_City", "America/Monterrey", "America/New_York", "America/Phoenix", "America/Sao_Paulo"),
    *("America/Toronto", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Kolkata"),
    *("Asia/Manila", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Australia/Brisbane"),
    *("Australia/Perth", "Australia/Sydney", "Europe/Athens", "Europe/Berlin", "Europe/Istanbul"),
    *("Europe/Lisbon", "Europe/London", "Europe/Madrid", "Europe/Paris", "Europe/Warsaw", "Pacific/Auckland"),
)


def groups_page(firm: Organization, catalogue: Catalogue, *, actor: Actor) -> GroupsPage:
    """My groups, and what fits what I look for."""
    wish = wish_of(firm.pk, actor)
    matches = matches_of(wish)[:MOST_MATCHES] if wish else ()
    answer = new_group_for(wish) if wish else None
    usual = usual_for(firm.pk, actor=actor)
    seats = StudySeat.objects.filter(person_id=actor.person).values("circle_id")
    circles = {row.pk: row for row in StudyCircle.objects.filter(pk__in=[match.group.key for match in matches])}
    shared = set(StudySharing.objects.filter(organization_id=firm.pk).values_list("vendor", flat=True))
    return GroupsPage(
        name=firm.name,
        as_of=today(),
        wish_url=reverse("learning:study_wish", args=[firm.pk]),
        found_url=reverse("learning:group_found", args=[firm.pk]),
        sharing_url=reverse("learning:study_sharing", args=[firm.pk]),
        mine=tuple(_own(row, firm.pk, catalogue) for row in StudyCircle.objects.filter(pk__in=seats)),
        has_wish=wish is not None,
        wished=_wished(wish, catalogue) if wish else "",
        form=_form(catalogue, wish, None, usual, spoken=usual.languages),
        founding=_form(catalogue, wish, answer.group if answer else None, usual, spoken=usual.languages[:1]),
        matches=tuple(_matched(one, circles[one.group.key], firm.pk, catalogue) for one in matches),
        new_reason=answer.reason if answer else "",
        can_be_new=bool(answer and answer.group),
        vendors=_vendors(firm.pk, shared) if can_share_standing(actor, organization=firm.pk) else (),
        may_open=bool(shared),
    )


def group_page(circle: StudyCircle, firm: Organization, catalogue: Catalogue, *, actor: Actor) -> GroupPage:
    """One group from inside."""
    members = list(StudyMember.objects.select_related("person").filter(circle=circle))
    mine = next((row.pair for row in members if row.person_id == actor.person), None)
    said = StudyCheckIn.objects.select_related("person").filter(circle=circle)[:MOST_CHECK_INS]
    return GroupPage(
        line=_own(circle, firm.pk, catalogue),
        act_url=reverse("learning:group_act", args=[firm.pk, circle.pk]),
        calendar_url=reverse("learning:group_calendar", args=[firm.pk, circle.pk]),
        back_url=reverse("learning:groups", args=[firm.pk]),
        is_founder=circle.founder_id == actor.person,
        members=tuple(_member(row, actor, mine, firm.pk) for row in members),
        weeks=tuple(_weeks(plan_of(circle, catalogue))),
        check_ins=tuple(CheckInLine(name=row.person.name, words=row.words, day=row.made_at.date()) for row in said),
    )


def _own(row: StudyCircle, firm: str, catalogue: Catalogue) -> GroupLine:
    return GroupLine(
        label=label_of(row, catalogue),
        goal_on=row.goal_on,
        meets=_("%(day)s at %(time)s, %(zone)s")
        % {"day": _day_names()[row.day], "time": f"{row.starts:%H:%M}", "zone": row.zone.replace("_", " ")},
        language=str(LANGUAGES.get(row.language, row.language)),
        level=StudyLevel(row.level).words,
        places=_("%(taken)s of %(most)s places taken") % {"taken": row.size, "most": row.most},
        is_closed=row.closed_at is not None or row.goal_on <= today(),
        is_open=row.is_open,
        href=reverse("learning:group", args=[firm, row.pk]),
    )


def _matched(match: Match, row: StudyCircle, firm: str, catalogue: Catalogue) -> GroupLine:
    line = _own(row, firm, catalogue)
    return GroupLine(
        label=line.label,
        goal_on=line.goal_on,
        meets=line.meets,
        language=line.language,
        level=line.level,
        places=line.places,
        is_open=line.is_open,
        reasons=match.reasons,
        obstacles=match.obstacles,
        act_url=reverse("learning:group_act", args=[firm, row.pk]),
    )


def _member(row: StudyMember, actor: Actor, mine: int | None, firm: str) -> MemberLine:
    words = []
    if row.person_id == actor.person:
        words.append(_("you"))
    elif row.pair is not None and row.pair == mine:
        words.append(_("your buddy"))
    if row.organization_id != firm:
        words.append(_("from another firm"))
    return MemberLine(name=row.person.name, words=", ".join(words))


def _weeks(weeks: Iterable[PlanWeek]) -> Iterable[WeekLine]:
    found = list(weeks)
    coming = next((week.day for week in found if week.day >= today()), None)
    for week in found:
        steps = tuple(_step(part.label, part.hours, is_done=part.is_done) for part in week.parts)
        yield WeekLine(day=week.day, hours=week.hours, steps=steps, is_next=week.day == coming)


def _step(label: str, hours: Decimal, *, is_done: bool) -> str:
    words = f"{label}, {hours.normalize():f} h" if hours else label
    return _("%(step)s: done with it") % {"step": words} if is_done else words


def _wished(wish: StudyWish, catalogue: Catalogue) -> str:
    found = catalogue.certifications.get(wish.code)
    return found.label if found else wish.topic or wish.code


def _form(
    catalogue: Catalogue, wish: StudyWish | None, made: NewGroup | None, usual: Usual, *, spoken: Sequence[str]
) -> StudyForm:
    zone = made.meeting.zone if made else wish.zone if wish else usual.zone
    days = [made.meeting.day] if made else wish.days if wish else []
    starts = made.meeting.starts if made else wish.starts if wish else None
    level = str(wish.level) if wish else ""
    return StudyForm(
        subjects=_choices(((one.code, one.label) for one in catalogue), {wish.code} if wish else set()),
        levels=_choices(((str(int(one)), one.words) for one in StudyLevel), {level}),
        zones=_choices(((each, each.replace("_", " ")) for each in sorted({*ZONES, zone})), {zone}),
        days=_choices(((str(n), name) for n, name in enumerate(_day_names())), {str(day) for day in days}),
        languages=_choices(
            ((key, str(name)) for key, name in LANGUAGES.items()), {made.language} if made else set(spoken)
        ),
        topic=wish.topic if wish else "",
        goal_on=wish.goal_on if wish else None,
        starts=f"{starts:%H:%M}" if starts else "17:00",
        ends=f"{wish.ends:%H:%M}" if wish else "20:00",
    )


def _choices(pairs: Iterable[tuple[str, str]], chosen: set[str]) -> tuple[Choice, ...]:
    return tuple(Choice(value=value, label=label, chosen=value in chosen) for value, label in pairs)


def _vendors(firm: str, shared: set[str]) -> tuple[VendorLine, ...]:
    rows = Enrolment.objects.filter(partner_id=firm).values_list("owner_id", "owner__name").order_by("owner__name")
    return tuple(VendorLine(vendor=key, label=name, is_allowed=key in shared) for key, name in dict(rows).items())


def _day_names() -> list[str]:
    return [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
