"""What a proposed version would do, computed by the job on the small world."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.facts import take_position
from swingby.web.domain.kept_comparisons import ask_for_comparison, compute_comparison
from swingby.web.domain.programs import publish_version
from swingby.web.models import ComparisonKind, Program, ProposedVersion, VersionComparison, VersionEffect
from swingby.web.tenancy import act_for_owner
from tests.web.acting import acting
from tests.web.domain.proposing import PROGRAM, Sent, act, drafted, sent, text_of
from tests.web.domain.reviewing import TARN, TEXT, opened

pytestmark = pytest.mark.django_db
RULES_IN_FORCE = """\
program: {id: harbor-program, label: Example program, language: 1, version: "1.1", effective: 2025-01-02, currency: USD}
points:
  plans: {for_each: activities, where: {kind: plan_reviewed}, earn: 20, label: Plan reviewed}
measures:
  reviews: {count: facts, of: activities, where: {kind: plan_reviewed}, over: {last: 12 months}, label: Plan reviews}
  sold: {sum: amount, of: deals, where: {stage: won}, credit: {through: deal_parties}, over: {last: 12 months}, label: Bookings}
scores:
  total: {sum: [plans], label: Points}
ladders:
  level:
    tiers:
      - {id: member, label: Member}
      - {id: select, label: Select, requires: {score: total, at_least: 20}}
      - {id: gold, label: Gold, requires: {score: total, at_least: 40}}
benefits:
  discount: {label: Discount, value: {by: level, gold: 20%, select: 10%, otherwise: 0%}}
"""
SCENARIO = """\
- name: three reviews are gold
  partner: {joined_on: 2025-01-01}
  facts: {activities: [{kind: plan_reviewed, happened_on: [2026-01-05, 2026-01-06, 2026-01-07]}]}
  as_of: 2026-08-31
  expect: {tiers: {level: gold}}
- name: two are gold no more
  like: three reviews are gold
  replace: {activities: [{kind: plan_reviewed, happened_on: [2026-01-05, 2026-01-06]}]}
  as_of: 2026-08-31
  expect: {tiers: {level: gold}}
"""


def _next_rules() -> str:
    text = RULES_IN_FORCE.replace('"1.1"', '"2"').replace("2025-01-02", "2026-08-01")
    return text.replace("at_least: 40", "at_least: 60")


def _history() -> None:
    """Tarn has two plan reviews, which is gold today, and one of 100,000 won; sedge has three reviews."""
    with act_for_owner("harbor"):
        publish_version(Program.objects.get(pk=PROGRAM), files={"program.yaml": RULES_IN_FORCE})
        position = take_position("harbor", batch="history")
        with connection.cursor() as cursor:
            for partner, count in (("tarn", 2), ("sedge", 3)):
                for number in range(count):
                    cursor.execute(
                        "INSERT INTO fact_activities (fact_id, position, happened_on, organization, kind, owner_org,"
                        " partner_org) VALUES (%s, %s, %s, %s, 'plan_reviewed', 'harbor', %s)",
                        [f"{partner}-{number}", position, date(2026, 1, 5 + number), partner, partner],
                    )
            cursor.execute(
                "INSERT INTO fact_deals (fact_id, position, happened_on, deal, stage, amount, currency, owner_org,"
                " partner_org) VALUES ('won', %s, '2026-02-01', 'd1', 'won', 100000, 'USD', 'harbor', 'tarn')",
                [position],
            )
            cursor.execute(
                "INSERT INTO fact_deal_parties (fact_id, position, starts_on, deal, organization, role, owner_org,"
                " partner_org) VALUES ('party', %s, '2026-01-01', 'd1', 'tarn', 'source', 'harbor', 'tarn')",
                [position],
            )


def _tried(proposed: ProposedVersion, kind: ComparisonKind, **prices: str) -> VersionComparison:
    first = date(2026, 3, 31) if kind == ComparisonKind.TODAY else date(2026, 2, 1)
    with acting("manager") as actor:
        comparison = ask_for_comparison(
            proposed, actor=actor, kind=kind, first=first, last=date(2026, 3, 31), prices=prices
        )
    compute_comparison(comparison.pk, owner="harbor")
    with acting("manager"):
        return VersionComparison.objects.get(pk=comparison.pk)


def test_a_backtest_says_who_drops_why_and_what_it_costs() -> None:
    _history()
    proposed = drafted([*sent(_next_rules()), Sent("cases.yaml", SCENARIO.encode())])
    comparison = _tried(proposed, ComparisonKind.BACKTEST, discount="sold")

    assert (comparison.state, comparison.progress) == ("done", "")
    assert comparison.summary["headline"] == (
        "If nobody changed behaviour: 1 of 2 Gold drops, none rise, USD 10.0 k less Discount a year."
    )
    assert comparison.movers == [
        {
            "enrolment": "harbor-program-tarn",
            "ladder": "level",
            "old": "Gold",
            "new": "Select",
            "direction": "down",
            "why": "misses Points at least 60 (20 to go)",
            "money": "100000",
            "lost": "10000",
        }
    ]
    assert comparison.summary["scenarios"] == {
        "passed": 1,
        "failed": 1,
        "unread": 0,
        "differences": [
            {
                "place": "cases.yaml:10:27",
                "name": "two are gold no more",
                "words": "2026-08-31: tiers.level should be gold, and is select",
            }
        ],
    }


def test_trying_it_today_keeps_what_each_partner_would_see_and_shows_it_only_later() -> None:
    _history()
    proposed = drafted(sent(_next_rules()))
    act(proposed, "try")
    comparison = _tried(proposed, ComparisonKind.TODAY)
    ours, unseen = _effects(proposed, "manager"), _effects(proposed, "partner-admin")
    act(proposed, "show")
    seen, others = _effects(proposed, "partner-admin"), _effects(proposed, "both-programs")

    assert comparison.state == "done"
    assert ours == seen == [("harbor-program-tarn", "Gold", "Select", "down")]
    assert unseen == others == []


def _effects(proposed: ProposedVersion, person: str) -> list[tuple[object, ...]]:
    with acting(person):
        rows = VersionEffect.objects.filter(proposed=proposed.pk)
        return list(rows.values_list("enrolment_id", "before", "after", "direction"))


@pytest.mark.parametrize(("kind", "day"), [("today", "2026-03-31"), ("backtest", "2026-03-01")])
def test_a_comparison_says_that_it_starts_by_the_rules_alone_and_who_holds_another_tier(kind: str, day: str) -> None:
    """It counted those who hold a tier by the rules, and said no word of those who hold it because people decided so."""
    opened()
    rules = TEXT.replace("VERSION", "2").replace("EFFECTIVE", "2026-08-01").replace("at_least: 2", "at_least: 3")
    summary = _tried(drafted(sent(rules)), ComparisonKind(kind)).summary

    assert [(row["label"], row["old"]) for row in summary["tiers"]] == [("Gold", 0), ("Select", 1), ("Member", 2)]
    assert (summary["held_on"], summary["held"], summary["differing"]) == (day, [1, 1, 1], 1)
    assert summary["differ"] == [
        {
            "enrolment": TARN,
            "by_rules": "Member",
            "held": "Gold",
            "because": "what a review proposes waits for a decision",
        }
    ]


def test_where_nobody_decided_all_hold_the_tier_that_it_starts_from() -> None:
    _history()
    summary = _tried(drafted(sent(_next_rules())), ComparisonKind.TODAY).summary

    assert (summary["held"], summary["differing"], summary["differ"]) == ([2, 0, 1], 0, [])


def test_a_comparison_that_ran_twice_is_one() -> None:
    _history()
    comparison = _tried(drafted(sent(_next_rules())), ComparisonKind.TODAY)
    compute_comparison(comparison.pk, owner="harbor")
    with acting("manager"):
        again = VersionComparison.objects.get(pk=comparison.pk)
        effects = VersionEffect.objects.filter(proposed=comparison.proposed_id).count()

    assert (again.finished_at, again.movers, effects) == (comparison.finished_at, comparison.movers, 1)


def test_a_comparison_asked_for_twice_waits_once() -> None:
    proposed = drafted()
    with acting("manager") as actor:
        day = date(2026, 3, 31)
        keys = {
            ask_for_comparison(proposed, actor=actor, kind=ComparisonKind.TODAY, first=day, last=day).pk
            for _ in range(2)
        }

    assert len(keys) == 1


def test_versions_without_a_common_ladder_fail_in_words() -> None:
    _history()
    comparison = _tried(
        drafted(sent(_next_rules().replace("  level:", "  other:").replace("by: level", "by: other"))),
        ComparisonKind.TODAY,
    )

    assert comparison.state == "failed"
    assert comparison.progress.startswith(
        "The two versions have no ladder of the same name and cells: level and other."
    )


@pytest.mark.parametrize(
    ("first", "last", "prices", "message"),
    [
        (date(2026, 3, 1), date(2026, 2, 1), {}, "The first day comes after the last one. Exchange them."),
        (date(2026, 3, 1), date(2026, 4, 1), {}, "The last day is still to come. Choose today or an earlier day."),
        (date(2020, 3, 1), date(2026, 3, 1), {}, "This is longer than five years. Choose a later first day."),
        (date(2026, 3, 1), date(2026, 3, 2), {"seats": "3"}, "There is no benefit seats in this version."),
    ],
)
def test_a_comparison_that_cannot_be_is_refused(first: date, last: date, prices: dict[str, str], message: str) -> None:
    with acting("manager") as actor, pytest.raises(RefusedError) as refused:
        ask_for_comparison(drafted(), actor=actor, kind=ComparisonKind.BACKTEST, first=first, last=last, prices=prices)

    assert str(refused.value) == message


def test_others_on_our_side_start_no_comparison() -> None:
    day = date(2026, 3, 31)
    proposed = drafted(sent(text_of()))
    with acting("finance") as actor, pytest.raises(NotAllowedError):
        ask_for_comparison(proposed, actor=actor, kind=ComparisonKind.TODAY, first=day, last=day)
