"""Asking for a plan: settings are read, what cannot be carried out is refused, and a job draws the lot."""

from __future__ import annotations

from collections.abc import Mapping

from swingby.errors import SwingbyError
from swingby.web.clock import now, today
from swingby.web.domain.audit import record_owner_act
from swingby.web.domain.cards.asking import UNFINISHED, act_key, newest_readiness
from swingby.web.domain.cards.settings import SettingsError
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.experiments.design import design_of, read_design
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.jobs import enqueue_experiment
from swingby.web.models import Experiment, Program
from swingby.web.permissions import can_ask_for_cards
from swingby.web.visibility import Actor


def ask_for_plan(program: Program, *, actor: Actor, written: Mapping[str, str]) -> Experiment:
    """Have waves drawn by lot; the same that is drawn already is that one.

    Raises
    ------
    SettingsError
        With what is wrong, by name of the setting.
    RefusedError
        With the reason why it cannot be carried out.
    """
    if not can_ask_for_cards(actor, owner=program.owner_id):
        raise NotAllowedError("Program managers plan experiments.")
    settings = read_design(written)
    _check(program, settings)
    same = {name: value for name, value in settings.items() if name != "seed" or written.get("seed", "").strip()}
    drawn = Experiment.objects.filter(program=program, state__in=UNFINISHED, settings__contains=same).first()
    return drawn or put_plan_down(program, settings, person=actor.person)


def _check(program: Program, settings: Mapping[str, str]) -> None:
    found = newest_readiness(program)
    known = {act_key(one) for one in found.acts} if found else set()
    if settings["act"] and settings["act"] not in known:
        raise SettingsError({"act": "What partners are invited to do: choose one of the list."})
    try:
        rules = loaded(version_in_force(program.pk, on=today()))
        design_of(settings).check(rules, planned_on=today())
    except SwingbyError as error:
        raise RefusedError(f"{error.message} {error.hint}".strip()) from error


def put_plan_down(
    program: Program, settings: Mapping[str, str], *, person: str | None, priority: int = 0
) -> Experiment:
    """Write down what is to be drawn, and leave it to a job; jobs of a lower priority wait for all others."""
    row = Experiment.objects.create(
        owner_id=program.owner_id,
        program=program,
        settings=dict(settings),
        words=design_of(settings).words,
        asked_by_id=person,
        asked_at=now(),
    )
    if person:
        detail = {"settings": row.settings}
        record_owner_act(row.owner_id, actor=person, action="experiment.ask", subject=row.pk, **detail)
    enqueue_experiment(owner=row.owner_id, experiment=row.pk, priority=priority)
    return row
