"""The same parts with nothing, with far too much, and with words that do not break."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from swingby.web.design.gallery.samples import TODAY, sample_chart, sample_home, sample_road
from swingby.web.design.parts import (
    Action,
    Gate,
    HistoryLine,
    Level,
    LineChart,
    LineState,
    Place,
    Reading,
    Series,
    StatTile,
    TierRoad,
    TierStop,
)
from swingby.web.portal.home import Cheer, DealLine, HomePage, NextTier, PointsNow

LONG_WORD = "Datenschutzgrundverordnungszertifizierungsbeauftragte"
LONG_NAME = f"{LONG_WORD} der Vereinigten Systemhäuser und Partner"
HUGE = Decimal("98765432109876.54")


def empty_home() -> HomePage:
    """A partner who joined today."""
    return HomePage(
        person="Priya",
        organization="Tarnwick Labs",
        program="Harborline Partner Success",
        as_of=TODAY,
        version="0",
        standing_url="/gallery/standing/",
        report_url="/gallery/?page=report",
        happened="You joined today. Nothing has happened yet.",
        tier="Member",
        road=TierRoad(
            stops=(
                TierStop(name="Member", place="current"),
                TierStop(name="Select", place="ahead"),
                TierStop(name="Gold", place="ahead"),
            )
        ),
        next_tier=NextTier(
            name="Select",
            verdict="One engineer, plan reviews in two quarters, and 250 points.",
            gates=(
                Gate(
                    label="One advanced engineer",
                    state="unmet",
                    value=Decimal(0),
                    threshold=Decimal(1),
                    gap="One engineer",
                ),
            ),
            points=Gate(
                label="Points in the last 12 months",
                state="unmet",
                value=Decimal(0),
                threshold=Decimal(250),
                gap="250 more points",
            ),
        ),
    )


def highest_home() -> HomePage:
    """A partner on the highest tier: no next one."""
    road = TierRoad(
        stops=tuple(
            replace(stop, place="current" if stop.name == "Elite" else "passed") for stop in sample_road().stops
        )
    )
    return replace(sample_home(), tier="Elite", road=road, next_tier=None, actions=(), risks=())


def large_home() -> HomePage:
    """Long words, huge numbers, many gates."""
    return replace(
        sample_home(),
        person=LONG_NAME,
        organization=LONG_NAME,
        happened=f"Since 1 February: {LONG_NAME} won 12,345 deals worth USD 98,765,432,109,876.54.",
        next_tier=NextTier(name=LONG_WORD, verdict=f"{LONG_NAME} is missing.", gates=long_gates(), points=long_gate()),
        road=long_road(),
        deals=(DealLine(name=LONG_NAME, stage=LONG_WORD, day=TODAY, amount=HUGE, currency="USD"),) * 2,
        deals_total=123456,
        cheers=(Cheer(who=LONG_NAME, what=LONG_WORD, day=TODAY),),
        path_words=f"It also depends on: {LONG_NAME}; {LONG_WORD}.",
        actions=(long_action(),) * 3,
        points=PointsNow(lines=long_history(), total=123456, value=HUGE, reports=long_history()),
        tiles=(long_tile(),) * 2,
    )


def long_gate() -> Gate:
    """One requirement with huge numbers."""
    return Gate(
        label=LONG_NAME,
        state="unmet",
        value=Decimal("1234567.89"),
        threshold=HUGE,
        unit="USD",
        gap=f"USD 98,765,430,875,308.65 more for {LONG_WORD}",
        note=LONG_NAME,
        due=date(2026, 12, 31),
    )


def long_gates() -> tuple[Gate, ...]:
    """Twelve requirements in all states and comparisons."""
    ordinary = (
        Gate(
            label="Open complaints",
            state="unmet",
            value=Decimal(12),
            threshold=Decimal(3),
            comparison="at_most",
            gap="Nine fewer complaints",
        ),
        Gate(
            label="Share of renewals",
            state="unmet",
            value=Decimal("54.5"),
            threshold=Decimal(60),
            unit="%",
            gap="5.5 points more",
        ),
        Gate(label="Agreement signed", state="met"),
        Gate(label="Survey answered", state="unknown", note="Records are complete to 28 February."),
    )
    return (long_gate(), *ordinary * 3)


def long_road() -> TierRoad:
    """Seven tiers with long names."""
    names = ("Registered", LONG_WORD, "Select", "Advanced", "Premier", "Elite", LONG_WORD)
    return TierRoad(
        stops=tuple(TierStop(name=name, place=place_of(index)) for index, name in enumerate(names)),
        progress=Decimal("0.35"),
    )


def place_of(index: int, current: int = 2) -> Place:
    """Where a stop lies when the partner stands on the third."""
    if index == current:
        return "current"
    return "passed" if index < current else "ahead"


def long_action() -> Action:
    """One action with long words."""
    return Action(
        title=f"Renew {LONG_NAME}",
        who=LONG_NAME,
        effort="1,234 hours",
        ready_by=date(2026, 12, 31),
        unlocks=LONG_NAME,
        points=Decimal(123456),
        href="#",
    )


def long_tile() -> StatTile:
    """One figure that hardly fits."""
    return StatTile(
        label=LONG_NAME,
        value=HUGE,
        unit="USD",
        icon="coins",
        change="+12,345.67 %",
        tone="bad",
        note=LONG_NAME,
        trend=(Decimal(1), HUGE, Decimal(5)),
    )


def long_history() -> tuple[HistoryLine, ...]:
    """Every state of a line, with long words."""
    states: tuple[LineState, ...] = ("counted", "pending", "returned", "declined", "expired", "reversed")
    return tuple(
        HistoryLine(
            day=TODAY,
            what=LONG_NAME,
            points=Decimal(-1234567 if state == "reversed" else 1234567),
            state=state,
            source=LONG_NAME,
        )
        for state in states
    )


def slower_series() -> Series:
    """A second line for comparison."""
    readings = sample_chart().main.readings
    return Series(
        name="Similar partners, median of 14",
        readings=tuple(Reading(day=reading.day, value=reading.value * 3 / 4 + 20) for reading in readings),
    )


def charts() -> dict[str, LineChart]:
    """Charts with nothing, one reading, many readings and huge values."""
    ordinary = sample_chart("gallery")
    days = tuple(
        Reading(day=date(2021 + place // 12, place % 12 + 1, 1), value=Decimal(place * place)) for place in range(60)
    )
    return {
        "default": ordinary,
        "compared": replace(ordinary, key="compared", compared=(slower_series(),), levels=()),
        "empty": replace(ordinary, key="none", main=Series(name="Tarnwick Labs", readings=())),
        "one": replace(ordinary, key="one", main=Series(name="Tarnwick Labs", readings=ordinary.main.readings[-1:])),
        "many": LineChart(
            key="many",
            title="Five years",
            summary="From 0 to 3,481 in five years.",
            main=Series(name=LONG_WORD, readings=days),
        ),
        "huge": LineChart(
            key="huge",
            title="Huge values",
            summary="Huge values keep their labels inside the picture.",
            main=Series(
                name="Bookings",
                readings=(Reading(day=date(2026, 1, 1), value=Decimal(9)), Reading(day=TODAY, value=Decimal(98765432))),
            ),
            levels=(Level(name="Elite asks for", value=Decimal(40000000)),),
        ),
    }
