"""How often verdicts fall in worlds of which the truth is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from swingby.insight import SETTINGS, Result, Settings, Verdict
from swingby.insight.effects.judging import judge
from swingby.insight.effects.study import Findings, study_effect
from tests.insight.worlds import World, draw, truth

#: Bands are for pictures; no verdict rests on them, so few draws do.
QUICK = replace(SETTINGS, draws=19)


@dataclass(frozen=True, slots=True)
class Rates:
    """What came of many worlds: verdicts and failed checks, how often the range held the truth, and mean estimates."""

    worlds: int
    verdicts: Counter[Verdict]
    failed: Counter[str]
    held: int
    effect: float
    truth: float
    beyond_line: float
    plain_difference: float
    significant: int

    def share(self, verdict: Verdict) -> float:
        """How often a verdict fell."""
        return self.verdicts[verdict] / self.worlds


def rates(world: World, seeds: Iterable[int], settings: Settings = QUICK) -> Rates:
    """Draw a world for each seed, study and judge it."""
    verdicts: Counter[Verdict] = Counter()
    failed: Counter[str] = Counter()
    found: list[tuple[Findings, float]] = []
    count = 0
    for count, seed in enumerate(seeds, start=1):  # noqa: B007 (how many there were)
        case = draw(world, seed)
        findings = study_effect(case, settings, seed=seed)
        judgement = judge(findings, settings)
        verdicts[judgement.verdict] += 1
        failed.update(name for name, result in judgement.results.items() if result is Result.FAILED)
        if isinstance(findings, Findings):
            found.append((findings, truth(case.panel, case.window.lags - 1) if world.works else 0.0))
    return Rates(
        worlds=count,
        verdicts=verdicts,
        failed=failed,
        held=sum(one.effect.low <= true <= one.effect.high for one, true in found),
        effect=_mean(one.effect.value for one, _ in found),
        truth=_mean(true for _, true in found),
        beyond_line=_mean(one.beyond_line.value for one, _ in found if one.beyond_line),
        plain_difference=_mean(one.plain_difference for one, _ in found),
        significant=sum(one.effect.excludes_zero for one, _ in found),
    )


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else float("nan")
