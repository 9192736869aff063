"""How a fact reaches an enrolment: owner, link, then up the tree of organizations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from .frame import Frame
from .tree import Row

LINKS = {"person": "employments", "customer": "associations", "deal": "deal_parties"}


@dataclass(frozen=True)
class Credited:
    """A fact that reached the enrolment, with the links that led to it and its share."""

    row: dict[str, Any]
    links: tuple[tuple[str, Row], ...] = ()
    share: Fraction = field(default=Fraction(1))


def holds(row: Row, day: date) -> bool:
    """A state holds from its first day until the day it no longer does."""
    return bool(row["starts_on"] <= day) and (row.get("ends_on") is None or bool(row["ends_on"] > day))


def credited(frame: Frame, kind: str, rows: list[dict[str, Any]], rule: object) -> list[Credited]:
    """The facts that reach the frame's enrolment by the credit rule, each once."""
    if rule == "any":
        return [Credited(row) for row in rows]
    spec: Mapping[str, Any] = rule if isinstance(rule, Mapping) else {}
    reached = (_reach(frame, kind, row, spec) for row in rows)
    return [item for item in reached if item is not None]


def _reach(frame: Frame, kind: str, row: dict[str, Any], spec: Mapping[str, Any]) -> Credited | None:
    """A row with an organization goes to it; any other, or one with a rule, goes through links.

    A link that is credited through its own kind, matching nothing, is the link itself.
    """
    base = frame.run.ledger.base_kind
    is_link = "through" in spec and "matching" not in spec and base(spec["through"]) == base(kind)
    if ("through" not in spec or is_link) and row.get("organization") is not None:
        return Credited(row) if _goes_up(frame, row["organization"], spec) else None
    link_kind = spec.get("through") or LINKS.get(frame.run.ledger.owner(kind))
    if link_kind is None:
        return None
    chosen = _several(_links(frame, kind, row, link_kind, spec), spec.get("several", "all"))
    mine = [(link, share) for link, share in chosen if _goes_up(frame, link["organization"], spec)]
    if not mine:
        return None
    name = frame.run.ledger.base_kind(link_kind)
    share = sum((share for _, share in mine), Fraction(0)) if spec.get("several") == "split" else Fraction(1)
    return Credited(row, tuple((name, link) for link, _ in mine), share)


def _links(frame: Frame, kind: str, row: Row, link_kind: str, spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The links of the fact's owner that hold on the fact's day (events) or the as-of day (states)."""
    ledger = frame.run.ledger
    owner = ledger.owner(kind)
    matching = spec.get("matching", owner)
    wanted = row.get(matching) if row.get(matching) is not None else row.get(owner)
    at = spec.get("at", "fact" if ledger.shape(kind) == "event" else "as_of")
    day = ledger.day_of(kind, row) if at == "fact" else frame.day
    known = ledger.known(ledger.base_kind(link_kind), frame.known)
    return [link for link in known if wanted is not None and link.get(matching) == wanted and holds(link, day)]


def _several(links: list[dict[str, Any]], rule: object) -> list[tuple[dict[str, Any], Fraction]]:
    """Which of several links get the fact, and with what share."""
    if rule in ("earliest", "latest") and links:
        edge = min if rule == "earliest" else max
        day = edge(link["starts_on"] for link in links)
        return [(next(link for link in links if link["starts_on"] == day), Fraction(1))]
    if isinstance(rule, list):
        words = [link.get("kind", link.get("role")) for link in links]
        first = next((word for word in rule if word in words), None)
        return [
            (link, Fraction(1)) for link, word in zip(links, words, strict=True) if first is not None and word == first
        ]
    if rule == "split":
        return [(link, _share(link, links)) for link in links]
    return [(link, Fraction(1)) for link in links]


def _share(link: Row, links: list[dict[str, Any]]) -> Fraction:
    """The link's own share, when every link has one; otherwise an equal part."""
    if all(other.get("share") is not None for other in links):
        return Fraction(link["share"])
    return Fraction(1, len(links))


def _goes_up(frame: Frame, organization: str, spec: Mapping[str, Any]) -> bool:
    """Whether the enrolment's organization receives what reached this one, by ``roll_up``."""
    roll_up = spec.get("roll_up") or frame.world.section("program").get("roll_up") or "nearest"
    line = ancestors(frame, organization)
    own = frame.enrolled.get("organization")
    if roll_up == "own":
        return organization == own
    enrolled = [place for place in line if is_enrolled(frame, place)]
    return own in enrolled if roll_up == "tree" else enrolled[:1] == [own]


def ancestors(frame: Frame, organization: str) -> list[str]:
    """The organization and everything above it, nearest first."""
    line: list[str] = []
    place: str | None = organization
    while place is not None and place not in line:
        line.append(place)
        place = (frame.run.ledger.reference_row("organizations", place) or {}).get("parent")
    return line


def is_enrolled(frame: Frame, organization: str) -> bool:
    """Whether the organization has an enrolment (at any time)."""
    return any(row["organization"] == organization for row in frame.world.facts.get("enrolments", []))
