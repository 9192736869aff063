"""Experiments of the small world: one that runs, with two partners of the world in its lot, and one that was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from swingby.insight import Act, Design, Outcome, Plan, plan_document, plan_hash
from swingby.insight.experiments.drawing import Candidate, balance, draw_waves
from swingby.insight.experiments.plan import Drawn
from swingby.web.models import CardState, Experiment, ExperimentPlan, Program

DESIGN = Design(
    act=Act("activities", "the first training", {"kind": ("training",)}),
    outcome=Outcome.DEAL_SIZE,
    start=date(2025, 10, 1),
    waves=2,
    every=6,
    seed=7,
)
DESIGNED = {
    "act": "activities:kind=training",
    "said": "the first training",
    "outcome": "deal size",
    "start": "2025-10-01",
    "waves": "2",
    "every": "6",
    "before": "12",
    "part": "",
    "seed": "7",
}
#: What a form sends for a plan of days to come.
COMING = {**DESIGNED, "start": "2026-06-01"}


RUNNING, REFUSED = ("harbor", "harbor-program-experiment"), ("harbor", "harbor-program-refused")
FOREIGN = ("harbor", "quay-program-experiment")
#: Executives read, program managers plan and look; the plan names partners, and is no business of anybody else.
#            anon str  oven opar both memb admn exec fina oper succ mana
READERS = "302 404 404 404 404 404 404 200 403 403 403 200"
ABSENT = "302 404 404 404 404 404 404 404 403 403 403 404"
PLANNERS = "302 404 404 404 404 404 404 403 403 403 403 200"
DONE = "302 404 404 404 404 404 404 403 403 403 403 302"
WRONG = "302 404 404 404 404 404 404 403 403 403 403 422"
LOTTED: Final[Mapping[str, tuple[tuple[Any, ...], ...]]] = {
    "console:experiments": (("get", READERS, ("harbor",)),),
    "console:experiment_plan": (
        ("get", PLANNERS, ("harbor",)),
        ("post", DONE, ("harbor",), COMING),
        ("post", WRONG, ("harbor",)),
    ),
    "console:experiment": (("get", READERS, RUNNING), ("get", READERS, REFUSED), ("get", ABSENT, FOREIGN)),
    "console:experiment_progress": (("get", READERS, RUNNING), ("get", ABSENT, FOREIGN)),
    # Without a plan there is no file.
    "console:experiment_file": (("get", READERS, RUNNING), ("get", ABSENT, REFUSED), ("get", ABSENT, FOREIGN)),
    "console:experiment_look": (("post", DONE, RUNNING), ("post", DONE, REFUSED), ("post", ABSENT, FOREIGN)),
}


def example_plan(program: str, *, design: Design = DESIGN, partners: int = 24) -> Plan:
    """A plan as the lot falls among the partners of the small world and others that it does not know."""
    known = ["tarn", "sedge"]
    names = [*known, *(f"partner-{nth:03}" for nth in range(partners - len(known)))]
    some = [
        Candidate(
            organization=name, region=("emea", "apac")[nth % 2], size=1000.0 + nth, tenure=400, usual=5000.0 + nth
        )
        for nth, name in enumerate(names)
    ]
    drawn = draw_waves(some, waves=design.waves, seed=design.seed)
    return Plan(
        design=design,
        program=program,
        version="1",
        planned_on=date(2025, 9, 15),
        known={"deals": "none"},
        error=0.04,
        smallest=0.11,
        partners=tuple(Drawn(one, drawn[one.organization]) for one in sorted(some, key=lambda one: one.organization)),
        balance=balance(some, drawn),
        position=1,
    )


def keep_experiment(program: Program, key: str, *, plan: Plan | None, **changes: Any) -> Experiment:
    """An experiment with its plan, or with the reason why there is none. Needs the owner's scope."""
    plain: dict[str, Any] = {
        "settings": DESIGNED,
        "words": DESIGN.words,
        "state": CardState.DONE if plan else CardState.FAILED,
        "asked_by_id": "manager",
        "asked_at": "2025-09-15T09:00:00Z",
    }
    row = Experiment.objects.create(id=key, owner_id=program.owner_id, program=program, **{**plain, **changes})
    if plan:
        keep_plan(row, plan)
    return row


def keep_plan(row: Experiment, plan: Plan) -> ExperimentPlan:
    """The plan of an experiment, as the job keeps it."""
    design = plan.design
    return ExperimentPlan.objects.create(
        id=f"{row.pk}-plan",
        owner_id=row.owner_id,
        experiment=row,
        hash=plan_hash(plan),
        text=plan_document(plan),
        planned_on=plan.planned_on,
        starts_on=design.start,
        ends_on=design.until,
        position=plan.position or 0,
        program_version="1",
        program_hash="example",
        method_version="0",
        waves=[plan.size_of(wave) for wave in range(1, design.waves + 1)],
        days=[day.isoformat() for day in design.days],
        balance=[(one.trait, one.difference) for one in plan.balance],
        smallest="11 %",
        made_at="2025-09-15T09:01:00Z",
    )


def fill_experiments(program: Program) -> None:
    """One that runs until the end of March, one that is to come, one that could not be planned."""
    keep_experiment(program, f"{program.pk}-experiment", plan=example_plan(program.pk))
    coming = replace(DESIGN, start=date(2026, 5, 1), seed=11)
    keep_experiment(program, f"{program.pk}-coming", plan=example_plan(program.pk, design=coming))
    few = "This experiment cannot be planned. The smallest wave would have 4 partners; 10 are needed."
    keep_experiment(program, f"{program.pk}-refused", plan=None, progress=few)
