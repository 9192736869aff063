"""Fill one certification with its people, and what a newer catalogue changed for whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from swingby.enablement import (
    AHEAD,
    PREPARING,
    Candidate,
    Catalogue,
    CatalogueChange,
    Certification,
    Lives,
    Records,
    State,
    Suggestion,
    catalogue_changes,
    catalogue_ends,
    coverage,
    hit_by_change,
    holders_of,
    ways_for,
)
from swingby.values import add_days
from swingby.web.clock import today
from swingby.web.design.parts import Tone
from swingby.web.domain.learning.catalogues import KeptCatalogue, catalogue_before
from swingby.web.domain.learning.records import names_of, records_of
from swingby.web.domain.learning.steps import acts_of_lead, wishes
from swingby.web.enablement.coverage_pages import office_words
from swingby.web.enablement.parts import Act, CellPage, CellPerson, ChangeLine, ChangesPage
from swingby.web.models import Organization

MOST_PEOPLE = 40
MOST_CANDIDATES = 12
MOST_NAMED = 20
_ACTS: Mapping[str, Act] = {
    "agree": Act(word="agree", label="Agree", variant="primary"),
    "decline": Act(word="decline", label="Say no"),
}
ASK = Act(word="agree", label="Propose it")


def cell_page(firm: Organization, catalogue: Catalogue, code: str) -> CellPage:
    """Who holds a certification, who is on the way, and who could take it with the fewest hours."""
    return _Cell(firm, catalogue, code).page()


class _Cell:
    """Everything that the page of one certification is made of."""

    def __init__(self, firm: Organization, catalogue: Catalogue, code: str) -> None:
        self.firm, self.catalogue, self.one = firm, catalogue, catalogue.certifications[code]
        self.day = today()
        self.records = records_of(firm.pk, catalogue, self.day)
        self.lives = self.records.present(self.day)
        self.stays = {stay.person: stay for stay in self.records.stays if self.day in stay.counted}
        self.names = names_of(firm.pk)
        self.wishes = wishes(firm.pk, code=code)

    def page(self) -> CellPage:
        """The page, filled."""
        (cell,) = (
            cell
            for cell in coverage(self.catalogue, self.lives, self.records.needs, self.day)
            if cell.code == self.one.code
        )
        holders = self._holders()
        candidates = self._candidates()
        return CellPage(
            name=self.firm.name,
            label=self.one.label,
            as_of=self.day,
            back_url=reverse("learning:coverage", args=[self.firm.pk]),
            helpers_url=f"{reverse('learning:helpers', args=[self.firm.pk])}?{urlencode({'code': self.one.code})}",
            post_url=reverse("learning:answer", args=[self.firm.pk, self.one.code]),
            held=cell.held,
            needed=cell.needed,
            missing=cell.missing,
            terms=_terms(self.one),
            needs=tuple(f"{need.source}: {need.people}" for need in self.records.needs if need.code == self.one.code)[
                :MOST_NAMED
            ],
            holders=tuple(holders[:MOST_PEOPLE]),
            holders_total=len(holders),
            learners=tuple(self._learners()[:MOST_PEOPLE]),
            candidates=tuple(candidates[:MOST_CANDIDATES]),
            candidates_total=len(candidates),
        )

    def _holders(self) -> list[CellPerson]:
        codes = self.catalogue.codes_for(self.one.code)
        found = []
        for person in holders_of(codes, self.lives, self.day):
            until = [self.lives[person][code].expires_after(self.day) for code in codes & self.lives[person].keys()]
            ends = None if None in until else max(day for day in until if day)
            found.append((ends or date.max, self._person(person, _until(ends), _end_tone(ends, self.day))))
        return [person for _, person in sorted(found, key=lambda each: (each[0], each[1].name))]

    def _learners(self) -> list[CellPerson]:
        found = []
        for person, by_code in self.lives.items():
            life = by_code.get(self.one.code)
            state = life.preparing_on(self.day) if life else State.NOTHING
            if state in PREPARING:
                wish = self.wishes.get((person, self.one.code), "")
                acts = tuple(_ACTS[word] for word in acts_of_lead(state, wish))
                words = (
                    "Wants it"
                    if acts
                    else "Proposed, not accepted yet"
                    if state is State.PROPOSED
                    else str(state).capitalize()
                )
                found.append(self._person(person, words, "pending" if state is State.PROPOSED else "brand", acts))
        return sorted(found, key=lambda each: (not each.acts, each.name))

    def _candidates(self) -> list[CellPerson]:
        ways: list[Suggestion] = []
        for person, own in self.lives.items():
            life = own.get(self.one.code)
            if self.stays[person].role != self.one.role or (life and life.preparing_on(self.day) in PREPARING):
                continue
            one = Candidate(person, self.one.role)
            ways += ways_for(self.catalogue, own, one, self.day, codes=(self.one.code,))
        ways.sort(key=lambda way: (way.hours, self.names.get(way.person, way.person)))
        return [self._person(way.person, f"{way.reason[:1].upper()}{way.reason[1:]}", "plain", (ASK,)) for way in ways]

    def _person(self, key: str, words: str, tone: Tone, acts: tuple[Act, ...] = ()) -> CellPerson:
        office = self.stays[key].office
        parts = [words, *([office_words(office)] if office else [])]
        # Whom nobody linked to a person can be told nothing.
        return CellPerson(
            key=key,
            name=self.names.get(key, key),
            words=" · ".join(parts),
            tone=tone,
            acts=acts if key in self.names else (),
        )


def _terms(one: Certification) -> str:
    parts = [f"{one.hours.normalize():f} hours"] if one.hours else []
    parts += [f"{one.pass_rate * 100:.0f} % pass"] if one.pass_rate else []
    parts += [f"the exam costs {one.fee.normalize():f}"] if one.fee else []
    return ", ".join(parts)


def _until(day: date | None) -> str:
    return f"until {day:%-d %B %Y}" if day else "for ever"


def _end_tone(ends: date | None, day: date) -> Tone:
    return "warn" if ends and ends <= add_days(day, AHEAD) else "good"


# --- what a catalogue changed ---------------------------------------------------------------------------------------


def changes_page(firm: Organization, kept: KeptCatalogue | None, *, with_names: bool) -> ChangesPage:
    """What the newest catalogue says otherwise, and what it ends on a day to come."""
    if kept is None:
        return ChangesPage(name=firm.name)
    day = today()
    before = catalogue_before(kept.row)
    records = records_of(firm.pk, kept.catalogue, day)
    names = names_of(firm.pk) if with_names else {}
    lines = _end_lines(kept.catalogue, records.present(day), names, day)
    if before is not None:
        lines += _change_lines(firm, before.catalogue, kept.catalogue, records, names)
    return ChangesPage(
        name=firm.name,
        taken_on=kept.row.taken_on,
        before_on=before.row.taken_on if before else None,
        lines=tuple(lines),
    )


def _end_lines(catalogue: Catalogue, lives: Lives, names: dict[str, str], day: date) -> list[ChangeLine]:
    return [
        ChangeLine(
            label=catalogue.certifications[end.code].label,
            words=f"{end.words} from {end.day:%-d %B %Y}",
            hit=len(end.people),
            people=_named(end.people, names),
        )
        for end in catalogue_ends(catalogue, lives, day)
    ]


def _change_lines(
    firm: Organization, before: Catalogue, after: Catalogue, records: Records, names: dict[str, str]
) -> list[ChangeLine]:
    day = today()
    was = records_of(firm.pk, before, day).present(day)
    now = records.present(day)
    return [
        _change(change, hit_by_change(change.code, was, now, day), names) for change in catalogue_changes(before, after)
    ]


def _change(change: CatalogueChange, hit: tuple[str, ...], names: dict[str, str]) -> ChangeLine:
    return ChangeLine(label=change.label, words="; ".join(change.words), hit=len(hit), people=_named(hit, names))


def _named(people: tuple[str, ...], names: dict[str, str]) -> tuple[str, ...]:
    """Names are for those who may read them; others see how many."""
    return tuple(names[person] for person in people if person in names)[:MOST_NAMED]
