"""Tell people what happened: a row for each of them, and a mail where somebody wants one; never to who did it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import models, transaction

from swingby.web.clock import now
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.mails import post_mail
from swingby.web.domain.notification_kinds import RULES, kinds_of, ways_for
from swingby.web.jobs import DIGEST_HOUR, enqueue_digest
from swingby.web.models import (
    Enrolment,
    Membership,
    Notification,
    NotificationChoice,
    NotificationKind,
    Organization,
    Person,
    Role,
    Side,
    Way,
)
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor, actor_of, visible_to

KEPT = timedelta(days=180)
LONGEST_WORDS, LONGEST_TEXT = 200, 4000
MOST_IN_DIGEST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened, for one side.

    Attributes
    ----------
    key
        What it is about. Somebody who was told under the same key is not told again.
    words
        One sentence that names no person.
    path
        Where it leads, inside the application.
    by
        Who did it, and so need not be told.
    text
        What a mail says instead of the sentence; it may hold the places of names that mails have.
    people
        Whom the text names, by their keys.
    """

    kind: NotificationKind
    key: str
    words: str
    path: str = ""
    by: str = ""
    text: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """Between whom it happened: the owner of the program and the partner; twice the same for what is one's own."""

    owner: str
    partner: str

    @property
    def both(self) -> Scope:
        """The scope of the two, in which a row may be added."""
        return Scope(owner_orgs=frozenset({self.owner}), partner_orgs=frozenset({self.partner}))


def about(row: models.Model) -> About:
    """Between whom a row of both sides stands."""
    return About(row.owner_id, row.partner_id)  # type: ignore[attr-defined]  # every two-sided row has both


def tell_partner(between: About, news: News, *, only: Collection[str] | None = None) -> int:
    """Tell the people of the partner whose role is told of such things; or of them ``only`` some. Returns how many."""
    return tell_partners([(between, news)], only=only)


def tell_partners(told: Sequence[tuple[About, News]], *, only: Collection[str] | None = None) -> int:
    """The same of several, each with its own news: in as many statements as of one, but for how each reader wants to hear."""
    lineages = _lineages({between.partner for between, _ in told})
    roles = _roles_at({one for lineage in lineages.values() for one in lineage}, {news.kind for _, news in told})
    rows = [
        (_row(between, Side.PARTNER, news, person), between, news)
        for between, news in told
        for person in sorted({one for at in lineages[between.partner] for one in roles[news.kind, at]} - {news.by})
        if only is None or person in only
    ]
    return _tell(rows)


def _lineages(partners: Collection[str]) -> dict[str, list[str]]:
    with open_scope(Scope(partner_orgs=frozenset(partners))):
        return dict(Organization.objects.filter(pk__in=partners).values_list("pk", "lineage"))


def _roles_at(
    organizations: Collection[str], kinds: Collection[NotificationKind]
) -> Mapping[tuple[str, str], set[str]]:
    """By kind and organization the people whose role there is told of such things."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    own = frozenset(organizations)
    with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        held = Membership.objects.filter(organization_id__in=own, person__is_active=True)
        for at, role, person in held.values_list("organization_id", "role", "person_id"):
            for kind in kinds:
                if role in RULES[kind].roles:
                    found[kind, at].add(person)
    return found


def tell_vendor(between: About, news: News, *, only: Collection[str] | None = None) -> int:
    """Tell the people of the vendor whose role is told of such things; or of them ``only`` some. Returns how many."""
    people = [person for person in _people(*RULES[news.kind].roles, at=[between.owner]) if person != news.by]
    return _tell(
        [(_row(between, Side.VENDOR, news, one), between, news) for one in people if only is None or one in only]
    )


def tell_looking_after(enrolment: Enrolment, news: News) -> int:
    """Tell whoever looks after a partner; where nobody does, those who run the program."""
    manager = enrolment.success_manager_id
    told = tell_vendor(about(enrolment), news, only=[manager]) if manager else 0
    if told or (manager and manager == news.by):
        return told
    return tell_vendor(about(enrolment), news, only=_people(Role.PROGRAM_MANAGER, at=[enrolment.owner_id]))


def _people(*roles: Role, at: Collection[str]) -> list[str]:
    own = frozenset(at)
    with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        held = Membership.objects.filter(organization_id__in=own, role__in=roles, person__is_active=True)
        return sorted(set(held.values_list("person_id", flat=True)))


def _tell(rows: Sequence[tuple[Notification, About, News]]) -> int:
    owners, partners = (frozenset({getattr(between, side) for _, between, _ in rows}) for side in ("owner", "partner"))
    with open_scope(Scope(owner_orgs=owners, partner_orgs=partners)):
        Notification.objects.bulk_create((row for row, _, _ in rows), ignore_conflicts=True)
    for row, between, news in rows:
        _deliver(row, between, news)
    return len(rows)


def _row(between: About, side: Side, news: News, person: str) -> Notification:
    words = " ".join(news.words.split())
    return Notification(
        id=hashlib.sha256(f"{news.key}\0{side}\0{person}".encode()).hexdigest()[:40],
        owner_id=between.owner,
        partner_id=between.partner,
        side=side,
        person_id=person,
        kind=news.kind,
        words=words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…",
        path=news.path,
        made_by_id=news.by or None,
        at=now(),
    )


def _deliver(row: Notification, between: About, news: News) -> None:
    """By mail, in the person's next digest, or not at all; the mail's key is the row's, so that it goes out once."""
    with open_scope(replace(between.both, person=row.person_id)):
        way = chosen_way(row)
    if way == Way.DIGEST:
        enqueue_digest(owner=between.owner, person=row.person_id, day=digest_day(now()))
    if way != Way.MAIL:
        return
    with open_scope(Scope(owner_orgs=frozenset({between.owner}), partner_orgs=frozenset({between.owner}))):
        post_mail(
            Person.objects.get(pk=row.person_id),
            organization=between.owner,
            key=f"notification:{row.pk}",
            subject=row.words,
            text=_shortened(news.text or row.words),
            path=row.path,
            sent_by=news.by or None,
            people=news.people,
        )


def digest_day(moment: datetime) -> date:
    """The day of the next digest: what a night brings is read in the morning after it."""
    return moment.date() if moment.hour < DIGEST_HOUR else moment.date() + timedelta(days=1)


def _shortened(text: str) -> str:
    """A text that a mail has room for; the rest stands where its link leads."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def chosen_way(row: Notification) -> Way:
    """How its reader wants to hear of such things."""
    kind = NotificationKind(row.kind)
    whose = row.partner_id if row.side == Side.PARTNER else row.owner_id
    rows = NotificationChoice.objects.filter(person_id=row.person_id, partner_id=whose, kind=kind)
    if row.side == Side.VENDOR or row.owner_id != row.partner_id:
        # What happened inside an organization follows what was chosen for any of its programs.
        rows = rows.filter(owner_id=row.owner_id)
    chosen = rows.order_by("pk").values_list("way", flat=True).first()
    return Way(chosen) if chosen in ways_for(kind) else RULES[kind].way


# --- one person's own ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where somebody reads: as one of a side, of one vendor's program, and as a partner of one organization."""

    side: Side
    owner: str
    partner: str = ""
    lineage: frozenset[str] = frozenset()

    @property
    def organizations(self) -> frozenset[str]:
        """Whose roles count here."""
        return self.lineage if self.side == Side.PARTNER else frozenset({self.owner})

    def choices(self, actor: Actor) -> models.QuerySet[NotificationChoice]:
        """What somebody chose here."""
        whose = {"owner_id": self.owner, "partner_id": self.partner or self.owner}
        return NotificationChoice.objects.filter(person_id=actor.person, **whose)


def desk_of(enrolment: Enrolment) -> Desk:
    """The desk of a partner's people in one program."""
    return Desk(
        side=Side.PARTNER,
        owner=enrolment.owner_id,
        partner=enrolment.partner_id,
        lineage=frozenset(enrolment.partner.lineage),
    )


def told(actor: Actor, desk: Desk) -> models.QuerySet[Notification]:
    """What somebody was told here, of the kinds that the roles of today are told, and that were not switched off."""
    kinds = kinds_of(actor, side=desk.side, organizations=desk.organizations)
    off = desk.choices(actor).filter(way=Way.NONE)
    rows = Notification.objects.filter(person_id=actor.person, side=desk.side, at__gte=now() - KEPT, kind__in=kinds)
    if desk.side == Side.PARTNER:
        # What happened inside the organization itself belongs to no program.
        rows = rows.filter(partner_id=desk.partner, owner_id__in=(desk.owner, desk.partner))
    else:
        rows = rows.filter(owner_id=desk.owner)
    return rows.exclude(kind__in=off.values("kind"))


def unread_count(actor: Actor, desk: Desk) -> int:
    """How many were not read."""
    return told(actor, desk).filter(read_at=None).count()


def unread_counts(actor: Actor, desks: Collection[Desk]) -> dict[Desk, int]:
    """How many of a vendor were not read at each of a partner's desks, in as many statements for one as for hundreds.

    What the firm tells its own people stands at every desk, and is news of no vendor.
    """
    mine = Notification.objects.filter(
        person_id=actor.person, side=Side.PARTNER, read_at=None, at__gte=now() - KEPT, kind__in=list(NotificationKind)
    )
    rows = mine.order_by().values_list("owner_id", "partner_id", "kind").annotate(models.Count("pk"))
    counted = list(rows)
    chosen = NotificationChoice.objects.filter(person_id=actor.person, way=Way.NONE)
    off = set(chosen.values_list("owner_id", "partner_id", "kind"))
    return {
        desk: sum(
            count
            for owner, partner, kind, count in counted
            if (owner, partner) == (desk.owner, desk.partner)
            and kind in kinds_of(actor, side=desk.side, organizations=desk.organizations)
            and (desk.owner, desk.partner, kind) not in off
        )
        for desk in desks
    }


def read_notification(row: Notification) -> None:
    """Note that it was read; the first time counts."""
    Notification.objects.filter(pk=row.pk, read_at=None).update(read_at=now())


def read_all(actor: Actor, desk: Desk) -> int:
    """Note that all were read, and let those go that are older than they are kept."""
    Notification.objects.filter(person_id=actor.person, at__lt=now() - KEPT).delete()
    return told(actor, desk).filter(read_at=None).update(read_at=now())


def ways_of(actor: Actor, desk: Desk) -> dict[NotificationKind, Way]:
    """How somebody hears of each kind here."""
    chosen = dict(desk.choices(actor).values_list("kind", "way"))
    kinds = kinds_of(actor, side=desk.side, organizations=desk.organizations)
    return {kind: Way(chosen[kind]) if chosen.get(kind) in ways_for(kind) else RULES[kind].way for kind in kinds}


def choose_ways(actor: Actor, desk: Desk, ways: dict[str, str]) -> int:
    """Keep how somebody wants to hear of kinds; returns how many changed.

    Raises
    ------
    RefusedError
        For a way that there is not; nothing is kept then.
    """
    before = ways_of(actor, desk)
    asked = {kind: ways[kind] for kind in before if kind in ways}
    if not all(way in ways_for(kind) for kind, way in asked.items()):
        raise RefusedError("Choose one of the ways that the page offers.")
    changed = {kind: way for kind, way in asked.items() if way != before[kind]}
    with transaction.atomic():
        for kind, way in changed.items():
            NotificationChoice.objects.update_or_create(
                owner_id=desk.owner,
                partner_id=desk.partner or desk.owner,
                person_id=actor.person,
                kind=kind,
                defaults={"way": way},
            )
    return len(changed)


# --- the mail of a day ---------------------------------------------------------------------------------------------------


def send_digest(*, owner: str, person: str, day: date) -> bool:
    """One mail with what somebody was told and has not read; True if there was anything. It may run twice."""
    with transaction.atomic():
        actor = actor_of(person, name="")
        with open_scope(visible_to(actor)):
            rows = list(islice(_for_digest(_waiting(actor, owner)), MOST_IN_DIGEST))
            Notification.objects.filter(pk__in=[row.pk for row in rows]).update(digested_at=now())
            _let_go(person, before=now() - KEPT)
        if rows:
            with open_scope(Scope(owner_orgs=frozenset({owner}), partner_orgs=frozenset({owner}))):
                _post_digest(rows, owner=owner, person=person, day=day)
    return bool(rows)


def _waiting(actor: Actor, owner: str) -> models.QuerySet[Notification]:
    rows = Notification.objects.filter(person_id=actor.person, owner_id=owner, read_at=None, digested_at=None)
    return rows.filter(at__gte=now() - KEPT).order_by("at", "id")


def _for_digest(rows: Iterable[Notification]) -> Iterator[Notification]:
    """Those whose reader wants one mail a day; each sort of news is asked about once."""
    ways: dict[tuple[str, str, str], Way] = {}
    for row in rows:
        sort = (row.partner_id, row.side, row.kind)
        if sort not in ways:
            ways[sort] = chosen_way(row)
        if ways[sort] == Way.DIGEST:
            yield row


def _let_go(person: str, *, before: datetime) -> None:
    Notification.objects.filter(person_id=person, at__lt=before).delete()


def _post_digest(rows: Collection[Notification], *, owner: str, person: str, day: date) -> None:
    name = Organization.objects.values_list("name", flat=True).get(pk=owner)
    post_mail(
        Person.objects.get(pk=person),
        organization=owner,
        # What comes in while a day's mail is under way has one of its own: nothing may be lost.
        key=f"digest:{person}:{day}:{next(iter(rows)).pk}",
        subject=f"{name}: {_count(len(rows))}",
        text="\n".join(_lines(rows)),
        path="/",
    )


def _count(number: int) -> str:
    return "one thing to know" if number == 1 else f"{number} things to know"


def _lines(rows: Collection[Notification]) -> Iterator[str]:
    for row in rows:
        yield f"- {row.words}"
