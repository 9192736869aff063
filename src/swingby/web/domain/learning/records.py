"""What is known of a firm's people and certifications: from its facts, and from what they told here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.db import connection

from swingby.enablement import (
    Catalogue,
    Employment,
    Event,
    EventKind,
    Need,
    Records,
    Requirement,
    Stay,
    make_records,
    stays,
)
from swingby.values import BEGINNING
from swingby.web.models import CertificationNeed, Learner, LearningEvent

Told = tuple[str, str, Event]
#: What a need is about: the tiers held are kept, the next ones reached; open deals, and what somebody wishes.
TIER_KINDS: Final = ("keep", "next")


def records_of(
    firm: str, catalogue: Catalogue, on: date, *, people: list[str] | None = None, codes: list[str] | None = None
) -> Records:
    """What anybody in the firm may know of everybody: failed exams are left out.

    Parameters
    ----------
    people, codes
        Of whom, and of which certifications, records are read; of all where they are left out.
    """
    told = LearningEvent.objects.filter(organization_id=firm)
    told = told if people is None else told.filter(learner__in=people)
    told = told if codes is None else told.filter(code__in=codes)
    events = [*_held(firm, firm, people=people, codes=codes), *_told(told)]
    employed = _employments(firm, firm, people=people)
    return make_records(events, employed, catalogue, needs=needs_of(firm, on), failures=False)


def certification_records(firm: str, catalogue: Catalogue, on: date, *, codes: list[str], role: str) -> Records:
    """What is known of some certifications, of whoever had to do with one of them or ever had a role; of nobody else."""
    told = LearningEvent.objects.filter(organization_id=firm, code__in=codes)
    events = [*_held(firm, firm, codes=codes), *_told(told)]
    employed = _employments(firm, firm, people=list({person for person, _, _ in events}), role=role)
    return make_records(events, employed, catalogue, needs=needs_of(firm, on), failures=False)


def told_records(firm: str, catalogue: Catalogue, on: date, *, linked: bool = False) -> Records:
    """What is known of the certifications of which somebody told something, or was told: on the way to others nobody is.

    Parameters
    ----------
    linked
        Only of those behind whose key a person stands.
    """
    told = LearningEvent.objects.filter(organization_id=firm)
    if linked:
        told = told.filter(learner__in=Learner.objects.filter(organization_id=firm).values("key"))
    events = list(_told(told))
    people = sorted({person for person, _, _ in events})
    events += _passed(_rows(_TOLD_CREDENTIALS, owner=firm, people=people))
    return make_records(
        events, _employments(firm, firm, people=people), catalogue, needs=needs_of(firm, on), failures=False
    )


def holders_records(firm: str, catalogue: Catalogue, on: date, codes: list[str]) -> Records:
    """What is known of some certifications, and of nobody who never had to do with one of them."""
    told = LearningEvent.objects.filter(organization_id=firm, code__in=codes).values_list("learner", flat=True)
    held = _rows(_HOLDERS, owner=firm, codes=codes)
    return records_of(firm, catalogue, on, people=sorted({*told, *(person for (person,) in held)}), codes=codes)


def newest_position(owner: str) -> int:
    """Where the newest fact of people and credentials stands in an owner's ledger, of those that the reader sees."""
    ((found,),) = _rows(_NEWEST, owner=owner)
    return int(found)


def has_newer(owner: str, position: int) -> bool:
    """Whether a fact of people and credentials came or was taken back after a position, of those that the reader sees."""
    ((found,),) = _rows(_NEWER, owner=owner, position=position)
    return bool(found)


def people_at(firm: str, offices: list[str]) -> list[str]:
    """Everybody whom the records say to work at some offices, or to have done so."""
    return [person for (person,) in _rows(_PEOPLE_AT, owner=firm, offices=offices)]


def held_rows(firm: str, codes: list[str], people: list[str] | None) -> int:
    """How many credentials there are of some certifications, and of some people or of all."""
    ((found,),) = _rows(_HELD_ROWS, owner=firm, codes=codes, people=people)
    return int(found)


def unknown_records(firm: str, catalogue: Catalogue) -> int:
    """How many records name a certification that the catalogue lacks."""
    codes = list(catalogue.certifications)
    ((held,),) = _rows(_UNKNOWN, owner=firm, codes=codes)
    return int(held) + LearningEvent.objects.filter(organization_id=firm).exclude(code__in=codes).count()


def own_records(firm: str, learner: str, catalogue: Catalogue, *, failures: bool = True) -> Records:
    """What one person knows of themselves, failed exams included; the database shows them to nobody else."""
    employed = _employments(firm, firm, people=[learner])
    return make_records(own_events(firm, learner), employed, catalogue, failures=failures)


def own_events(firm: str, learner: str) -> list[Told]:
    """What happened to one person, as far as the reader may see it."""
    mine = LearningEvent.objects.filter(organization_id=firm, learner=learner)
    return [*_held(firm, firm, people=[learner]), *_told(mine)]


def partner_records(owner: str, organizations: list[str], catalogue: Catalogue) -> Records:
    """What a vendor's facts say of a partner's people; it sees nothing of what they plan."""
    employed = list(_employments(owner, *organizations))
    people = sorted({one.person for one in employed})
    return make_records(_held(owner, None, people=people), employed, catalogue)


def records_by_partner(
    owner: str, organizations: Mapping[str, Sequence[str]], catalogue: Catalogue
) -> dict[str, Records]:
    """The same of several partners, by each with its organizations, in two statements."""
    employed = _employed_by_partner(owner, organizations)
    held = defaultdict[str, list[Told]](list)
    for told in _held(owner, None, people=sorted({one.person for own in employed.values() for one in own})):
        held[told[0]].append(told)
    return {
        partner: make_records((told for person in {one.person for one in own} for told in held[person]), own, catalogue)
        for partner, own in employed.items()
    }


def held_records(firm: str, catalogue: Catalogue, people: list[str]) -> Records:
    """What some people of a firm hold and held, without what they plan."""
    employed = _employments(firm, firm, people=people)
    return make_records(_held(firm, firm, people=people), employed, catalogue)


def office_stays(firm: str, people: list[str]) -> tuple[Stay, ...]:
    """Where some people of a firm work and worked."""
    return stays(_employments(firm, firm, people=people))


def offices_everywhere(owner: str, people: list[str]) -> tuple[Stay, ...]:
    """Where some people work and worked by a vendor's facts, at whichever of its partners."""
    return stays(_placed(_rows(_PLACES, owner=owner, people=people)))


def team_stays(firm: str, people: list[str]) -> tuple[Stay, ...]:
    """Who is in which team, named after its office; where the records name no teams, a role at an office is one."""
    rows = _rows(_TEAMS, owner=firm, people=people)
    named = (
        Employment(person=person, firm=firm, office=f"{office}/{team}", started=start or BEGINNING, ended=end)
        for person, office, team, start, end in rows
    )
    return stays(named)


def employed_people(firm: str) -> list[str]:
    """Everybody whom the records say to work for a firm, or to have done so."""
    return [person for (person,) in _rows(_EMPLOYED, owner=firm)]


def needs_of(firm: str, on: date) -> tuple[Need, ...]:
    """What asks for people with one certification on a day."""
    return tuple(
        Need(row.codes[0], row.people, row.kind, row.source) for row in _asking(firm, on) if len(row.codes) == 1
    )


def tier_needs(firm: str, on: date) -> list[CertificationNeed]:
    """What vendors' tiers ask on a day, those of one certification and those of several."""
    return [row for row in _asking(firm, on) if row.kind in TIER_KINDS]


def requirement_of(need: CertificationNeed) -> Requirement:
    """A need as something that rests on people."""
    return Requirement(need.source, tuple(need.codes), need.people)


def learner_of(firm: str, person: str) -> Learner | None:
    """Who a person is in the firm's facts; None while nobody said so."""
    return Learner.objects.filter(organization_id=firm, person_id=person).first()


def names_of(firm: str) -> dict[str, str]:
    """The names of the people of a firm by the keys in its facts; who has none here is called by the key."""
    rows = Learner.objects.filter(organization_id=firm).values_list("key", "person__name")
    return dict(rows)


def people_of(firm: str) -> dict[str, str]:
    """Who stands behind the keys of a firm's facts."""
    return dict(Learner.objects.filter(organization_id=firm).values_list("key", "person_id"))


def events_of(firm: str, learner: str) -> list[LearningEvent]:
    """What was told about one person, as far as the reader may see it."""
    return list(LearningEvent.objects.filter(organization_id=firm, learner=learner).order_by("day", "id"))


def event_of(row: LearningEvent) -> Event:
    """What a row means for a life: that somebody says to have passed is no credential yet."""
    kind = EventKind.STARTED if row.kind == EventKind.PASSED else EventKind(row.kind)
    return Event(row.day, kind, exam_on=row.exam_on)


def _told(rows: Iterable[LearningEvent]) -> Iterator[Told]:
    return ((row.learner, row.code, event_of(row)) for row in rows)


def _asking(firm: str, on: date) -> list[CertificationNeed]:
    rows = CertificationNeed.objects.filter(organization_id=firm, starts_on__lte=on)
    return list(rows.exclude(ends_on__lte=on).order_by("id"))


def _held(
    owner: str, partner: str | None, *, people: list[str] | None = None, codes: list[str] | None = None
) -> Iterator[Told]:
    return _passed(_rows(_CREDENTIALS, owner=owner, partner=partner, people=people, codes=codes))


def _passed(rows: Iterable[tuple[Any, ...]]) -> Iterator[Told]:
    return ((person, code, Event(day, EventKind.PASSED, expires_on=end)) for person, code, day, end in rows)


def _employments(
    owner: str, *organizations: str, people: list[str] | None = None, role: str | None = None
) -> Iterator[Employment]:
    """Organizations that are looked at together are one firm; beside some people whoever ever had a role there."""
    rows = _rows(_EMPLOYMENTS, owner=owner, organizations=list(organizations), people=people, role=role)
    return (
        Employment(
            person=person, firm=organizations[0], office=office, role=role, started=start or BEGINNING, ended=end
        )
        for person, office, role, start, end in rows
    )


def _employed_by_partner(owner: str, organizations: Mapping[str, Sequence[str]]) -> dict[str, list[Employment]]:
    """As for one partner its organizations are one firm; what several partners count is with each of them."""
    partners = defaultdict[str, list[str]](list)
    for partner, own in organizations.items():
        for one in own:
            partners[one].append(partner)
    found: dict[str, list[Employment]] = {partner: [] for partner in organizations}
    for employment in _placed(_rows(_PLACED, owner=owner, organizations=list(partners))):
        for partner in partners[employment.firm]:
            firm = organizations[partner][0]
            found[partner].append(employment if employment.firm == firm else replace(employment, firm=firm))
    return found


def _placed(rows: Iterable[tuple[Any, ...]]) -> Iterator[Employment]:
    return (
        Employment(person=person, firm=firm, office=office, role=role, started=start or BEGINNING, ended=end)
        for person, firm, office, role, start, end in rows
    )


def _rows(statement: str, **bound: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, bound)
        return list(cursor.fetchall())


_CREDENTIALS = """
SELECT person, code, starts_on, ends_on FROM fact_credentials
WHERE owner_org = %(owner)s AND reversed_position IS NULL AND code IS NOT NULL AND starts_on IS NOT NULL
AND (%(partner)s::text IS NULL OR partner_org = %(partner)s)
AND (%(people)s::text[] IS NULL OR person = ANY (%(people)s::text[]))
AND (%(codes)s::text[] IS NULL OR code = ANY (%(codes)s::text[])) ORDER BY person, code, starts_on
"""
_TOLD_CREDENTIALS = """
SELECT c.person, c.code, c.starts_on, c.ends_on
FROM (SELECT DISTINCT learner, code FROM learning_events
      WHERE organization = %(owner)s AND learner = ANY (%(people)s::text[])) AS e
JOIN fact_credentials AS c ON c.person = e.learner AND c.code = e.code
WHERE c.owner_org = %(owner)s AND c.partner_org = %(owner)s AND c.reversed_position IS NULL AND c.starts_on IS NOT NULL
ORDER BY c.person, c.code, c.starts_on
"""
_HOLDERS = """
SELECT DISTINCT person FROM fact_credentials
WHERE owner_org = %(owner)s AND partner_org = %(owner)s AND reversed_position IS NULL
AND starts_on IS NOT NULL AND code = ANY (%(codes)s::text[])
"""
_PEOPLE_AT = """
SELECT DISTINCT person FROM fact_employments
WHERE owner_org = %(owner)s AND partner_org = %(owner)s AND reversed_position IS NULL
AND office = ANY (%(offices)s::text[]) ORDER BY 1
"""
_HELD_ROWS = """
SELECT count(*) FROM fact_credentials
WHERE owner_org = %(owner)s AND partner_org = %(owner)s AND reversed_position IS NULL
AND code = ANY (%(codes)s::text[]) AND (%(people)s::text[] IS NULL OR person = ANY (%(people)s::text[]))
"""
_NEWEST = """
SELECT greatest(0, (SELECT max(position) FROM fact_employments WHERE owner_org = %(owner)s),
                (SELECT max(position) FROM fact_credentials WHERE owner_org = %(owner)s),
                (SELECT max(reversed_position) FROM fact_employments WHERE owner_org = %(owner)s),
                (SELECT max(reversed_position) FROM fact_credentials WHERE owner_org = %(owner)s))
"""
#: Nothing is gone through where nothing came: a regional lead sees few of the newest facts, and would look for long.
_NEWER = """
SELECT EXISTS (SELECT 1 FROM fact_employments WHERE owner_org = %(owner)s AND position > %(position)s)
    OR EXISTS (SELECT 1 FROM fact_credentials WHERE owner_org = %(owner)s AND position > %(position)s)
    OR EXISTS (SELECT 1 FROM fact_employments WHERE owner_org = %(owner)s AND reversed_position > %(position)s)
    OR EXISTS (SELECT 1 FROM fact_credentials WHERE owner_org = %(owner)s AND reversed_position > %(position)s)
"""
_UNKNOWN = """
SELECT count(*) FROM fact_credentials
WHERE owner_org = %(owner)s AND partner_org = %(owner)s AND reversed_position IS NULL
AND starts_on IS NOT NULL AND code <> ALL (%(codes)s::text[])
"""
_EMPLOYMENTS = """
SELECT person, office, role, starts_on, ends_on FROM fact_employments
WHERE owner_org = %(owner)s AND partner_org = ANY (%(organizations)s::text[]) AND reversed_position IS NULL
AND (%(people)s::text[] IS NULL OR person = ANY (%(people)s::text[])
     OR %(role)s::text IS NOT NULL AND person IN (
         SELECT person FROM fact_employments WHERE owner_org = %(owner)s AND partner_org = ANY (%(organizations)s::text[])
         AND reversed_position IS NULL AND role = %(role)s))
ORDER BY person, starts_on, fact_id
"""
_PLACES = """
SELECT person, partner_org, office, role, starts_on, ends_on FROM fact_employments
WHERE owner_org = %(owner)s AND partner_org IS NOT NULL AND reversed_position IS NULL
AND person = ANY (%(people)s::text[]) ORDER BY person, starts_on, fact_id
"""
_PLACED = """
SELECT person, partner_org, office, role, starts_on, ends_on FROM fact_employments
WHERE owner_org = %(owner)s AND partner_org = ANY (%(organizations)s::text[]) AND reversed_position IS NULL
ORDER BY person, starts_on, fact_id
"""
_EMPLOYED = """
SELECT DISTINCT person FROM fact_employments
WHERE owner_org = %(owner)s AND partner_org = %(owner)s AND reversed_position IS NULL ORDER BY 1
"""
_TEAMS = """
SELECT person, office, coalesce(nullif(attributes ->> 'team', ''), role, ''), starts_on, ends_on FROM fact_employments
WHERE owner_org = %(owner)s AND partner_org = %(owner)s AND reversed_position IS NULL
AND office IS NOT NULL AND person = ANY (%(people)s::text[]) ORDER BY person, starts_on, fact_id
"""
