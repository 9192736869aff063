"""Fill the page of a partner's people as its vendor may know them: by its own records, named where they wrote to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.web.console.daily_parts import PersonLine
from swingby.web.console.people_parts import KnownPerson, PartnersPeoplePage
from swingby.web.domain.queries.people import PAGE_PEOPLE, Held, Job, held_by, people_here
from swingby.web.models import ActivityReport, Appeal, Dispute, Enrolment, LetterReceipt, Membership, Note, Person, Side
from swingby.web.tenancy import Scope, open_scope

MOST_WRITERS = 100


def partners_people_page(enrolment: Enrolment, *, after: str) -> PartnersPeoplePage:
    """Everybody who is known; the number of statements is the same however many they are.

    Behind the last of them it begins anew.
    """
    here, total = people_here(enrolment, after=after)
    if after and total and not here:
        return partners_people_page(enrolment, after="")
    page = here[:PAGE_PEOPLE]
    held = held_by((job.person for job in page), enrolment=enrolment)
    wrote = who_wrote(enrolment)
    names = {person.pk: person.name for person, _ in wrote}
    address = reverse("console:people", args=[enrolment.owner_id, enrolment.pk])
    return PartnersPeoplePage(
        partner=enrolment.partner.name,
        back_url=reverse("console:partner", args=[enrolment.owner_id, enrolment.pk]),
        wrote=writer_lines(wrote),
        people=tuple(_known(page, held, names)),
        total=total,
        next_url=f"{address}?{urlencode({'after': page[-1].person})}" if len(here) > PAGE_PEOPLE else "",
        first_url=address if after else "",
    )


def who_wrote(enrolment: Enrolment) -> list[tuple[Person, date]]:
    """Who of the partner told us something under their name, the newest first, with the last day.

    Named is who has access to the partner still: who left is nobody's to write to.
    """
    of_both = {"owner_id": enrolment.owner_id, "partner_id": enrolment.partner_id}
    told = (
        (ActivityReport.objects.filter(enrolment=enrolment), "submitted_by", "submitted_at"),
        (Note.objects.filter(**of_both, side=Side.PARTNER), "written_by", "written_at"),
        (Dispute.objects.filter(enrolment=enrolment), "opened_by", "opened_at"),
        (Appeal.objects.filter(line__enrolment=enrolment), "filed_by", "filed_at"),
        (LetterReceipt.objects.filter(**of_both), "person", "at"),
    )
    last: dict[str, date] = {}
    for rows, who, when in told:
        for key, at in rows.order_by().values_list(who).annotate(Max(when)):
            last[key] = max(last.get(key, date.min), at.date())
    ours = Membership.objects.filter(organization=enrolment.owner_id, person__in=list(last))
    for key in ours.values_list("person_id", flat=True):
        last.pop(key, None)
    here = _with_access(enrolment, last)
    newest = sorted(here, key=lambda key: (last[key], key), reverse=True)[:MOST_WRITERS]
    people = Person.objects.in_bulk(newest)
    return [(people[key], last[key]) for key in newest if key in people and people[key].name]


def _with_access(enrolment: Enrolment, people: Iterable[str]) -> set[str]:
    """Of these people those who may act for the partner today: at the partner itself, or at a company above it."""
    firms = frozenset(enrolment.partner.lineage) - {enrolment.owner_id}
    with transaction.atomic(), open_scope(Scope(partner_orgs=firms)):
        posts = Membership.objects.filter(organization__in=firms, person__in=list(people), person__is_active=True)
        return set(posts.values_list("person_id", flat=True))


def writer_lines(wrote: Iterable[tuple[Person, date]]) -> tuple[PersonLine, ...]:
    """They, with the day on which they wrote last."""
    return tuple(
        PersonLine(name=person.name, role=_("wrote on %(day)s") % {"day": f"{day:%-d %B %Y}"}, mail=person.email)
        for person, day in wrote
    )


def _known(jobs: Iterable[Job], held: Iterable[Held], names: Mapping[str, str]) -> Iterator[KnownPerson]:
    by_person: defaultdict[str, list[str]] = defaultdict(list)
    for each in held:
        by_person[each.person].append(_held_words(each))
    for job in jobs:
        yield KnownPerson(
            name=names.get(job.person, job.person),
            is_named=job.person in names,
            role=job.role.replace("_", " "),
            since=job.since,
            held=tuple(by_person[job.person]),
        )


def _held_words(held: Held) -> str:
    if held.ends_on is None:
        return held.label
    return _("%(label)s until %(day)s") % {
        "label": held.label,
        "day": f"{held.ends_on - timedelta(days=1):%-d %B %Y}",
    }
