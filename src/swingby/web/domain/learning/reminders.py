"""Remind people of what lapses: each holder of the own certificates, and once a week those who lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from swingby.enablement import (
    Catalogue,
    DueWord,
    Ending,
    Fall,
    Records,
    Requirement,
    due_words,
    endings,
    falls,
    resting,
)
from swingby.values import END_OF_TIME
from swingby.web.clock import today
from swingby.web.domain.badges.issuing import withdraw_lost_badges
from swingby.web.domain.learning.boards import leading_offices
from swingby.web.domain.learning.catalogues import catalogue_of
from swingby.web.domain.learning.records import people_of, records_of, requirement_of, tier_needs
from swingby.web.domain.mails import place_of
from swingby.web.domain.notifications import About, News, tell_partner
from swingby.web.domain.stories.news import invite_tellers, week_of_stories
from swingby.web.domain.vouchers.reminding import remind_holders, week_of_vouchers
from swingby.web.models import NotificationKind
from swingby.web.tenancy import Scope, open_scope

#: How far ahead the week looks, and what "soon" is in it.
WEEK_LOOKS, SOON = 180, 30
MOST_FALLS, MOST_EARNED = 3, 5
WEEK: Final = timedelta(days=7)


def remind_learners(firm: str) -> int:
    """Tell everybody what is due; returns how many words were due. It may run twice: who was told is not told again."""
    own = frozenset({firm})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        kept = catalogue_of(firm)
        if kept is None:
            return 0
        look = Look(firm, kept.catalogue, today())
        withdraw_lost_badges(firm, look.records)
        labels = {one.code: one.label for one in look.catalogue}
        invite_tellers(firm, look.records, look.people, labels)
        remind_holders(firm, labels)
        due = look.words()
        for word in due:
            tell_partner(About(firm, firm), look.news_of(word), only=[look.people[word.ending.person]])
        if news := look.week():
            tell_partner(About(firm, firm), news)
    return len(due)


@dataclass(frozen=True)
class Look:
    """What lies ahead of a firm on a day. Failed exams are in none of it."""

    firm: str
    catalogue: Catalogue
    day: date

    @cached_property
    def records(self) -> Records:
        """What anybody in the firm may know."""
        return records_of(self.firm, self.catalogue, self.day)

    @cached_property
    def people(self) -> Mapping[str, str]:
        """Who stands behind the keys of the facts."""
        return people_of(self.firm)

    @cached_property
    def endings(self) -> tuple[Ending, ...]:
        """Everything that will cease to count."""
        return endings(self.records.lives, self.records.belonging(), self.day, END_OF_TIME)

    def words(self) -> list[DueWord]:
        """What is due to people who are known here."""
        due = due_words(self.endings, self.records.lives, self.day)
        return [word for word in due if word.ending.person in self.people]

    def news_of(self, word: DueWord) -> News:
        """One word to the holder."""
        one = word.ending
        about = f"{self.firm}:{one.person}:{one.code}:{one.day}:{word.due}"
        words = self._said(word)
        return News(
            kind=NotificationKind.CERTIFICATE,
            key=f"certificate:{about}",
            words=words,
            path=reverse("learning:mine", args=[self.firm]),
            text="\n\n".join([words, *self._beyond(word)]),
        )

    def _said(self, word: DueWord) -> str:
        label, days = self.catalogue.certifications[word.ending.code].label, (word.ending.day - self.day).days
        told = {"label": label, "day": _written(word.ending.day), "days": days}
        if word.before is None:
            return _("%(label)s can be renewed now. It lapses on %(day)s.") % told
        words = ngettext(
            "%(label)s lapses on %(day)s, in one day.", "%(label)s lapses on %(day)s, in %(days)s days.", days
        )
        return words % told

    def _beyond(self, word: DueWord) -> Iterator[str]:
        if word.renewable:
            yield _("A renewal goes on from the expiry: nothing is lost by being early.")
        if rests := self._rests(word.ending):
            yield _("On it rests: %(tiers)s.") % {"tiers": ", ".join(rests)}
        yield _("How you hear of such things is your choice, under Notifications.")

    def _rests(self, ending: Ending) -> tuple[str, ...]:
        found = resting([ending], self._kept, self.records.lives, self.records.belonging())
        return found[0].on

    @cached_property
    def _kept(self) -> list[Requirement]:
        return [requirement_of(row) for row in tier_needs(self.firm, self.day) if row.kind == "keep"]

    # --- the week of those who lead ---------------------------------------------------------------------------------

    def week(self) -> News | None:
        """What a lead should know this week, the one line for Monday first; None if there is nothing."""
        soon = [one for one in self.endings if one.day <= self.day + timedelta(days=SOON)]
        ahead = falls(
            self._kept, self.records.lives, self.records.belonging(), self.day, self.day + timedelta(days=WEEK_LOOKS)
        )
        if not soon and not ahead:
            return None
        year, number, *_rest = self.day.isocalendar()
        named = {person for fall in ahead[:MOST_FALLS] for person in (*fall.lapsing, *fall.leaving)}
        earned = self._earned()
        return News(
            kind=NotificationKind.LEARNING_WEEK,
            key=f"learning week:{self.firm}:{year}-{number}",
            words=self._headline(ahead, soon, names=False),
            path=reverse("learning:ahead", args=[self.firm]),
            text="\n\n".join(self._paragraphs(ahead, soon, earned)),
            people=tuple(
                sorted(self.people[one] for one in {*named, *(who for who, code in earned)} if one in self.people)
            ),
        )

    def _headline(self, ahead: tuple[Fall, ...], soon: list[Ending], *, names: bool) -> str:
        """One line to say on Monday. On a page it names nobody."""
        if not ahead:
            return ngettext(
                "%(count)s certificate lapses within 30 days. No tier rests on it.",
                "%(count)s certificates lapse within 30 days. No tier rests on them.",
                len(soon),
            ) % {"count": len(soon)}
        first = ahead[0]
        told = {"source": first.requirement.source, "day": _written(first.day), "held": first.held}
        if len(first.lapsing) != 1 or first.leaving:
            told["asked"] = first.requirement.people
            line = _("%(source)s asks for %(asked)s; from %(day)s there are %(held)s.") % told
            return f"{line} {self._because(first)}." if names else line
        if not names:
            return _("%(source)s rests on one certificate, which lapses on %(day)s.") % told
        told["who"] = self._place(first.lapsing[0])
        return _("%(source)s rests on the certificate of %(who)s, which lapses on %(day)s.") % told

    def _paragraphs(self, ahead: tuple[Fall, ...], soon: list[Ending], earned: list[tuple[str, str]]) -> Iterator[str]:
        yield _("For Monday: %(line)s") % {"line": self._headline(ahead, soon, names=True)}
        ninety = sum(one.day <= self.day + timedelta(days=90) for one in self.endings)
        yield _("Lapsing within 30 days: %(soon)s. Within 90 days: %(ninety)s.") % {"soon": len(soon), "ninety": ninety}
        if ahead[1:]:
            yield "\n".join(f"- {self._fall(fall)}" for fall in ahead[1:MOST_FALLS])
        if earned:
            labels = self.catalogue.certifications
            yield _("To congratulate: %(people)s.") % {
                "people": "; ".join(f"{self._place(who)}, {labels[code].label}" for who, code in earned[:MOST_EARNED])
            }
        yield from self._leading()
        yield from week_of_vouchers(self.firm)
        yield from week_of_stories(self.firm)

    def _leading(self) -> Iterator[str]:
        """The board in one line."""
        if leading := leading_offices(self.firm):
            named = [f"{part.key.replace('_', ' ').title()} ({part.per_head})" for part in leading]
            yield _("Net new per head in the last 13 weeks: %(offices)s.") % {"offices": ", ".join(named)}

    def _fall(self, fall: Fall) -> str:
        return _("%(day)s, %(source)s: %(asked)s asked for, %(held)s left. %(because)s.") % {
            "day": _written(fall.day),
            "source": fall.requirement.source,
            "asked": fall.requirement.people,
            "held": fall.held,
            "because": self._because(fall),
        }

    def _because(self, fall: Fall) -> str:
        lapsing = [_("%(who)s lapses") % {"who": self._place(who)} for who in fall.lapsing]
        leaving = [_("%(who)s leaves") % {"who": self._place(who)} for who in fall.leaving]
        return ", ".join([*lapsing, *leaving])

    def _earned(self) -> list[tuple[str, str]]:
        """What was earned in the week before, by people who are here."""
        return [
            (person, code)
            for person, by_code in self.records.present(self.day).items()
            for code, life in by_code.items()
            if any(self.day - WEEK < hold.period.start <= self.day for hold in life.holds)
        ]

    def _place(self, key: str) -> str:
        return place_of(self.people[key]) if key in self.people else key


def _written(day: date) -> str:
    return f"{day:%-d %B %Y}"
