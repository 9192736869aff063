"""What a partner reads of a change: no names of constructs, no words of who runs the program."""

from __future__ import annotations

import re

import pytest

from swingby.program import Program, load_text, told_changes

_RULES = """\
program: {id: tern, label: Tern, language: 1, version: "1", effective: 2026-02-01, currency: USD}
measures:
  clients: {count: customer, of: deals, over: {last: 12 months}, label: Clients}
  engineers: {count: person, of: credentials, label: Engineers}
points:
  plans: {for_each: activities, where: {kind: plan_reviewed}, earn: 20, label: Plan reviews}
scores:
  total: {sum: [plans], label: Points}
requirements:
  core: {label: The core, any: [{measure: engineers, at_least: 4}, {score: total, at_least: 500}]}
ladders:
  level:
    label: Tier
    promote: {each: month}
    demote: {dates: [02-01]}
    tiers:
      - {id: member, label: Member}
      - {id: gold, label: Gold partner, requires: {all: [{requirement: core}, {measure: clients, at_least: 5}]}}
benefits:
  discount: {label: Discount, value: {by: level, member: 5%, gold: 15%}}
"""
_CONSTRUCTS = re.compile(r"\b(Ladder|Requirement|Measure|Benefit|Score|Track|Table|Account|default)\b")


def _program(*changed: tuple[str, str]) -> Program:
    text = _RULES
    for before, after in changed:
        assert before in text
        text = text.replace(before, after)
    found = load_text(text)
    assert found.program is not None, found.errors
    return found.program


def _told(*changed: tuple[str, str]) -> list[str]:
    return [row for _, rows in told_changes(_program(), _program(*changed)) for row in rows]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("clients, at_least: 5", "clients, at_least: 7", "Gold partner asks for Clients: at least 7 instead of at least 5."),
        ("engineers, at_least: 4", "engineers, at_least: 5", "For Gold partner, Engineers: at least 5 instead of at least 4."),
        ("gold: 15%", "gold: 12%", "Discount for Gold partner: 12 % instead of 15 %."),
        ("earn: 20", "earn: 25", "Plan reviews, earns: 25 points instead of 20 points."),
        ("[02-01]}", "[02-01], grace: 90 days}", "Time to mend before a tier is lost: 90 days; before, no grace."),
        ("last: 12 months", "last: 6 months", "How “Clients” is counted, window: in the last 6 months instead of in the last 12 months."),
    ],
)  # fmt: skip
def test_a_change_is_told_by_what_things_are_called(before: str, after: str, told: str) -> None:
    assert _told((before, after)) == [told]


def test_what_a_tier_asks_in_addition_is_said_so() -> None:
    told = _told(
        ("{measure: clients, at_least: 5}]", "{measure: clients, at_least: 5}, {measure: engineers, at_least: 1}]")
    )

    assert told == ["Gold partner asks in addition: “Engineers” is at least 1."]


def test_what_is_only_counted_for_a_rule_is_told_with_the_rule() -> None:
    more = "  visits: {count: facts, of: activities, over: ever, label: Visits}\npoints:"

    assert _told(("points:", more)) == []


def test_when_a_version_holds_and_who_wrote_it_is_no_change_of_the_rules() -> None:
    assert _told(("2026-02-01", "2026-08-01"), ('"1"', '"2"')) == []


def test_no_sentence_names_a_construct() -> None:
    changed = (
        ("clients, at_least: 5", "clients, at_least: 7"),
        ("engineers, at_least: 4", "engineers, at_least: 5"),
        ("gold: 15%", "gold: 12%"),
        ("earn: 20", "earn: 25"),
        ("{each: month}", "{each: quarter}"),
        ("label: Discount,", "label: Price discount,"),
    )

    assert [row for row in _told(*changed) if _CONSTRUCTS.search(row)] == []
