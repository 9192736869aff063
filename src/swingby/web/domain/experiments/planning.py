"""The job: everything of the owner is brought, the lot is drawn once, and the plan is kept as it is."""

from __future__ import annotations

from contextlib import ExitStack

import swingby
from swingby.facts import FactSet
from swingby.insight import Plan, plan_document, plan_experiment, plan_hash, smallest_words
from swingby.program import Program
from swingby.web.clock import now, today
from swingby.web.domain.audit import record_owner_act
from swingby.web.domain.cards.working import begin, told_if_it_fails
from swingby.web.domain.experiments.design import design_of
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.models import CardState, Experiment, ExperimentPlan
from swingby.web.tenancy import act_for_owner


def draw_experiment(key: str, *, owner: str) -> None:
    """Draw the lot of an experiment that has no plan yet; a second run finds it drawn."""
    row = begin(Experiment, key, owner=owner, progress="Bringing together what is known, and drawing the lot.")
    if row is None:
        return
    with told_if_it_fails(row) as opened:
        program, facts = _ground(row, opened)
        design = design_of(row.settings)
        plan = plan_experiment(design, facts, program, planned_on=today(), known_at=facts.latest_position)
        _keep(row, plan, program)


def _ground(row: Experiment, opened: ExitStack) -> tuple[Program, FactSet]:
    """Read in one transaction, so that all of it is of one position."""
    with act_for_owner(row.owner_id):
        program = loaded(version_in_force(row.program_id, on=today()))
        return program, opened.enter_context(bring_facts(row.owner_id, program))


def _keep(row: Experiment, plan: Plan, program: Program) -> None:
    """The plan and, in the chain of acts, its hash: both at once, so that neither is there alone."""
    design, drawn = plan.design, plan_hash(plan)
    with act_for_owner(row.owner_id):
        ExperimentPlan.objects.create(
            owner_id=row.owner_id,
            experiment=row,
            hash=drawn,
            text=plan_document(plan),
            planned_on=plan.planned_on,
            starts_on=design.start,
            ends_on=design.until,
            position=plan.position or 0,
            program_version=program.header.version,
            program_hash=program.hash,
            method_version=swingby.__version__,
            waves=[plan.size_of(wave) for wave in range(1, design.waves + 1)],
            days=[day.isoformat() for day in design.days],
            balance=[(one.trait, one.difference) for one in plan.balance],
            smallest=smallest_words(plan),
            made_at=now(),
        )
        Experiment.objects.filter(pk=row.pk, state=CardState.RUNNING).update(state=CardState.DONE, progress="")
        if row.asked_by_id:
            record_owner_act(row.owner_id, actor=row.asked_by_id, action="experiment.draw", subject=row.pk, hash=drawn)
