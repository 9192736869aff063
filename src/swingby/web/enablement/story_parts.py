"""What the pages of the stage show: frozen values without markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from swingby.web.design.parts import Choice, Tone

Thanking = Literal["", "thank", "unthank"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story as somebody reads it. ``thanking`` is what the reader may do; ``asks`` what the vendor may."""

    label: str
    who: str
    why: str = ""
    learned: str = ""
    plan: str = ""
    day: date | None = None
    readers: str = ""
    state: str = ""
    tone: Tone = "plain"
    href: str = ""
    act_url: str = ""
    edition: int = 0
    thanking: Thanking = ""
    asks: Literal["", "welcome", "unwelcome"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A certification that somebody holds and told nothing of yet."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WallPage:
    """The newest stories; above them what is the reader's own, and what waits for an answer.

    ``newer`` and ``older`` are the queries of the pages beside this one.
    """

    name: str
    is_vendor: bool = False
    offices: tuple[Choice, ...] = ()
    codes: tuple[Choice, ...] = ()
    lines: tuple[StoryLine, ...] = ()
    total: int = 0
    newer: str = ""
    older: str = ""
    mine: tuple[StoryLine, ...] = ()
    invited: tuple[Invited, ...] = ()
    waiting: tuple[StoryLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    """One story, with what the reader may do about it."""

    line: StoryLine
    back_url: str
    form_url: str = ""
    answer: str = ""
    thanked_by: tuple[str, ...] = ()
    is_mine: bool = False
    may_accept: bool = False
    may_return: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryForm:
    """Three short answers, who reads them, and as whom."""

    label: str
    post_url: str
    back_url: str
    unnamed: str
    audiences: tuple[Choice, ...] = ()
    why: str = ""
    learned: str = ""
    plan: str = ""
    is_named: bool = True
    stays: bool = False
    is_accepted: bool = False
    answer: str = ""
    most: int = 300
