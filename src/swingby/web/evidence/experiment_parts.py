"""What the pages of experiments show, without markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from swingby.web.design.parts import Tone
from swingby.web.evidence.parts import CardLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentLine:
    """One experiment on the list. Where somebody has looked, the look is that of the verdict; else that of the stage."""

    words: str
    url: str
    asked_on: date
    asked_by: str
    stage: str
    tone: Tone
    icon: str
    partners: int = 0
    waves: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    smallest: str = ""
    sentence: str = ""
    looked_on: date | None = None
    reason: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentGroup:
    """Experiments that are equally far."""

    key: str
    title: str
    icon: str
    lines: tuple[ExperimentLine, ...]
    total: int
    more_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentsPage:
    """The list: those that run, are to come, ended, or were refused."""

    groups: tuple[ExperimentGroup, ...] = ()
    room_url: str = ""
    plan_url: str = ""
    all_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveLine:
    """One wave: when it begins, how many it has, whether it has begun."""

    number: int
    begins_on: date
    partners: int
    has_begun: bool
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceLine:
    """How alike the waves are in one trait."""

    trait: str
    difference: str
    words: str
    tone: Tone
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine:
    """A day on which it may be looked at, and who is held against whom there."""

    number: int
    ends_on: date
    begun: int
    waiting: int
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingLine:
    """A partner of the lot."""

    name: str
    region: str
    wave: int
    invited_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingPage:
    """Some partners of the lot, and the way to the others."""

    lines: tuple[TakingLine, ...] = ()
    first: int = 0
    last: int = 0
    total: int = 0
    wave: int = 0
    all_url: str = ""
    before_url: str = ""
    after_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """The plan in words."""

    hash: str
    made_at: datetime
    planned_on: date
    starts_on: date
    ends_on: date
    smallest: str
    outcome: str
    invited: str
    by_itself: bool
    total: int
    seed: str
    before: int
    stands_on: str
    waves: tuple[WaveLine, ...]
    balance: tuple[BalanceLine, ...]
    months: tuple[MonthLine, ...]
    first_look_on: date
    analysis: str
    stops: tuple[str, ...]
    taking: TakingPage
    same: int = 1
    is_in_chain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentPage:
    """One experiment: its plan, and the cards that looked at it; ``plan`` is None until the lot is drawn."""

    words: str
    stage: str
    tone: Tone
    icon: str
    asked_on: date
    asked_by: str
    progress: str = ""
    is_drawn: bool = False
    is_refused: bool = False
    plan: PlanView | None = None
    looks: tuple[CardLine, ...] = ()
    looks_total: int = 0
    may_look: bool = False
    may_plan: bool = False
    next_step: str = ""
    urls: dict[str, str] | None = None
