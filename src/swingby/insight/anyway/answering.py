"""The card of deals with a partner: how many would have been won without one, as far as it was known when they opened."""

from __future__ import annotations

from dataclasses import dataclass

from swingby.engine import FactSource, coverage_test
from swingby.insight.anyway import telling
from swingby.insight.anyway.question import AnywayQuestion
from swingby.insight.anyway.reading import DIRECT, Deals, Read, read_deals
from swingby.insight.anyway.study import study_deals, verdict_of
from swingby.insight.anyway.traits import brought, left_out
from swingby.insight.cards import Card, Count, refused_card
from swingby.insight.effects.reading import words_of
from swingby.insight.numerics.doubly_robust import NoOverlapError
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.wording import percent, said_of_parts
from swingby.program import Program

READ = ("deals", "deal_parties")


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Deals of which it is known where they came from, without those that only one side has."""

    deals: Deals
    unknown: float
    without_origin: int
    brought: int
    only_direct: int


def answer_anyway(
    question: AnywayQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS
) -> Card:
    """Answer whether deals with a partner would have been won without one.

    Parameters
    ----------
    question
        When, and which column says where deals came from.
    facts, program
        As for `swingby.engine.assess`.
    settings
        How many deals and partners are needed, and how much alike they must be.

    Raises
    ------
    MisusedError
        ``question`` when it cannot be asked of this program's facts.
    """
    question.check(program)
    incomplete = [kind for kind in READ if coverage_test(facts.coverage)(kind, question.since, question.until)]
    if incomplete:
        reason = f"Not complete from {question.since} until {question.until}: {', '.join(incomplete)}."
        return refused_card(
            question.words, f"{reason} A deal without a partner may then be one whose partner is missing."
        )
    read = read_deals(facts, program, question)
    found = _sorted(question, read.deals, settings)
    counts = _counts(question, read, found)
    missing = _missing(question, read, found, settings)
    if missing:
        return telling.refused(question, missing, counts)
    try:
        study = study_deals(found.deals, settings)
    except NoOverlapError as error:
        return telling.refused(question, f"No direct deals are like those of partners: {error}", counts)
    told = telling.Told(
        question=question,
        study=study,
        verdict=verdict_of(study, settings, is_sound=telling.is_sound(question, read.open_shares, settings)),
        read=read,
        brought=found.brought,
        counts=counts,
        notes=(
            *left_out(found.deals, settings),
            *said_of_parts(question.parts, words_of(facts, "deal_parties", "role")),
        ),
        currency=program.header.currency,
        settings=settings,
    )
    return telling.card(told)


def _sorted(question: AnywayQuestion, deals: Deals, settings: Settings) -> _Sorted:
    if not question.origin:
        return _Sorted(deals, 0.0, 0, 0, 0)
    known = deals.named["origin"] != ""
    alone = brought(deals, settings)
    return _Sorted(
        deals=deals.only(known & ~alone),
        unknown=1 - float(known.mean()) if len(known) else 0.0,
        without_origin=int((~known).sum()),
        brought=int((alone & deals.with_partner).sum()),
        only_direct=int((alone & ~deals.with_partner).sum()),
    )


def _missing(question: AnywayQuestion, read: Read, found: _Sorted, settings: Settings) -> str:
    """Why nothing can be said; empty if something can."""
    deals = found.deals
    if read.unopened and not len(read.deals.won):
        return "No deal has a row from before its end, so it is not known what was known when it opened."
    if not (read.deals.partner == DIRECT).any():
        return "There are no direct deals: every deal has a partner, so nothing says what happens without one."
    if found.unknown > settings.most_unknown:
        return (
            f"{percent(found.unknown)} of deals do not say in {question.origin} where they came from; "
            f"at most {percent(settings.most_unknown)} may."
        )
    if found.brought and not deals.with_partner.any():
        return "Every deal with a partner came from where direct deals never come from, so none is like them."
    return _too_few(deals, settings)


def _too_few(deals: Deals, settings: Settings) -> str:
    partners = len(set(deals.partner[deals.with_partner].tolist()))
    if partners < settings.fewest_begun:
        return f"Only {partners} partners have deals that ended; {settings.fewest_begun} are needed."
    for said, side in (("direct deals", ~deals.with_partner), ("deals with a partner", deals.with_partner)):
        won, lost = int((deals.won & side).sum()), int((~deals.won & side).sum())
        if not lost:
            return f"None of {won:,} {said} was lost. Nobody wins them all: record lost ones too."
        if min(won, lost) < settings.fewest_compared:
            return f"Of {said}, {won:,} were won and {lost:,} lost; {settings.fewest_compared} of each are needed."
    return ""


def _counts(question: AnywayQuestion, read: Read, found: _Sorted) -> tuple[Count, ...]:
    deals = found.deals
    by_origin = (
        Count("left out: not known where they came from", found.without_origin),
        Count("left out: with a partner, from where direct deals never come", found.brought),
        Count("left out: direct, from where partners' deals never come", found.only_direct),
    )
    return (
        Count("deals with a partner that ended", int(deals.with_partner.sum())),
        Count("partners", len(set(deals.partner[deals.with_partner].tolist()))),
        Count("direct deals that ended", int((~deals.with_partner).sum())),
        Count("left out: still open", read.still_open),
        Count("left out: not known when they opened", read.unopened),
        Count("left out: the partner came later, or is outside the program", read.late),
        Count("left out: no worth when they opened", read.without_size),
        *(by_origin if question.origin else ()),
    )
