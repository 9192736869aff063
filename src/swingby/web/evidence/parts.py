"""What the pages of evidence show, without markup except for the picture, which is drawn already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from swingby.web.design.parts import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """Something that could have made an answer doubtful; of readiness, a question and what is missing."""

    name: str
    result: str
    tone: Tone
    icon: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A card as people read it. ``beside`` is the naive number with its label, which is no effect."""

    question: str
    verdict: str
    tone: Tone
    icon: str
    meant: str
    sentence: str
    decision: str
    first: tuple[str, str] | None = None
    beside: tuple[str, str] | None = None
    picture: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    ranges: str = ""
    checks: tuple[CheckLine, ...] = ()
    counts: tuple[tuple[str, str, str], ...] = ()
    counts_deals: bool = False
    mind: tuple[str, ...] = ()
    about: str = ""
    method: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """One kept card on the list."""

    question: str
    sentence: str
    url: str
    asked_on: date
    asked_by: str
    verdict: str = ""
    tone: Tone = "plain"
    icon: str = ""
    is_running: bool = False
    failed: str = ""
    decision: str = ""
    decision_by: str = ""
    decision_until: date | None = None
    is_due: bool = False
    readers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """A question that may be asked, and why it cannot be, where that is known."""

    label: str
    lead: str
    icon: str
    url: str
    missing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What can be answered as of the last look; ``running`` says how far a look is that is on its way."""

    lines: tuple[CheckLine, ...] = ()
    sentence: str = ""
    looked_on: date | None = None
    first: date | None = None
    last: date | None = None
    position: int | None = None
    running: str = ""
    failed: str = ""
    look_url: str = ""
    progress_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPage:
    """The first page: what can be answered, what was answered, what is due."""

    readiness: Readiness
    due: tuple[CardLine, ...] = ()
    cards: tuple[CardLine, ...] = ()
    total: int = 0
    older_url: str = ""
    questions: tuple[QuestionLine, ...] = ()
    reads_cards: bool = True
    experiments_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One setting in a form."""

    name: str
    label: str
    sort: str
    value: str
    hint: str = ""
    error: str = ""
    optional: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage:
    """The form of one question."""

    label: str
    lead: str
    url: str
    back_url: str
    fields: tuple[FieldView, ...]
    programs: tuple[tuple[str, str], ...] = ()
    program: str = ""
    refused: str = ""
    looks: bool = False
    look_url: str = ""
    back: str = ""
    send: str = ""
    icon: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One decision of the history."""

    word: str
    by_whom: str
    until: date
    words: str
    decided_by: str
    decided_at: datetime
    is_due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine:
    """One partner that reads the card."""

    partner: str
    shared_on: date
    shared_by: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """One kept card with what was asked, decided and shared; ``card`` is None until it is computed."""

    question: str
    label: str
    state: str
    progress: str
    asked_by: str
    asked_at: datetime
    card: CardView | None = None
    settings: tuple[tuple[str, str], ...] = ()
    stands_on: str = ""
    changes: tuple[str, ...] = ()
    before_url: str = ""
    before_on: date | None = None
    decisions: tuple[DecisionLine, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    readers: tuple[ShareLine, ...] = ()
    readers_total: int = 0
    decides: bool = False
    can_be_shared: bool = False
    experiment_url: str = ""
    urls: dict[str, str] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a job is still at it."""
        return self.state in ("waiting", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePage:
    """What partners would read, and with whom it is to be shared."""

    question: str
    url: str
    back_url: str
    card: CardView | None = None
    refused: str = ""
    left_out: tuple[str, ...] = ()
    partners: tuple[tuple[str, str], ...] = ()
    readers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLine:
    """A card on the partner's list."""

    question: str
    sentence: str
    verdict: str
    tone: Tone
    icon: str
    shared_on: date
    url: str
