"""What the vendor's daily pages show: values without a database, so that the gallery shows the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from swingby.web.design.parts import Choice, Gate, StatTile

if TYPE_CHECKING:  # The gallery shows these pages without any table.
    from swingby.web.domain.queries.open_reviews import OpenReview

#: So many rhythms that were missed are named; the others are counted.
NAMED_RHYTHMS = 2
CellState = Literal["kept", "missed", "open", "unknown", "some"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The head of one column of the portfolio."""

    key: str
    label: str
    href: str
    sorted: Literal["", "ascending", "descending"] = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDue:
    """One kind of promise of a partner: how often it was kept, and since how many periods it is missed."""

    label: str
    kept: int
    asked: int
    missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioLine:
    """One partner on the portfolio."""

    partner: str
    url: str
    region: str = ""
    tier: str = ""
    tier_rank: int = -1
    score: Decimal | None = None
    trend: Decimal | None = None
    next_review: date | None = None
    at_risk: int = 0
    rhythms: tuple[LastDue, ...] = ()
    gaps: int = 0
    gap_words: str = ""
    next_tier: str = ""
    worth: Decimal | None = None
    worth_unit: str = ""
    last_touch: date | None = None
    days_since_touch: int | None = None
    manager: str = ""

    @property
    def missed(self) -> tuple[LastDue, ...]:
        """The kinds that were missed when they were last due, the longest missed first."""
        return tuple(each for each in self.rhythms if each.missed)

    @property
    def missed_words(self) -> str:
        """What was missed how often in a row; of many kinds the first two."""
        missed = self.missed
        named = [_missed_words(each) for each in missed[:NAMED_RHYTHMS]]
        others = len(missed) - len(named)
        more = ngettext("and %(others)s more", "and %(others)s more", others) % {"others": others} if others else ""
        return "; ".join(filter(None, (*named, more)))


def _missed_words(rhythm: LastDue) -> str:
    if rhythm.missed == 1:
        return _("%(rhythm)s, the last time") % {"rhythm": rhythm.label}
    return _("%(rhythm)s, %(missed)s times in a row") % {"rhythm": rhythm.label, "missed": rhythm.missed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A select above the table."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioPage:
    """A page of the portfolio with all that stands around the table."""

    total: int
    found: int
    tiers: tuple[tuple[str, int, int], ...] = ()
    lines: tuple[PortfolioLine, ...] = ()
    headings: tuple[Heading, ...] = ()
    columns: tuple[Choice, ...] = ()
    filters: tuple[Filter, ...] = ()
    words: str = ""
    first: int = 0
    last: int = 0
    before_url: str = ""
    after_url: str = ""
    export_url: str = ""
    clear_url: str = ""
    trend_days: int = 90
    waiting_falls: int = 0
    reviews_url: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """The columns that are shown."""
        return frozenset(heading.key for heading in self.headings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that happened with a partner, for lists of what is new."""

    day: date
    what: str
    detail: str = ""
    partner: str = ""
    url: str = ""
    icon: str = "circle-dot"
    is_new: bool = False
    audience: Literal["", "shared", "only_us"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """Somebody on either side."""

    name: str
    role: str
    mail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A file that came with something, and who may open it."""

    name: str
    about: str
    url: str
    day: date
    audience: Literal["shared", "only_us"] = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """A note, and who may read it."""

    text: str
    by: str
    at: date
    audience: Literal["shared", "only_us"]
    side: Literal["vendor", "partner"] = "vendor"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLine:
    """A requirement of the tier held that will be closed at the next review if nothing happens."""

    label: str
    words: str = ""
    is_now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """A line of a review that is not decided: what it would do to the partner, and until when it can be mended."""

    before: str
    after: str
    on: date
    url: str
    mend_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerPage:
    """One partner as its vendor sees it."""

    key: str
    name: str
    program: str
    joined_on: date
    tier: str = ""
    tier_rank: int = -1
    next_tier: str = ""
    region: str = ""
    tiles: tuple[StatTile, ...] = ()
    gates: tuple[Gate, ...] = ()
    keeps: tuple[Gate, ...] = ()
    open_lines: tuple[OpenLine, ...] = ()
    mending: str = ""
    is_taken: bool = False
    promotion: str = ""
    risks: tuple[RiskLine, ...] = ()
    loses_on: date | None = None
    next_review: date | None = None
    last_visit: date | None = None
    is_first_visit: bool = True
    changes: tuple[Change, ...] = ()
    timeline: tuple[Change, ...] = ()
    shows: tuple[Choice, ...] = ()
    people_url: str = ""
    ours: tuple[PersonLine, ...] = ()
    theirs: tuple[PersonLine, ...] = ()
    notes: tuple[NoteLine, ...] = ()
    documents: tuple[DocumentLine, ...] = ()
    certifications_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """One row of the week: a partner, why, what it is worth, what to say."""

    key: str
    partner: str
    url: str
    rule: str
    about: str
    fact: str
    day: date
    say: str
    icon: str = "circle-dot"
    is_late: bool = False
    tier: str = ""
    tier_rank: int = -1
    worth: Decimal | None = None
    worth_unit: str = ""
    others: tuple[str, ...] = ()
    letter: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A day that matters: something of this week, a review or a renewal ahead."""

    day: date
    partner: str
    url: str
    what: str
    detail: str = ""
    tone: Literal["plain", "good", "warn", "bad"] = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPage:
    """The week of somebody who looks after partners."""

    ours_late: int
    theirs_late: int
    partners: int
    whose: tuple[Choice, ...] = ()
    lines: tuple[WeekLine, ...] = ()
    more: int = 0
    reasons: tuple[Choice, ...] = ()
    monday: date | None = None
    next_week: date | None = None
    changes: tuple[Event, ...] = ()
    changes_total: int = 0
    reviews: tuple[Event, ...] = ()
    reviews_total: int = 0
    renewals: tuple[Event, ...] = ()
    renewals_total: int = 0
    open_reviews: tuple[OpenReview, ...] = ()
    decides: bool = False
    recommends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodCell:
    """One promise in one period: of one partner, or of many in per cent."""

    label: str
    state: CellState
    words: str
    figure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """One promise through the periods, the oldest first."""

    label: str
    side: Literal["vendor", "partner"]
    cells: tuple[PeriodCell, ...]
    kept: int
    asked: int
    key: str = ""
    nudge_words: str = ""
    can_nudge: bool = False
    text: str = ""

    @property
    def percent(self) -> int | None:
        """How often it was kept, in per cent rounded down; nothing where it was never due."""
        return 100 * self.kept // self.asked if self.asked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerPromises:
    """The promises between us and one partner, ours first."""

    key: str
    partner: str
    url: str
    tier: str
    tier_rank: int
    promises: tuple[PromiseLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """How fast reports of one quarter were answered."""

    quarter: str
    answered: int
    in_time: str
    median_days: str
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RhythmPage:
    """The rhythm board."""

    total: int
    whose: tuple[Choice, ...] = ()
    ours: tuple[PromiseLine, ...] = ()
    theirs: tuple[PromiseLine, ...] = ()
    answers: tuple[AnswerLine, ...] = ()
    partners: tuple[PartnerPromises, ...] = ()
    first: int = 0
    last: int = 0
    page: int = 1
    before_url: str = ""
    after_url: str = ""
