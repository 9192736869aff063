"""The card of an effect: what was found, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from math import exp

from swingby.insight.cards import Card, Count, Figure, Mark, Picture, Result, Series
from swingby.insight.effects.judging import Judgement
from swingby.insight.effects.question import EffectQuestion, Outcome
from swingby.insight.effects.reasons import Tried, came_back, is_an_effect, reasons
from swingby.insight.effects.scale import Scale, money_figure, scale_of, share_of
from swingby.insight.effects.shaping import Shaped
from swingby.insight.effects.study import Counts, Findings, Refusal
from swingby.insight.numerics.estimates import Range
from swingby.insight.settings import Settings
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import counted

METHOD = (
    "Staggered difference-in-differences (Callaway and Sant'Anna 2021): the change of partners since just before the act, "
    "less the change over the same time of partners that {others}; waves weighed by size, errors by partner, bands "
    "simultaneous. {outcome}"
)
OF_OUTCOME = {
    Outcome.DEAL_SIZE: "Deal size in logs, a mean for each partner and {unit}.",
    Outcome.WIN_RATE: "Won among closed opportunities, for each partner and {unit}.",
    Outcome.REVENUE: "Revenue with empty {unit}s as zero, as a share of what was usual for the partner the year before.",
    Outcome.ANY_SALE: "Whether there was a won deal, for each partner and {unit}.",
}
OTHERS = {"never": "never began", "not yet": "had not begun by then"}


@dataclass(frozen=True, slots=True)
class Told:
    """All that a card is written from; ``parts`` are the effects on what revenue is made of, ``notes`` stand at its end."""

    question: EffectQuestion
    shaped: Shaped
    currency: str
    settings: Settings
    parts: tuple[tuple[Outcome, Range], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def scale(self) -> Scale:
        """How effects are shown."""
        return scale_of(self.question.outcome)


def tell(told: Told, found: Findings, judgement: Judgement) -> Card:
    """Write the card of what was found."""
    act, unit = told.question.act.said, told.shaped.unit
    method = METHOD.format(others=OTHERS[found.comparison], outcome=OF_OUTCOME[told.question.outcome].format(unit=unit))
    return Card(
        question=told.question.words,
        verdict=judgement.verdict,
        sentence=_sentence(told, found, judgement),
        figures=tuple(_figures(told, found, judgement.verdict)),
        picture=_picture(told, found),
        checks=tuple(Tried(told.scale, unit, told.shaped.case.window.early, found).checks(judgement)),
        counts=tuple(counts_of(found.counts, told)),
        about=f"The {counted(found.counts.begun, 'partner', 'partners')} with {act}, {_period(told.question)}: what it did for "
        "them, not what it would do for others.",
        method=method,
        mind=tuple(_mind(told, found, judgement)),
        decision=_decision(told, found, judgement),
        notes=_notes(told),
    )


def _sentence(told: Told, found: Findings, judgement: Judgement) -> str:
    outcome, act = told.question.outcome, told.question.act.said
    changed = "raised" if found.effect.value > 0 else "lowered"
    words = told.scale.words(found.effect)
    if judgement.verdict is Verdict.SHOWN:
        return f"{capital(act)} {changed} {outcome} by {_size(told, found.effect)}."
    if judgement.verdict is Verdict.SUGGESTED:
        size, why = _size(told, found.effect), reasons(found, judgement)
        return f"{capital(act)} may have {changed} {outcome}, by {size}, but that is not certain: {why}."
    if judgement.results["interval"] is Result.FAILED:
        least = told.scale.say(told.scale.shown(found.smallest_visible))
        chance = f"{words} may be chance, and an effect below {least} would likely have gone unseen."
        return f"It is not shown that {act} changed {outcome}: {chance}"
    moved = f"It moved by {words} from just before to after, but {reasons(found, judgement)}."
    return f"It is not shown that {act} changed {outcome}. {moved}"


def _size(told: Told, effect: Range) -> str:
    """An effect of known sign: "18 % (11 % to 26 %)"."""
    value, low, high = (told.scale.shown(one) for one in (effect.value, effect.low, effect.high))
    near, far = sorted((abs(low), abs(high)))
    return f"{told.scale.say(abs(value))} ({told.scale.say(near)} to {told.scale.say(far)})"


#: What the first figure and its money are called, so that neither is quoted for more than it is.
CALLED = {
    Verdict.SHOWN: ("Effect", "What that is worth"),
    Verdict.SUGGESTED: ("Effect, if it is one", "What that would be worth, if it is one"),
    Verdict.NOT_SHOWN: ("Change, not shown to be an effect", "What such a change would be worth"),
}


def _figures(told: Told, found: Findings, verdict: Verdict) -> Iterator[Figure]:
    scale, outcome = told.scale, told.question.outcome
    change, worth = CALLED[verdict]
    yield scale.figure(change, found.effect)
    money = money_figure(told.shaped, outcome, found.effect, told.currency, called=worth)
    if money is not None and (is_an_effect(verdict) or not found.effect.excludes_zero):
        yield money
    for part, effect in told.parts:
        yield scale_of(part).figure(f"Of that, effect on {part}", effect)
    plain, label = found.plain_difference, "Difference, not effect: partners with the act against all others"
    if outcome is Outcome.DEAL_SIZE:
        yield Figure(label, exp(plain), "times")
    elif outcome is Outcome.REVENUE:
        yield Figure(label, plain, "money", currency=told.currency)
    else:
        yield Figure(label, plain, "points")
    if is_an_effect(verdict) and outcome is not Outcome.REVENUE and 0 < share_of(found.effect.value, plain) < 1:
        rest, called = plain - found.effect.value, "That difference without the effect"
        yield Figure(called, exp(rest), "times") if outcome is Outcome.DEAL_SIZE else Figure(called, rest, "points")
    if found.beyond_line is not None and not came_back(found):
        yield scale.figure("Left when the earlier drift is taken off", found.beyond_line)
    yield Figure("Smallest effect that would likely have been seen", scale.shown(found.smallest_visible), scale.unit)
    if found.base_back is not None:
        yield scale.figure(f"Counted from three {told.shaped.unit}s before instead of the last", found.base_back)
    if found.without_biggest is not None:
        yield scale.figure("Without the biggest partner", found.without_biggest)


def _picture(told: Told, found: Findings) -> Picture:
    shown = told.scale.shown
    return Picture(
        title=f"{capital(told.question.outcome)} around {told.question.act.said}",
        x=f"{told.shaped.unit}s since it began",
        y=f"change since the {told.shaped.unit} before, against partners without it",
        series=(
            Series(
                "",
                tuple(
                    Mark(point.lag, shown(point.effect.value), shown(point.effect.low), shown(point.effect.high))
                    for point in found.points
                ),
            ),
        ),
        unit=told.scale.unit,
        band="every bar true in 95 of 100 studies",
        begins_at=-0.5,
    )


def counts_of(counts: Counts, told: Told) -> Iterator[Count]:
    """What the answer rests on, and what was left out."""
    unit = told.shaped.unit
    yield Count("partners studied", counts.partners)
    yield Count("that began", counts.begun)
    yield Count("to compare with", counts.compared)
    yield Count(f"{unit}s", counts.periods)
    yield Count(f"{'month' if told.shaped.case.panel.step > 1 else unit}s in which somebody began", counts.waves)
    yield Count("of these with fewer than five partners, shown only together", counts.small_waves)
    yield Count("left out: began before the first day", counts.begun_before)
    yield Count(f"left out: fewer than {told.settings.fewest_before} {unit}s before", counts.too_early)
    yield Count("left out: no outcome on one side of the act, or only once", counts.never_observed - told.shaped.thin)
    if told.question.outcome is Outcome.WIN_RATE:
        yield Count("left out: too few closed opportunities", told.shaped.thin)
    yield Count("deals won", int(told.shaped.periods.won[:, :: told.shaped.case.panel.step].sum()))


#: The assumption that no check of these can see when it fails.
BENT = (
    "Growth that sped up before the act and went on speeding up: the earlier drift is taken to be a straight line, and what bends "
    "beyond it would be taken for an effect."
)
CAME_BACK = (
    "Months further back: where they show the level of now, partners only came back to it; where they lie below it, something did "
    "raise them."
)


def _mind(told: Told, found: Findings, judgement: Judgement) -> Iterator[str]:
    least = told.scale.say(told.scale.shown(found.smallest_visible))
    if judgement.verdict is Verdict.SHOWN:
        yield "Something else that came to the same partners in the same period as the act, and only to them."
        yield "Partners that sell into the same accounts as those they are compared with: then the effect is blurred."
        yield BENT
    elif judgement.results["interval"] is Result.FAILED:
        yield f"More partners or more periods: an effect below {least} could not be seen here."
        yield "Inviting partners by lot, in waves."
    else:
        yield CAME_BACK if came_back(found) else BENT
        yield "Drawing by lot who is invited, in waves: then nothing earlier can stand behind the change."


def _decision(told: Told, found: Findings, judgement: Judgement) -> str:
    verdict = judgement.verdict
    low, high = sorted(abs(told.scale.shown(one)) for one in (found.effect.low, found.effect.high))
    if verdict is Verdict.SHOWN:
        return f"Reckon with {told.scale.say(low)} rather than {told.scale.say(high)} when this is weighed against its cost."
    if verdict is Verdict.SUGGESTED:
        return "Do not budget for it yet. Draw by lot who is invited next, in waves, and look again."
    if judgement.results["interval"] is not Result.FAILED:
        return "Do not pay for it on these figures. To know, draw by lot who is invited next, in waves."
    reach = told.scale.say(told.scale.shown(found.effect.high))
    return f"A gain above {reach} is unlikely. If a smaller one would pay, draw by lot who is invited next, in waves; if not, stop."


def _notes(told: Told) -> tuple[str, ...]:
    notes = ["Partners choose the act; this compares their changes, not their levels.", *told.notes]
    if told.question.adjusted:
        notes.append(
            "Compared with partners of the same size, number of deals, tenure and region (Sant'Anna and Zhao 2020)."
        )
    if told.shaped.unit == "quarter" and told.question.unit is None:
        notes.append(
            "Looked at by quarter, counted from each partner's act, because partners have no outcome in too many months."
        )
    return tuple(notes)


def refuse(told: Told, refusal: Refusal) -> Card:
    """Write the card of a question that these data cannot answer."""
    needed = {
        "too few began": "{found:.0f} partners with the act can be studied; {needed:.0f} are needed.",
        "too few to compare with": "{found:.0f} partners can be compared with; {needed:.0f} are needed.",
        "no overlap": "Those who began have nobody like them: weighed to be alike, {found:.0f} partners remain to compare with; "
        "{needed:.0f} are needed.",
        "never seen together": "No partner with an outcome just before the act and after it has one to be compared with.",
        "nothing varies": "The outcome is the same for every partner at all times.",
    }[refusal.reason].format(found=refusal.found, needed=refusal.needed)
    return refusal_card(told.question, needed, counts=tuple(counts_of(refusal.counts, told)))


def refusal_card(question: EffectQuestion, reason: str, *, counts: tuple[Count, ...] = ()) -> Card:
    """A card without figures: the reason, and what would be needed."""
    return Card(
        question=question.words,
        verdict=Verdict.UNANSWERABLE,
        sentence=f"This cannot be answered from these data. {reason}",
        figures=(),
        picture=None,
        checks=(),
        counts=counts,
        about="",
        method="",
        mind=(),
        decision="Do not decide on this. Collect what is missing, or invite partners by lot.",
    )


def _period(question: EffectQuestion) -> str:
    last = question.until - timedelta(days=1)
    return f"{question.since:%B %Y} to {last:%B %Y}"


def capital(text: str) -> str:
    """A sentence begins with a capital letter."""
    return text[:1].upper() + text[1:]
