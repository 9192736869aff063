"""From what was estimated to one of four verdicts."""

from __future__ import annotations

from dataclasses import dataclass

from swingby.insight.cards import Result
from swingby.insight.effects.study import Findings, Refusal
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, and the result of each check by its name."""

    verdict: Verdict
    results: dict[str, Result]


def judge(findings: Findings | Refusal, settings: Settings = SETTINGS) -> Judgement:
    """Say what the findings amount to.

    Shown
        The interval excludes zero, neither the leads nor their slope ring, beyond the line of the leads the effect still
        excludes zero, the placebo date finds nothing, those who began can be compared, and the effect does not hang on one
        partner.
    Suggested
        The interval excludes zero, the leads do not ring, the placebo date finds nothing, and beyond the line at least half
        of the effect remains.
    Not shown
        Everything else.
    """
    if isinstance(findings, Refusal):
        return Judgement(Verdict.UNANSWERABLE, {})
    results = _results(findings, settings)
    failed = {name for name, result in results.items() if result is Result.FAILED}
    if failed & {"interval", "lots", "leads", "placebo date"}:
        return Judgement(Verdict.NOT_SHOWN, results)
    shown = not failed & set(NEEDED) and results["beyond the line"] is Result.PASSED
    if shown:
        return Judgement(Verdict.SHOWN, results)
    suggested = _remains(findings, settings)
    return Judgement(Verdict.SUGGESTED if suggested else Verdict.NOT_SHOWN, results)


#: What must not fail for an effect to be shown.
NEEDED = ("slope", "beyond the line", "overlap", "biggest partner")


def _results(found: Findings, settings: Settings) -> dict[str, Result]:
    effect, beyond = found.effect, found.beyond_line
    return {
        "interval": _result(effect.excludes_zero),
        "lots": _result(None if found.by_lot is None else found.by_lot <= settings.alarm),
        "leads": _result(None if found.leads is None else found.leads.probability >= settings.alarm),
        "slope": _result(None if found.slope is None else not found.slope.excludes_zero),
        "beyond the line": _result(
            None if beyond is None else beyond.excludes_zero and _same(beyond.value, effect.value)
        ),
        "placebo date": _result(None if found.early is None else not found.early.excludes_zero),
        "overlap": _result(found.overlap.comparable >= settings.fewest_comparable),
        "biggest partner": _result(
            None if found.without_biggest is None else _same(found.without_biggest.value, effect.value)
        ),
        "base further back": _result(None if found.base_back is None else _same(found.base_back.value, effect.value)),
        "other outcome": _result(None if found.beside is None else not found.beside.excludes_zero),
    }


def _result(passed: bool | None) -> Result:  # noqa: FBT001 (what it judges)
    return Result.NOT_RUN if passed is None else Result.PASSED if passed else Result.FAILED


def _same(first: float, second: float) -> bool:
    return first * second > 0


def _remains(found: Findings, settings: Settings) -> bool:
    beyond, effect = found.beyond_line, found.effect
    if beyond is None:
        return False
    return _same(beyond.value, effect.value) and abs(beyond.value) >= settings.kept_beyond_line * abs(effect.value)
