"""From an effect and an account to one of four verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from swingby.insight.cards import Result
from swingby.insight.effects.judging import Judgement
from swingby.insight.numerics.estimates import Range
from swingby.insight.returns.question import ReturnQuestion
from swingby.insight.returns.study import Account
from swingby.insight.settings import Settings
from swingby.insight.verdicts import Verdict

#: ``pays``, ``loses``: shown either way. ``either``: an effect is shown, but not whether it is worth its cost. ``not enough``:
#: no effect is shown, and one that pays is excluded. ``unknown``: no effect is shown, and one that pays may be there.
Answer = Literal["pays", "loses", "either", "not enough", "unknown"]
#: Beside the range itself, what would make an effect that is not there look excluded, or one that is there.
TRUSTED = ("leads", "placebo date", "lots")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What it comes to, and the results of the checks of costs."""

    answer: Answer
    verdict: Verdict
    results: dict[str, Result]


def rule(
    question: ReturnQuestion, effect: Range, judgement: Judgement, account: Account, settings: Settings, *, first: bool
) -> Ruling:
    """Say whether the act pays.

    Shown
        The effect is shown, the range of what is left after costs lies above zero, and costs are known.
    Suggested
        The same with an effect that is suggested and lies above what is needed, or with costs that are not all known.
    Not shown
        Everything else; also what is shown to lose money.

    Parameters
    ----------
    first
        Whether costs are known from before the first days on.
    """
    known = any(one.low > 0 for one in (question.each, question.hours_each, question.granted))
    share = account.with_cost / max(1, account.begun)
    results = {
        "costs known": _result(known or share >= settings.fewest_with_cost),
        "costs before the act": _result(first),
    }
    answer = _answer(effect, judgement, account)
    return Ruling(answer, _verdict(answer, effect, judgement, account, results), results)


def _answer(effect: Range, judgement: Judgement, account: Account) -> Answer:
    if judgement.verdict is Verdict.SHOWN:
        return "pays" if account.net.low > 0 else "loses" if account.net.high < 0 else "either"
    doubtful = any(judgement.results[name] is Result.FAILED for name in TRUSTED)
    return "not enough" if not doubtful and effect.high < account.effect_needed.low else "unknown"


def _verdict(
    answer: Answer, effect: Range, judgement: Judgement, account: Account, results: dict[str, Result]
) -> Verdict:
    if answer == "pays":
        return Verdict.SUGGESTED if Result.FAILED in results.values() else Verdict.SHOWN
    if judgement.verdict is Verdict.SUGGESTED and effect.low > account.effect_needed.high:
        return Verdict.SUGGESTED
    return Verdict.NOT_SHOWN


def _result(passed: bool) -> Result:  # noqa: FBT001 (what it judges)
    return Result.PASSED if passed else Result.FAILED
