"""One certification in a firm: who holds it, who is on the way, who could take it with the fewest hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from swingby.enablement import (
    PREPARING,
    Candidate,
    Catalogue,
    Cell,
    Life,
    State,
    Suggestion,
    coverage,
    holders_of,
    ways_for,
)
from swingby.web.clock import today
from swingby.web.domain.learning.records import certification_records, names_of
from swingby.web.domain.learning.steps import Learning, acts_of_lead, wishes


class CertificationOfFirm:
    """What leads read of a certification, by name."""

    def __init__(self, firm: str, catalogue: Catalogue, code: str) -> None:
        self.catalogue, self.one, self.day = catalogue, catalogue.certifications[code], today()
        codes = sorted(_needed_for(catalogue, code))
        self.records = certification_records(firm, catalogue, self.day, codes=codes, role=self.one.role)
        self.lives = self.records.present(self.day)
        #: Who has nothing to do with it is in no number.
        self._told = {person: own for person, own in self.lives.items() if own}
        self.stays = {stay.person: stay for stay in self.records.stays if self.day in stay.counted}
        self.names = names_of(firm)
        self._wishes = wishes(firm, code=code)

    def name(self, person: str) -> str:
        """What a person is called; by the key who has no name here."""
        return self.names.get(person, person)

    def cell(self) -> Cell:
        """The numbers."""
        found = coverage(self.catalogue, self._told, self.records.needs, self.day)
        return next(cell for cell in found if cell.code == self.one.code)

    def holders(self) -> list[tuple[str, date | None]]:
        """Who holds it, or one that stands for it, until when; those first whose end is nearest."""
        codes = self.catalogue.codes_for(self.one.code)
        found = []
        for person in holders_of(codes, self._told, self.day):
            until = [self.lives[person][code].expires_after(self.day) for code in codes & self.lives[person].keys()]
            found.append((person, None if None in until else max(day for day in until if day)))
        return sorted(found, key=lambda each: (each[1] or date.max, self.name(each[0])))

    def learners(self) -> list[Learning]:
        """Who is on the way; those first who wait for an answer."""
        found = []
        for person, by_code in self._told.items():
            life = by_code.get(self.one.code)
            state = life.preparing_on(self.day) if life else State.NOTHING
            if state in PREPARING:
                acts = acts_of_lead(state, self._wishes.get((person, self.one.code), ""))
                found.append(Learning(person=person, code=self.one.code, state=state, acts=acts))
        return sorted(found, key=lambda each: (not each.acts, self.name(each.person)))

    def candidates(self) -> list[Suggestion]:
        """Who could take it, in its role and not on the way; the fewest hours first."""
        found: list[Suggestion] = []
        ways: dict[tuple[int, ...], tuple[Suggestion, ...]] = {}
        for person, own in self.lives.items():
            life = own.get(self.one.code)
            if self.stays[person].role != self.one.role or (life and life.preparing_on(self.day) in PREPARING):
                continue
            # What the same lives leave to do is the same for everybody who has them.
            same = tuple(id(each) for each in own.values())
            if same not in ways:
                ways[same] = self._ways(person, own)
            found += (replace(way, person=person) for way in ways[same])
        return sorted(found, key=lambda way: (way.hours, self.name(way.person)))

    def _ways(self, person: str, own: Mapping[str, Life]) -> tuple[Suggestion, ...]:
        return ways_for(self.catalogue, own, Candidate(person, self.one.role), self.day, codes=(self.one.code,))


def _needed_for(catalogue: Catalogue, code: str) -> set[str]:
    """What decides who has a certification and what it takes to have it: itself, what it asks for, what stands for them."""
    found, left = set[str](), {code}
    while left:
        found |= left
        asked = {other for one in left for group in catalogue.certifications[one].prerequisites for other in group}
        left = {other for one in left | asked for other in (one, *catalogue.codes_for(one))} - found
    return found
