"""The first page of the room, and the form of a question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.insight import Check, Result
from swingby.web.clock import today
from swingby.web.domain.cards.asking import UNFINISHED, act_key, newest_readiness, reason_against, usual_span
from swingby.web.domain.cards.questions import LOOK, QUESTIONS, READINESS, Asked
from swingby.web.domain.cards.reading import cards_open_to
from swingby.web.domain.cards.settings import Setting
from swingby.web.domain.experiments.reading import planned_in
from swingby.web.evidence.card_pages import TONES, check_line
from swingby.web.evidence.parts import AskPage, CardLine, FieldView, QuestionLine, Readiness, RoomPage
from swingby.web.evidence.progress import progress_words
from swingby.web.models import CardState, CardWord, Experiment, KeptCard, Program, ProgramVersion
from swingby.web.permissions import can_ask_for_cards, can_look_for_readiness, can_read_cards, can_read_money_cards
from swingby.web.visibility import Actor

MOST_CARDS = 12
MOST_DUE = 3
MOST_CHOICES = 200


def room_page(owner: str, *, actor: Actor, start: int = 0) -> RoomPage:
    """What can be answered, what was answered, what is due."""
    program = Program.objects.filter(owner_id=owner).order_by("id").first()
    open_readers = Count("edition__shares", filter=Q(edition__shares__withdrawn_at=None))
    rows = cards_open_to(actor, owner=owner).select_related("asked_by").annotate(readers=open_readers)
    total = rows.count()
    due = rows.filter(decision_until__lte=today()).order_by("decision_until")[:MOST_DUE]
    return RoomPage(
        readiness=_readiness(program, actor=actor) if program else Readiness(),
        due=tuple(map(card_line, due)),
        cards=tuple(map(card_line, rows[start : start + MOST_CARDS])),
        total=total,
        older_url=f"?from={start + MOST_CARDS}" if total > start + MOST_CARDS else "",
        questions=_questions(program) if program and can_ask_for_cards(actor, owner=owner) else (),
        reads_cards=can_read_money_cards(actor, owner=owner),
        experiments_url=reverse("console:experiments", args=[owner]) if can_read_cards(actor, owner=owner) else "",
    )


def card_line(row: KeptCard) -> CardLine:
    """A kept card as lists show it."""
    asked = QUESTIONS.get(row.question)
    tone, icon = TONES.get(row.verdict, ("plain", ""))
    return CardLine(
        question=row.words or (asked.label if asked else row.question),
        sentence=row.sentence,
        url=reverse("console:evidence_card", args=[row.owner_id, row.pk]),
        asked_on=row.asked_at.date(),
        asked_by=row.asked_by.name if row.asked_by else "",
        verdict=row.verdict.capitalize(),
        tone=tone,
        icon=icon,
        is_running=row.state in UNFINISHED,
        failed=row.progress if row.state == CardState.FAILED else "",
        decision=CardWord(row.decision).label if row.decision else "",
        decision_by=row.decision_by,
        decision_until=row.decision_until,
        is_due=row.decision_until is not None and row.decision_until <= today(),
        readers=getattr(row, "readers", 0),
    )


def _readiness(program: Program, *, actor: Actor) -> Readiness:
    found = newest_readiness(program)
    newest = KeptCard.objects.filter(program=program, question=READINESS).first()
    look = reverse("console:evidence_ask", args=[program.owner_id, READINESS])
    progress = reverse("console:evidence_progress", args=[program.owner_id, newest.pk]) if newest else ""
    is_running = newest is not None and newest.state in UNFINISHED
    state: dict[str, Any] = {
        "look_url": look if can_look_for_readiness(actor, owner=program.owner_id) else "",
        "running": progress_words(newest) if newest and is_running else "",
        "failed": newest.progress if newest and newest.state == CardState.FAILED else "",
        "progress_url": progress,
    }
    return _looked(found, state) if found else Readiness(**state)


def _looked(found: KeptCard, state: Mapping[str, Any]) -> Readiness:
    checks = [Check(one["name"], Result(one["result"]), one["words"]) for one in found.card["checks"]]
    return Readiness(
        lines=tuple(map(check_line, sorted(checks, key=lambda check: check.result is not Result.FAILED))),
        sentence=found.sentence,
        looked_on=found.asked_at.date(),
        first=date.fromisoformat(found.settings["first"]),
        last=date.fromisoformat(found.settings["last"]),
        position=found.position,
        **state,
    )


def _questions(program: Program) -> tuple[QuestionLine, ...]:
    found = newest_readiness(program)
    return tuple(_question(program, asked, found) for asked in QUESTIONS.values())


def _question(program: Program, asked: Asked, found: KeptCard | None) -> QuestionLine:
    usual = {setting.name: setting.default for setting in asked.settings}
    return QuestionLine(
        label=asked.label,
        lead=asked.lead,
        icon=asked.icon,
        url=reverse("console:evidence_ask", args=[program.owner_id, asked.key]),
        missing=_missing(program, asked, usual, found),
    )


def _missing(program: Program, asked: Asked, usual: Mapping[str, str], found: KeptCard | None) -> str:
    if "experiment" in asked.names:
        return "" if planned_in(program).exists() else "No experiment is planned."
    return reason_against(found, asked.key, usual) if found else ""


# --- the form ------------------------------------------------------------------------------------------------------------


def ask_page(
    program: Program,
    asked: Asked,
    *,
    written: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    refused: str = "",
) -> AskPage:
    """The form as it was written, or with what is usual."""
    found = newest_readiness(program)
    owner, programs = program.owner_id, Program.objects.filter(owner_id=program.owner_id).order_by("name", "id")
    return AskPage(
        label=asked.label,
        lead=asked.lead,
        url=reverse("console:evidence_ask", args=[owner, asked.key]),
        back_url=reverse("console:evidence", args=[owner]),
        fields=tuple(
            field_view(program, one, written, (wrong or {}).get(one.name, ""), found) for one in asked.settings
        ),
        programs=tuple(programs.values_list("pk", "name")),
        program=program.pk,
        back=_("Evidence"),
        send=_("Ask"),
        icon="microscope",
        below=_("Decide on all of this before you look. The card keeps what was set, and never changes afterwards."),
        refused=refused,
        looks="act" in asked.names and found is None,
        look_url=reverse("console:evidence_ask", args=[owner, LOOK.key]),
    )


def field_view(
    program: Program, setting: Setting, written: Mapping[str, str] | None, error: str, found: KeptCard | None
) -> FieldView:
    """One setting as it was written, or with what is usual."""
    usual = _usual(program, setting) if written is None else ""
    return FieldView(
        name=setting.name,
        label=setting.label,
        sort=setting.sort,
        value=usual if written is None else written.get(setting.name, ""),
        hint=setting.hint,
        error=error,
        optional=setting.optional,
        choices=_choices(program, setting, found),
    )


def _usual(program: Program, setting: Setting) -> str:
    if setting.sort == "version":
        return next((key for key, _words in _versions(program)), "")
    spans = dict(zip(("begin", "end"), (day.isoformat() for day in usual_span()), strict=True))
    return spans.get(setting.default, setting.default)


def _choices(program: Program, setting: Setting, found: KeptCard | None) -> tuple[tuple[str, str], ...]:
    if setting.sort == "version":
        return _versions(program)
    if setting.sort == "act":
        return act_choices(found)
    if setting.sort == "experiment":
        return tuple((row.pk, _experiment_label(row)) for row in planned_in(program)[:MOST_CHOICES])
    return setting.choices


def act_choices(found: KeptCard | None, *, only_askable: bool = True) -> tuple[tuple[str, str], ...]:
    """The acts that were found; of an experiment even those that nobody can be compared by yet."""
    acts = found.acts if found else ()
    return tuple((act_key(one), _act_label(one)) for one in acts if one["is_askable"] or not only_askable)


def _experiment_label(row: Experiment) -> str:
    return f"{row.words} From {row.plan.starts_on:%-d %B %Y}"


def _act_label(act: Mapping[str, object]) -> str:
    word = str(act["word"]).replace("_", " ")
    return f"{str(act['kind']).capitalize()}: {word} ({act['begun']} began, {act['never']} never did)"


def _versions(program: Program) -> tuple[tuple[str, str], ...]:
    """Published versions that have one before them, the newest first."""
    rows = list(ProgramVersion.objects.filter(program=program).order_by("-effective", "-id"))
    return tuple((row.version, f"{row.version}, from {row.effective:%-d %B %Y}") for row in rows[:-1])
