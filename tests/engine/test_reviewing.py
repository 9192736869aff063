"""What a review would decide, worked out by hand: who moves, from when, why, who cannot be decided, who is near."""

from __future__ import annotations

from datetime import date

from swingby.engine import ReviewProposal, propose, review_days
from tests.soundness.worlds import World

RULES = """
measures: {{visits: {{sum: quantity, of: activities, over: {{last: 3 months}}, label: Visits}}}}
ladders:
  level:
    tiers: [{{id: low}}, {{id: mid, requires: {{measure: visits, at_least: 40}}}}, {{id: high, requires: {{measure: visits, at_least: 100}}}}]
    start: low
    {clocks}
"""
QUARTERS = "promote: {each: month}\n    demote: {each: quarter}"


def world(clocks: str = QUARTERS, header: str = "", **visits: dict[str, int]) -> World:
    made = World.of(RULES.format(clocks=clocks), header=header, partners=tuple(visits))
    for name, days in visits.items():
        for day, quantity in days.items():
            made.event("activities", day.replace("_", "-"), organization=name, kind="x", quantity=quantity)
    return made


def proposed(made: World, on: str) -> ReviewProposal:
    days = review_days(made.program, after=date(2023, 12, 31), until=date(2024, 12, 31))
    day = next(item for item in days if item.on == date.fromisoformat(on))
    with made.facts() as facts:
        return propose(made.program, facts, day)


def moves(found: ReviewProposal) -> list[tuple[object, ...]]:
    return [(move.enrolment, move.before, move.after, move.goes_up, move.is_near) for move in found.moves]


def test_a_review_names_who_rises_and_who_falls() -> None:
    made = world(falls={"2023-12-10": 120}, rises={"2024-03-20": 45}, stays={"2023-12-10": 50, "2024-03-10": 50})
    found = proposed(made, "2024-04-01")

    assert moves(found) == [("falls", "high", "low", False, False), ("rises", "low", "mid", True, False)]
    assert [[(row.label, row.value, row.line) for row in move.rows] for move in found.moves] == [
        [("Visits at least 100", 0, 100)],
        [("Visits at least 40", 45, 40)],
    ]
    assert (found.partners, sorted(item.enrolment for item in found.standings)) == (3, ["falls", "rises"])


def test_of_a_group_the_numbers_are_told_that_its_partner_can_reach() -> None:
    group = (
        "{any: [{measure: visits, at_least: 100}, {measure: calls, at_least: 5},"
        " {all: [{decision: chosen, is: approved}, {measure: calls, at_least: 2}]}]}"
    )
    rules = RULES.replace(
        "label: Visits}}", "label: Visits}}, calls: {{count: facts, of: activities, over: ever, label: Calls}}"
    )
    rules = rules.replace("{{measure: visits, at_least: 100}}", group.replace("{", "{{").replace("}", "}}"))
    made = World.of(rules.format(clocks=QUARTERS), partners=("falls",))
    made.event("activities", "2023-12-10", organization="falls", kind="x", quantity=120)
    (move,) = proposed(made, "2024-04-01").moves

    assert [(row.kind, row.value, row.line) for row in move.rows] == [
        ("any", None, None),
        ("number", 0, 100),
        ("number", 1, 5),
    ]


def test_what_was_moved_by_an_earlier_review_is_none_of_this_one_s() -> None:
    made = world(QUARTERS.replace("quarter}", "month, effective: {after: 2 months}}"), falls={"2023-12-10": 120})
    lost = [proposed(made, on) for on in ("2024-04-01", "2024-05-01", "2024-06-01")]

    assert [moves(found) for found in lost] == [[("falls", "high", "low", False, False)], [], []]
    assert [move.holds_from for move in lost[0].moves] == [date(2024, 6, 1)]


def test_who_misses_by_little_is_near() -> None:
    made = world(falls={"2023-12-10": 120, "2024-03-10": 96}, almost={"2024-03-20": 39})
    found = proposed(made, "2024-04-01")

    assert (moves(found), found.near) == ([("falls", "high", "mid", False, True)], (("almost", "level"),))


def test_a_tier_that_cannot_be_judged_stays_and_is_named() -> None:
    made = world(falls={"2023-12-10": 120})
    made.row("coverage", kind="activities", source="s", complete_from="2020-01-01", complete_to="2024-02-01")
    found = proposed(made, "2024-04-01")

    assert moves(found) == []
    assert [(item.enrolment, item.tier, [row.label for row in item.rows]) for item in found.undecided] == [
        ("falls", "high", ["Visits at least 100"]),
    ]


def test_review_days_are_those_of_the_calendar_and_say_whether_tiers_can_be_lost() -> None:
    made = world(header="protected_through: 2024-04-30", any={})
    days = review_days(made.program, after=date(2024, 3, 1), until=date(2024, 7, 1))

    assert [(day.on.month, day.lowers) for day in days] == [(4, False), (5, False), (6, False), (7, True)]


def test_a_ladder_that_follows_the_day_has_no_reviews() -> None:
    made = world("promote: {each: day}", any={})
    assert review_days(made.program, after=date(2024, 1, 1), until=date(2024, 12, 31)) == ()


def test_reviews_that_depend_on_joining_come_on_days_of_their_own() -> None:
    rules = RULES.replace("measures:", "calendars: {{mine: {{starts: joined}}}}\nmeasures:", 1)
    made = World.of(rules.format(clocks="promote: {each: month}\n    demote: {each: mine year}"), partners=())
    days = review_days(made.program, after=date(2024, 2, 2), until=date(2024, 3, 31), joined=[date(2023, 2, 15)])
    assert [(day.on, day.lowers) for day in days] == [(date(2024, 2, 15), True), (date(2024, 3, 1), False)]
