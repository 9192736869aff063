"""A firm in several programs, as values: for each where it stands, what is missing, which day comes next, what it is worth."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from swingby.web.design.parts import Choice, Link

#: With long names everywhere so many rows and what stands around them stay below the weight of a page.
ON_A_PAGE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeCell:
    """What the firm says of one program: who answers, and worth and cost of twelve months. None is not known.

    ``has_left`` says that who answers has access no more.
    """

    answers: str = ""
    has_left: bool = False
    worth: Decimal | None = None
    cost: Decimal | None = None
    currency: str = ""
    note: str = ""
    said_on: date | None = None
    url: str = ""

    @property
    def loses(self) -> bool:
        """Whether the program costs more than it brings, as far as both are known."""
        return self.worth is not None and self.cost is not None and self.worth < self.cost


@dataclass(frozen=True, slots=True, kw_only=True)
class FallLine:
    """What becomes of one program if people left: the word for it, its tone, and the sentences that explain it.

    ``waits`` while a job is yet to answer; ``url`` is where the figures behind the tier stand.
    """

    words: str
    tone: str
    day: date | None = None
    reasons: tuple[str, ...] = ()
    waits: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramRow:
    """One program of one vendor. ``day`` is the next that matters, with ``what`` happens on it.

    Before anything was worked out it is not ``is_known``. ``keeps`` is what the tier that is held lacks, or will lack;
    ``risk`` says that it may be lost and by when, ``risk_note`` what is held then.
    """

    key: str
    vendor: str
    program: str
    url: str
    partner: str = ""
    is_known: bool = True
    tier: str = ""
    tier_rank: int = -1
    risk: str = ""
    risk_note: str = ""
    next_tier: str = ""
    gap: str = ""
    keeps: str = ""
    day: date | None = None
    what: str = ""
    is_late: bool = False
    contact: str = ""
    unread: int = 0
    notifications_url: str = ""
    stake: StakeCell = StakeCell()
    fall: FallLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Worth and cost of all programs whose amounts are known in one currency; how many those are."""

    currency: str
    worth: Decimal
    worth_of: int
    cost: Decimal
    cost_of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The question what if one or two people left from a day on, as it is asked now. ``names`` are those who are chosen.

    The figures are of all programs, on whatever page they stand. ``before`` leads to what the reader asked last.
    ``listed_most`` is how many people are listed where there may be more.
    """

    first: tuple[Choice, ...]
    second: tuple[Choice, ...]
    day: date
    ask_url: str = ""
    problem: str = ""
    names: tuple[str, ...] = ()
    falling: int = 0
    unknown: int = 0
    waiting: int = 0
    stale: int = 0
    total: int = 0
    progress_url: str = ""
    before: tuple[Link, ...] = ()
    listed_most: int = 0

    @property
    def done(self) -> int:
        """How many programs are worked out so far."""
        return self.total - self.waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmPage:
    """All programs, the one whose day comes next first; ``names_partners`` where several organizations are enrolled.

    Who reads no stakes sees neither amounts nor ``what_if``.
    """

    firm: str
    rows: tuple[ProgramRow, ...]
    vendors: int
    total: int
    names_partners: bool = False
    before_url: str = ""
    after_url: str = ""
    reads_stakes: bool = False
    totals: tuple[Total, ...] = ()
    file_url: str = ""
    what_if: WhatIf | None = None
