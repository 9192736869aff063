"""The first cards of evidence of an example, made by jobs once somebody may look at them."""

from __future__ import annotations

from swingby.web.domain.cards.asking import put_down, usual_span
from swingby.web.domain.cards.questions import READINESS
from swingby.web.domain.experiments.asking import put_plan_down
from swingby.web.domain.experiments.design import usual_start
from swingby.web.models import Program
from swingby.web.tenancy import act_for_owner

#: Behind everything that somebody waits for.
LAST = -3
ENGINEER = {
    "act": "credentials:level=advanced",
    "said": "the first advanced engineer",
    "outcome": "deal size",
    "part": "seller",
    "adjusted": "",
}


#: What comes to partners by itself, so that no list of acts is needed; its seed is of no lottery.
ONBOARDING = {
    "act": "",
    "said": "the new onboarding",
    "outcome": "win rate",
    "waves": "2",
    "every": "6",
    "before": "12",
    "part": "seller",
    "seed": "70914",
}


def ask_first_cards(owner: str) -> None:
    """Which questions can be answered; whether the first advanced engineer worked; how long customers stay; one experiment."""
    first, last = (day.isoformat() for day in usual_span())
    span = {"first": first, "last": last}
    with act_for_owner(owner):
        program = Program.objects.filter(owner_id=owner).order_by("id").first()
        for question, settings in (
            (READINESS, span),
            ("effect", {**ENGINEER, **span}),
            ("staying", {"of": "customers", "by": "region", **span}),
        ):
            what = {"program": program, "question": question, "settings": settings}
            put_down(what, owner=owner, person=None, priority=LAST)
        if program is not None:
            design = {**ONBOARDING, "start": usual_start().isoformat()}
            put_plan_down(program, design, person=None, priority=LAST)
