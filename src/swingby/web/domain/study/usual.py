"""What a form of study groups begins with for somebody who has said nothing yet: a language and a time zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count
from django.utils.translation import get_language

from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.study.said import LANGUAGES
from swingby.web.models import Enrolment, StudyCircle, StudySeat
from swingby.web.visibility import Actor


@dataclass(frozen=True, slots=True)
class Usual:
    """A time zone, and the key of a language."""

    zone: str
    language: str


def usual_for(firm: str, *, actor: Actor) -> Usual:
    """Those of the newest group one is in; else where most of the firm's groups meet, and the language one reads."""
    seats = StudySeat.objects.filter(person_id=actor.person).values("circle_id")
    own = StudyCircle.objects.filter(pk__in=seats).order_by("-made_at").first()
    return Usual(own.zone, own.language) if own else Usual(_zone_of(firm), _language_read())


def _language_read() -> str:
    language = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return language if language in LANGUAGES else "en"


def _zone_of(firm: str) -> str:
    zones = StudyCircle.objects.filter(organization_id=firm).order_by()
    most = zones.values_list("zone").annotate(groups=Count("pk")).order_by("-groups", "zone").first()
    return most[0] if most else next(_zones_of_programs(firm), str(settings.TIME_ZONE))


def _zones_of_programs(firm: str) -> Iterator[str]:
    """Of the programs that the firm is in, the one it joined first in front; who names none is left out."""
    for program in (
        Enrolment.objects.filter(partner_id=firm).order_by("joined_on", "id").values_list("program_id", flat=True)
    ):
        try:
            zone = loaded(version_in_force(program, on=today())).header.time_zone
        except RefusedError:
            continue
        if zone != "UTC":
            yield zone
