"""What the pages of learning show: frozen values without markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from swingby.web.design.parts import Choice, Tone
from swingby.web.enablement.hour_parts import NoteLine, StepLine
from swingby.web.enablement.voucher_parts import OwnVoucher

#: How a cell of the matrix stands: enough, some but not enough, nobody where somebody is needed, nobody and no need.
CellTone = Literal["met", "short", "none", "idle"]

#: As many cells fit beside each other on a phone.
MOST_NARROW = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """One certification; ``words`` say everything for those who do not see the table."""

    words: str
    tone: CellTone
    held: int
    in_progress: int = 0
    lapsing: int = 0
    needed: int = 0
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """A vendor, or one of its products: for each role and level the certifications that there are."""

    label: str
    slots: tuple[tuple[MatrixCell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Vendors against roles and levels. ``roles`` stand above as many levels each."""

    roles: tuple[str, ...]
    levels: tuple[str, ...]
    rows: tuple[MatrixRow, ...]

    @property
    def is_narrow(self) -> bool:
        """Whether a phone can show all columns beside each other."""
        return len(self.heads) <= MOST_NARROW

    @property
    def heads(self) -> tuple[tuple[str, str], ...]:
        """Of every column the role and the level."""
        return tuple((role, level) for role in self.roles for level in self.levels)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """A certification that lacks people now, or will when what lapses has lapsed."""

    label: str
    needed: int
    held: int
    missing: int
    soon: int
    hours: Decimal
    sources: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLine:
    """What a tier asks, and how the firm stands with it."""

    source: str
    purpose: str
    label: str
    asked: int
    held: int
    lapsing: int
    missing: int
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePage:
    """The matrix of an office or of the firm, what is missing, and what tiers ask.

    ``counted`` says when a large firm was counted by a job; without ``is_current`` something came since, and while the
    page ``is_waiting`` nothing was counted yet.
    """

    name: str
    as_of: date
    counted: str = ""
    is_current: bool = True
    is_waiting: bool = False
    uncounted: tuple[str, ...] = ()
    matrix: Matrix | None = None
    offices: tuple[Choice, ...] = ()
    people: int = 0
    held: int = 0
    empty: int = 0
    total: int = 0
    gaps: tuple[GapLine, ...] = ()
    gaps_total: int = 0
    asks: tuple[AskLine, ...] = ()
    unknown: int = 0
    ahead_days: int = 90
    is_partners: bool = False
    unread: tuple[str, ...] = ()
    back_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A button: the word that is sent, its label, and how it looks."""

    word: str
    label: str
    variant: str = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """A credential of one's own."""

    code: str
    label: str
    state: str
    tone: Tone
    until: date | None = None
    note: str = ""
    rests: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """Something on the way. ``failures`` and ``vouchers`` are what only the person sees."""

    code: str
    label: str
    state: str
    tone: Tone
    exam_on: date | None = None
    note: str = ""
    failures: tuple[date, ...] = ()
    acts: tuple[Act, ...] = ()
    can_book: bool = False
    vouchers: tuple[OwnVoucher, ...] = ()
    steps: tuple[StepLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLine:
    """Something worth taking, and why."""

    code: str
    label: str
    hours: Decimal
    reason: str
    why: str = ""
    link: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPathPage:
    """One's own learning. ``is_linked`` is false while nobody said who one is in the firm's records.

    ``vouchers`` are those for what is not on the way. Hours may be noted from ``first_day`` on; who leads reads
    those from ``shown_from`` on. ``languages`` are empty for who looks as somebody. ``counted`` says when it was
    counted how many others hold what, in a firm so large that a job counts it.
    """

    name: str
    person: str
    as_of: date
    post_url: str = ""
    is_linked: bool = True
    has_catalogue: bool = True
    role: str = ""
    held: tuple[HeldLine, ...] = ()
    plans: tuple[PlanLine, ...] = ()
    nexts: tuple[NextLine, ...] = ()
    others: tuple[Choice, ...] = ()
    past: tuple[HeldLine, ...] = ()
    vouchers: tuple[OwnVoucher, ...] = ()
    hours_url: str = ""
    first_day: date | None = None
    notes: tuple[NoteLine, ...] = ()
    shown_from: date | None = None
    counted: str = ""
    languages: tuple[Choice, ...] = ()
    shows_languages: bool = False
    languages_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingLine:
    """A credential that ceases to count: it does on its last day, ``days`` from now, and not on the one after it."""

    last_day: date
    person: str
    label: str
    becomes: str
    days: int
    rests: tuple[str, ...] = ()
    reminded: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FallLine:
    """What is no longer met from a day on, and because of whom."""

    day: date
    source: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AheadPage:
    """What ceases to count, what rests on it, and what would if people left; a very large firm office by office."""

    name: str
    as_of: date
    until: date
    offices: tuple[Choice, ...] = ()
    spans: tuple[Choice, ...] = ()
    leavers: tuple[Choice, ...] = ()
    without: tuple[str, ...] = ()
    falls: tuple[FallLine, ...] = ()
    resting: tuple[EndingLine, ...] = ()
    endings: tuple[EndingLine, ...] = ()
    endings_total: int = 0
    asks: tuple[AskLine, ...] = ()
    ahead_days: int = 90
    is_by_office: bool = False
    before_url: str = ""
    after_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPerson:
    """Somebody and one certification: held, on the way, or a candidate."""

    key: str
    name: str
    words: str
    tone: Tone = "plain"
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPage:
    """One certification: who holds it, who is on the way, what asks for it, who could take it."""

    name: str
    label: str
    as_of: date
    back_url: str
    helpers_url: str = ""
    post_url: str
    held: int = 0
    needed: int = 0
    missing: int = 0
    terms: str = ""
    needs: tuple[str, ...] = ()
    holders: tuple[CellPerson, ...] = ()
    learners: tuple[CellPerson, ...] = ()
    candidates: tuple[CellPerson, ...] = ()
    candidates_total: int = 0
    holders_total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """What a newer catalogue says otherwise, and how many people it hits."""

    label: str
    words: str
    hit: int
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """What changed with the newest catalogue."""

    name: str
    taken_on: date | None = None
    before_on: date | None = None
    lines: tuple[ChangeLine, ...] = ()
