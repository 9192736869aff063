"""The card of a change: what the rules alone would have moved, what partners did since, and what else happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import isfinite

from swingby.engine.replaying import headline
from swingby.insight.cards import Card, Check, Count, Figure, Mark, Meaning, Picture, Result, Series
from swingby.insight.changes.lining import STEPS, WIDTH, Lining
from swingby.insight.changes.ordinary import NEAR, Entry, Everybody
from swingby.insight.changes.question import ChangeQuestion, Way
from swingby.insight.changes.replayed import Replayed
from swingby.insight.effects.answering import Examined
from swingby.insight.effects.scale import money_figure
from swingby.insight.effects.telling import tell
from swingby.insight.settings import Settings
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import counted, money, percent
from swingby.program import Program

METHOD = (
    "Backtest: the reviews before the change under both versions, nobody changing behaviour. Effect: staggered difference-in-differences "
    "(Callaway and Sant'Anna 2021) with one wave; partners that the change alone moves, by a review {settle} before it, against those that it "
    "leaves where they are. A line: a binomial test of partners within {width} above it against those as near below, and Fisher's test (1935) of one "
    "year against the other."
)
#: From best to worst.
ORDER = (Verdict.SHOWN, Verdict.SUGGESTED, Verdict.NOT_SHOWN)
GROUP: dict[Way, str] = {"up": "those whom it moves up", "down": "those whom it moves down"}


@dataclass(frozen=True, slots=True)
class Told:
    """All that the card is written from; ``replayed`` is the reason where nothing could be replayed."""

    question: ChangeQuestion
    program: Program
    replayed: Replayed | str
    effects: Mapping[Way, Examined | Card]
    lining: Lining | None
    log: tuple[Entry, ...]
    everybody: Everybody
    settings: Settings

    @property
    def currency(self) -> str:
        """Of money."""
        return self.program.header.currency

    @property
    def examined(self) -> dict[Way, Examined]:
        """The effects that could be looked at."""
        return {way: one for way, one in self.effects.items() if isinstance(one, Examined)}

    @property
    def near(self) -> list[Entry]:
        """What else happened at the same time."""
        return [one for one in self.log if one.is_near]

    @property
    def line_leads(self) -> bool:
        """Whether more is shown of the line than of any effect."""
        effects = [ORDER.index(one.judgement.verdict) for one in self.examined.values()]
        return self.lining is not None and ORDER.index(self.lining.verdict) < min(effects, default=len(ORDER))

    @property
    def verdict(self) -> Verdict:
        """The best of what was looked at."""
        found = [one.judgement.verdict for one in self.examined.values()]
        found += [] if self.lining is None else [self.lining.verdict]
        return min(found, key=ORDER.index, default=Verdict.UNANSWERABLE)


def tell_change(told: Told) -> Card:
    """Write the card of a change."""
    cards = {way: tell(one.told, one.findings, one.judgement) for way, one in told.examined.items()}
    return Card(
        question=told.question.words(told.program),
        verdict=told.verdict,
        sentence=" ".join(_sentences(told, cards)),
        figures=tuple(_figures(told)),
        picture=_picture(told, cards),
        checks=tuple(_checks(told, cards)),
        counts=tuple(_counts(told)),
        about="Partners whose tier the change alone moves, against those whose tier it leaves. What it did to all alike is not seen by that.",
        method=METHOD.format(settle=counted(told.question.settle, "month", "months"), width=percent(WIDTH)),
        mind=tuple(_mind(told)),
        decision=_decision(told),
        notes=tuple(_notes(told)),
    )


def _sentences(told: Told, cards: Mapping[Way, Card]) -> Iterator[str]:
    yield _replayed(told)
    if told.lining is not None and told.line_leads:
        yield _lined(told, told.lining)
    for way in GROUP:
        yield from _effect(told, way, cards)
    if told.lining is not None and not told.line_leads:
        yield _lined(told, told.lining)
    if told.verdict is Verdict.UNANSWERABLE:
        yield f"What partners did since cannot be told from these data{_before_after(told)}."


def _effect(told: Told, way: Way, cards: Mapping[Way, Card]) -> Iterator[str]:
    moved = told.replayed.moved if isinstance(told.replayed, Replayed) else None
    effect = told.effects.get(way)
    if way in cards:
        yield f"Of {GROUP[way]}: {_lowered(cards[way].sentence)}"
    elif isinstance(effect, Card):
        yield f"Of {GROUP[way]} nothing can be told: {_lowered(effect.sentence.partition('. ')[2])}"
    elif moved is not None and moved.of(way):
        few = f"they are {len(moved.of(way))}, and {told.settings.fewest_begun} are needed"
        yield f"Of {GROUP[way]} nothing can be told: {few}."


def _replayed(told: Told) -> str:
    if isinstance(told.replayed, str):
        return f"What the rules alone would have moved cannot be replayed: {_lowered(told.replayed)}"
    return f"{headline(told.replayed.before).removesuffix('.')} (review of {told.replayed.before.last.on})."


def _lowered(sentence: str) -> str:
    """A sentence goes on after a colon."""
    return sentence[:1].lower() + sentence[1:]


def _before_after(told: Told) -> str:
    difference = told.everybody.difference
    if not told.everybody.months or not isfinite(difference):
        return ""
    return f"; all partners won {percent(difference, signed=True)} against the same months a year before, which is a difference, not an effect"


def _lined(told: Told, lining: Lining) -> str:
    line = money(float(told.question.line or 0), told.currency)
    near = (
        f"In the year since {lining.after.above} ended just above {line} and {lining.after.below} just below; in the year before"
        f" {lining.before.above} above and {lining.before.below} below"
    )
    said = {
        "begun": "partners gather above it since the change",
        "ended": "partners gathered above it and no longer do",
        "neither": "it is not shown that partners gather there more or less",
    }[lining.gathering]
    doubt = ", though the two years differ by little more than luck" if lining.verdict is Verdict.SUGGESTED else ""
    return f"{near}: {said}{doubt}."


def _figures(told: Told) -> Iterator[Figure]:
    if told.lining is not None and told.line_leads:
        yield from _line_figures(told.lining)
    for way, one in told.examined.items():
        yield one.told.scale.figure(f"Effect on {told.question.outcome}, of {GROUP[way]}", one.findings.effect)
        worth = money_figure(one.told.shaped, told.question.outcome, one.findings.effect, told.currency)
        if worth is not None:
            span = counted(one.told.shaped.case.window.lags, one.told.shaped.unit, f"{one.told.shaped.unit}s")
            yield replace(worth, label=f"What that is worth over {span}")
        least = one.told.scale.shown(one.findings.smallest_visible)
        yield Figure("Smallest effect that would likely have been seen", least, one.told.scale.unit)
    if told.lining is not None and not told.line_leads:
        yield from _line_figures(told.lining)
    if told.everybody.months and isfinite(told.everybody.difference):
        label = f"Difference, not effect: all partners' revenue over {counted(told.everybody.months, 'month', 'months')}, against the same a year before"
        yield Figure(label, told.everybody.difference, "share")
    if isinstance(told.replayed, Replayed):
        last = told.replayed.before.last
        for way in GROUP:
            yield Figure(f"The rules alone would have moved {way}", last.count(way), "count")


def _line_figures(lining: Lining) -> Iterator[Figure]:
    """The year since the change first: it is the one that counts."""
    before, since = lining.years
    for near, until in ((lining.after, since), (lining.before, before)):
        yield Figure(f"Just above the line in the year until {until}", near.above, "count")
        yield Figure("Just below it", near.below, "count")
        yield Figure("How often luck alone puts as many above", near.chance, "share")
    yield Figure("How often luck alone makes both years differ as much", lining.chance, "share")


def _picture(told: Told, cards: Mapping[Way, Card]) -> Picture | None:
    """That of the line or of the effect, whichever is shown best."""
    if told.lining is not None and told.line_leads:
        return _line_picture(told.lining)
    best = min(told.examined, key=lambda way: ORDER.index(told.examined[way].judgement.verdict), default=None)
    picture = None if best is None else cards[best].picture
    if picture is None or best is None:
        return None
    return replace(picture, title=f"{picture.title}, of {GROUP[best]}", y="change against partners it leaves")


def _line_picture(lining: Lining) -> Picture:
    places = [step if step < 0 else step + 1 for step in range(-STEPS, STEPS)]
    names = [f"year until {until}" for until in lining.years]
    return Picture(
        title="Partners by what they won in a year, around the line",
        x=f"steps of {percent(WIDTH)} from the line; 1 is just above it",
        y="partners",
        series=tuple(
            Series(name, tuple(Mark(x, y, y, y) for x, y in zip(places, steps, strict=True)), meaning=meaning)
            for name, steps, meaning in zip(names, lining.steps, (Meaning.COMPARED, Meaning.FOUND), strict=True)
        ),
        unit="count",
        band="counts, without a range",
        form="line",
        begins_at=0,
    )


def _checks(told: Told, cards: Mapping[Way, Card]) -> Iterator[Check]:
    for way, card in cards.items():
        for check in card.checks:
            yield replace(check, name=f"{way}: {check.name}")
    named = "; ".join(one.text if one.on is None else f"{one.on} {one.text}" for one in told.near)
    if told.near:
        yield Check(
            "nothing else then", Result.FAILED, f"Within {NEAR} months, or moved by more than luck since: {named}."
        )
    else:
        yield Check("nothing else then", Result.PASSED, f"Facts tell of nothing else within {NEAR} months.")
    if isinstance(told.replayed, Replayed):
        yield Check("whom it moves", *_whom(told.replayed, told))


def _whom(replayed: Replayed, told: Told) -> tuple[Result, str]:
    if replayed.moved is None:
        return (
            Result.NOT_RUN,
            f"No review ends {counted(told.question.settle, 'month', 'months')} before the change, so that those whom it moves cannot be told from those who had a bad spell then.",
        )
    return (
        Result.PASSED,
        f"Taken from the review of {replayed.moved.review.on}; a bad or a good spell that moved somebody is over by the change.",
    )


def _counts(told: Told) -> Iterator[Count]:
    if isinstance(told.replayed, Replayed):
        yield Count("reviews replayed", len(told.replayed.before.reviews))
        yield Count("partners compared at the last of them", told.replayed.before.last.compared)
        moved = told.replayed.moved
        if moved is not None:
            yield Count("moved up, by the review long enough before", len(moved.up))
            yield Count("moved down", len(moved.down))
            yield Count("left where they are", len(moved.stay))
            yield Count("left out: moved aside, not known, or enrolled later", len(moved.others))
    for way, one in told.examined.items():
        yield Count(f"studied of those moved {way}", one.findings.counts.begun)
        yield Count(f"compared with, for those moved {way}", one.findings.counts.compared)


def _mind(told: Told) -> Iterator[str]:
    if told.examined:
        yield "Something else that came to those whom the change moves, and only to them."
        yield "What the change did to all partners alike: nobody is left to compare with."
    if told.near:
        yield "What else happened at the same time, if it came to some partners more than to others."
    yield "The next change brought in by lot, in waves: then nothing else can stand behind it."


def _decision(told: Told) -> str:
    if told.verdict is Verdict.UNANSWERABLE:
        return "Do not decide on this. Bring the next change in by waves, drawn by lot, so that it can be told."
    if told.verdict is Verdict.NOT_SHOWN:
        return (
            "Neither praise nor blame the version for what came since. Bring the next change in by waves, drawn by lot."
        )
    if told.verdict is Verdict.SUGGESTED:
        return "Look again when another year is over, before the next change is built on this one."
    lowered = [
        way
        for way, one in told.examined.items()
        if one.judgement.verdict is Verdict.SHOWN and one.findings.effect.high < 0
    ]
    if lowered:
        return f"Change it for {' and '.join(GROUP[way] for way in lowered)}, or say why the loss is worth it."
    if told.lining is not None and told.lining.gathering == "begun" and told.lining.verdict is Verdict.SHOWN:
        return "Keep the version, and look into who ends just above the line; the question of gaming names whom to ask."
    return "Keep the version."


def _notes(told: Told) -> Iterator[str]:
    for one in told.log:
        yield f"{one.on or 'Around the change'}: {one.text}."
    before_after = _before_after(told).removeprefix("; ")
    if before_after:
        yield f"{before_after[:1].upper()}{before_after[1:]}."
