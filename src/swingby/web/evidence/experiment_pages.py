"""The list of experiments, the form of a plan, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.insight import EXPERIMENT_ANALYSIS, EXPERIMENT_STOPS, SETTINGS
from swingby.values import add_months
from swingby.web.clock import today
from swingby.web.design.parts import Tone
from swingby.web.domain.cards.asking import newest_readiness
from swingby.web.domain.cards.plain_words import in_plain_words
from swingby.web.domain.cards.questions import LOOK
from swingby.web.domain.experiments.design import BY_ITSELF, PLANNED, usual_start
from swingby.web.domain.experiments.reading import (
    LONG,
    Stage,
    Taking,
    experiments_open_to,
    first_look_on,
    in_stage,
    looks_at,
    newest_looks,
    partners_of,
    same_plans,
    stage_of,
)
from swingby.web.evidence.card_pages import TONES
from swingby.web.evidence.experiment_parts import (
    BalanceLine,
    ExperimentGroup,
    ExperimentLine,
    ExperimentPage,
    ExperimentsPage,
    MonthLine,
    PlanView,
    TakingLine,
    TakingPage,
    WaveLine,
)
from swingby.web.evidence.parts import AskPage
from swingby.web.evidence.progress import progress_words
from swingby.web.evidence.room_pages import act_choices, card_line, field_view
from swingby.web.models import Experiment, ExperimentPlan, KeptCard, Organization, Program
from swingby.web.permissions import can_ask_for_cards
from swingby.web.visibility import Actor

MOST_LINES, MOST_ALONE, MOST_PARTNERS, MOST_LOOKS = 6, 25, 25, 6
LOOKS: Mapping[Stage, tuple[Any, Tone, str]] = {
    Stage.RUNNING: (lambda: _("Running"), "brand", "activity"),
    Stage.DRAWN: (lambda: _("Being drawn"), "pending", "loader-circle"),
    Stage.PLANNED: (lambda: _("Planned"), "plain", "calendar-clock"),
    Stage.ENDED: (lambda: _("Ended"), "good", "flag"),
    Stage.REFUSED: (lambda: _("Not planned"), "bad", "circle-alert"),
}


def experiments_page(owner: str, *, actor: Actor, only: str = "", start: int = 0) -> ExperimentsPage:
    """All stages with their newest experiments, or one stage by itself."""
    rows = experiments_open_to(actor, owner=owner).select_related("plan", "asked_by").defer(*LONG)
    alone = Stage(only) if only in set(Stage) else None
    address = reverse("console:experiments", args=[owner])
    groups = [_group(rows, stage, address, start if alone else None) for stage in ([alone] if alone else LOOKS)]
    return ExperimentsPage(
        groups=tuple(group for group in groups if group.total),
        room_url=reverse("console:evidence", args=[owner]),
        plan_url=reverse("console:experiment_plan", args=[owner]) if can_ask_for_cards(actor, owner=owner) else "",
        all_url=address if alone else "",
    )


def _group(rows: QuerySet[Experiment], stage: Stage, address: str, start: int | None) -> ExperimentGroup:
    """Some of a stage; ``start`` counts through all of them where the stage stands alone."""
    found, (title, _tone, icon) = rows.filter(in_stage(stage)), LOOKS[stage]
    total, first = found.count(), start or 0
    last = first + (MOST_LINES if start is None else MOST_ALONE)
    some = list(found[first:last])
    looks = newest_looks([row.pk for row in some])
    following = 0 if start is None else last
    more = f"{address}?stage={stage}" + (f"&from={following}" if following else "")
    return ExperimentGroup(
        key=str(stage),
        title=title(),
        icon=icon,
        lines=tuple(_line(row, stage, looks.get(row.pk)) for row in some),
        total=total,
        more_url=more if total > last else "",
    )


def _line(row: Experiment, stage: Stage, look: KeptCard | None) -> ExperimentLine:
    title, tone, icon = LOOKS[stage]
    plain: dict[str, Any] = {
        "words": row.words,
        "url": reverse("console:experiment", args=[row.owner_id, row.pk]),
        "asked_on": row.asked_at.date(),
        "asked_by": row.asked_by.name if row.asked_by else "",
        "stage": title(),
        "tone": tone,
        "icon": icon,
    }
    if stage in (Stage.DRAWN, Stage.REFUSED):
        return ExperimentLine(**plain, reason=progress_words(row))
    return ExperimentLine(
        **plain | _seen(look),
        partners=sum(row.plan.waves),
        waves=len(row.plan.waves),
        starts_on=row.plan.starts_on,
        ends_on=row.plan.ends_on,
        smallest=row.plan.smallest,
    )


def _seen(look: KeptCard | None) -> dict[str, Any]:
    """What the newest look found; nothing where there is none."""
    if look is None:
        return {}
    tone, icon = TONES[look.verdict]
    told = {"sentence": look.sentence, "looked_on": look.asked_at.date(), "verdict": look.verdict.capitalize()}
    return {**told, "tone": tone, "icon": icon}


# --- the form ------------------------------------------------------------------------------------------------------------


def plan_page(
    program: Program,
    *,
    written: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    refused: str = "",
) -> AskPage:
    """The form of a plan as it was written, or with what is usual."""
    found, owner = newest_readiness(program), program.owner_id
    told = (
        written
        if written is not None
        else {one.name: one.default for one in PLANNED} | {"start": usual_start().isoformat()}
    )
    acts = (BY_ITSELF, *act_choices(found, only_askable=False))
    fields = (field_view(program, one, told, (wrong or {}).get(one.name, ""), found) for one in PLANNED)
    programs = Program.objects.filter(owner_id=owner).order_by("name", "id")
    return AskPage(
        label=_("Plan an experiment"),
        lead=_("Partners are drawn by lot into waves: some are invited first, the others later. Then nothing but chance stands between them."),
        url=reverse("console:experiment_plan", args=[owner]),
        back_url=reverse("console:experiments", args=[owner]),
        back=_("Experiments"),
        fields=tuple(replace(one, choices=acts) if one.name == "act" else one for one in fields),
        programs=tuple(programs.values_list("pk", "name")),
        program=program.pk,
        refused=refused,
        looks=found is None,
        look_url=reverse("console:evidence_ask", args=[owner, LOOK.key]),
        send=_("Draw the lot"),
        icon="dices",
        below=_("The plan gets a hash, and nobody can change it afterwards. Every plan that is drawn stays on the list."),
    )  # fmt: skip


# --- the page of one -----------------------------------------------------------------------------------------------------


def experiment_page(row: Experiment, *, actor: Actor, wave: int = 0, start: int = 0) -> ExperimentPage:
    """Everything about one experiment; ``wave`` and ``start`` choose which of its partners are named."""
    stage, asks = stage_of(row), can_ask_for_cards(actor, owner=row.owner_id)
    title, tone, icon = LOOKS[stage]
    is_planned = stage not in (Stage.DRAWN, Stage.REFUSED)
    cards = looks_at(row.pk).select_related("asked_by")
    return ExperimentPage(
        words=row.words,
        stage=title(),
        tone=tone,
        icon=icon,
        asked_on=row.asked_at.date(),
        asked_by=row.asked_by.name if row.asked_by else "",
        progress=progress_words(row),
        is_drawn=stage is Stage.DRAWN,
        is_refused=stage is Stage.REFUSED,
        plan=_plan(row, wave, start) if is_planned else None,
        looks=tuple(map(card_line, cards[:MOST_LOOKS])),
        looks_total=cards.count(),
        may_look=asks and is_planned and first_look_on(row.plan) <= today(),
        may_plan=asks,
        next_step=_next_step(row, stage),
        urls=_urls(row),
    )


def _urls(row: Experiment) -> dict[str, str]:
    address = [row.owner_id, row.pk]
    acts = {name: reverse(f"console:experiment_{name}", args=address) for name in ("progress", "file", "look")}
    again = f"{reverse('console:experiment_plan', args=[row.owner_id])}?again={row.pk}"
    return {**acts, "again": again, "list": reverse("console:experiments", args=[row.owner_id])}


def _next_step(row: Experiment, stage: Stage) -> str:
    """What is to be done now, by the plan."""
    if stage is Stage.PLANNED:
        return _("Invite the first wave so that it can begin on %(day)s. Until then, hand the hash to somebody who is not part of it.") % {
            "day": _day(row.plan.starts_on)
        }  # fmt: skip
    if stage is Stage.RUNNING:
        coming = next((day for day in map(date.fromisoformat, row.plan.days) if day > today()), row.plan.ends_on)
        return _("Invite nobody else before %(day)s, when the next wave begins. Look as often as you like.") % {
            "day": _day(coming)
        }
    if stage is Stage.ENDED:
        return _("The planned end has come. Look once more, and decide by what the card says.")
    return ""


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _plan(row: Experiment, wave: int, start: int) -> PlanView:
    plan, settings = row.plan, row.settings
    return PlanView(
        hash=plan.hash,
        made_at=plan.made_at,
        planned_on=plan.planned_on,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        smallest=plan.smallest,
        outcome=settings["outcome"],
        invited=settings["said"] or settings["act"],
        by_itself=not settings["act"],
        total=sum(plan.waves),
        seed=settings["seed"],
        before=int(settings["before"]),
        stands_on=_stands_on(plan),
        waves=_waves(row),
        balance=tuple(_balance(trait, difference) for trait, difference in plan.balance),
        months=_months(plan),
        first_look_on=first_look_on(plan),
        analysis=in_plain_words(EXPERIMENT_ANALYSIS),
        stops=tuple(EXPERIMENT_STOPS.values()),
        taking=_taking(row, wave, start),
        same=same_plans(row),
        is_in_chain=row.asked_by is not None,
    )


def _stands_on(plan: ExperimentPlan) -> str:
    return _(
        "Drawn from what had come in up to position %(position)s, with version %(program)s of the program and version %(method)s of the"
        " method."
    ) % {"position": f"{plan.position:,}", "program": plan.program_version, "method": plan.method_version}


def _waves(row: Experiment) -> tuple[WaveLine, ...]:
    days = map(date.fromisoformat, row.plan.days)
    return tuple(
        WaveLine(
            number=number, begins_on=day, partners=size, has_begun=day <= today(), url=f"?wave={number}#partners-title"
        )
        for number, (day, size) in enumerate(zip(days, row.plan.waves, strict=True), start=1)
    )


def _balance(trait: str, difference: float) -> BalanceLine:
    is_alike = difference <= SETTINGS.most_apart
    return BalanceLine(
        trait=trait.capitalize(),
        difference=f"{difference:.2f}",
        words=_("Alike") if is_alike else _("Apart by chance"),
        tone="good" if is_alike else "warn",
        icon="check" if is_alike else "circle-alert",
    )


def _months(plan: ExperimentPlan) -> tuple[MonthLine, ...]:
    """The end of each month until the last wave begins: then there is something to hold against something."""
    days = [date.fromisoformat(day) for day in plan.days]
    lines: list[MonthLine] = []
    begins = plan.starts_on
    while begins < plan.ends_on:
        following = add_months(begins, 1)
        begun = sum(size for day, size in zip(days, plan.waves, strict=True) if day <= begins)
        lines.append(
            MonthLine(
                number=len(lines) + 1,
                ends_on=following - timedelta(days=1),
                begun=begun,
                waiting=sum(plan.waves) - begun,
                is_over=following <= today(),
            )
        )
        begins = following
    return tuple(lines)


def _taking(row: Experiment, wave: int, start: int) -> TakingPage:
    chosen = wave if 0 < wave <= len(row.plan.waves) else 0
    found = partners_of(row.plan, wave=chosen)
    some, last = found[start : start + MOST_PARTNERS], start + MOST_PARTNERS
    names = dict(Organization.objects.filter(pk__in=[one.organization for one in some]).values_list("pk", "name"))
    return TakingPage(
        lines=tuple(_taking_line(one, row.plan, names) for one in some),
        first=start + 1,
        last=start + len(some),
        total=len(found),
        wave=chosen,
        all_url="?#partners-title" if chosen else "",
        before_url=_part(chosen, max(0, start - MOST_PARTNERS)) if start else "",
        after_url=_part(chosen, last) if last < len(found) else "",
    )


def _part(wave: int, start: int) -> str:
    return f"?wave={wave}&from={start}#partners-title"


def _taking_line(one: Taking, plan: ExperimentPlan, names: Mapping[str, str]) -> TakingLine:
    return TakingLine(
        name=names.get(one.organization, one.organization),
        region=one.region,
        wave=one.wave,
        invited_on=date.fromisoformat(plan.days[one.wave - 1]),
    )
