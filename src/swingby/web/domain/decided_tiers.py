"""Which tiers people decided: a replay goes by the rules alone, and partners may hold another tier than it starts from.

A replay leaves out what people decided under the rules of then, because it says nothing about other rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from swingby.engine import TIER_DECISIONS, assess
from swingby.engine.replaying import Comparison
from swingby.facts import FactSet
from swingby.program import Program

#: So many of those who differ stand on the page.
MOST_SHOWN = 50
Tiers = Mapping[tuple[str, str], str | None]

#: How what decided a tier is called, by the end of its id.
_ENDS: Mapping[str, str] = {
    "-waits": "what a review proposes waits for a decision",
    "-outcome": "a review decided it",
    "-protected": "protected after a review",
    "-overturned": "an appeal overturned a review",
}
_EXCEPTION = "exception-"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedTier:
    """A partner that holds another tier than by the rules alone, and what decided it."""

    enrolment: str
    ladder: str
    by_rules: str | None
    held: str | None
    because: str


def decided_tiers(program: Program, facts: FactSet, *, begins: date, on: date) -> tuple[DecidedTier, ...] | None:
    """Who holds another tier on a day, by what people decided, than by rules that begin on an earlier day.

    None on a day on which another version was in force, whose tiers are not worked out. Decisions are taken out of ``facts``, which
    the caller reads no more after that.
    """
    if on < program.header.effective:
        return None
    whom = _decided_about(facts, program, on)
    if not whom:
        return ()
    held = _tiers(program, facts, whom, on)
    because = _reasons(facts, program, on)
    facts.connection.execute(f'DELETE FROM "fact_{TIER_DECISIONS}"')
    by_rules = _tiers(_begun(program, begins), facts, whom, on)
    return tuple(
        DecidedTier(
            enrolment=enrolment,
            ladder=ladder,
            by_rules=by_rules[enrolment, ladder],
            held=tier,
            because=because.get((enrolment, _name(ladder)), ""),
        )
        for (enrolment, ladder), tier in sorted(held.items())
        if (enrolment, ladder) in by_rules and by_rules[enrolment, ladder] != tier
    )


def _begun(program: Program, begins: date) -> Program:
    """The rules as a replay begins them; where it begins earlier, nothing is protected."""
    if begins >= program.header.effective:
        return program
    return replace(program, header=replace(program.header, effective=begins, protected_through=None))


def _tiers(program: Program, facts: FactSet, enrolments: Sequence[str], on: date) -> Tiers:
    with closing(assess(program, facts, as_of=on, enrolments=enrolments)) as run:
        return {(standing.enrolment, label): tier.tier for standing in run for label, tier in standing.tiers.items()}


_ABOUT = f"""
FROM "fact_{TIER_DECISIONS}" AS d
JOIN ref_enrolments AS e ON e.organization = d.organization
WHERE (d.program IS NULL OR d.program = ?) AND d.starts_on <= ? AND d.reversed_position IS NULL
"""


def _decided_about(facts: FactSet, program: Program, on: date) -> list[str]:
    rows = facts.connection.execute(f"SELECT DISTINCT e.enrolment {_ABOUT} ORDER BY ALL", [program.header.id, on])
    return [str(key) for (key,) in rows.fetchall()]


def _reasons(facts: FactSet, program: Program, on: date) -> dict[tuple[str, str], str]:
    """By enrolment and ladder what was decided last; what keeps a tier today goes before what settled one."""
    text = f"""
        SELECT e.enrolment, d.ladder, d.fact_id {_ABOUT}
        ORDER BY d.effect = 'at_least' AND coalesce(d.ends_on > ?, TRUE), d.starts_on, d.position, d.fact_id
    """
    rows = facts.connection.execute(text, [program.header.id, on, on]).fetchall()
    return {(str(enrolment), str(ladder)): _because(str(fact)) for enrolment, ladder, fact in rows}


def _because(fact: str) -> str:
    if fact.startswith(_EXCEPTION):
        return "by exception"
    return next((words for end, words in _ENDS.items() if fact.endswith(end)), "carried over, or decided elsewhere")


# --- beside a comparison -------------------------------------------------------------------------------------------------


def beside(found: Comparison, sides: tuple[Program, Program], rows: Sequence[DecidedTier] | None) -> dict[str, Any]:
    """What a comparison says of its start: how many hold each tier, and who holds another one than it starts from."""
    if rows is None:
        return {}
    left_out = set(found.not_compared)
    compared = [row for row in rows if row.enrolment not in left_out]
    gone = Counter((row.ladder, _called(sides[1], row.ladder, row.by_rules)) for row in compared)
    came = Counter((row.ladder, _called(sides[1], row.ladder, row.held)) for row in compared)
    return {
        "held_on": found.old.day.isoformat(),
        "held": [tier.old - gone[tier.ladder, tier.tier] + came[tier.ladder, tier.tier] for tier in found.last.tiers],
        "differing": len(compared),
        "differ": [_row(row, sides[0]) for row in compared[:MOST_SHOWN]],
    }


def _called(new: Program, ladder: str, tier: str | None) -> str | None:
    """A tier by its id in the new version, where that calls it otherwise."""
    rules = new.ladders.get(_name(ladder))
    return next((item.id for item in rules.tiers if item.was and item.was == tier), tier) if rules else tier


def _row(row: DecidedTier, program: Program) -> dict[str, Any]:
    labels = {tier.id: tier.label or tier.id for tier in program.ladders[_name(row.ladder)].tiers}
    return {
        "enrolment": row.enrolment,
        "by_rules": labels.get(row.by_rules or "", "No tier"),
        "held": labels.get(row.held or "", "No tier"),
        "because": row.because,
    }


def _name(label: str) -> str:
    """The ladder of a label, which may name a cell."""
    return label.partition("[")[0]
