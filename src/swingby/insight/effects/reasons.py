"""Why an effect is not shown, and what each check found, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from swingby.insight.cards import Check, Result
from swingby.insight.effects.judging import Judgement
from swingby.insight.effects.question import Outcome
from swingby.insight.effects.scale import Scale, scale_of
from swingby.insight.effects.study import Findings
from swingby.insight.numerics.estimates import Range
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import luck, percent

#: What a sentence says of a check that failed; a drift is told by its direction.
_FAILED = {
    "lots": "drawing at random gives as much too often",
    "leads": "partners with it had moved differently before",
    "beyond the line": "too little is left beyond that earlier drift",
    "placebo date": "something is found long before it, too",
    "overlap": "too few partners are like those with it",
    "biggest partner": "a single partner carries it",
}


def reasons(found: Findings, judgement: Judgement) -> str:
    """Why it is not shown, as the rest of a sentence after "but" or "because"."""
    failed = [name for name, result in judgement.results.items() if result is Result.FAILED]
    said = [_drift(found) if name == "slope" else _FAILED[name] for name in failed if name in (*_FAILED, "slope")]
    return _listed(said or ["too little is known of the time before"])


def came_back(found: Findings) -> bool:
    """True where outcomes had moved the other way before: then they may only have come back."""
    return found.slope is not None and found.slope.excludes_zero and found.slope.value * found.effect.value < 0


@dataclass(frozen=True, slots=True)
class Tried:
    """What the checks are told from.

    Attributes
    ----------
    unit
        What periods are called: month or quarter.
    early
        How many of them before the act the placebo date lies.
    """

    scale: Scale
    unit: str
    early: int
    found: Findings

    def checks(self, judgement: Judgement) -> Iterator[Check]:
        """Every check with what it found."""
        for name, result in judgement.results.items():
            if name == "interval" or (name == "lots" and result is Result.NOT_RUN):
                continue
            yield Check(name, result, self._said(name, result))

    def _said(self, name: str, result: Result) -> str:
        if result is Result.NOT_RUN:
            return _NOT_RUN
        passed = result is Result.PASSED
        told: dict[str, Callable[[], str]] = {
            "lots": self._lots,
            "leads": lambda: _leads(self.found, passed=passed),
            "slope": self._slope,
            "beyond the line": self._beyond,
            "placebo date": self._too_early,
            "overlap": self._overlap,
            "biggest partner": self._without_biggest,
            "base further back": self._base_back,
            "other outcome": lambda: _beside(self.found, passed=passed),
        }
        return told[name]()

    def _lots(self) -> str:
        return f"Lots give as large an effect in {percent(self.found.by_lot or 0)} of draws."

    def _slope(self) -> str:
        return f"Drift against the others before it, each {self.unit}: {self._range(self.found.slope)}."

    def _beyond(self) -> str:
        caution = "; who comes back from a bad spell looks like that" if came_back(self.found) else ""
        return f"If the earlier drift had simply continued, the effect would be {self._range(self.found.beyond_line)}{caution}."

    def _too_early(self) -> str:
        when = f"Dated {self.early} {self.unit}s too early, before anything had happened"
        return f"{when}, it would seem to have changed the outcome by {self._range(self.found.early)}."

    def _overlap(self) -> str:
        like = f"{percent(self.found.overlap.comparable)} of partners with it have one without it that is like them"
        return f"{like}; weighed to be alike, those without it count as {self.found.overlap.effective:.0f} partners."

    def _without_biggest(self) -> str:
        return f"Without the biggest partner it is {self._range(self.found.without_biggest)}."

    def _base_back(self) -> str:
        it_is = f"it is {self._range(self.found.base_back)}; this passes where the direction is the same"
        return f"Counted from three {self.unit}s before instead of the last, {it_is}."

    def _range(self, found: Range | None) -> str:
        return self.scale.words(found) if found is not None else "not known"


_NOT_RUN = "There are too few periods or no data for it."


def is_an_effect(verdict: Verdict) -> bool:
    """True where a change may be called an effect, if with a doubt."""
    return verdict in {Verdict.SHOWN, Verdict.SUGGESTED}


def _drift(found: Findings) -> str:
    rose = found.slope is not None and found.slope.value > 0
    if came_back(found):
        return f"it had {'risen' if rose else 'fallen'} just before and may only have come back"
    return f"it was already {'rising' if rose else 'falling'} before"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, and {words[-1]}"


def _leads(found: Findings, *, passed: bool) -> str:
    often, apart = luck(found.leads.probability if found.leads else 0.0), "Before it, partners with and without it were"
    if passed:
        return (
            f"{apart} no further apart than chance alone often sets them: so far or further in {often} of such studies."
            " That is no proof that they moved alike."
        )
    return f"{apart} further apart than chance alone sets them: so far in only {often} of such studies."


def _beside(found: Findings, *, passed: bool) -> str:
    if found.beside is None or found.beside.low == found.beside.high == 0:
        return "The number of deals did not change."
    rest = "no sign that other deals are behind it." if passed else "other deals may be behind it."
    return f"The number of deals changed by {scale_of(Outcome.REVENUE).words(found.beside)} of what was usual: {rest}"
