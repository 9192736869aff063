"""Which experiments somebody reads, how far they are, and the plan of one again from its text."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from swingby.insight import Plan, read_plan
from swingby.values import add_months
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.models import CardState, Experiment, ExperimentPlan, KeptCard, Program
from swingby.web.permissions import can_read_cards
from swingby.web.visibility import Actor

#: The question of the cards that look at experiments.
QUESTION = "experiment"
NO_SUCH = "Which experiment: choose one of the list."
#: What a list needs no plan's text for, which has a line for each partner.
LONG = ("plan__text",)


class Stage(StrEnum):
    """How far an experiment is."""

    DRAWN = "drawn"
    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    REFUSED = "refused"


def stage_of(row: Experiment) -> Stage:
    """How far it is today; what is not planned yet is being drawn, or was refused."""
    if row.state == CardState.FAILED:
        return Stage.REFUSED
    if row.state != CardState.DONE:
        return Stage.DRAWN
    day = today()
    if day < row.plan.starts_on:
        return Stage.PLANNED
    return Stage.RUNNING if day < row.plan.ends_on else Stage.ENDED


def in_stage(stage: Stage) -> Q:
    """The same as a condition of the database."""
    day = today()
    done = Q(state=CardState.DONE)
    return {
        Stage.DRAWN: Q(state__in=(CardState.WAITING, CardState.RUNNING)),
        Stage.PLANNED: done & Q(plan__starts_on__gt=day),
        Stage.RUNNING: done & Q(plan__starts_on__lte=day, plan__ends_on__gt=day),
        Stage.ENDED: done & Q(plan__ends_on__lte=day),
        Stage.REFUSED: Q(state=CardState.FAILED),
    }[stage]


def experiments_open_to(actor: Actor, *, owner: str) -> QuerySet[Experiment]:
    """The experiments that somebody's role reads, the newest first: of whoever reads all cards."""
    rows = Experiment.objects.filter(owner_id=owner)
    return rows if can_read_cards(actor, owner=owner) else rows.none()


def planned_in(program: Program) -> QuerySet[Experiment]:
    """The experiments of a program that have a plan."""
    return Experiment.objects.filter(program=program, state=CardState.DONE).select_related("plan").defer(*LONG)


def looks_at(key: str) -> QuerySet[KeptCard]:
    """The cards that looked at an experiment, the newest first."""
    return KeptCard.objects.filter(question=QUESTION, settings__experiment=key)


def newest_looks(keys: Collection[str]) -> Mapping[str, KeptCard]:
    """The newest card of each experiment that is done."""
    rows = KeptCard.objects.filter(question=QUESTION, state=CardState.DONE, settings__experiment__in=list(keys))
    return {row.settings["experiment"]: row for row in rows.defer("card").order_by("asked_at")}


def first_look_on(plan: ExperimentPlan) -> date:
    """The day from which on there is a whole month to look at."""
    return add_months(plan.starts_on, 1)


def check_look(program: Program, key: str) -> None:
    """Refuse to look at what is not planned, or has not begun.

    Raises
    ------
    RefusedError
        With the day from which on there is something to look at.
    """
    row = planned_in(program).filter(pk=key).first()
    if row is None:
        raise RefusedError(NO_SUCH)
    day = first_look_on(row.plan)
    if today() < day:
        raise RefusedError(
            f"The first wave begins on {row.plan.starts_on:%-d %B %Y}. There is a whole month to look at from {day:%-d %B %Y} on."
        )


def plan_of(owner: str, key: str) -> Plan:
    """The plan again from its text; one that is not what was registered is refused.

    Raises
    ------
    SwingbyError
        As `swingby.insight.read_plan`.
    """
    kept = ExperimentPlan.objects.get(owner_id=owner, experiment_id=key)
    return read_plan(kept.text, registered=kept.hash)


@dataclass(frozen=True, slots=True)
class Taking:
    """A partner that takes part, and its wave."""

    organization: str
    region: str
    wave: int


def partners_of(plan: ExperimentPlan, *, wave: int = 0) -> tuple[Taking, ...]:
    """Who takes part, by name of the organization; of one wave, or of all."""
    rows = json.loads(plan.text)["partners"]
    return tuple(Taking(name, region, one) for one, name, region, *_ in rows if wave in (0, one))


def same_plans(row: Experiment) -> int:
    """How many plans ask the same of the same program, this one among them: whoever draws many lots can choose one."""
    names = ("act", "outcome", "said")
    same = {f"settings__{name}": row.settings[name] for name in names}
    return Experiment.objects.filter(program_id=row.program_id, state=CardState.DONE, **same).count()
