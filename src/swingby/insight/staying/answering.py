"""The card of staying: curves with the number still looked at, and whether an act goes with staying longer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from swingby.engine import FactSource, coverage_test
from swingby.insight.cards import Card, Check, Count, Figure, Mark, Meaning, Picture, Remaining, Result, Series
from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.hazards import Hazards, NoFitError, cox
from swingby.insight.numerics.survival import Spells, Survival, kaplan_meier, log_rank
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.staying.question import StayingQuestion
from swingby.insight.staying.reading import Stays, read_stays
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import counted, luck, percent
from swingby.program import Program
from swingby.program.kinds import OWNER_LINK

#: Days in a month, on average, and the months at which shares are told.
MONTH = 365.25 / 12
TOLD = (12, 24, 36)
#: The picture has a place for the number still looked at every so many months.
EVERY = 6
MOST_CURVES = 4
METHOD = (
    "Kaplan and Meier's curve with Greenwood's variance on the scale of log(-log); who came before the first day counts from "
    "that day on, and who is still there on the last day until then."
)
METHOD_OF_ACT = (
    " Cox's regression with a row before the act and one from it on, ties after Efron; the test of proportional hazards is "
    "Grambsch and Therneau's."
)


@dataclass(frozen=True, slots=True)
class _Told:
    """All that a card of staying is written from."""

    question: StayingQuestion
    stays: Stays
    whole: Survival
    curves: tuple[tuple[str, Spells, Survival], ...]
    hazards: Hazards | None
    settings: Settings


def answer_staying(
    question: StayingQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS
) -> Card:
    """Answer how long partners or customers stay, and whether an act goes with staying longer.

    Parameters
    ----------
    question
        Whom, when, which act.
    facts, program
        As for `swingby.engine.assess`.
    settings
        How many spells and departures are needed.

    Raises
    ------
    MisusedError
        ``question`` when it cannot be asked of this program's facts.
    """
    question.check(program)
    incomplete = _incomplete(question, facts, program)
    if incomplete:
        return _refused(question, incomplete, ())
    stays = read_stays(facts, program, question)
    missing = _missing(question, stays, settings)
    if missing:
        return _refused(question, missing, _counts(question, stays))
    if question.act is None:
        return _card(_told(question, stays, None, settings))
    try:
        hazards = cox(*start_stop(stays.spells, stays.acted))
    except NoFitError as error:
        return _refused(question, f"No ratio can be estimated: {error}.", _counts(question, stays))
    return _card(_told(question, stays, hazards, settings))


def _missing(question: StayingQuestion, stays: Stays, settings: Settings) -> str:
    """Why nothing can be said of those who were read; empty if something can."""
    number, departures = len(stays.spells.ended), _departures(stays.spells, stays.acted)
    said = counted(number, question.of[:-1], question.of)
    if number < settings.fewest_spells:
        return f"{said} can be looked at; {settings.fewest_spells} are needed."
    if not stays.spells.left.any():
        return f"Nobody left: all {said} are still there."
    if question.act is not None and min(departures) < settings.fewest_departures:
        return _too_few(question, departures, settings)
    return ""


def start_stop(spells: Spells, acted: Floats) -> tuple[Spells, Floats]:
    """A row before the act and a row from it on, for each whose spell holds it.

    Parameters
    ----------
    spells, acted
        One for each; the day of the act since its beginning, infinite without it. An act on the day of a departure comes
        too late to have kept anybody.

    Returns
    -------
    tuple
        The rows, and whether the act was done, as one trait.
    """
    within = (acted > spells.entered) & (acted < spells.ended)
    before = Spells(spells.entered, np.where(within, acted, spells.ended), spells.left & ~within)
    after = Spells(np.where(within, acted, spells.entered), spells.ended, spells.left).only(within)
    done = np.concatenate([acted <= spells.entered, np.ones(int(within.sum()), bool)])
    rows = Spells(
        np.concatenate([before.entered, after.entered]),
        np.concatenate([before.ended, after.ended]),
        np.concatenate([before.left, after.left]),
    )
    return rows, done.astype(np.float64)[:, None]


def _departures(spells: Spells, acted: Floats) -> tuple[int, int]:
    """How many departed after the act, and how many without it."""
    done = acted < spells.ended
    return int((spells.left & done).sum()), int((spells.left & ~done).sum())


def _too_few(question: StayingQuestion, departures: tuple[int, int], settings: Settings) -> str:
    after, without = departures
    said = question.act.said if question.act else ""
    return (
        f"{after} {question.of} left after {said} and {without} without it; {settings.fewest_departures} are needed on "
        "either side."
    )


def _incomplete(question: StayingQuestion, facts: FactSource, program: Program) -> str:
    test = coverage_test(facts.coverage)
    read = ["subscriptions"] if question.of == "customers" else []
    if question.act is not None:
        kind = program.kinds[question.act.kind]
        read += [kind.name, *filter(None, [OWNER_LINK.get(kind.owner)])]
    missing = [kind for kind in dict.fromkeys(read) if test(kind, question.since, question.until)]
    return f"Not complete from {question.since} until {question.until}: {', '.join(missing)}." if missing else ""


def _told(question: StayingQuestion, stays: Stays, hazards: Hazards | None, settings: Settings) -> _Told:
    names = _names(stays, settings)
    groups = np.array([name if name in names else OTHERS for name in stays.groups])
    shown = [*names, *([OTHERS] if OTHERS in groups else [])]
    curves = [(name, one, kaplan_meier(one)) for name in shown for one in [stays.spells.only(groups == name)]]
    return _Told(question, stays, kaplan_meier(stays.spells), tuple(curves), hazards, settings)


OTHERS = "the others"


def _names(stays: Stays, settings: Settings) -> list[str]:
    """The groups that have a curve of their own: large enough, the largest first, and no more than a picture can hold."""
    found = {name: stays.groups.count(name) for name in sorted(set(stays.groups))}
    large = [name for name in sorted(found, key=lambda one: -found[one]) if found[name] >= settings.fewest_spells]
    return large if len(large) == len(found) <= MOST_CURVES else large[: MOST_CURVES - 1]


def _card(told: _Told) -> Card:
    question = told.question
    return Card(
        question=question.words,
        verdict=_verdict(told),
        sentence=_sentence(told),
        figures=tuple(_figures(told)),
        picture=_picture(told),
        checks=tuple(_checks(told)),
        counts=_counts(question, told.stays),
        about=f"{question.of.capitalize()} between {question.since} and {question.until}.",
        method=METHOD + (METHOD_OF_ACT if told.hazards else ""),
        mind=_mind(told),
        decision=_decision(told),
        notes=_notes(told),
    )


def _verdict(told: _Told) -> Verdict:
    """Curves are measured. What goes with an act is never more than suggested: nobody drew by lot who did it."""
    if told.hazards is None:
        return Verdict.SHOWN
    ratio = told.hazards.ratio(0)
    apart = ratio.low > 1 or ratio.high < 1
    return Verdict.SUGGESTED if apart and _is_proportional(told) else Verdict.NOT_SHOWN


def _is_proportional(told: _Told) -> bool:
    return told.hazards is not None and float(told.hazards.proportional[0]) >= told.settings.alarm


def _sentence(told: _Told) -> str:
    question = told.question
    if told.hazards is None or question.act is None:
        return f"{_shares(told)}{_apart(told)}"
    ratio = told.hazards.ratio(0)
    words = f"{ratio.value:.2f} times ({ratio.low:.2f} to {ratio.high:.2f})"
    if ratio.low <= 1 <= ratio.high:
        return f"No difference in staying after {question.act.said} is shown: {question.of} leave {words} as often as without it."
    if not _is_proportional(told):
        return f"After {question.act.said} {question.of} leave {words} as often, but that changes with time, so one number does not say it."
    return f"After {question.act.said} {question.of} leave {words} as often as without it; they chose it themselves, so it is not shown to be the reason."


def _shares(told: _Told) -> str:
    found = [(months, told.whole.at(months * MONTH)) for months in _months(told.stays.spells)]
    if not found:
        return f"Too few {told.question.of} are looked at for a year to say how many are still there then."
    (first, one), *rest = [
        (months, f"{percent(at.value)} ({percent(at.low)} to {percent(at.high)})") for months, at in found
    ]
    later = "".join(f", {words} after {months}" for months, words in rest)
    return f"Of {told.question.of}, {one} are still there after {first} months{later}."


def _months(spells: Spells) -> list[int]:
    """The months at which enough are still looked at for a share to say something."""
    return [months for months in TOLD if spells.at_risk(months * MONTH) >= 10]  # noqa: PLR2004 (fewer are anecdotes)


def _apart(told: _Told) -> str:
    if len(told.curves) < 2:  # noqa: PLR2004 (one has nothing to differ from)
        return ""
    chance = _log_rank(told)
    if chance < told.settings.alarm:
        return " The curves differ by more than chance; that is a difference, and no effect."
    return " The curves do not differ by more than chance."


def _log_rank(told: _Told) -> float:
    joined = [one for _, one, _ in told.curves]
    spells = Spells(*(np.concatenate([getattr(one, name) for one in joined]) for name in ("entered", "ended", "left")))
    return log_rank(spells, np.repeat(np.arange(len(joined)), [len(one.ended) for one in joined]))


def _figures(told: _Told) -> Iterator[Figure]:
    if told.hazards is not None:
        ratio = told.hazards.ratio(0)
        yield Figure(
            "How often they leave after the act, against without it", ratio.value, "times", ratio.low, ratio.high
        )
    named = told.curves if len(told.curves) > 1 else ()
    for name, spells, curve in [("", told.stays.spells, told.whole), *named]:
        for months in _months(spells):
            share = curve.at(months * MONTH)
            label = f"Still there after {months} months" + (f", {name}" if name else "")
            yield Figure(label, share.value, "share", share.low, share.high)


def _picture(told: _Told) -> Picture:
    return Picture(
        title=f"{told.question.of.capitalize()} that stay",
        x="months since the beginning",
        y="share still there",
        series=tuple(_series(name, spells, curve) for name, spells, curve in told.curves),
        unit="share",
        band="each curve's 95 % range, time by time",
        form="steps",
        bounds=(0, 1),
    )


def _series(name: str, spells: Spells, curve: Survival) -> Series:
    last = float(spells.ended.max()) / MONTH
    falls = [
        Mark(float(time) / MONTH, one.value, one.low, one.high)
        for time, one in zip(curve.times, curve.ranges, strict=True)
    ]
    end = falls[-1] if falls else Mark(0, 1, 1, 1)
    marks = (Mark(0, 1, 1, 1), *falls, Mark(max(last, end.x), end.y, end.low, end.high))
    places = range(0, int(last) + 1, EVERY)
    return Series(
        name=name,
        marks=marks,
        at_risk=tuple(Remaining(month, spells.at_risk(month * MONTH)) for month in places),
        meaning=Meaning.GROUP if name else Meaning.FOUND,
    )


def _checks(told: _Told) -> Iterator[Check]:
    if told.hazards is not None:
        chance = float(told.hazards.proportional[0])
        yield Check(
            "same at all times",
            Result.PASSED if _is_proportional(told) else Result.FAILED,
            f"If it went with staying as much in early months as in late ones, it would seem to differ so much in {luck(chance)} of such studies.",
        )
        after, without = _departures(told.stays.spells, told.stays.acted)
        yield Check("departures", Result.PASSED, f"{after} left after the act, {without} without it.")
    if len(told.curves) > 1:
        yield Check(
            "curves",
            Result.PASSED,
            f"If all groups stayed alike, curves would lie as far apart in {luck(_log_rank(told))} of such studies.",
        )
    late = int((told.stays.spells.entered > 0).sum())
    yield Check(
        "who came before",
        Result.PASSED,
        f"{late} came before the first day and count from then on: who left earlier is not known.",
    )


def _counts(question: StayingQuestion, stays: Stays) -> tuple[Count, ...]:
    acted = Count("with the act before they left", int((stays.acted < stays.spells.ended).sum()))
    return (
        Count(f"{question.of} looked at", len(stays.spells.ended)),
        Count("that left", int(stays.spells.left.sum())),
        *([acted] if question.act else []),
        Count("left out: no first day", stays.undated),
        Count("left out: gone before the first day", stays.gone_before),
    )


def _mind(told: _Told) -> tuple[str, ...]:
    if told.hazards is None:
        idle = "enrolled and do nothing" if told.question.of == "partners" else "under contract and use nothing"
        return (f"Departures that nobody recorded, such as {told.question.of} that are {idle}.",)
    return (
        "Something that both leads to the act and keeps: then it is the reason, and not the act.",
        "Inviting by lot who does it next.",
    )


def _decision(told: _Told) -> str:
    if told.hazards is None:
        return "Look at the months in which the curve falls: what happens there to those who leave?"
    if _verdict(told) is Verdict.SUGGESTED:
        return "Do not budget for it yet. Invite the next ones by lot, and look again in a year."
    return "Do not count on it to keep anybody."


def _notes(told: _Told) -> tuple[str, ...]:
    if told.hazards is None:
        return ()
    return ("The time before the act counts as time without it: whoever did it late had stayed until then anyway.",)


def _refused(question: StayingQuestion, reason: str, counts: tuple[Count, ...]) -> Card:
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
        decision="Do not decide on this. Collect what is missing first.",
    )
