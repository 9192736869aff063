"""What a partner reads of its own facts: deals under way, credentials gained and about to lapse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from swingby.web.clock import today
from swingby.web.deal_policies import party_of
from swingby.web.domain.queries.rows import rows_about
from swingby.web.models import BoardChoice, Enrolment, Learner, Membership, ShownAs
from swingby.web.permissions import can_lead_learning
from swingby.web.visibility import Actor

#: A deal without news for longer is no longer under way.
DEAL_DAYS = 365
LAPSE_DAYS = 90
GAINED_DAYS = 30
MOST_SHOWN = 3
#: Stages in which a deal is no longer under way.
ENDED_STAGES = ("won", "lost", "withdrawn", "rejected", "expired")


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """A deal that is neither won nor lost, as its newest news says; what that leaves out, as was said last.

    ``customer`` is its name, its key where the name is not known, empty where nobody said.
    """

    deal: str
    customer: str
    stage: str
    day: date
    amount: Decimal | None
    currency: str
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Credential:
    """What somebody holds, until when; ``ends_on`` is the day on which it no longer counts."""

    person: str
    label: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Gained:
    """One credential that people gained lately: who they are, the newest first."""

    label: str
    people: tuple[str, ...]
    newest: date


def open_deals(enrolment: Enrolment) -> tuple[tuple[OpenDeal, ...], int]:
    """The deals with the newest news, and how many are under way in all."""
    rows = rows_about(
        _OPEN_DEALS, enrolment, over=list(ENDED_STAGES), first=today() - timedelta(days=DEAL_DAYS), most=MOST_SHOWN
    )
    return tuple(OpenDeal(*(*row[:6], tuple(row[6] or ()))) for row in rows), int(rows[0][-1]) if rows else 0


def new_customers(enrolment: Enrolment, *, since: date) -> int:
    """How many customers began their first subscription since a day."""
    return int(rows_about(_NEW_CUSTOMERS, enrolment, first=since)[0][0])


def lapsing_credentials(enrolment: Enrolment) -> tuple[tuple[Credential, ...], int]:
    """Credentials of people who work here that end soon and were not renewed: the next ones, and how many."""
    rows = rows_about(_LAPSING, enrolment, last=today() + timedelta(days=LAPSE_DAYS), most=MOST_SHOWN)
    return tuple(_credential(row) for row in rows), int(rows[0][-1]) if rows else 0


def gained_credentials(enrolment: Enrolment) -> tuple[Gained, ...]:
    """Credentials that people who work here gained lately, the newest first."""
    rows = rows_about(_GAINED, enrolment, first=today() - timedelta(days=GAINED_DAYS), most=MOST_SHOWN)
    return tuple(Gained(credential_label(*row[:4]), tuple(row[4]), row[5]) for row in rows)


def names_of(people: Iterable[str], *, enrolment: Enrolment, actor: Actor | None = None) -> Mapping[str, str]:
    """What people are called by the keys that facts use, as far as the reader may know it; of others only keys are known.

    Named are those who have access for the partner itself, and of those whom the firm keeps as its own people the reader,
    those who chose to be shown by name, and to who leads learning all of them. Who chose a pseudonym is named to no other
    colleague. A key that two people of the firm have names neither.
    """
    keys, firms = set(people), enrolment.partner.lineage
    posts = Membership.objects.filter(organization=enrolment.partner_id, person__in=keys)
    found = {(key, key): name for key, name in posts.values_list("person_id", "person__name")}
    if actor is not None:
        learners = Learner.objects.filter(organization__in=firms, key__in=keys)
        rows = list(learners.values_list("key", "person_id", "person__name"))
        found |= {(key, person): name for key, person, name in rows}
        found = _told_to(actor, found, firms=firms, kept={person for _, person, _ in rows})
    many = Counter(key for key, _ in found)
    return {key: name for (key, _), name in found.items() if name and many[key] == 1}


def _told_to(
    actor: Actor, found: Mapping[tuple[str, str], str], *, firms: Sequence[str], kept: Collection[str]
) -> dict[tuple[str, str], str]:
    if any(can_lead_learning(actor, organization=firm) for firm in firms):
        return dict(found)
    shown = dict(BoardChoice.objects.filter(organization__in=firms).values_list("person_id", "shown_as"))
    asked = {person: ShownAs.NAME if person == actor.person else choice for person, choice in shown.items()}
    default = {person: "" if person in kept and person != actor.person else ShownAs.NAME for _, person in found}
    return {
        (key, person): name
        for (key, person), name in found.items()
        if asked.get(person, default[person]) == ShownAs.NAME
    }


def credential_label(code: str | None, role: str | None, level: str | None, product: str | None) -> str:
    """A credential in words: what it is about, else its code."""
    parts = [part.replace("_", " ") for part in (product, role, level) if part]
    words = " ".join(parts) or (code or "credential").replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def _credential(row: tuple[Any, ...]) -> Credential:
    return Credential(row[0], credential_label(*row[1:5]), row[5], row[6])


#: What is told of the partner's deals, and of deals of others in which it has a part; two ways, each by an index.
ABOUT_DEALS = f"""(SELECT o.* FROM fact_deals AS o WHERE o.owner_org = %(owner)s AND o.partner_org = %(partner)s
    UNION ALL SELECT o.* FROM fact_deals AS o WHERE o.owner_org = %(owner)s AND o.partner_org IS DISTINCT FROM %(partner)s
      AND o.deal IN (SELECT deal FROM fact_deal_parties WHERE owner_org = %(owner)s AND partner_org = %(partner)s)
      AND {party_of("o", "%(partner)s")})"""
_OPEN_DEALS = f"""
WITH news AS (SELECT f.* FROM {ABOUT_DEALS} AS f WHERE happened_on <= %(today)s
    AND (cancelled_on IS NULL OR cancelled_on > %(today)s) AND reversed_position IS NULL),
newest AS (SELECT DISTINCT ON (deal) deal, stage, happened_on FROM news
    ORDER BY deal, happened_on DESC, position DESC, fact_id DESC),
shown AS (SELECT *, count(*) OVER () AS total FROM newest WHERE stage <> ALL (%(over)s) AND happened_on >= %(first)s
    ORDER BY happened_on DESC, deal LIMIT %(most)s)
SELECT s.deal, coalesce(c.name, w.customer, ''), s.stage, s.happened_on, a.amount, coalesce(a.currency, ''),
  (SELECT array_agg(DISTINCT l.product ORDER BY l.product) FROM fact_deal_lines AS l
   WHERE l.owner_org = %(owner)s AND l.deal = s.deal AND l.happened_on <= %(today)s
     AND (l.partner_org = %(partner)s OR {party_of("l", "%(partner)s")})
     AND (l.cancelled_on IS NULL OR l.cancelled_on > %(today)s) AND l.reversed_position IS NULL), s.total
FROM shown AS s
LEFT JOIN LATERAL (SELECT customer FROM news AS n WHERE n.deal = s.deal AND customer IS NOT NULL
    ORDER BY happened_on DESC, position DESC, fact_id DESC LIMIT 1) AS w ON true
LEFT JOIN LATERAL (SELECT amount, currency FROM news AS n WHERE n.deal = s.deal AND amount IS NOT NULL
    ORDER BY happened_on DESC, position DESC, fact_id DESC LIMIT 1) AS a ON true
LEFT JOIN ref_customers AS c ON c.owner_org = %(owner)s AND c.customer = w.customer
ORDER BY s.happened_on DESC, s.deal
"""
_NEW_CUSTOMERS = """
SELECT count(*) FROM (SELECT min(starts_on) AS first FROM fact_subscriptions
  WHERE owner_org = %(owner)s AND partner_org = %(partner)s AND customer IS NOT NULL AND reversed_position IS NULL
  GROUP BY customer) AS s WHERE s.first BETWEEN %(first)s AND %(today)s
"""
#: Whoever works for the partner today.
_WORKS_HERE = """EXISTS (SELECT 1 FROM fact_employments AS e
  WHERE e.owner_org = %(owner)s AND e.partner_org = %(partner)s AND e.person = c.person
    AND e.reversed_position IS NULL AND e.starts_on <= %(today)s AND (e.ends_on IS NULL OR e.ends_on > %(today)s))"""
_HELD = f"""c.owner_org = %(owner)s AND c.partner_org = %(partner)s AND c.reversed_position IS NULL
  AND c.starts_on <= %(today)s AND (c.ends_on IS NULL OR c.ends_on > %(today)s) AND {_WORKS_HERE}"""
_LAPSING = f"""
SELECT c.person, c.code, c.role, c.level, c.product, c.starts_on, c.ends_on, count(*) OVER () FROM fact_credentials AS c
WHERE {_HELD} AND c.ends_on <= %(last)s AND NOT EXISTS (SELECT 1 FROM fact_credentials AS n
  WHERE n.owner_org = c.owner_org AND n.partner_org = c.partner_org AND n.person = c.person AND n.code = c.code
    AND n.reversed_position IS NULL AND (n.ends_on IS NULL OR n.ends_on > c.ends_on))
ORDER BY c.ends_on, c.person, c.code LIMIT %(most)s
"""
_GAINED = f"""
SELECT c.code, c.role, c.level, c.product, array_agg(c.person ORDER BY c.starts_on DESC, c.person), max(c.starts_on)
FROM fact_credentials AS c WHERE {_HELD} AND c.starts_on >= %(first)s
GROUP BY 1, 2, 3, 4 ORDER BY 6 DESC, 1 LIMIT %(most)s
"""
