"""Cards of evidence of the small world: one that tells of money and is shared, one that does not, and what can be asked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from swingby.insight import Card, Check, Count, Figure, Mark, Picture, Result, Series, Verdict, card_data
from swingby.web.domain.cards.sharing import without_names
from swingby.web.models import CardDecision, CardEdition, CardShare, CardState, Enrolment, KeptCard, Program
from tests.permissions.lotted import fill_experiments

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CARD = Card(
    question="Did the first training raise deal size?",
    verdict=Verdict.SHOWN,
    sentence="The first training raised deal size by 18 % (11 % to 26 %).",
    figures=(
        Figure("Effect", 0.18, "share", 0.11, 0.26),
        Figure("What that is worth", 1_200_000.0, "money", 700_000.0, 1_700_000.0, "USD"),
        Figure("Difference, not effect: partners with the act against all others", 2.2, "times"),
        Figure("Effect without the biggest partner", 0.17, "share", 0.1, 0.25),
    ),
    picture=Picture(
        title="Deal size around the first training",
        x="quarters since",
        y="change against partners without it",
        series=(Series("", tuple(Mark(x, 0.05 * max(x, 0), 0.05 * x - 0.1, 0.05 * x + 0.1) for x in range(-3, 5))),),
        unit="share",
        band="all points lie inside in 95 of 100 such studies",
        begins_at=-0.5,
    ),
    checks=(
        Check("leads", Result.PASSED, "Both sides moved alike before."),
        Check("biggest partner", Result.PASSED, "Without the biggest partner it is 17 %."),
        Check("overlap", Result.PASSED, "As at Tarn Example, most have a partner like them."),
    ),
    counts=(Count("partners studied", 120), Count("that began", 60), Count("left out: too early", 4)),
    about="The 60 partners with the first training.",
    method="Callaway and Sant'Anna (2021).",
    mind=("Inviting partners by lot.",),
    decision="Keep it.",
    notes=("A note for us.",),
)
READY = (
    Check("effect on deal size", Result.PASSED, "There: 120 deals won."),
    Check("won without a partner", Result.FAILED, "Missing: direct deals that were won."),
    Check("effect on win rate", Result.FAILED, "Missing: lost deals. There: 120 deals won."),
)
ACTS = [
    {"kind": "activities", "column": "kind", "word": "training", "begun": 60, "never": 60, "is_askable": True},
    {"kind": "activities", "column": "kind", "word": "visit", "begun": 3, "never": 117, "is_askable": False},
]
SETTINGS = {
    "act": "activities:kind=training",
    "said": "the first training",
    "outcome": "deal size",
    "first": "2023-04-01",
    "last": "2026-03-31",
    "part": "seller",
    "adjusted": "",
}


def keep_card(program: Program, key: str, **changes: Any) -> KeptCard:
    """A card that is done, with what differs from the usual one."""
    plain: dict[str, Any] = {
        "question": "effect",
        "settings": SETTINGS,
        "state": CardState.DONE,
        "asked_by_id": "manager",
        "asked_at": MOMENT,
        "finished_at": MOMENT,
        "position": 1,
        "program_version": "1",
        "method_version": "0",
        "words": CARD.question,
        "verdict": str(CARD.verdict),
        "sentence": CARD.sentence,
        "tells_money": True,
        "card": card_data(CARD),
    }
    return KeptCard.objects.create(**{**plain, **changes}, id=key, owner_id=program.owner_id, program=program)


def fill_cards(program: Program) -> None:
    """Needs the owner's scope."""
    decided = {"decision": "keep", "decision_by": "An example", "decision_until": date(2026, 9, 30)}
    row = keep_card(program, f"{program.pk}-card", **decided)
    keep_card(program, f"{program.pk}-card-of-shares", tells_money=False)
    span = {"first": "2023-04-01", "last": "2026-03-31"}
    told = {**card_data(CARD), "checks": [{"name": c.name, "result": str(c.result), "words": c.words} for c in READY]}
    plain = {"tells_money": False, "acts": ACTS, "card": told}
    keep_card(program, f"{program.pk}-readiness", question="readiness", settings=span, **plain)
    CardDecision.objects.create(
        owner_id=program.owner_id,
        card=row,
        word="keep",
        by_whom="An example",
        until=date(2026, 9, 30),
        decided_by_id="manager",
        decided_at=MOMENT,
    )
    fill_experiments(program)
    told = card_data(without_names(CARD, ["Tarn Example"]))
    for name in ("shared", "withdrawn"):
        kept = row if name == "shared" else KeptCard.objects.get(pk=f"{program.pk}-card-of-shares")
        CardEdition.objects.create(
            id=f"{program.pk}-{name}", owner_id=program.owner_id, kept=kept, told=told, made_at=MOMENT
        )


def share_cards(enrolment: Enrolment) -> None:
    """One card that the partner reads, and one that was withdrawn; sedge reads neither."""
    for name in ("shared", "withdrawn"):
        CardShare.objects.create(
            id=f"{enrolment.pk}-{name}",
            owner_id=enrolment.owner_id,
            partner_id=enrolment.partner_id,
            enrolment=enrolment,
            edition_id=f"{enrolment.program_id}-{name}",
            shared_by_id="manager",
            shared_at=MOMENT,
            withdrawn_at=None if name == "shared" and enrolment.partner_id != "sedge" else MOMENT,
        )
