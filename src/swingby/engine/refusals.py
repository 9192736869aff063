"""What a program says that the engine cannot compute: every rule, found without any facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from swingby.engine.assessing import compile_program
from swingby.engine.building import Builder
from swingby.engine.compiling import make_plan
from swingby.engine.declared import ADD
from swingby.engine.place import NotComputedError
from swingby.engine.setting import Setting
from swingby.engine.trees import tier_trees
from swingby.program import Issue, Program
from swingby.program.walk import Rule, rules
from swingby.values import OutsideCalendarError

#: So many days after the first day of a program every review of a year has been looked at.
MORE_THAN_A_YEAR = timedelta(days=370)


def refusals(program: Program) -> list[Issue]:
    """What cannot be computed, as errors at the places where it was written, with what to write instead.

    A program without any is computed whatever the facts are. Of rules that read a refused one only that one is named.
    """
    if _refused(lambda: _whole(program)) is None:
        return []
    found: dict[tuple[str, int, int, str], Issue] = {}
    for rule in rules(program):
        error = _refused(lambda rule=rule: _alone(program, rule))  # type: ignore[misc]
        if error is not None:
            issue = _issue(program, rule, error)
            found.setdefault((issue.location.file, issue.location.line, issue.location.column, error.what), issue)
    return sorted(found.values())


def _refused(attempt: Callable[[], None]) -> NotComputedError | None:
    try:
        attempt()
    except NotComputedError as error:
        return error
    except OutsideCalendarError:
        pass
    return None


def _issue(program: Program, rule: Rule, error: NotComputedError) -> Issue:
    place = rule.body.location if error.place == program.location else error.place
    return Issue(place, "not-computed", f"{rule.path}: {error.what} cannot be computed by this version.", error.hint)


def _whole(program: Program) -> None:
    compiled = compile_program(program)
    make_plan(program, _setting(program), compiled.builder.graph)


def _alone(program: Program, rule: Rule) -> None:
    """Plan one rule with all that it reads."""
    builder = Builder(program, {})
    if rule.section in ADD:
        ADD[rule.section](builder, rule.name)
        if rule.section == "ladders":
            tier_trees(builder, program.ladders[rule.name])
        make_plan(program, _setting(program), builder.graph)


def _setting(program: Program) -> Setting:
    """A day by which everything was looked at, a partner of the first day, and a fact of every earning."""
    first = program.header.effective
    days = (first,)
    return Setting(
        asked=(first + MORE_THAN_A_YEAR,),
        restricted=False,
        incomplete=_complete,
        cohorts=days,
        entry_days={earning.name: (days, days) for earning in (*program.points.values(), *program.incentives.values())},
    )


def _complete(_: str, __: date, ___: date) -> bool:
    return False
