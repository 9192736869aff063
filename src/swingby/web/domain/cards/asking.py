"""Asking: settings are read, what cannot be answered is refused with the reason, and the rest waits for a job."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from swingby import program as programs
from swingby.errors import SwingbyError
from swingby.insight import Result
from swingby.values import add_months
from swingby.web.clock import now, today
from swingby.web.domain.audit import record_owner_act
from swingby.web.domain.cards.answering import check_question
from swingby.web.domain.cards.questions import READINESS, Asked, check_behind
from swingby.web.domain.cards.settings import SettingsError, read_settings
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.experiments.reading import check_look
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.jobs import enqueue_card
from swingby.web.models import CardState, KeptCard, Program, ProgramVersion
from swingby.web.permissions import can_ask_for_cards, can_look_for_readiness
from swingby.web.visibility import Actor

#: How far back one looks unless somebody says otherwise.
USUAL_MONTHS = 36
UNFINISHED = (CardState.WAITING, CardState.RUNNING)


def usual_span() -> tuple[date, date]:
    """Three years that end with the last month that is over, or with today where it ends one."""
    tomorrow = today() + timedelta(days=1)
    until = tomorrow.replace(day=1)
    return add_months(until, -USUAL_MONTHS), until - timedelta(days=1)


def may_ask(actor: Actor, asked: Asked, *, owner: str) -> bool:
    """Whether somebody may ask this; operations only looks what is missing."""
    if asked.key == READINESS:
        return can_look_for_readiness(actor, owner=owner)
    return can_ask_for_cards(actor, owner=owner)


def ask_for_card(program: Program, asked: Asked, *, actor: Actor, written: Mapping[str, str]) -> KeptCard:
    """Enqueue a question; one that waits with the same settings already is that one.

    Raises
    ------
    SettingsError
        With what is wrong, by name of the setting.
    RefusedError
        With the reason why these data cannot answer.
    """
    if not may_ask(actor, asked, owner=program.owner_id):
        raise NotAllowedError("Your role does not ask for cards.")
    settings = read_settings(asked.settings, written)
    _check_days(settings)
    _check(program, asked, settings)
    same = {"program": program, "question": asked.key, "settings": settings}
    waiting = KeptCard.objects.filter(state=CardState.WAITING, **same).first()
    return waiting or put_down(same, owner=program.owner_id, person=actor.person)


def put_down(what: Mapping[str, Any], *, owner: str, person: str | None, priority: int = 0) -> KeptCard:
    """Write a question down and leave it to a job; jobs of a lower priority wait for all others."""
    card = KeptCard.objects.create(**what, owner_id=owner, asked_by_id=person, asked_at=now())
    if person:
        detail = {"question": card.question, "settings": card.settings}
        record_owner_act(owner, actor=person, action="card.ask", subject=card.pk, **detail)
    enqueue_card(owner=owner, card=card.pk, priority=priority)
    return card


def _check_days(settings: Mapping[str, str]) -> None:
    last = settings.get("last")
    if last and date.fromisoformat(last) > today():
        raise SettingsError({"last": "To: this day is still to come. Choose today or an earlier day."})
    if last and settings.get("first", "") > last:
        raise SettingsError({"last": "To: this day comes before the first one."})


def _check(program: Program, asked: Asked, settings: Mapping[str, str]) -> None:
    if "experiment" in asked.names:
        check_look(program, settings["experiment"])
    new, against = versions_of(program, settings)
    try:
        check_question(asked.key, settings, new, against=against)
    except SwingbyError as error:
        raise RefusedError(f"{error.message} {error.hint}".strip()) from error
    if asked.key != READINESS:
        _check_readiness(program, asked, settings)


def versions_of(program: Program, settings: Mapping[str, str]) -> tuple[programs.Program, programs.Program | None]:
    """The version in force; where a version is asked about, that one and the one before it."""
    key = settings.get("version", "")
    if not key:
        return loaded(version_in_force(program.pk, on=today())), None
    row = ProgramVersion.objects.filter(program=program, version=key).first()
    if row is None:
        raise SettingsError({"version": "Which version: choose one of the list."})
    before = ProgramVersion.objects.filter(program=program, effective__lt=row.effective).order_by("-effective", "-id")
    earlier = before.first()
    if earlier is None:
        raise SettingsError({"version": "Which version: there is none before it to hold it against."})
    return loaded(row), loaded(earlier)


# --- what readiness says -------------------------------------------------------------------------------------------------


def newest_readiness(program: Program) -> KeptCard | None:
    """What was found when somebody last looked which questions can be answered."""
    return KeptCard.objects.filter(program=program, question=READINESS, state=CardState.DONE).first()


def reason_against(found: KeptCard, question: str, settings: Mapping[str, str]) -> str:
    """Why these data cannot answer, as readiness says it; empty where they may."""
    name = check_behind(question, settings)
    lines = {check["name"]: check for check in found.card["checks"]}
    line = lines.get(name)
    return line["words"] if line is not None and line["result"] == str(Result.FAILED) else ""


def _check_readiness(program: Program, asked: Asked, settings: Mapping[str, str]) -> None:
    found = newest_readiness(program)
    if found is None:
        if "act" in asked.names:
            raise RefusedError("Look first which questions your data can answer: the list of acts comes from there.")
        return
    _check_act(found, settings.get("act", ""))
    reason = reason_against(found, asked.key, settings)
    if reason:
        raise RefusedError(f"Your data cannot answer this. {reason} Looked at on {found.asked_at:%-d %B %Y}.")


def _check_act(found: KeptCard, act: str) -> None:
    if not act:
        return
    known = {act_key(one): one for one in found.acts}
    if act not in known:
        raise SettingsError({"act": "What partners did: choose one of the list."})
    one = known[act]
    if not one["is_askable"]:
        raise RefusedError(
            f"Your data cannot answer this. {one['begun']} partners began with it and {one['never']} never did, or most"
            " on one day: too few to compare."
        )


def act_key(act: Mapping[str, Any]) -> str:
    """An act as the form sends it."""
    return f"{act['kind']}:{act['column']}={act['word']}"
