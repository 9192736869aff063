"""Ladders in words: tiers from high to low, and when partners move."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from swingby.program.blocks import Schedule
from swingby.program.describing import english
from swingby.program.describing.columns import each_words
from swingby.program.describing.moments import moment_from
from swingby.program.describing.requirements import requirement_lines
from swingby.program.describing.speaker import Speaker
from swingby.program.describing.texts import text_lines
from swingby.program.describing.tree import Line, Passage, flat
from swingby.program.model import EVERY_DAY, Ladder, Review, Tier

_REVIEW_DAY: Final = "the day of the review"


def ladder_passages(ladder: Ladder, speaker: Speaker) -> tuple[Passage, ...]:
    """The tiers from high to low, then when partners move between them."""
    return (*_tiers(ladder, speaker), Passage("Moving up and down", lines=_clock_lines(ladder, speaker)))


def _tiers(ladder: Ladder, speaker: Speaker) -> tuple[Passage, ...]:
    return tuple(
        Passage(
            _heading(tier, english.capital(speaker.tier(ladder.name, tier.id))),
            path=f"ladders.{ladder.name}.{tier.id}",
            place=f"{tier.location.file}:{tier.location.line}",
            lines=tuple(_tier_lines(tier, speaker)),
        )
        for tier in reversed(ladder.tiers)
    )


def _heading(tier: Tier, label: str) -> str:
    """The label, with the id where that is another word."""
    return label if label.lower().replace(" ", "_") == tier.id else f"{label} ({tier.id})"


def _tier_lines(tier: Tier, speaker: Speaker) -> Iterator[Line]:
    if tier.requires is None:
        yield Line("Asks for nothing.")
    else:
        yield Line("Asks for:", requirement_lines(tier.requires, speaker, opened=True))
    if tier.keeps:
        yield Line("Is kept with:", requirement_lines(tier.keeps, speaker, opened=True))
    if tier.was:
        yield Line(f"Was called {english.quoted(english.words(tier.was))} in the version before.")
    yield from text_lines(tier.text)


def _clock_lines(ladder: Ladder, speaker: Speaker) -> tuple[Line, ...]:
    """When partners move up and down, and what protects them."""
    lines: list[Line] = []
    if _follows_the_day(ladder):
        lines.append(Line("The tier follows the day: a partner holds the highest tier whose requirements it meets."))
    else:
        lines.append(Line(_up(ladder.promote, speaker)))
        lines += [_down(review, speaker) for review in ladder.demote]
    lines += _start(ladder, speaker)
    return tuple(lines)


def _follows_the_day(ladder: Ladder) -> bool:
    return ladder.promote == EVERY_DAY and ladder.demote == (EVERY_DAY,)


def ladder_lines(ladder: Ladder, _: Speaker) -> Iterator[Line]:
    """What is said before the tiers."""
    if ladder.by:
        yield Line(f"There is a tier for each {english.joined(each_words(column) for column in ladder.by)}.")


def _start(ladder: Ladder, speaker: Speaker) -> Iterator[Line]:
    if ladder.start:
        yield Line(f"Everybody begins as {speaker.tier(ladder.name, ladder.start)}.")
    elif not _follows_the_day(ladder):
        yield Line("Everybody begins without a tier.")
    if ladder.protect:
        topic = english.data_word(ladder.protect)
        yield Line(f"While a decision on {topic} is in force, nobody it names falls below the tier that it says.")
    day = speaker.program.header.protected_through
    if day:
        yield Line(f"Nobody moves down through {english.day(day)}.")


def _is_daily(schedule: Schedule) -> bool:
    return schedule == EVERY_DAY.schedule


def _up(review: Review, speaker: Speaker) -> str:
    if review.schedule.kind == "never":
        return "Moving up: never."
    step = (
        "the next tier up, if its requirements are met"
        if review.one_step
        else "the highest tier whose requirements are met"
    )
    hold = f" What was gained is safe until {moment_from(review.hold, 'that day', speaker)}." if review.hold else ""
    return f"Moving up: {speaker.say(review.schedule)}, to {step}, {_effective(review, speaker)}.{hold}"


def _effective(review: Review, speaker: Speaker) -> str:
    if review.effective:
        return f"with effect from {moment_from(review.effective, _REVIEW_DAY, speaker)}"
    return "with effect at once" if _is_daily(review.schedule) else "with effect from that day"


def _down(review: Review, speaker: Speaker) -> Line:
    if review.schedule.kind == "never":
        return Line("Moving down: never.")
    step = (
        "moves down one tier at most"
        if review.one_step
        else "moves to the highest lower tier whose requirements it meets, or to none"
    )
    then = f"otherwise it {step}, {_effective(review, speaker)}"
    hold = f" Nobody moves up again until {moment_from(review.hold, 'that day', speaker)}." if review.hold else ""
    text = f"Moving down: {speaker.say(review.schedule)}. A partner keeps its tier {_kept(review)}; {then}.{hold}"
    if review.keeps is None:
        return Line(text)
    return Line(text, requirement_lines(review.keeps, speaker, opened=True))


def _kept(review: Review) -> str:
    what = "what stands below" if review.keeps else "what keeps it"
    day = "that day" if _is_daily(review.schedule) else "the day before"
    if review.grace is None:
        return f"if {what} is met on {day}"
    return f"if {what} was met on {day} or on any day of the {english.length(review.grace)} before that (grace)"


def review_words(review: Review, speaker: Speaker) -> str:
    """A review of moving down as one text."""
    return flat((_down(review, speaker),)).removeprefix("Moving down: ").removesuffix(".")


def tier_words(tier: Tier, speaker: Speaker) -> str:
    """A tier as one text."""
    return flat(tuple(_tier_lines(tier, speaker)))
