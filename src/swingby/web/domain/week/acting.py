"""The rows of a week in their order, and what is done about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from swingby.web.clock import now, today
from swingby.web.domain.audit import record_act
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.week.reading import Book
from swingby.web.domain.week.rules import RULES, Known, Matter, loss_of_waiting, matters_of, trust
from swingby.web.domain.words import kept_words
from swingby.web.models import Enrolment, PutOff, Side, WeekAct, WeekDeed
from swingby.web.visibility import Actor

MOST_ROWS = 15
#: A row stays away for so many days: done, written, put off unless a day is chosen.
AWAY_DAYS: Mapping[str, int] = {WeekDeed.DONE: 30, WeekDeed.WROTE: 14, WeekDeed.NOT_NOW: 7}
LONGEST_AWAY = timedelta(days=183)
#: So many days of what was done about rows speak for and against the rules.
MEMORY_DAYS = 365
#: Reasons that speak against a rule.
DOUBTS = frozenset({PutOff.NOT_TRUE, PutOff.NOT_IMPORTANT, PutOff.KNOWN})
LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One partner of the week: the matter that costs most to leave, and how many others there are."""

    known: Known
    matter: Matter
    loss: Decimal
    others: tuple[Matter, ...]


def rows_of(book: Book, *, owner: str) -> tuple[WeekRow, ...]:
    """All rows of a book, what is lost most by waiting first; each partner once."""
    acts = list(
        WeekAct.objects.filter(owner_id=owner, at__gte=now() - timedelta(days=MEMORY_DAYS)).order_by("at", "id")
    )
    trusted = trusts(acts)
    away = {(act.enrolment_id, act.rule, act.about): act.until for act in acts}
    rows = (_row(known, trusted, away) for known in book.known)
    found = [row for row in rows if row is not None]
    return tuple(sorted(found, key=lambda row: (-row.loss, row.matter.on, row.known.name)))


def trusts(acts: Sequence[WeekAct]) -> Mapping[str, Decimal]:
    """By rule how much it is believed."""
    acted = Counter(act.rule for act in acts if act.deed != WeekDeed.NOT_NOW)
    doubted = Counter(act.rule for act in acts if act.reason in DOUBTS)
    return {rule: trust(acted=acted[rule], doubted=doubted[rule]) for rule in RULES}


def _row(known: Known, trusted: Mapping[str, Decimal], away: Mapping[tuple[str, str, str], date]) -> WeekRow | None:
    open_matters = [
        matter
        for matter in matters_of(known)
        if away.get((known.enrolment, matter.rule, matter.about), date.min) <= known.today
    ]
    weighed = [
        (loss_of_waiting(matter, today=known.today, worth=known.worth, trained=trusted[matter.rule]), matter)
        for matter in open_matters
    ]
    if not weighed:
        return None
    loss, first = max(weighed, key=lambda pair: pair[0])
    return WeekRow(known, first, loss, tuple(matter for matter in open_matters if matter is not first))


def deal_with(
    enrolment: Enrolment,
    *,
    actor: Actor,
    rule: str,
    about: str,
    deed: str,
    reason: str = "",
    words: str = "",
    until: str = "",
) -> WeekAct:
    """Take a row out of the week: somebody wrote, did it, or puts it off to a day with a reason.

    Raises
    ------
    RefusedError
        When a row is put off without a reason or to a day that is none, is no row, or was dealt with already.
    """
    if rule not in RULES or deed not in WeekDeed.values or len(about) > LONGEST_WORDS or "\0" in about:
        raise RefusedError("This row is no longer there. The list is up to date now.")
    if deed == WeekDeed.NOT_NOW and reason not in PutOff.values:
        raise RefusedError("Say why not now: the reason keeps the list honest.")
    # A form that is sent twice, or two people at once, follow one another here.
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if _is_away(enrolment, rule, about):
        raise RefusedError("This row was dealt with already. The list is up to date now.")
    act = WeekAct.objects.create(
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        enrolment=enrolment,
        rule=rule,
        about=about,
        deed=deed,
        reason=reason if deed == WeekDeed.NOT_NOW else "",
        words=kept_words(words, longest=LONGEST_WORDS),
        person_id=actor.person,
        at=now(),
        until=_until(until if deed == WeekDeed.NOT_NOW else "", deed),
    )
    record_act(
        act,
        side=Side.VENDOR,
        actor=actor.person,
        action=f"week.{deed}",
        subject=enrolment.pk,
        rule=rule,
        reason=act.reason,
    )
    return act


def _is_away(enrolment: Enrolment, rule: str, about: str) -> bool:
    newest = WeekAct.objects.filter(enrolment=enrolment, rule=rule, about=about).order_by("-at", "-id").first()
    return newest is not None and newest.until > today()


def _until(text: str, deed: str) -> date:
    """The day on which a row comes back."""
    if not text:
        return today() + timedelta(days=AWAY_DAYS[deed])
    try:
        chosen = date.fromisoformat(text)
    except ValueError:
        chosen = date.min
    if not today() < chosen <= today() + LONGEST_AWAY:
        raise RefusedError("Choose a day after today and within half a year.")
    return chosen
