"""Tiers and rules that are called otherwise in the other version, and a program under the other's names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from swingby.program.blocks import BenefitValue, ByCase, TableValue
from swingby.program.comparing.bare import rebuilt, without_texts
from swingby.program.describing.speaker import NUMBERS, Speaker, speaker_of
from swingby.program.model import Earning, Ladder, Program, SplitPart, Tier
from swingby.program.numbers import AccountNumber, NumberReference, RequirementReference, TierHeld

#: Sections whose rules are looked for under another name. What facts, tracks, calendars and ladders are called is
#: also written in facts, decisions and periods, so that another name is another thing.
_SECTIONS: Final = (*NUMBERS.values(), "requirements", "tables", "benefits", "accounts")


@dataclass(frozen=True, slots=True)
class Renames:
    """From old to new names: tiers by ladder, rules by section."""

    tiers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    rules: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def rule(self, section: str, name: str) -> str:
        """The new name of a rule."""
        return self.rules.get((section, name), name)

    def old_rule(self, section: str, name: str) -> str:
        """The old name of a rule."""
        return next((old for (known, old), new in self.rules.items() if (known, new) == (section, name)), name)

    def old_tier(self, ladder: str, tier: str) -> str:
        """The old name of a tier."""
        return next((old for (known, old), new in self.tiers.items() if (known, new) == (ladder, tier)), tier)


def renames_between(old: Program, new: Program) -> Renames:
    """What is called otherwise: tiers that say so with ``was``, and what says the same under another name."""
    tiers: dict[tuple[str, str], str] = {}
    for name in old.ladders.keys() & new.ladders.keys():
        before, after = ({tier.id: tier for tier in side.ladders[name].tiers} for side in (old, new))
        tiers.update({(name, a): b for a, b in _tiers(before, after)})
    rules = {
        (section, a): b
        for section in _SECTIONS
        for a, b in _alike(*_apart(getattr(old, section), getattr(new, section)), _nameless_rule)
    }
    return Renames(tiers, rules)


def _apart(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What only one side has."""
    gone = {name: body for name, body in old.items() if name not in new}
    return gone, {name: body for name, body in new.items() if name not in old}


def _tiers(before: Mapping[str, Tier], after: Mapping[str, Tier]) -> list[tuple[str, str]]:
    gone, come = _apart(before, after)
    told = [(a, b) for a, one in gone.items() for b, other in come.items() if a == other.was or b == one.was]
    named = {name for pair in told for name in pair}
    return [*told, *(pair for pair in _alike(gone, come, _nameless_tier) if not named.intersection(pair))]


def _nameless_tier(tier: Tier) -> Any:
    return replace(without_texts(tier), id="", was=None)


def _nameless_rule(body: Any) -> Any:
    return replace(without_texts(body), name="")


def _alike(gone: Mapping[str, Any], come: Mapping[str, Any], nameless: Callable[[Any], Any]) -> list[tuple[str, str]]:
    """Pairs that differ in nothing but their name, where only one on each side does."""
    said = [[nameless(body) for body in side.values()] for side in (gone, come)]
    return [
        (a, b)
        for a, one in zip(gone, said[0], strict=True)
        for b, other in zip(come, said[1], strict=True)
        if one == other and said[0].count(one) == said[1].count(one) == 1
    ]


# --- under the other's names ----------------------------------------------------------------------------------------


def under_new_names(program: Program, renames: Renames) -> Program:
    """The old program with the names of the new one, wherever they are written."""
    sections: dict[str, Any] = {
        section: {renames.rule(section, name): _body(section, body, renames) for name, body in found.items()}
        for section, found in ((section, getattr(program, section)) for section in _ALL)
    }
    return replace(program, **sections)


_ALL: Final = (*_SECTIONS, "facts", "tracks", "ladders", "calendars")


def _body(section: str, body: Any, renames: Renames) -> Any:
    found = rebuilt(body, lambda part: _renamed(part, renames))
    return replace(found, name=renames.rule(section, body.name)) if section in _SECTIONS else found


def speaker_under_new_names(old: Program, renamed: Program, renames: Renames) -> Speaker:
    """Who says the old program by its old labels, though its rules go by the new names."""
    before = speaker_of(old)
    tiers = {(f"ladders.{ladder}", new): before.tier(ladder, tier) for (ladder, tier), new in renames.tiers.items()}
    rules = {(section, new): before.name(section, name) for (section, name), new in renames.rules.items()}
    return replace(before, program=renamed, names={**before.names, **tiers, **rules})


def _renamed(part: Any, renames: Renames) -> Any:
    change = _CHANGES.get(type(part))
    return change(part, renames) if change else part


def _ladder(part: Ladder, renames: Renames) -> Ladder:
    tiers = tuple(replace(tier, id=renames.tiers.get((part.name, tier.id), tier.id)) for tier in part.tiers)
    start = part.start and renames.tiers.get((part.name, part.start), part.start)
    return replace(part, tiers=tiers, start=start)


def _by_case(part: ByCase, renames: Renames) -> ByCase:
    cases = tuple((renames.tiers.get((part.by, word), word), value) for word, value in part.cases)
    return replace(part, cases=cases)


def _account(name: str | None, renames: Renames) -> str | None:
    return name and renames.rule("accounts", name)


def _earning(part: Earning, renames: Renames) -> Earning:
    return replace(part, into=_account(part.into, renames), out_of=_account(part.out_of, renames))


def _part(part: SplitPart, renames: Renames) -> SplitPart:
    return replace(part, into=renames.rule("accounts", part.into), otherwise=_account(part.otherwise, renames))


_CHANGES: Final[dict[type, Callable[[Any, Renames], Any]]] = {
    TierHeld: lambda part, renames: replace(part, tier=renames.tiers.get((part.ladder, part.tier), part.tier)),
    Ladder: _ladder,
    ByCase: _by_case,
    Earning: _earning,
    SplitPart: _part,
    NumberReference: lambda part, renames: replace(part, name=renames.rule(NUMBERS[part.section], part.name)),
    RequirementReference: lambda part, renames: replace(part, name=renames.rule("requirements", part.name)),
    TableValue: lambda part, renames: replace(part, table=renames.rule("tables", part.table)),
    BenefitValue: lambda part, renames: replace(part, benefit=renames.rule("benefits", part.benefit)),
    AccountNumber: lambda part, renames: replace(part, account=renames.rule("accounts", part.account)),
}
