"""What a form of study groups begins with: the languages that somebody speaks, and a time zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count
from django.utils.translation import get_language

from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.languages import LANGUAGES, languages_of
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.models import Enrolment, StudyCircle, StudySeat
from swingby.web.visibility import Actor


@dataclass(frozen=True, slots=True)
class Usual:
    """A time zone, and the keys of languages, the likeliest first."""

    zone: str
    languages: tuple[str, ...]


def usual_for(firm: str, *, actor: Actor) -> Usual:
    """The languages one said to speak; else, as the time zone, that of the newest group, else the one that one reads.

    Where one is in no group, the time zone is that in which most of the firm's groups meet.
    """
    seats = StudySeat.objects.filter(person_id=actor.person).values("circle_id")
    own = StudyCircle.objects.filter(pk__in=seats).order_by("-made_at").first()
    likeliest = own.language if own else _language_read()
    said = languages_of(firm, actor.person)
    spoken = sorted(said.languages, key=lambda each: each != likeliest) if said else [likeliest]
    return Usual(own.zone if own else _zone_of(firm), tuple(spoken))


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
