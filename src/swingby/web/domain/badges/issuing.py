"""Issue badges for what somebody holds, show or withdraw them, and answer those who verify."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from swingby.enablement import Catalogue, Certification, Life, Records
from swingby.values import END_OF_TIME
from swingby.web.clock import now, today
from swingby.web.domain.badges.documents import LIST_BITS, BadgeFacts, Issuer, badge_payload, list_payload
from swingby.web.domain.badges.keys import absolute, signer_of
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.records import learner_of, own_records
from swingby.web.models import Badge, BadgeKey, Organization, Person
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor

MOST_DRAWS = 20
BadgeState = Literal["good", "expired", "withdrawn"]


@dataclass(frozen=True, slots=True)
class PublicBadge:
    """What the world may know of a badge."""

    row: Badge
    issuer: str
    holder: str
    state: BadgeState

    @property
    def is_good(self) -> bool:
        """Whether it holds today."""
        return self.state == "good"


def issue_badge(firm: str, *, actor: Actor, code: str, catalogue: Catalogue) -> Badge:
    """Make a badge of what somebody holds; the same again gives the one that is there.

    Raises
    ------
    RefusedError
        If the person is not linked to the firm's records, or does not hold the certification today.
    """
    learner = learner_of(firm, actor.person)
    life = own_records(firm, learner.key, catalogue).lives.get(learner.key, {}).get(code) if learner else None
    if learner is None or life is None or not life.held_on(today()):
        words = "A badge is for what you hold today. Look at My path for what that is."
        raise RefusedError(words, place="code", code="not-held")
    starts_on, ends_on = _held(life)
    same = {"organization_id": firm, "learner": learner.key, "code": code, "starts_on": starts_on, "ends_on": ends_on}
    _wait_for_turn(actor.person)
    before = Badge.objects.filter(**same, withdrawn_at=None).first()
    if before is not None:
        return before
    one = catalogue.certifications[code]
    vendor = catalogue.vendors.get(one.vendor, one.vendor)
    return _numbered(Badge(**same, person_id=actor.person, label=one.label, vendor=vendor, issued_at=now()))


def badges_to_make(firm: str, *, actor: Actor, catalogue: Catalogue) -> list[Certification]:
    """What somebody holds today and has no badge of, or one with another end; in the order of the codes."""
    learner = learner_of(firm, actor.person)
    if learner is None:
        return []
    day, lives = today(), own_records(firm, learner.key, catalogue).lives.get(learner.key, {})
    mine = Badge.objects.filter(organization_id=firm, person_id=actor.person, withdrawn_at=None)
    taken = set(mine.values_list("code", "ends_on"))
    return [
        life.certification
        for code, life in sorted(lives.items())
        if life.held_on(day) and (code, life.expires_after(day)) not in taken
    ]


def show_badge(badge: Badge, *, is_public: bool, shows_name: bool) -> None:
    """Let the world see it, or not; with the name, or without."""
    badge.is_public, badge.shows_name = is_public, is_public and shows_name
    badge.save(update_fields=["is_public", "shows_name"])


def withdraw_badge(badge: Badge) -> None:
    """Take it back for ever: its file does not hold any more."""
    Badge.objects.filter(pk=badge.pk, withdrawn_at=None).update(withdrawn_at=now())


def withdraw_lost_badges(firm: str, records: Records) -> int:
    """Withdraw the badges of what is not held any more before its end, such as what a vendor revoked."""
    day = today()
    rows = Badge.objects.filter(organization_id=firm, withdrawn_at=None)
    lost = [row for row in rows if _is_lost(row, records, day)]
    for row in lost:
        withdraw_badge(row)
    return len(lost)


def badge_file(badge: Badge) -> str:
    """The badge as a signed file. It is made anew each time: the name in it is the one of today."""
    issuer = issuer_of(badge.organization_id)
    holder = Person.objects.get(pk=badge.person_id).name if badge.shows_name else ""
    facts = BadgeFacts(
        url=absolute(reverse("badge", args=[badge.pk])),
        subject=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, badge.pk)}",
        code=badge.code,
        label=badge.label,
        vendor=badge.vendor,
        starts_on=badge.starts_on,
        ends_on=badge.ends_on,
        status_url=absolute(reverse("badge_list", args=[badge.organization_id])),
        status_index=badge.status_index,
        holder=holder,
    )
    return signer_of(badge.organization_id).sign(badge_payload(facts, issuer))


# --- what the world may ask ------------------------------------------------------------------------------------------


def public_badge(key: str) -> PublicBadge | None:
    """A badge that its holder made public; None for all others."""
    with open_scope(Scope(token=key)):
        row = Badge.objects.filter(pk=key, is_public=True).first()
    if row is None:
        return None
    with open_scope(_of(row.organization_id)):
        holder = Person.objects.get(pk=row.person_id).name if row.shows_name else ""
        return PublicBadge(row, issuer_of(row.organization_id).name, holder, state_of(row))


def public_file(key: str) -> str | None:
    """The file of a badge that its holder made public."""
    found = public_badge(key)
    if found is None:
        return None
    with open_scope(_of(found.row.organization_id)):
        return badge_file(found.row)


def public_key(organization: str, key: str) -> dict[str, str] | None:
    """The public half of a key that is good."""
    with open_scope(Scope(token=key)):
        row = BadgeKey.objects.filter(pk=key, organization_id=organization, is_good=True).first()
    return None if row is None else row.public


def withdrawn_list(organization: str) -> str | None:
    """The signed list of withdrawn badges; None for who never issued one."""
    with open_scope(_of(organization)):
        if not Badge.objects.filter(organization_id=organization).exists():
            return None
        withdrawn = Badge.objects.filter(organization_id=organization, withdrawn_at__isnull=False)
        url = absolute(reverse("badge_list", args=[organization]))
        indexes = sorted(withdrawn.values_list("status_index", flat=True))
        return signer_of(organization).sign(list_payload(url, indexes, issuer_of(organization), on=today()))


def public_issuer(organization: str) -> Issuer | None:
    """Who issues; None for who never issued one."""
    with open_scope(_of(organization)):
        return issuer_of(organization) if Badge.objects.filter(organization_id=organization).exists() else None


def issuer_of(organization: str) -> Issuer:
    """An organization as an issuer."""
    name = Organization.objects.values_list("name", flat=True).get(pk=organization)
    return Issuer(absolute(reverse("badge_issuer", args=[organization])), name)


def state_of(row: Badge) -> BadgeState:
    """Good, withdrawn or expired, today."""
    day = today()
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.ends_on is not None and row.ends_on <= day:
        return "expired"
    return "good"


def _of(organization: str) -> Scope:
    """A scope of a job: it serves the world, and nobody in particular."""
    return Scope(partner_orgs=frozenset({organization}))


def _held(life: Life) -> tuple[date, date | None]:
    period = next(hold.period for hold in life.holds if today() in hold.period)
    return period.start, None if period.end == END_OF_TIME else period.end


def _is_lost(row: Badge, records: Records, day: date) -> bool:
    if row.ends_on is not None and row.ends_on <= day:
        return False
    life = records.lives.get(row.learner, {}).get(row.code)
    return life is None or not life.held_on(day)


def _wait_for_turn(person: str) -> None:
    """Of two who make the same badge at once the second is given that of the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"badges of:{person}"])


def _numbered(badge: Badge) -> Badge:
    """Keep it under a place in the list that nobody can guess from its neighbours."""
    for _ in range(MOST_DRAWS):
        badge.status_index = secrets.randbelow(LIST_BITS)
        try:
            with transaction.atomic():
                badge.save(force_insert=True)
        except IntegrityError:
            continue
        return badge
    raise RefusedError("There is no place left in the list of badges. Ask whoever runs Swingby.")
