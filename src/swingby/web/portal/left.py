"""What is left for the activity that a report is about, in words, before the report is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from swingby.program import Program
from swingby.web.clock import today
from swingby.web.design.wording import number_words
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.queries.kinds import ReportableKind
from swingby.web.domain.queries.limits import ActivityLeft, Kept, RuleLeft, activity_left, kept_of
from swingby.web.domain.reports import check_day
from swingby.web.models import Enrolment
from swingby.web.portal.forms import ReportForm
from swingby.web.portal.left_parts import Left
from swingby.web.portal.scorecard_pages import card_of, is_behind

#: What the form says when it is asked what is left.
ASKED = ("kind", "happened_on")


@dataclass(frozen=True, slots=True)
class Asking:
    """What is kept of a partner, and the rules by which it is read."""

    kept: Kept
    program: Program
    is_behind: bool

    def kinds(self, kinds: Sequence[ReportableKind]) -> tuple[ReportableKind, ...]:
        """The kinds to choose from; those that earn nothing today say so."""
        return tuple(replace(kind, label=self._label(kind)) for kind in kinds)

    def _label(self, kind: ReportableKind) -> str:
        is_used_up = activity_left(self.kept, self.program, kind.kind, on=today()).is_used_up
        return _("%(kind)s (nothing left today)") % {"kind": kind.label} if is_used_up else kind.label

    def of(self, form: ReportForm, kinds: Sequence[ReportableKind]) -> Left | None:
        """What is left for the kind and the day that stand in the form; None before a kind and a day that may be are chosen."""
        words = {kind.kind: kind.label for kind in kinds}
        kind, day = form["kind"].value(), _day(form["happened_on"].value())
        is_asked = kind in words and self.kept.card and _may_be_reported(day, self.kept.enrolment)
        found = activity_left(self.kept, self.program, kind, on=day) if is_asked else None
        if found is None or not found.says_something:
            return None
        as_of = self.kept.card.as_of if self.kept.card else None
        return replace(left_words(found, what=words[kind]), as_of=as_of, is_behind=self.is_behind)


def asking(enrolment: Enrolment, program: Program) -> Asking:
    """Read once what all kinds need."""
    card, standing = card_of(enrolment)
    return Asking(kept_of(enrolment, card=card, standing=standing), program, is_behind(card, standing))


def _may_be_reported(day: date, enrolment: Enrolment) -> bool:
    try:
        check_day(day, enrolment=enrolment)
    except RefusedError:
        return False
    return True


def _day(said: Any) -> date:
    """The day in the form; today where it says none."""
    try:
        return said if isinstance(said, date) else date.fromisoformat(said)
    except (TypeError, ValueError):
        return today()


# --- in words ---------------------------------------------------------------------------------------------------------


def left_words(found: ActivityLeft, *, what: str) -> Left:
    """What is left, a sentence for each rule that says something."""
    is_used_up, sentences = found.is_used_up, tuple(_sentences(found))
    return Left(what=what, is_used_up=is_used_up, sentences=sentences)


def _sentences(found: ActivityLeft) -> Iterator[str]:
    several = len(found.rules) > 1
    for rule in found.rules:
        for words in _rule_words(rule):
            yield f"{rule.label}: {words}" if several else words
    if found.waiting:
        yield ngettext(
            "%(reports)s report of this kind waits for checking; what it will earn is not taken off yet.",
            "%(reports)s reports of this kind wait for checking; what they will earn is not taken off yet.",
            found.waiting,
        ) % {"reports": found.waiting}


def _rule_words(rule: RuleLeft) -> Iterator[str]:
    if rule.account:
        yield _account_words(rule)
    elif rule.left is not None:
        yield _used_up_words(rule) if rule.is_used_up else _left_words(rule)
    for words in rule.own_limits:
        yield _("The program counts %(limit)s.") % {"limit": words}


def _account_words(rule: RuleLeft) -> str:
    said = {"account": rule.account, "left": _amount(rule.left, rule.unit)}
    if rule.is_used_up:
        return _("Nothing is left in %(account)s; it pays again once something new comes in.") % said
    return _("%(left)s is left in %(account)s.") % said


def _left_words(rule: RuleLeft) -> str:
    said = {"left": number_words(rule.left), "limit": _amount(rule.at_most, rule.unit), "day": _day_words(rule.anew_on)}
    if rule.unit:
        said["left"] = _amount(rule.left, rule.unit)
    if rule.anew_on:
        return _("%(left)s of %(limit)s are left for days before %(day)s, when the count begins anew.") % said
    return _("%(left)s of %(limit)s are left.") % said


def _used_up_words(rule: RuleLeft) -> str:
    day = rule.anew_on or rule.frees_on
    said = {"limit": _amount(rule.at_most, rule.unit), "day": _day_words(day)}
    if rule.anew_on:
        return _("All %(limit)s are used up for days before %(day)s. On that day the count begins anew.") % said
    if rule.frees_on:
        return (
            _("All %(limit)s are used up. On %(day)s the first of what was counted ends, and more counts again.") % said
        )
    return _("All %(limit)s are used up for as long as what was counted counts.") % said


def _amount(value: Decimal | None, unit: str) -> str:
    return number_words(value, unit) if unit else _("%(points)s points") % {"points": number_words(value)}


def _day_words(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
