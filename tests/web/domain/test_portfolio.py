"""What is kept of each partner when its standing is stored, and what a job finds out about the days to come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection

from swingby.web.domain.organizations import register_organization
from swingby.web.domain.portfolio.outlook import Outlook, keep_outlooks, refresh_outlooks
from swingby.web.domain.portfolio.rows import gap_words, keep_rows, refresh_touches
from swingby.web.domain.programs import load_files
from swingby.web.domain.reports import accept_report, submit_report
from swingby.web.domain.standings import assess_enrolment
from swingby.web.models import PortfolioRow, Program, ProgramVersion, Prospect, RhythmPeriod, RhythmState, Standing
from swingby.web.tenancy import act_for_owner
from tests.permissions.world import PROGRAM_TEXT
from tests.web.acting import ENROLMENT, acting, the_enrolment
from tests.web.many import add_partners

pytestmark = pytest.mark.django_db
filled = import_module("swingby.web.migrations.0240_rhythms_when_last_due")

PROMISING = (
    PROGRAM_TEXT.replace("PROGRAM", "harbor-program")
    .replace('"1"', '"2"')
    .replace("effective: 2025-01-01", "effective: 2025-06-01")
    .replace(
        "measures:\n",
        """measures:
  plans_now: {count: facts, of: activities, where: {kind: plan_reviewed}, over: {current: quarter}, label: Plan reviews}
  plan_quarters: {count: {measure: plans_now, at_least: 1}, each: quarter, over: {previous: 4 quarters}}
  talks_now: {count: facts, of: touches, where: {kind: talk}, over: {current: quarter}, label: Talks with you}
  talk_quarters: {count: {measure: talks_now, at_least: 1}, each: quarter, over: {previous: 4 quarters}, side: vendor}
  booked: {sum: amount, of: transactions, over: {last: 12 months}, label: Bookings, unit: USD}
""",
    )
    .replace(
        "all: [{score: total, at_least: 40},",
        "all: [{measure: plan_quarters, at_least: 4}, {score: total, at_least: 40},",
    )
    .replace(
        "requires: {score: total, at_least: 20}",
        "requires: {all: [{score: total, at_least: 20}, {measure: plans_now, at_least: 1}]}",
    )
    .replace("    tiers:", "    start: select\n    promote: {each: month}\n    demote: {each: quarter}\n    tiers:")
)


@contextmanager
def _program(text: str) -> Iterator[None]:
    """The vendor's program with promises."""
    with act_for_owner("harbor"):
        version = load_files({"program.yaml": text})
        ProgramVersion.objects.create(
            program=Program.objects.get(pk="harbor-program"),
            owner_id="harbor",
            version=version.header.version,
            effective=version.header.effective,
            files={"program.yaml": text},
            hash=version.hash,
        )
    yield


@pytest.fixture
def promising() -> Iterator[None]:
    with _program(PROMISING):
        yield


def _accept(day: date) -> None:
    with acting("partner-admin") as partner:
        report = submit_report(the_enrolment(), actor=partner, kind="plan_reviewed", happened_on=day)
    with acting("manager") as manager:
        accept_report(report, actor=manager)


def _touch(day: date, *, kind: str = "talk", name: str = "touch") -> None:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fact_touches (fact_id, position, happened_on, organization, kind, owner_org, partner_org)"
            " VALUES (%s, 1, %s, 'tarn', %s, 'harbor', 'tarn')",
            [name, day, kind],
        )


def _row() -> PortfolioRow:
    with act_for_owner("harbor"):
        return PortfolioRow.objects.get(enrolment=ENROLMENT)


def _assess(position: int = 1) -> None:
    assess_enrolment(ENROLMENT, owner="harbor", position=position)


def test_the_row_says_what_the_standing_says(promising: None) -> None:
    _touch(date(2026, 3, 11))
    _accept(date(2026, 3, 20))
    _assess()
    row = _row()

    assert (row.name, row.tier, row.tier_rank, row.next_tier) == ("Tarn Example", "Select", 1, "Gold")
    assert (row.as_of, row.score, row.trend) == (date(2026, 3, 31), Decimal(20), None)
    assert (row.gaps, row.gap_words.count("; "), row.gap_words.endswith("and 1 more")) == (3, 2, True)
    assert (row.next_review, row.loses_on) == (date(2026, 4, 1), date(2026, 4, 1))
    assert (row.worth, row.worth_unit, row.last_touch) == (Decimal(0), "USD", date(2026, 3, 11))


def test_the_trend_is_the_score_less_that_of_a_quarter_before(promising: None) -> None:
    with act_for_owner("harbor"):
        old = Standing.objects.get(enrolment=ENROLMENT)
        for day, score in ((date(2025, 11, 1), "3"), (date(2025, 12, 20), "5"), (date(2026, 1, 20), "90")):
            Standing.objects.create(
                owner_id="harbor",
                partner_id="tarn",
                enrolment_id=ENROLMENT,
                as_of=day,
                position=1,
                program_version_id=old.program_version_id,
                program_hash="old",
                engine_version="0",
                result={"score": {"value": score}},
            )
    _accept(date(2026, 3, 20))
    _assess()
    row = _row()

    assert (row.trend, row.trend_since) == (Decimal(15), date(2025, 12, 20))


def test_a_trend_stays_that_no_stored_standing_says(promising: None) -> None:
    """The first run compares with a day of which no standing is kept; the next report took the trend away."""
    with act_for_owner("harbor"):
        PortfolioRow.objects.filter(enrolment=ENROLMENT).update(score=8, trend=3, trend_since=date(2025, 12, 31))
    _accept(date(2026, 3, 20))
    _assess()
    row = _row()

    assert (row.score, row.trend, row.trend_since) == (Decimal(20), Decimal(15), date(2025, 12, 31))


def test_promises_are_looked_at_quarter_by_quarter(promising: None) -> None:
    _touch(date(2025, 11, 11))
    for day in (date(2025, 8, 5), date(2026, 2, 20)):
        _accept(day)
    _assess()
    refresh_outlooks([ENROLMENT], owner="harbor")
    with act_for_owner("harbor"):
        periods = RhythmPeriod.objects.filter(enrolment=ENROLMENT, rhythm__endswith="quarters").order_by(
            "rhythm", "starts_on"
        )
        found = [(each.side, each.starts_on, each.state) for each in periods]
    row = _row()

    kept, missed, opened = RhythmState.KEPT, RhythmState.MISSED, RhythmState.OPEN
    quarters = [date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)]
    assert found == [
        *zip(["partner"] * 4, quarters, [missed, kept, missed, kept], strict=True),
        *zip(["vendor"] * 4, quarters, [missed, missed, kept, missed], strict=True),
    ]
    assert opened not in {state for _, _, state in found}
    assert (row.kept, row.asked, row.our_kept, row.our_asked) == (2, 4, 1, 4)
    assert [(each["kept"], each["asked"], each["missed"]) for each in row.rhythms] == [(2, 4, 0)]
    assert (row.missed_kinds, row.missed_running) == (0, 0)


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ("", ([], None, 0)),
        ("oo", ([], None, 0)),
        ("kmm", ([(1, 3, 2)], 1, 2)),
        ("mmk", ([(1, 3, 0)], 0, 0)),
        ("mkmuo", ([(1, 3, 1)], 1, 1)),
        ("mm", ([(0, 2, 2)], 1, 2)),
    ],
)
def test_what_is_missed_is_counted_back_from_the_newest_period_that_is_over_and_known(
    states: str, found: tuple[list[tuple[int, int, int]], int | None, int]
) -> None:
    """The migration's statement finds the same as the job."""
    named = {"k": RhythmState.KEPT, "m": RhythmState.MISSED, "o": RhythmState.OPEN, "u": RhythmState.UNKNOWN}
    add_partners(1)
    with act_for_owner("harbor"):
        row = PortfolioRow.objects.get(pk="many-0")
        periods = [_quarter(nth, named[state]) for nth, state in enumerate(states)]
        keep_outlooks({row: Outlook([], periods)}, position=1, day=date(2026, 3, 31))
        by_job = PortfolioRow.objects.get(pk="many-0")
        with connection.cursor() as cursor:
            cursor.execute(filled._FOUND)
            cursor.execute(
                "SELECT rhythms::text, kinds, running FROM rhythms_last_due WHERE enrolment = %s", ["many-0"]
            )
            (by_migration,) = cursor.fetchall() or [("[]", None, 0)]

    counts = [(each["kept"], each["asked"], each["missed"]) for each in by_job.rhythms]
    assert (counts, by_job.missed_kinds, by_job.missed_running) == found
    assert (json.loads(by_migration[0]), *by_migration[1:]) == (by_job.rhythms, *found[1:])


def _quarter(nth: int, state: RhythmState) -> RhythmPeriod:
    first = date(2025, 1 + 2 * nth, 1)
    return RhythmPeriod(
        owner_id="harbor", partner_id="many-0", enrolment_id="many-0", rhythm="plans", label="Plan reviews",
        side="partner", starts_on=first, last_day=first + timedelta(days=50), asked=1, state=state,
    )  # fmt: skip


def test_a_fall_that_nobody_has_decided_is_no_other_tier_at_risk(promising: None) -> None:
    """The page said *Gold is at risk* with what Select asks for: a fall waited, and the days ahead knew nothing of that."""
    _accept(date(2026, 3, 20))
    _assess()
    with act_for_owner("harbor"):
        held = Standing.objects.filter(enrolment=ENROLMENT).order_by("-as_of", "-position", "-id")[0]
        held.pk, held.tier, held.position = None, "gold", held.position + 1
        held.save(force_insert=True)
        PortfolioRow.objects.filter(enrolment=ENROLMENT).update(loses_on=date(2026, 4, 1), outlook_position=0)
    refresh_outlooks([ENROLMENT], owner="harbor")
    labels = {gate["label"] for gate in _row().outlook}

    assert "Points" in " ".join(sorted(labels))
    assert len(labels) > 1


def test_what_lapses_until_the_next_review_is_said_before_it(promising: None) -> None:
    """The plan review of this quarter counts until its end; the review after the next one misses it."""
    _accept(date(2026, 3, 20))
    _assess()
    refresh_outlooks([ENROLMENT], owner="harbor")
    kept = _row()
    with act_for_owner("harbor"):
        PortfolioRow.objects.filter(enrolment=ENROLMENT).update(loses_on=date(2026, 7, 1), outlook_position=0)
    refresh_outlooks([ENROLMENT], owner="harbor")
    lost = _row()

    assert (kept.loses_on, kept.at_risk, kept.outlook) == (date(2026, 4, 1), 0, [])
    assert lost.at_risk == 1
    assert lost.outlook == [
        {"label": "Plan reviews", "words": "one more", "now": False, "is_score": False, "control": None}
    ]


def test_a_second_look_finds_nothing_to_do(promising: None) -> None:
    _assess()
    refresh_outlooks([ENROLMENT], owner="harbor")
    before = _row()
    refresh_outlooks([ENROLMENT], owner="harbor")

    assert _row() == before
    assert before.outlook_on == date(2026, 3, 31)


def test_an_enrolment_that_is_unknown_is_passed_over() -> None:
    refresh_outlooks(["nobody"], owner="harbor")


def test_a_load_brings_the_last_touch_of_everybody_up_to_date() -> None:
    _touch(date(2026, 2, 1))
    _touch(date(2026, 3, 2), name="later")
    with act_for_owner("harbor"):
        refresh_touches("harbor")

    assert _row().last_touch == date(2026, 3, 2)


def test_a_name_that_changes_changes_here_too() -> None:
    with act_for_owner("harbor"):
        register_organization("tarn", name="Tarn Renamed", registered_by="harbor", region="emea")

    assert (_row().name, _row().region) == ("Tarn Renamed", "emea")


@pytest.mark.parametrize(
    ("gates", "words"),
    [
        ([], ""),
        (
            [{"label": "Points", "words": "9 more points", "is_score": True}, {"label": "A review", "words": ""}],
            "A review; Points: 9 more points",
        ),
        ([{"label": name, "words": "one more"} for name in "ABC"], "A: one more; B: one more; and 1 more"),
    ],
)
def test_gaps_are_said_gates_first(gates: list[dict[str, object]], words: str) -> None:
    assert gap_words(gates) == words


def test_a_tier_that_moved_twice_in_a_week_is_told_from_before_the_week() -> None:
    (key,) = add_partners(1)
    told = []
    with act_for_owner("harbor"):
        for day, label in ((24, "Member"), (27, "Select"), (30, "Advanced"), (31, "Member"), (31, "Member")):
            keep_rows([_standing_of(key, date(2026, 3, day), label)])
            row = PortfolioRow.objects.get(pk=key)
            told.append((row.tier, row.tier_before, row.tier_moved_on and row.tier_moved_on.day))
    # The 30th of March is a Monday.
    assert told == [
        ("Member", "", None),
        ("Select", "Member", 27),
        ("Advanced", "Select", 30),
        ("Member", "Select", 31),
        ("Member", "Select", 31),
    ]


@pytest.mark.parametrize(
    ("label", "loses_on", "kept"),
    [("Gold", "2026-08-01", True), ("Select", "2026-08-01", False), ("Gold", None, False)],
)
def test_what_was_at_risk_ends_with_the_tier_that_was(label: str, loses_on: str | None, *, kept: bool) -> None:
    """A partner's page said *Member is at risk on* without a day, after a fall was approved."""
    (key,) = add_partners(1)
    gates = [{"label": "Plan reviews", "words": "one more", "now": True, "is_score": False, "control": None}]
    day = date(2026, 8, 1)
    with act_for_owner("harbor"):
        keep_rows([_standing_of(key, date(2026, 3, 30), "Gold", loses_on="2026-08-01")])
        row = PortfolioRow.objects.get(pk=key)
        keep_outlooks({row: Outlook(gates, [])}, position=1, day=date(2026, 3, 30))
        keep_rows([_standing_of(key, date(2026, 3, 31), label, loses_on=loses_on)])
        after, told = PortfolioRow.objects.get(pk=key), Prospect.objects.get(pk=key)

    assert (after.outlook, after.at_risk) == ((gates, 1) if kept else ([], 0))
    assert (told.closing, told.loses_on) == ((gates, day) if kept else ([], None))


def _standing_of(key: str, day: date, label: str, *, loses_on: str | None = None) -> Standing:
    result = {"tier": {"label": label, "rank": 0}, "reviews": {"demotion": loses_on}}
    return Standing(owner_id="harbor", partner_id=key, enrolment_id=key, as_of=day, position=1, tier="x", result=result)
