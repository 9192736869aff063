"""Fill the question what if people left: whom one may choose, what was asked before, and what becomes of each program."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.web.clock import today
from swingby.web.design.parts import Choice, Link
from swingby.web.domain.kept_aftermaths import Known, asked_before, known_aftermaths
from swingby.web.domain.leaving import AHEAD, Aftermath
from swingby.web.domain.queries.leavers import MOST_CANDIDATES, Candidate, candidates, employed_of
from swingby.web.models import AftermathState, Enrolment
from swingby.web.permissions import can_lead_programs
from swingby.web.portal.firm_parts import FallLine, FirmPage, WhatIf
from swingby.web.visibility import Actor

Said = Mapping[str, str]
Lines = Mapping[str, FallLine]


@dataclass(frozen=True, slots=True)
class Asking:
    """The question as a form says it: about which programs, whom one may choose, who is chosen, and what is wrong."""

    led: tuple[Enrolment, ...]
    known: tuple[Candidate, ...]
    chosen: tuple[str, ...]
    day: date
    problem: str

    @property
    def names(self) -> Mapping[str, str]:
        """What everybody who may be chosen is called."""
        return {one.key: one.name for one in self.known}


def asking(actor: Actor, enrolments: Iterable[Enrolment], said: Said) -> Asking | None:
    """What is asked, only for who leads programs."""
    led = tuple(row for row in enrolments if can_lead_programs(actor, lineage=row.partner.lineage))
    if not led:
        return None
    known = candidates(led, on=today())
    keys = {one.key for one in known}
    chosen = tuple(key for key in dict.fromkeys((said.get("first", ""), said.get("second", ""))) if key in keys)
    day, problem = _day(said.get("on", ""))
    return Asking(led, known, chosen, day, problem)


def problem_of(asked: Asking) -> str:
    """Why it cannot be asked like this, and what to do; empty where it can."""
    return asked.problem or ("" if asked.chosen else _("Choose somebody of the list."))


def with_what_if(page: FirmPage, actor: Actor, asked: Asking | None, *, shows_own: bool) -> FirmPage:
    """The page with the question, and with its answer on each row if the reader asked it."""
    if asked is None:
        return page
    what_if, lines = answered(asked, actor, shown=[row.key for row in page.rows], shows_own=shows_own)
    return replace(page, what_if=what_if, rows=tuple(replace(row, fall=lines.get(row.key)) for row in page.rows))


def answered(asked: Asking, actor: Actor, *, shown: Sequence[str], shows_own: bool = True) -> tuple[WhatIf, Lines]:
    """The question with what is known of its answer: all together, and for each program.

    Parameters
    ----------
    shown
        The programs that stand on the page, in their order.
    shows_own
        False for whoever looks as somebody else: what a person asked is that person's own.
    """
    first, second = (*asked.chosen, "", "")[:2]
    question = WhatIf(
        first=_choices(asked.known, first),
        second=_choices(asked.known, second),
        day=asked.day,
        ask_url=reverse("firm_what_if"),
        problem=asked.problem,
        before=_before(actor, asked) if shows_own else (),
        listed_most=MOST_CANDIDATES if len(asked.known) >= MOST_CANDIDATES else 0,
    )
    if not asked.chosen or asked.problem or not shows_own:
        return question, {}
    known = known_aftermaths(asked.led, asked.chosen, gone_on=asked.day, actor=actor)
    if not known:
        return question, {}
    lines = _lines(asked, known)
    return _summed(question, asked, lines, known, shown), lines


def _summed(question: WhatIf, asked: Asking, lines: Lines, known: Mapping[str, Known], shown: Sequence[str]) -> WhatIf:
    waiting = sum(line.waits for line in lines.values())
    return replace(
        question,
        names=tuple(asked.names[key] for key in asked.chosen),
        falling=sum(line.tone == "bad" for line in lines.values()),
        unknown=sum(line.tone == "plain" and not line.waits for line in lines.values()),
        waiting=waiting,
        stale=sum(one.is_stale and not one.is_unfinished for one in known.values()),
        total=len(known),
        progress_url=f"{reverse('firm_what_if')}?{_query(asked.chosen, asked.day, shown)}" if waiting else "",
    )


def _query(people: Sequence[str], day: date, shown: Collection[str] = ()) -> str:
    first, second = (*people, "", "")[:2]
    return urlencode({"first": first, "second": second, "on": day.isoformat(), "row": list(shown)}, doseq=True)


def address_of(people: Sequence[str], day: date) -> str:
    """The board with the answer to a question."""
    return f"{reverse('firm')}?{_query(people, day)}#what-if"


def _before(actor: Actor, asked: Asking) -> tuple[Link, ...]:
    """What else the reader asked last, about people who may still be chosen."""
    names, shown = asked.names, (set(asked.chosen), asked.day)
    others = [one for one in asked_before(actor) if (set(one.people), one.gone_on) != shown]
    return tuple(
        Link(
            label=_asked_words(one.people, names, one.gone_on, unfinished=one.is_unfinished),
            href=address_of(one.people, one.gone_on),
        )
        for one in others
        if all(key in names for key in one.people)
    )


def _asked_words(people: Iterable[str], names: Mapping[str, str], day: date, *, unfinished: bool) -> str:
    said = {"names": ", ".join(names[key] for key in people), "day": f"{day:%-d %B %Y}"}
    return (_("%(names)s from %(day)s, being worked out") if unfinished else _("%(names)s from %(day)s")) % said


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


# --- what becomes of one program --------------------------------------------------------------------------------------


def _lines(asked: Asking, known: Mapping[str, Known]) -> Lines:
    there = employed_of(asked.led, asked.chosen, on=asked.day)
    names = {key: asked.names[key] for key in asked.chosen}
    return {
        row.pk: replace(_line(known.get(row.pk), names, there[row.pk]), url=reverse("portal:scorecard", args=[row.pk]))
        for row in asked.led
    }


def _line(known: Known | None, names: Mapping[str, str], there: Collection[str]) -> FallLine:
    if not there:
        return _not_known(
            _("This vendor's records name none of them. Ask the vendor to load them under the keys you use.")
        )
    if known is None:
        return _not_known(_("This vendor's records name them since you asked. Ask again."))
    line = _so_far(known)
    missing = [name for key, name in names.items() if key not in there]
    if missing:
        line = _because(line, _("This vendor's records do not name %(names)s.") % {"names": ", ".join(missing)})
    if known.is_stale and known.worked_on and not line.waits:
        words = _("Worked out on %(day)s; its records or rules have changed since. Ask again.")
        line = _because(line, words % {"day": f"{known.worked_on:%-d %B %Y}"})
    return line


def _so_far(known: Known) -> FallLine:
    if known.state == AftermathState.FAILED:
        return _not_known(_("It broke off. Ask again; if it breaks off again, tell whoever runs this application."))
    if known.state == AftermathState.DONE:
        return _told(known.aftermath)
    words = _("Being worked out") if known.state == AftermathState.RUNNING else _("Waits for its turn")
    return FallLine(words=words, tone="plain", waits=True)


def _told(found: Aftermath) -> FallLine:
    if found.unknown:
        return _not_known(found.unknown)
    if found.fall:
        after = found.fall.after or _("no tier")
        return FallLine(
            words=_("Falls to %(tier)s") % {"tier": after}, tone="bad", day=found.fall.day, reasons=found.fall.breaks
        )
    if found.anyway:
        reason = _("With or without them, if nobody does anything.")
        return FallLine(words=_("Falls anyway"), tone="warn", day=found.anyway, reasons=(reason,))
    return FallLine(words=_("Stays"), tone="good")


def _not_known(reason: str) -> FallLine:
    return FallLine(words=_("Not known"), tone="plain", reasons=(reason,))


def _because(line: FallLine, reason: str) -> FallLine:
    return replace(line, reasons=(*line.reasons, reason))
