"""What a partner's tier grants, and what the next one would."""

from __future__ import annotations

from datetime import date

from ninja import Router, Schema

from swingby.web.api.guard import Token
from swingby.web.api.partners import find_partner
from swingby.web.api.values import Key
from swingby.web.clock import today
from swingby.web.domain.benefits import Granted, benefits_of
from swingby.web.domain.standings import latest_standing
from swingby.web.middleware import ActingRequest
from swingby.web.models import TokenScope

router = Router(tags=["benefits"], auth=Token(TokenScope.PARTNERS_READ))


class LaterShape(Schema):
    """What a benefit will be from a day on."""

    day: date
    words: str


class BenefitShape(Schema):
    """One benefit; `next_words` is what the next tier gives, where that is something else."""

    name: str
    label: str
    words: str
    next_words: str
    later: list[LaterShape]


class BenefitList(Schema):
    """All that the rules grant today, and since when and until when the tier is safe."""

    tier: str
    next_tier: str
    since: date | None
    safe_until: date | None
    exception_until: date | None
    items: list[BenefitShape]


@router.get("/partners/{partner}/benefits", response=BenefitList)
def list_benefits(request: ActingRequest, partner: Key) -> BenefitList:  # noqa: ARG001 - ninja's signature
    """What the tier grants, and what the next one would change."""
    row = find_partner(partner)
    found = benefits_of(row, latest_standing(row), on=today())
    return BenefitList(
        tier=found.tier,
        next_tier=found.next_tier,
        since=found.since.day if found.since else None,
        safe_until=found.safe_until,
        exception_until=found.exception_until,
        items=[_benefit(each) for each in found.rows],
    )


def _benefit(row: Granted) -> BenefitShape:
    later = [LaterShape(day=each.day, words=each.words) for each in row.later]
    grant = row.grant
    return BenefitShape(
        name=grant.benefit, label=grant.label, words=grant.words, next_words=row.next_words, later=later
    )
