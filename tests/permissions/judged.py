"""What the small world's partners read of how they are judged: scorecards with a line each, and a dispute."""

from __future__ import annotations

from datetime import UTC, date, datetime

from swingby.web.models import Dispute, Enrolment, Scorecard, ScorecardLine
from swingby.web.tenancy import Scope, open_scope

TOTAL = {
    "name": "total",
    "label": "Points",
    "section": "score",
    "unit": "",
    "value": "20",
    "state": "known",
    "source": "",
    "note": "",
    "side": "partner",
    "rules": ["total", "plans"],
    "withheld": False,
}
PLANS = {**TOTAL, "name": "plans", "label": "Plan reviewed", "section": "points", "rules": ["plans"]}


def fill_scorecard(enrolment: Enrolment) -> None:
    whose = {"owner_id": enrolment.owner_id, "partner_id": enrolment.partner_id, "enrolment": enrolment}
    Scorecard.objects.create(
        **whose, as_of=date(2026, 3, 1), position=0, program_version="1", program_hash="example", numbers=[TOTAL, PLANS]
    )
    ScorecardLine.objects.create(
        **whose,
        rule="plans",
        kind="entry",
        key=line_key(enrolment),
        counts=True,
        day=date(2026, 3, 1),
        amount=20,
        record_kind="activities",
        record=f"{enrolment.owner_id}-{enrolment.partner_id}",
    )
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with open_scope(Scope(partner_orgs=frozenset({enrolment.partner_id}))):
        Dispute.objects.create(
            **whose,
            id=f"{enrolment.pk}-dispute",
            number="plans",
            number_label="Plan reviewed",
            position=0,
            words="One is missing.",
            opened_by_id="partner-admin",
            opened_at=moment,
            answer_due=moment,
        )


def line_key(enrolment: Enrolment) -> str:
    return f"plans|entry|{enrolment.owner_id}-{enrolment.partner_id}"
