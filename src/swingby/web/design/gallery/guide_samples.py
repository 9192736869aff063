"""Sample program guides: usual, without tiers or standing, and very large."""

from dataclasses import replace
from datetime import date
from functools import cache

from swingby.program import Line, Passage, Program, guide, load_texts
from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.gallery.samples import PROGRAM
from swingby.web.portal.guide_parts import ComingVersion, GuidePage, LadderCards, Stand, TierCard

_RULES = """\
program: {id: harborline, label: Harborline Partner Success, language: 1, version: "VERSION", effective: DAY,
  currency: USD, protected_through: 2026-07-31}
calendars: {fiscal: {starts: 02-01}}
points:
  plans: {for_each: activities, where: {kind: plan_reviewed}, earn: 20, cap: {at_most: 20, per: fiscal quarter},
    expires: {after: 12 months}, label: Plan reviewed}
  training: {for_each: activities, where: {kind: training_completed}, earn: 4, expires: {after: 12 months},
    label: Training completed}
measures:
  engineers: {count: person, of: credentials, where: {level: advanced}, label: Engineers with Advanced}
  reviews: {count: facts, of: activities, where: {kind: plan_reviewed}, over: {last: 12 months}, label: Plan reviews}
scores:
  total: {sum: [plans, training], label: Points}
ladders:
  level:
    label: Partner tiers
    start: member
    promote: {each: month}
    demote: {dates: [02-01, 08-01], grace: 90 days}
    tiers:
      - {id: member}
      - {id: select, requires: {all: [{score: total, at_least: 250}, {measure: engineers, at_least: 1}]}}
      - {id: gold, requires: {all: [{score: total, at_least: 550}, {measure: engineers, at_least: ENGINEERS},
          {any: [{measure: reviews, at_least: 3}, {measure: engineers, at_least: 8}]}]}}
benefits:
  discount: {label: Discount, value: {by: level, member: 10%, select: 15%, gold: GOLD}}
  seats: {label: Paid training seats, value: {by: level, select: 2, gold: 6, otherwise: 0}}
  support: {label: Support, value: named_contact}
"""


def sample_text(version: str = "2", day: str = "2026-02-01", engineers: int = 4, gold: str = "23%") -> str:
    """The rules of the sample program as they are written."""
    text = _RULES
    for word, value in (("VERSION", version), ("DAY", day), ("ENGINEERS", str(engineers)), ("GOLD", gold)):
        text = text.replace(word, value)
    return text


def sample_program(text: str) -> Program:
    """A program that a text says."""
    found = load_texts([("program.yaml", text)])
    if found.program is None:
        raise ValueError("\n".join(str(issue) for issue in found.errors))
    return found.program


@cache
def sample_guide() -> GuidePage:
    """A partner on Select, with another version announced."""
    said = guide(sample_program(sample_text()), sample_program(sample_text("1", "2025-02-01", 3, "20%")))
    stands: tuple[Stand, ...] = ("passed", "here", "next")
    gaps = ("Engineers with Advanced: one more", "Points: 120 more points")
    ladder = said.ladders[0]
    tiers = tuple(
        TierCard(
            key=tier.id,
            name=tier.name,
            rank=rank,
            asks=tier.asks,
            gives=tier.gives,
            stand=stands[rank],
            gaps=gaps if stands[rank] == "next" else (),
        )
        for rank, tier in enumerate(ladder.tiers)
    )
    cards = LadderCards(key=ladder.id, name=ladder.name, opening=ladder.opening, tiers=tiers, moving=ladder.moving)
    return GuidePage(
        program=PROGRAM,
        version=said.version,
        effective=said.effective,
        announced=date(2025, 10, 1),
        opening=said.opening,
        ladders=(cards,),
        gives=said.gives,
        parts=said.parts,
        defaults=said.defaults,
        before=said.before,
        changes=said.changes,
        standing="Tarnwick Labs holds Select with 430 points on 31 March 2026. Of what Gold asks for, 1 of 3 are met.",
        standing_url="/gallery/?page=home",
        coming=ComingVersion(
            version="3", effective=date(2026, 8, 1), changes=said.changes, url="/gallery/?page=change"
        ),
        paper_url="/gallery/?page=guide",
        own_paper_url="/gallery/?page=guide",
    )


def guide_empty() -> GuidePage:
    """The first version of a program without tiers, before anything was worked out."""
    return replace(
        sample_guide(),
        announced=None,
        ladders=(),
        gives=(),
        parts=sample_guide().parts[:1],
        before="",
        changes=(),
        standing="",
        coming=None,
        own_paper_url="",
    )


def guide_large() -> GuidePage:
    """Long words everywhere."""
    page = sample_guide()
    ladder = page.ladders[0]
    asks = (Line(LONG_NAME, (Line(LONG_WORD, (Line(LONG_NAME, (Line(LONG_WORD),)),)),)),)
    gives = tuple(replace(grant, label=LONG_NAME, words=LONG_WORD) for grant in ladder.tiers[2].gives)
    tiers = tuple(
        replace(ladder.tiers[number % 3], key=f"tier-{number}", name=LONG_WORD, asks=asks, gives=gives)
        for number in range(7)
    )
    rule = Passage(LONG_WORD, lines=asks)
    return replace(
        page,
        program=LONG_NAME,
        version=LONG_WORD,
        ladders=(replace(ladder, name=LONG_NAME, tiers=tiers, without=gives),),
        parts=tuple(Passage(f"{number} {LONG_NAME}", passages=(rule,) * 5) for number in range(3)),
        changes=((LONG_NAME, (LONG_WORD, LONG_NAME) * 10),),
        standing=LONG_NAME,
    )
