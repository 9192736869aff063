"""The meetings of a study group as an iCalendar file; it names nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from icalendar import Calendar, Event

from swingby.enablement import MEETING, PlanWeek
from swingby.web.domain.badges.keys import absolute
from swingby.web.models import StudyCircle


def calendar_of(circle: StudyCircle, weeks: Iterable[PlanWeek], *, firm: str, label: str) -> bytes:
    """Every meeting with what is studied from it on; a meeting keeps its identifier, so that reading twice doubles none."""
    calendar = Calendar()
    calendar.add("prodid", "-//Swingby//Study groups//EN")
    calendar.add("version", "2.0")
    for week in weeks:
        calendar.add_component(_event(circle, week, firm=firm, label=label))
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def _event(circle: StudyCircle, week: PlanWeek, *, firm: str, label: str) -> Event:
    starts = datetime.combine(week.day, circle.starts, ZoneInfo(circle.zone))
    event = Event()
    event.add("uid", f"{circle.pk}-{week.day:%Y%m%d}@study.swingby")
    event.add("dtstamp", circle.made_at.astimezone(UTC))
    event.add("dtstart", starts)
    event.add("dtend", starts + MEETING)
    event.add("summary", label)
    event.add("url", absolute(reverse("learning:group", args=[firm, circle.pk])))
    if circle.closed_at is not None:
        event.add("status", "CANCELLED")
    if week.parts:
        event.add("description", "\n".join(f"{part.label}: {part.hours.normalize():f} h" for part in week.parts))
    return event
