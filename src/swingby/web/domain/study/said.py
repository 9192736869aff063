"""What somebody says in a form of study groups, checked once for wishes and for groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from swingby.enablement import Catalogue, StudyLevel, Subject
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.languages import known_languages

LONGEST_TOPIC: Final = 80
FURTHEST: Final = timedelta(days=730)

Said = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Form:
    """The words of a form; every question that has no good answer is refused with what to do."""

    said: Said

    def word(self, name: str) -> str:
        """One answer, without what no text may hold."""
        return "".join(sign for sign in (self.said.get(name) or [""])[-1] if sign.isprintable()).strip()

    def subject(self, catalogue: Catalogue) -> Subject:
        """A certification of the catalogue, or a topic in words."""
        code, topic = self.word("code"), self.word("topic")
        if code and topic:
            raise RefusedError(
                _("You chose a certification and wrote a topic. Keep one: empty the topic, or choose a topic instead.")
            )
        if code in catalogue.certifications:
            return Subject(code=code)
        if code or not topic or len(topic) > LONGEST_TOPIC:
            raise RefusedError(
                _("Choose a certification, or write a topic of at most %(most)s letters.") % {"most": LONGEST_TOPIC}
            )
        return Subject(topic=topic)

    def goal(self) -> date:
        """A day after today, within two years."""
        try:
            day = date.fromisoformat(self.word("goal_on"))
        except ValueError as error:
            raise RefusedError(_("Say by which day you want to be ready.")) from error
        if not today() < day <= today() + FURTHEST:
            raise RefusedError(_("Choose a day after today, within two years."))
        return day

    def level(self) -> StudyLevel:
        """How far somebody is."""
        return StudyLevel(self._number("level", len(StudyLevel), _("Say how far you are.")))

    def zone(self) -> str:
        """A time zone that there is."""
        zone = self.word("zone")
        if zone not in available_timezones():
            raise RefusedError(_("Choose a time zone, such as America/Chicago."))
        return zone

    def day(self) -> int:
        """A day of the week."""
        return self._number("day", 7, _("Choose the day of the week."))

    def days(self) -> list[int]:
        """Days of the week, at least one."""
        found = sorted({int(each) for each in self.said.get("days", ()) if each in set("0123456")})
        if not found:
            raise RefusedError(_("Choose at least one day of the week on which you can meet."))
        return found

    def clock(self, name: str) -> time:
        """A time of the day."""
        try:
            return time.fromisoformat(self.word(name)).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError as error:
            raise RefusedError(_("Say the time as hours and minutes, such as 17:30.")) from error

    def languages(self) -> list[str]:
        """Languages of the list, at least one."""
        found = known_languages(self.said.get("languages", ()))
        if not found:
            raise RefusedError(_("Choose at least one language."))
        return found

    def most(self, low: int, high: int) -> int:
        """How many places."""
        word = self.word("most") or str(high)
        if not word.isascii() or not word.isdecimal() or len(word) > 1 or not low <= int(word) <= high:
            raise RefusedError(_("A group has %(low)s to %(high)s places.") % {"low": low, "high": high})
        return int(word)

    def _number(self, name: str, count: int, otherwise: str) -> int:
        word = self.word(name)
        if word not in {str(number) for number in range(count)}:
            raise RefusedError(otherwise)
        return int(word)
