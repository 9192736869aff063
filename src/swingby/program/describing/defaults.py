"""What holds unless a rule says otherwise: the sentences that every reader of a program should have heard once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from swingby.program.describing.tree import Line
from swingby.program.model import Earning, Ladder, Program
from swingby.program.numbers import AssignNumber, Compare, DecisionMade, FactNumber, ListNumber, Pick, RankNumber
from swingby.program.walk import walk

_Holds = Callable[[Program, frozenset[type]], bool]


def _always(_: Program, __: frozenset[type]) -> bool:
    return True


def _with(*kinds: type) -> _Holds:
    return lambda _, found: bool(found.intersection(kinds))


def _owned_by(owner: str) -> _Holds:
    return lambda program, _: any(program.kinds[name].owner == owner for name in _read(program))


def _read(program: Program) -> frozenset[str]:
    """The kinds of fact that rules read."""
    names = {getattr(part, "of", None) for rule in _rules(program) for part in walk(rule)}
    return frozenset(name for name in names if isinstance(name, str) and name in program.kinds)


def _rules(program: Program) -> Iterator[Any]:
    for section in ("facts", "tracks", "measures", "points", "scores", "requirements", "ladders", "incentives"):
        yield from getattr(program, section).values()


_DEFAULTS: Final[tuple[tuple[_Holds, str], ...]] = (
    (_always, "Days begin and end at midnight in the program's time zone. A number on a day looks at everything before its end."),
    (_with(Compare), "“At least” and “at most” include the number itself; “more than” and “less than” do not."),
    (_always, "Nothing is rounded unless a rule says so; then halves are rounded away from zero."),
    (_with(ListNumber), "Ratios are compared as exact fractions. Other numbers that are worked out are compared at their ninth decimal place."),
    (
        _always,
        ("The count and the sum of nothing are 0. A division by 0, an average or a median of nothing, and growth without "
        "a base above 0 are undefined, and a requirement on an undefined number is not met."),
    ),
    (
        _always,
        ("A number that needs facts from days which a source does not cover is unknown, not 0. Unknown moves nobody up "
        "or down; a requirement that already has enough counts as met."),
    ),
    (_with(FactNumber, Earning), "An event is counted from its day until it is cancelled. What lasts, such as a certificate, is counted while it is held."),
    (_with(FactNumber), "Where people, customers or other things are counted, each counts once."),
    (_owned_by("person"), "What people hold or do counts for the organization that employs them: on its day for an event, on the day looked at for what lasts, so that a leaver takes a certificate along."),
    (_owned_by("customer"), "What customers do counts for the organizations associated with them: on its day for an event, on the day looked at for what lasts."),
    (_owned_by("deal"), "A deal counts for the organizations that are parties to it on its day."),
    (_owned_by("person"), "A fact that several partners are linked to counts in full for each of them, and once for each, however many links there are."),
    (_with(FactNumber, Earning), "Amounts are converted at the latest rate on or before the day of the fact."),
    (_with(Earning), "What is earned is worked out in this order: the scale, its factors, its condition, its limits, rounding. It does not fall below 0 where it is worked out from a number."),
    (_with(Earning), "What is earned counts at once. Entries use up a limit in the order of their days; on one day the order of their fact ids decides. What is taken back makes no room under a limit."),
    (
        _with(Pick),
        "Where the first, last, highest or lowest facts are picked, of equal ones the order of their fact ids decides.",
    ),
    (_with(RankNumber), "Equal values share the better place."),
    (_with(AssignNumber), "A person sits once in each group, and otherwise as often as the rule allows."),
    (_with(DecisionMade), "Of several decisions on a topic the latest one counts; if a rule names no outcome, “approved” is meant."),
    (_always, "Where a value is looked up and no case fits, there is none: nothing is earned, a requirement is not met, a limit does not bind."),
    (_with(Ladder), "Each tier stands alone: a higher one need not repeat what a lower one asks for. What keeps a tier is what earns it, unless something else is said."),
    (_with(Ladder), "A review looks at the day before and takes effect on its own day. Where moving up and moving down meet on one day, moving up comes first and ends the review."),
    (_with(Ladder), "A ladder begins for a partner on the later of joining and the program's first day. A fact that arrives late changes the next review, never the last."),
)  # fmt: skip


def default_lines(program: Program) -> tuple[Line, ...]:
    """The defaults that matter to this program."""
    kinds = frozenset(type(part) for rule in _rules(program) for part in walk(rule))
    return tuple(Line(text) for holds, text in _DEFAULTS if holds(program, kinds))
