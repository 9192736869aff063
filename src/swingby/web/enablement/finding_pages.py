"""Fill who can help: people who hold something on a day, near a place, as free as the records know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from swingby.enablement import Catalogue, Certification, Life, Records
from swingby.web.clock import today
from swingby.web.design.parts import Choice, Tone
from swingby.web.domain.learning.catalogues import KeptCatalogue
from swingby.web.domain.learning.counting import is_large
from swingby.web.domain.learning.covering import counted_offices
from swingby.web.domain.learning.languages import known_languages, language_words, shown_at
from swingby.web.domain.learning.projects import Place, Projects, office_words, places_of, projects_on
from swingby.web.domain.learning.records import held_rows, names_of, people_at, people_of, records_of
from swingby.web.enablement.finding_parts import HelperLine, HelpersPage
from swingby.web.models import Organization

MOST_LINES = 50
#: More credentials than these no page reads: whoever looks in so large a firm says more closely for what.
MOST_READ = 20_000
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Whom somebody looks for. What is empty is not asked for."""

    code: str = ""
    role: str = ""
    level: str = ""
    place: str = ""
    language: str = ""
    day: date | None = None


def helpers_page(firm: Organization, kept: KeptCatalogue | None, sought: Sought) -> HelpersPage:
    """Who can help on a day: without one, next Monday."""
    day = sought.day or next_monday(today())
    if kept is None:
        return HelpersPage(name=firm.name, day=day)
    found = _Helpers(firm.pk, kept.catalogue, sought, day)
    lines = () if found.is_too_many else found.lines()
    return HelpersPage(
        name=firm.name,
        day=day,
        certifications=_choices(
            _("Any certification"), {one.code: one.label for one in kept.catalogue}, chosen=sought.code
        ),
        roles=_choices(_("Any role"), kept.catalogue.roles, chosen=sought.role),
        levels=_choices(_("Any level"), kept.catalogue.levels, chosen=sought.level),
        places=_choices(_("Anywhere"), found.place_words(), chosen=sought.place),
        languages=_choices(_("Any language"), found.language_words(), chosen=sought.language),
        lines=lines[:MOST_LINES],
        total=len(lines),
        is_too_many=found.is_too_many,
        is_asked=any((sought.code, sought.role, sought.level, sought.place, sought.language)),
    )


def next_monday(day: date) -> date:
    """The first Monday after a day."""
    return day + timedelta(days=7 - day.weekday())


class _Helpers:
    """Everything that the answer is made of."""

    def __init__(self, firm: str, catalogue: Catalogue, sought: Sought, day: date) -> None:
        self.catalogue, self.sought, self.day = catalogue, sought, day
        self.places = places_of(firm)
        self.is_too_many, self._large = False, is_large(firm)
        self._offices = counted_offices(firm) if self._large else []
        records = self._records(firm)
        self.lives = records.present(day)
        self.offices = {stay.person: stay.office or "" for stay in records.stays if day in stay.counted}
        self.names = names_of(firm)
        self.projects: Projects = projects_on(firm, day)
        self.people, self.spoken = people_of(firm), shown_at(firm)

    def _records(self, firm: str) -> Records:
        """Of what is looked for; of a large firm nothing while that is more than a page can read."""
        codes = sorted(one.code for one in self.catalogue if self._suits(one))
        near = [office for office in self._offices if self._is_place(office)]
        people = people_at(firm, near) if self._large and self.sought.place else None
        self.is_too_many = self._large and held_rows(firm, codes, people) > MOST_READ
        return records_of(firm, self.catalogue, today(), people=[] if self.is_too_many else people, codes=codes)

    def lines(self) -> tuple[HelperLine, ...]:
        """Who is free first, then of whom nothing is known, then who is on a project; by name."""
        found = [(self._rank(who), self._line(who, held)) for who, held in self._holders() if self._is_sought(who)]
        return tuple(line for _rank, line in sorted(found, key=lambda one: (one[0], one[1].name)))

    def place_words(self) -> dict[str, str]:
        """Offices, regions and countries at which somebody works."""
        offices = self._offices or sorted(set(self.offices.values()) - {""})
        near = [self._place(office) for office in offices]
        return {
            **{office: office_words(office) for office in offices},
            **{f"region {one.region}": _("Region %(name)s") % {"name": one.region} for one in near if one.region},
            **{
                f"country {one.country}": _("Country %(name)s") % {"name": one.country.upper()}
                for one in near
                if one.country
            },
        }

    def _holders(self) -> Iterable[tuple[str, list[Life]]]:
        for person, by_code in self.lives.items():
            held = [life for life in by_code.values() if life.held_on(self.day) and self._suits(life.certification)]
            if held:
                yield person, held

    def _suits(self, one: Certification) -> bool:
        codes = self.catalogue.codes_for(self.sought.code) if self.sought.code else {one.code}
        return one.code in codes and self.sought.role in {"", one.role} and self.sought.level in {"", one.level}

    def _place(self, office: str) -> Place:
        return self.places.get(office, Place(office))

    def language_words(self) -> dict[str, str]:
        """Languages that somebody shows to speak."""
        spoken = known_languages({each for languages in self.spoken.values() for each in languages})
        return dict(zip(spoken, language_words(spoken), strict=True))

    def _languages(self, person: str) -> list[str]:
        return self.spoken.get(self.people.get(person, ""), [])

    def _is_sought(self, person: str) -> bool:
        language = self.sought.language
        return self._is_near(person) and (not language or language in self._languages(person))

    def _is_near(self, person: str) -> bool:
        return self._is_place(self.offices.get(person, ""))

    def _is_place(self, office: str) -> bool:
        one = self._place(office)
        return self.sought.place in {"", office, f"region {one.region}", f"country {one.country}"}

    def _line(self, person: str, held: list[Life]) -> HelperLine:
        words, tone = self._free(person)
        ends = [life.expires_after(self.day) for life in held]
        return HelperLine(
            name=self.names.get(person, person),
            holds=tuple(sorted(life.certification.label for life in held)),
            place=self._place_words(person),
            languages=tuple(language_words(self._languages(person))),
            free=words,
            tone=tone,
            is_ending=any(end is not None and end <= self.day + SOON for end in ends),
        )

    def _place_words(self, person: str) -> str:
        office = self.offices.get(person, "")
        one = self._place(office)
        return ", ".join(word for word in (office_words(office) if office else "", one.country.upper()) if word) or _(
            "not known"
        )

    def _free(self, person: str) -> tuple[str, Tone]:
        if person in self.projects.until:
            end = self.projects.until[person]
            if end is None:
                return _("On a project, its end is not known"), "warn"
            return _("On a project until %(day)s") % {"day": f"{end:%-d %B %Y}"}, "warn"
        if self.projects.are_kept:
            return _("On no project by the records"), "good"
        return _("Not known"), "plain"

    def _rank(self, person: str) -> int:
        return 2 if person in self.projects.until else 0 if self.projects.are_kept else 1


def _choices(anything: str, words: Mapping[str, str], *, chosen: str) -> tuple[Choice, ...]:
    listed = [("", anything), *words.items()]
    return tuple(Choice(value=value, label=str(label), chosen=value == chosen) for value, label in listed)
