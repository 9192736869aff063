"""The program guide as values: the tiers with what they ask and give, the partner's own place among them, the rules."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from swingby.program import Grant, Line, Passage

Sections = tuple[tuple[str, tuple[str, ...]], ...]
Stand = Literal["", "here", "next", "passed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierCard:
    """One tier; ``stand`` says where the reader's own organization is, and ``gaps`` what it still misses for it."""

    key: str
    name: str
    rank: int
    asks: tuple[Line, ...]
    gives: tuple[Grant, ...]
    stand: Stand = ""
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderCards:
    """A ladder with its tiers from the lowest."""

    key: str
    name: str
    opening: tuple[Line, ...]
    tiers: tuple[TierCard, ...]
    moving: tuple[Line, ...]
    without: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingVersion:
    """A version that is announced."""

    version: str
    effective: date
    changes: Sections
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePage:
    """Everything on the page. ``standing`` is one sentence about the reader's own organization, empty before any is known."""

    program: str
    version: str
    effective: date
    announced: date | None
    opening: tuple[str, ...]
    ladders: tuple[LadderCards, ...]
    gives: tuple[Grant, ...]
    parts: tuple[Passage, ...]
    defaults: tuple[Line, ...]
    before: str
    changes: Sections
    standing: str = ""
    standing_url: str = ""
    coming: ComingVersion | None = None
    paper_url: str = ""
    own_paper_url: str = ""

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """Where each part of the page begins, with its heading."""
        parts = tuple((f"part-{number}", part.heading) for number, part in enumerate(self.parts, start=1))
        return (
            *((f"ladder-{ladder.key}", ladder.name) for ladder in self.ladders),
            *((("everybody", "What everybody gets"),) if self.gives else ()),
            *parts,
            *((("defaults", "What holds unless a rule says otherwise"),) if self.defaults else ()),
            *((("changed", f"What changed since version {self.before}"),) if self.before else ()),
        )
