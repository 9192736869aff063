"""Fill one certification with its people, and what a newer catalogue changed for whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from swingby.enablement import (
    AHEAD,
    Catalogue,
    CatalogueChange,
    Certification,
    Lives,
    Records,
    State,
    catalogue_changes,
    catalogue_ends,
    hit_by_change,
)
from swingby.values import add_days
from swingby.web.clock import today
from swingby.web.design.parts import Tone
from swingby.web.design.wording import number_words
from swingby.web.domain.learning.catalogues import KeptCatalogue, catalogue_before
from swingby.web.domain.learning.certification import CertificationOfFirm
from swingby.web.domain.learning.projects import office_words
from swingby.web.domain.learning.records import names_of, records_of
from swingby.web.domain.learning.steps import Learning
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
    found = CertificationOfFirm(firm.pk, catalogue, code)
    cell, holders, candidates = found.cell(), found.holders(), found.candidates()
    return CellPage(
        name=firm.name,
        label=found.one.label,
        as_of=found.day,
        back_url=reverse("learning:coverage", args=[firm.pk]),
        helpers_url=f"{reverse('learning:helpers', args=[firm.pk])}?{urlencode({'code': code})}",
        post_url=reverse("learning:answer", args=[firm.pk, code]),
        held=cell.held,
        needed=cell.needed,
        missing=cell.missing,
        terms=_terms(found.one, found.catalogue.currency),
        needs=tuple(f"{need.source}: {need.people}" for need in found.records.needs if need.code == code)[:MOST_NAMED],
        holders=tuple(
            _person(found, person, _until(ends), _end_tone(ends, found.day)) for person, ends in holders[:MOST_PEOPLE]
        ),
        holders_total=len(holders),
        learners=tuple(_learner(found, each) for each in found.learners()[:MOST_PEOPLE]),
        candidates=tuple(
            _person(found, way.person, f"{way.reason[:1].upper()}{way.reason[1:]}", "plain", (ASK,))
            for way in candidates[:MOST_CANDIDATES]
        ),
        candidates_total=len(candidates),
    )


def _learner(found: CertificationOfFirm, each: Learning) -> CellPerson:
    is_proposed = each.state is State.PROPOSED
    words = "Wants it" if each.acts else "Proposed, not accepted yet" if is_proposed else str(each.state).capitalize()
    acts = tuple(_ACTS[word] for word in each.acts)
    return _person(found, each.person, words, "pending" if is_proposed else "brand", acts)


def _person(found: CertificationOfFirm, key: str, words: str, tone: Tone, acts: tuple[Act, ...] = ()) -> CellPerson:
    office = found.stays[key].office
    parts = [words, *([office_words(office)] if office else [])]
    # Whom nobody linked to a person can be told nothing.
    return CellPerson(
        key=key,
        name=found.name(key),
        words=" · ".join(parts),
        tone=tone,
        acts=acts if key in found.names else (),
    )


def _terms(one: Certification, currency: str) -> str:
    parts = [f"{one.hours.normalize():f} hours"] if one.hours else []
    parts += [f"{one.pass_rate * 100:.0f} % pass"] if one.pass_rate else []
    parts += [f"the exam costs {fee_words(one.fee, currency)}"] if one.fee else []
    return ", ".join(parts)


def fee_words(fee: Decimal, currency: str) -> str:
    """What an exam costs; where the catalogue names no currency, that is said."""
    return number_words(fee, currency) if currency else f"{number_words(fee)} (the catalogue names no currency)"


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
