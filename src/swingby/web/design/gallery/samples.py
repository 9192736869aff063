"""What the gallery shows: plainly an example, with invented names throughout."""

from datetime import date, timedelta
from decimal import Decimal

from swingby.web.design.parts import (
    Action,
    Bell,
    Contact,
    Gate,
    HistoryLine,
    Level,
    LineChart,
    Link,
    NavGroup,
    NavItem,
    Promise,
    Reading,
    Risk,
    Series,
    Shell,
    StatTile,
    TierRoad,
    TierStop,
)
from swingby.web.portal.home import Cheer, DealLine, HomePage, NextTier, PointsNow
from swingby.web.portal.left_parts import Left

TODAY = date(2026, 3, 31)
PROGRAM = "Harborline Partner Success"
TOTALS = (312, 330, 342, 371, 398, 402, 431, 455, 487, 498, 522, 561, 585)

USED_UP = Left(
    what="Training completed",
    is_used_up=True,
    sentences=(
        "All 20 points are used up for days before 1 May 2026. On that day the count begins anew.",
        "2 reports of this kind wait for checking; what they will earn is not taken off yet.",
    ),
    as_of=TODAY,
)
STILL_LEFT = Left(
    what="Campaign held",
    is_used_up=False,
    sentences=("55 of 80 points are left for days before 1 August 2026, when the count begins anew.",),
    as_of=TODAY,
    is_behind=True,
)


def whole(*values: int) -> tuple[Decimal, ...]:
    """Whole numbers as decimals."""
    return tuple(Decimal(value) for value in values)


def month_end(months_ago: int) -> date:
    """The last day of a month, counted back from the sample's day."""
    index = TODAY.year * 12 + TODAY.month - months_ago
    return date(index // 12, index % 12 + 1, 1) - timedelta(days=1)


def sample_shell() -> Shell:
    """What stands around a partner's page."""
    return Shell(
        program=PROGRAM,
        organization="Tarnwick Labs",
        person="Priya Anand",
        role="Administrator",
        tier="Select",
        tier_rank=1,
        as_of=TODAY,
        bell=Bell(href="/gallery/?page=notifications", count=3),
        navigation=(
            NavGroup(
                items=(
                    NavItem(label="Home", href="/gallery/?page=home", icon="house", current=True),
                    NavItem(
                        label="Report an activity", short="Report", href="/gallery/?page=report", icon="circle-plus"
                    ),
                    NavItem(label="Points history", short="History", href="#history-title", icon="history", count=2),
                    NavItem(label="At risk", href="#risk-title", icon="triangle-alert"),
                )
            ),
            NavGroup(
                heading="Other sides",
                items=(
                    NavItem(label="Activity reports", href="/gallery/?page=reports", icon="inbox"),
                    NavItem(label="Partners", href="/gallery/?page=partners", icon="building-2"),
                    NavItem(label="Gallery", href="/gallery/", icon="palette"),
                ),
            ),
        ),
        contact=Contact(
            name="Ana Ruiz",
            role="Your partner success manager",
            link=Link(label="Write to Ana", href="mailto:ana.ruiz@harborline.example"),
        ),
        sign_out="/gallery/",
    )


def sample_gates() -> tuple[Gate, ...]:
    """Requirements of a tier: met, not yet, and not known yet."""
    return (
        Gate(
            label="Plan reviewed in 3 of the last 4 quarters",
            state="unmet",
            value=Decimal(2),
            threshold=Decimal(3),
            gap="One more plan review",
            due=date(2026, 4, 30),
        ),
        Gate(
            label="New customers active within 60 days",
            state="unknown",
            threshold=Decimal(60),
            unit="%",
            note="5 of the 8 customers it takes have passed their 60th day.",
        ),
        Gate(
            label="Four advanced engineers, or half of the technical staff",
            state="met",
            value=Decimal(3),
            threshold=Decimal(3),
            note="3 of your 6 engineers.",
        ),
        Gate(
            label="A campaign in each of the last two half-years", state="met", value=Decimal(2), threshold=Decimal(2)
        ),
    )


def sample_points() -> Gate:
    """The points that the tier asks for."""
    return Gate(
        label="Points in the last 12 months",
        state="met",
        value=Decimal(585),
        threshold=Decimal(550),
        note="40 more wait for checking.",
    )


def sample_road() -> TierRoad:
    """The tiers of the sample program."""
    return TierRoad(
        stops=(
            TierStop(name="Member", place="passed"),
            TierStop(name="Select", place="current"),
            TierStop(name="Gold", place="ahead"),
            TierStop(name="Elite", place="ahead"),
        ),
        progress=Decimal("0.6"),
    )


def sample_actions() -> tuple[Action, ...]:
    """Three things within the partner's reach."""
    return (
        Action(
            title="Plan reviews: one more",
            unlocks="Keeps Select at the review of 1 May 2026",
            icon="shield-check",
            href="/gallery/?page=scorecard",
        ),
        Action(
            title="Renew Keep Advanced for Ola Brandt",
            who="Ola Brandt",
            effort="9 hours",
            ready_by=date(2026, 6, 14),
            unlocks="Keeps three advanced engineers",
            icon="badge-check",
        ),
        Action(
            title="Welcome call with Sallowby Foods",
            who="Mikael Strand",
            effort="2 hours",
            ready_by=date(2026, 4, 12),
            unlocks="Brings a sixth customer past day 60 in use",
            points=Decimal(12),
            icon="phone-call",
        ),
    )


def sample_history() -> tuple[HistoryLine, ...]:
    """Lines of a points history in every state, newest first."""
    return (
        HistoryLine(
            day=date(2026, 3, 29), what="Plan reviewed for the new quarter", points=Decimal(20), state="pending"
        ),
        HistoryLine(day=date(2026, 3, 27), what="Reference call for Chart", points=Decimal(20), state="pending"),
        HistoryLine(
            day=date(2026, 3, 24), what="Customer active in 60 days", points=Decimal(12), source="From usage records"
        ),
        HistoryLine(
            day=date(2026, 3, 18),
            what="Campaign: backup week",
            points=Decimal(25),
            state="returned",
            note="Ana Ruiz: please add the date of the mailing.",
        ),
        HistoryLine(
            day=date(2026, 3, 11),
            what="Training completed: Keep Intermediate",
            points=Decimal(4),
            source="From the training records",
        ),
        HistoryLine(
            day=date(2026, 3, 3),
            what="Training completed: Beacon Fundamentals",
            points=Decimal(-4),
            state="expired",
            note="Counted for 12 months.",
        ),
        HistoryLine(
            day=date(2026, 2, 20), what="New customer: Sallowby Foods", points=Decimal(6), source="From the order book"
        ),
    )


def sample_points_now() -> PointsNow:
    """What counts beside what was reported and does not count."""
    lines = sample_history()
    reports = tuple(line for line in lines if line.state in ("pending", "returned"))
    counted = tuple(line for line in lines if line not in reports)
    return PointsNow(lines=counted, total=64, value=Decimal(585), reports=reports)


def sample_chart(key: str = "points") -> LineChart:
    """Thirteen months of points with the line of the next tier."""
    readings = tuple(
        Reading(day=month_end(len(TOTALS) - 1 - place), value=Decimal(value)) for place, value in enumerate(TOTALS)
    )
    return LineChart(
        key=key,
        title="Points over time",
        summary="Points of the trailing 12 months rose from 312 in March 2025 to 585 in March 2026, "
        "and passed the 550 that Gold asks for in February 2026.",
        main=Series(name="Tarnwick Labs", readings=readings),
        levels=(Level(name="Gold asks for", value=Decimal(550)),),
    )


def sample_tiles() -> tuple[StatTile, ...]:
    """Four figures with and without a trend."""
    return (
        StatTile(
            label="Points, last 12 months",
            value=Decimal(585),
            icon="trophy",
            change="+24",
            tone="good",
            note="since February",
            trend=whole(*TOTALS[5:]),
        ),
        StatTile(
            label="Advanced engineers",
            value=Decimal(3),
            of=Decimal(6),
            icon="graduation-cap",
            change="+1",
            tone="good",
            note="since January",
            trend=whole(1, 1, 2, 2, 2, 3),
        ),
        StatTile(
            label="Active customers",
            value=Decimal(7),
            icon="heart-handshake",
            change="+2",
            tone="good",
            note="since February",
            trend=whole(3, 4, 4, 5, 5, 7),
        ),
        StatTile(
            label="Lapse in 90 days",
            value=Decimal(1),
            icon="calendar-clock",
            tone="warn",
            note="Ola Brandt, 14 June",
        ),
    )


def sample_deals() -> tuple[DealLine, ...]:
    """One deal with all that is known of it, and one of which little is known."""
    return (
        DealLine(
            name="Sallowby Foods",
            stage="",
            day=date(2026, 3, 14),
            product="Keep, Beacon",
            amount=Decimal(24_000),
            currency="USD",
            url="/gallery/?page=deal",
            protection="Protected, until 14 May 2026",
        ),
        DealLine(name="Tarnwick Mills", stage="Proposed", day=date(2026, 3, 9), reference="D-20398"),
    )


def sample_risks() -> tuple[Risk, ...]:
    """What the next review looks at, and a certificate that ends."""
    return (
        Risk(what="Plan reviews: one more", detail="Missing now."),
        Risk(
            what="Gold rests on Ola Brandt's certificate",
            last_day=date(2026, 6, 14),
            detail="Keep Advanced. Without it two of six engineers remain, and half are asked for.",
            action=Link(label="Book the renewal", href="/gallery/?page=report"),
        ),
    )


def sample_home() -> HomePage:
    """Tarnwick Labs on Harborline's day of the example: Select, one review short of Gold."""
    return HomePage(
        person="Priya",
        organization="Tarnwick Labs",
        program=PROGRAM,
        as_of=TODAY,
        version="4812",
        standing_url="/gallery/standing/",
        report_url="/gallery/?page=report",
        tier="Select",
        happened="Since 1 February: 2 customers became active, 1 new customer came, "
        "and you earned 63 points. Two reports wait for checking.",
        road=sample_road(),
        next_tier=NextTier(
            name="Gold",
            verdict="One more plan review, and customers' use is not known yet. Points are enough: 585 of 550.",
            gates=sample_gates(),
            points=sample_points(),
        ),
        deals=sample_deals(),
        deals_total=6,
        deals_url="/gallery/?page=deals",
        register_url="/gallery/?page=deal-new",
        actions=sample_actions(),
        path_words="2 more steps after these. It also depends on: Bookings at least 60,000. The review of 1 May 2026 "
        "can give Gold.",
        promises=(
            Promise(
                what="Answer on the Chart question",
                owner="Ana Ruiz",
                days_late=2,
                detail="Asked on 24 March, promised within five days.",
            ),
            Promise(what="Review of your spring campaign plan", owner="Ana Ruiz", due=date(2026, 4, 3)),
        ),
        risk_words="What keeps Select has not been met since 12 March 2026. Meet it on any day up to 30 April 2026, or you hold "
        "Registered from 1 May 2026.",
        risks=sample_risks(),
        cheers=(
            Cheer(who="Mikael Strand", what="Beacon engineering advanced", day=date(2026, 3, 20)),
            Cheer(who="2 of your people", what="Keep sales fundamentals", day=date(2026, 3, 11)),
        ),
        tiles=sample_tiles(),
        points=sample_points_now(),
        history_url="/gallery/?page=points",
        chart=sample_chart(),
    )
