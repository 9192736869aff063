"""What was written to a partner and stands on its home until it is read or a month old: announced rules, decided reviews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.web.clock import now
from swingby.web.models import Enrolment, LineState, ReviewLine, VersionLetter
from swingby.web.models.proposals import SHOWN_TO_PARTNERS
from swingby.web.portal.reviews import decision_row

#: A decision is told for so long; after that it stands among the reviews.
TOLD_FOR = timedelta(days=30)
MOST_TOLD = 4
_DECIDED = (
    *(LineState.AT_ONCE, LineState.APPROVED, LineState.HELD, LineState.PROTECTED, LineState.MENDED),
    LineState.OVERTURNED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One thing to read: what it is, what it says in a sentence, and the way to it."""

    title: str
    words: str
    link: str
    url: str


def letters_to(enrolment: Enrolment) -> tuple[Letter, ...]:
    """Letters that nobody has confirmed, then what reviews decided lately, each the newest first."""
    return (*_of_versions(enrolment), *_of_reviews(enrolment))


def _of_versions(enrolment: Enrolment) -> Iterator[Letter]:
    rows = VersionLetter.objects.filter(enrolment=enrolment, receipt=None, proposed__state__in=SHOWN_TO_PARTNERS)
    for letter in rows.select_related("proposed").defer("text").order_by("-sent_at")[:MOST_TOLD]:
        proposed = letter.proposed
        said = {"version": proposed.version, "day": f"{proposed.effective:%-d %B %Y}" if proposed.effective else ""}
        holds = _("It is in force from %(day)s.") % said if proposed.effective else _("Its first day is not set yet.")
        yield Letter(
            title=_("A letter to you about version %(version)s of the rules") % said,
            words=f"{holds} {_('Please confirm that you have received it.')}",
            link=_("Read the letter"),
            url=reverse("portal:change", args=[enrolment.pk, proposed.pk]),
        )


def _of_reviews(enrolment: Enrolment) -> Iterator[Letter]:
    since = now() - TOLD_FOR
    lines = ReviewLine.objects.filter(enrolment=enrolment, state__in=_DECIDED, decided_at__gte=since)
    for line in lines.order_by("-decided_at", "ladder")[:MOST_TOLD]:
        row = decision_row(line)
        words = _("By the review of %(day)s.") % {"day": f"{line.on:%-d %B %Y}"}
        if line.state in (LineState.AT_ONCE, LineState.APPROVED):
            words += " " + _("It holds from %(day)s.") % {"day": f"{line.holds_from:%-d %B %Y}"}
        link = _("Read what we say to it") if line.told else _("See why")
        yield Letter(title=f"{row.state}: {row.move}", words=words, link=link, url=row.url)
