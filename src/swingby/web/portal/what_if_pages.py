"""Fill the question what if people left: whom one may choose, and what becomes of each program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from swingby.web.clock import today
from swingby.web.design.parts import Choice
from swingby.web.domain.leaving import AHEAD, Aftermath, Candidate, candidates, employed_of, leaving
from swingby.web.domain.queries.firm import FirmProgram
from swingby.web.models import Enrolment
from swingby.web.permissions import can_lead_programs
from swingby.web.portal.firm_parts import FallLine, FirmPage, WhatIf
from swingby.web.visibility import Actor

Said = Mapping[str, str]


def with_what_if(page: FirmPage, actor: Actor, found: Sequence[FirmProgram], said: Said) -> FirmPage:
    """The page with the question, and with its answer on each row if somebody is chosen; only for who leads programs."""
    led = [row.enrolment for row in found if can_lead_programs(actor, lineage=row.enrolment.partner.lineage)]
    if not led:
        return page
    known = candidates(led, on=today())
    names = {one.key: one.name for one in known}
    chosen = [key for key in dict.fromkeys((said.get("first", ""), said.get("second", ""))) if key in names]
    day, problem = _day(said.get("on", ""))
    asked = WhatIf(
        first=_choices(known, chosen[0] if chosen else ""),
        second=_choices(known, chosen[1] if len(chosen) > 1 else ""),
        day=day,
        problem=problem,
    )
    if not chosen or problem:
        return replace(page, what_if=asked)
    shown = {row.key for row in page.rows}
    there = employed_of(led, chosen, on=day)
    named = {key: names[key] for key in chosen}
    lines = {row.pk: _line(row, named, there[row.pk], day) for row in led if row.pk in shown}
    answered = replace(
        asked,
        names=tuple(named.values()),
        falling=sum(line.tone == "bad" for line in lines.values()),
        unknown=sum(line.tone == "plain" for line in lines.values()),
    )
    return replace(page, what_if=answered, rows=tuple(replace(row, fall=lines.get(row.key)) for row in page.rows))


def _day(text: str) -> tuple[date, str]:
    """The day of leaving, and what is wrong with it."""
    tomorrow = today() + timedelta(days=1)
    if not text:
        return tomorrow, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return tomorrow, _("Write the day as year, month and day, such as 2026-04-30.")
    if not tomorrow <= day <= today() + AHEAD:
        return tomorrow, _("Choose a day from tomorrow on, within a year.")
    return day, ""


def _choices(known: Sequence[Candidate], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value=one.key, label=f"{one.name} ({one.programs})", chosen=one.key == chosen) for one in known)


def _line(enrolment: Enrolment, names: Mapping[str, str], there: frozenset[str], day: date) -> FallLine:
    missing = [name for key, name in names.items() if key not in there]
    if not there:
        reason = _("This vendor's records name none of them. Ask the vendor under which key it knows them.")
        return FallLine(words=_("Not known"), tone="plain", reasons=(reason,))
    line = _told(leaving(enrolment, sorted(there), on=day))
    if not missing:
        return line
    reason = _("This vendor's records do not name %(names)s.") % {"names": ", ".join(missing)}
    return replace(line, reasons=(*line.reasons, reason))


def _told(found: Aftermath) -> FallLine:
    if found.unknown:
        return FallLine(words=_("Not known"), tone="plain", reasons=(found.unknown,))
    if found.fall:
        after = found.fall.after or _("no tier")
        return FallLine(
            words=_("Falls to %(tier)s") % {"tier": after}, tone="bad", day=found.fall.day, reasons=found.fall.breaks
        )
    if found.anyway:
        reason = _("With or without them, if nobody does anything.")
        return FallLine(words=_("Falls anyway"), tone="warn", day=found.anyway, reasons=(reason,))
    return FallLine(words=_("Stays"), tone="good")
