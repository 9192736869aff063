"""Slips that somebody could make in the engine, each a small change of one file, and who is expected to notice.

The text before must occur exactly once in its file, so that a bug is never planted by half.
"""

from __future__ import annotations

from dataclasses import dataclass

DAYS = "tests/soundness/test_days.py"
CAPS = "tests/soundness/test_caps.py"
JOINS = "tests/soundness/test_joins.py"
LATE = "tests/soundness/test_late_facts.py"
NOTHING = "tests/soundness/test_nothing.py"
COVERAGE = "tests/soundness/test_coverage.py"
WALKS = "tests/soundness/test_walks.py"
LOTS = "tests/soundness/test_lots.py"
SEATS = "tests/soundness/test_seats.py"
TREES = "tests/soundness/test_trees.py"
SLIPS = "tests/soundness/test_slips.py"
PLANS = "tests/soundness/test_plans_again.py"
READING = "tests/facts/test_reading.py"
#: The oracle, with forty drawn examples.
ORACLE = "oracle"


@dataclass(frozen=True, slots=True)
class Bug:
    """A slip: where it is made (below src/swingby), what becomes of which text, and who notices it."""

    name: str
    path: str
    before: str
    after: str
    noticed_by: str


BUGS = (
    Bug(
        "a window ends a day late", "values/windows.py", "return add_days(as_of, 1)", "return add_days(as_of, 2)", DAYS
    ),
    Bug(
        "a window starts a day early",
        "values/windows.py",
        "period_until(subtract_length(end, length), end)",
        "period_until(subtract_length(as_of, length), end)",
        DAYS,
    ),
    Bug(
        "current and previous are confused", "values/windows.py", 'if kind == "previous"', 'if kind != "previous"', DAYS
    ),
    Bug(
        "a period that ends with the day is not complete",
        "values/calendars.py",
        "self.unit_number(unit, add_days(as_of, 1))",
        "self.unit_number(unit, as_of)",
        DAYS,
    ),
    Bug(
        "a day that the month lacks spills into the next month",
        "values/periods.py",
        "return date(year, month + 1, min(day.day, last))",
        "return add_days(date(year, month + 1, 1), min(day.day, last + 3) - 1)",
        f"{SLIPS}::test_a_month_before_the_thirty_first_begins_on_the_last_day_of_february",
    ),
    Bug(
        "a state counts on the day it ends",
        "engine/steps/facts.py",
        "c.ends_on > p.s) AND p.s < p.t",
        "c.ends_on >= p.s) AND p.s < p.t",
        DAYS,
    ),
    Bug(
        "an entry counts on the day it expires",
        "engine/clock.py",
        "self.moment(expires, middle) > day",
        "self.moment(expires, middle) >= day",
        DAYS,
    ),
    Bug(
        "a cap is ignored",
        "engine/steps/entries.py",
        'return house("least_of", house("greatest_of", total, exp.column("low", "r")), exp.column("high", "r"))',
        'return house("greatest_of", total, exp.column("low", "r"))',
        CAPS,
    ),
    Bug(
        "a cap per period is one cap for all periods",
        "engine/steps/entries.py",
        '*key, *step.alike, "cap_s")',
        "*key, *step.alike)",
        DAYS,
    ),
    Bug(
        "a cap per period does not see the beginning of its period",
        "engine/steps/entry_batch.py",
        "first = clock.period(unit, first).start if first > date.min else first",
        "first = max(first, date.min)",
        f"{SLIPS}::test_a_cap_is_filled_by_entries_that_have_expired",
    ),
    Bug(
        "a refund frees no room under a cap",
        "engine/steps/entries.py",
        "CAST(SUM(p.amount) OVER",
        "CAST(SUM(GREATEST(p.amount, 0)) OVER",
        CAPS,
    ),
    Bug(
        "caps are filled from the largest id",
        "engine/steps/entries.py",
        "CAST(SUM(p.amount) OVER (PARTITION BY {alike} ORDER BY p.dated, by_bytes(p.fact_id)\n",
        "CAST(SUM(p.amount) OVER (PARTITION BY {alike} ORDER BY p.dated, by_bytes(p.fact_id) DESC\n",
        CAPS,
    ),
    Bug(
        "a cancelled event still counts",
        "engine/steps/facts.py",
        " AND (c.cancelled_on IS NULL OR c.cancelled_on > p.d)",
        "",
        CAPS,
    ),
    Bug(
        "an entry is taken back a day late",
        "engine/steps/entries.py",
        "p.cancelled_on <= p.d THEN 1",
        "p.cancelled_on < p.d THEN 1",
        CAPS,
    ),
    Bug(
        "a reversal is added instead of taken away",
        "engine/steps/accounts.py",
        "paid_back, -line.amount)",
        "paid_back, line.amount)",
        f"{SLIPS}::test_what_is_cancelled_leaves_its_account_on_the_day",
    ),
    Bug(
        "a reversed row of the ledger still counts",
        "engine/steps/stored.py",
        '"{position} <= {known} AND ({gone} IS NULL OR {gone} > {known})"',
        '"{position} <= {known} AND ({gone} IS NULL OR {gone} > 0)"',
        LATE,
    ),
    Bug(
        "a link is used before it was known",
        "engine/steps/credited.py",
        'exp.and_(_known(what, "f"), _known(what, "l"))',
        '_known(what, "f")',
        LATE,
    ),
    Bug(
        "a late fact changes the last review",
        "engine/demand.py",
        "Lens(setting.known_by(moment.looks_at),",
        "Lens(None,",
        LATE,
    ),
    Bug(
        "a leaver is kept",
        "engine/steps/facts.py",
        'f"c.link_starts_on <= {day} AND (c.link_ends_on IS NULL OR c.link_ends_on > {day})"',
        'f"c.link_starts_on <= {day}"',
        JOINS,
    ),
    Bug(
        "a link must hold on the asked day, not on the fact's",
        "engine/steps/credited.py",
        'day=at or ("fact" if kind.shape == "event" else "as_of")',
        'day=at or "as_of"',
        JOINS,
    ),
    Bug(
        "a fact counts once for each link",
        "engine/steps/looks.py",
        "or counts_a_thing or bool(self.route.link)",
        "or counts_a_thing",
        JOINS,
    ),
    Bug(
        "a person counts once for each certificate",
        "engine/steps/facts.py",
        'counted = rule.node.column if rule.node.aggregate == "count" and rule.node.column != "facts" else "fact_id"',
        'counted = "fact_id"',
        JOINS,
    ),
    Bug(
        "the children of other partners count as one's own",
        "engine/scope.py",
        'if roll_up == "nearest" else exp.true()',
        'if roll_up == "all" else exp.true()',
        TREES,
    ),
    Bug(
        "a line that is just reached is not met",
        "engine/steps/requirements.py",
        "WHEN 'at_least' THEN g.side >= 0",
        "WHEN 'at_least' THEN g.side > 0",
        NOTHING,
    ),
    Bug(
        "a ratio is compared by its rounded value",
        "engine/steps/requirements.py",
        "compare_ratio(l.num, l.den, l.line)",
        "SIGN(CAST(l.value AS DECIMAL(38, 2)) - l.line)",
        f"{SLIPS}::test_399_of_1000_are_not_forty_percent",
    ),
    Bug(
        "nothing divided by nothing is 0",
        "engine/steps/lists.py",
        "AND (p.b = 0 OR p.b < p.base) THEN 1",
        "AND (p.b = 0 OR p.b < p.base) THEN 0",
        NOTHING,
    ),
    Bug(
        "the least of nothing is 0",
        "engine/steps/reading.py",
        'return node.aggregate in ("count", "sum", "ranked")',
        'return node.aggregate in ("count", "sum", "ranked", "least")',
        NOTHING,
    ),
    Bug(
        "what is not complete counts as 0",
        "engine/coverage.py",
        "span = clock.span(node.window, day)\n        return _is_incomplete",
        "span = clock.span(None, day)\n        return _is_incomplete",
        COVERAGE,
    ),
    Bug(
        "what is not known promotes",
        "engine/steps/ladders.py",
        "SELECT t.node, q.e, t.d, {keys}, MAX(CASE WHEN q.result = 1 THEN",
        "SELECT t.node, q.e, t.d, {keys}, MAX(CASE WHEN q.result <> 0 THEN",
        COVERAGE,
    ),
    Bug("what is not known demotes", "engine/steps/ladders.py", "WHERE q.result <> 0", "WHERE q.result = 1", COVERAGE),
    Bug(
        "grace is a day short",
        "engine/clock.py",
        "for index in range((day - start).days)",
        "for index in range(1, (day - start).days)",
        f"{SLIPS}::test_grace_reaches_back_to_its_first_day",
    ),
    Bug(
        "a tier that is held falls all the same",
        "engine/walk.py",
        "return held.hold_down is not None and moment.on < held.hold_down",
        "return False",
        WALKS,
    ),
    Bug(
        "demotion goes before promotion",
        "engine/walk.py",
        """    after = _promoted(walk, clock, held, due, answers) if due.promotion else held
    if after is held:
        for moment in due.demotions:
            after = _demoted(walk, clock, after, moment, answers)
""",
        """    after = held
    for moment in due.demotions:
        after = _demoted(walk, clock, after, moment, answers)
    if after is held and due.promotion:
        after = _promoted(walk, clock, held, due, answers)
""",
        f"{SLIPS}::test_who_earns_more_at_a_review_does_not_fall_at_it",
    ),
    Bug(
        "the last protected day does not protect",
        "engine/walk.py",
        "if through is not None and since <= through:",
        "if through is not None and since < through:",
        f"{SLIPS}::test_the_last_protected_day_protects",
    ),
    Bug(
        "protection of the program is ignored",
        "engine/walk.py",
        "through = walk.header.protected_through",
        "through = None",
        WALKS,
    ),
    Bug(
        "one step at a time is ignored",
        "engine/walk.py",
        "target = held.ordinal + 1 if review.one_step else earned",
        "target = earned",
        f"{SLIPS}::test_one_step_at_a_time",
    ),
    Bug(
        "an instant becomes a day in UTC",
        "facts/casts.py",
        "AT TIME ZONE '{zone}' AS DATE)",
        "AT TIME ZONE 'UTC' AS DATE)",
        READING,
    ),
    Bug(
        "a rate does not hold on its own day",
        "engine/steps/stored.py",
        "f.{day} >= x.s AND f.{day} < x.t",
        "f.{day} > x.s AND f.{day} <= x.t",
        f"{SLIPS}::test_a_rate_holds_from_its_own_day_until_the_next_one",
    ),
    Bug(
        "facts are picked after the filter",
        "engine/steps/facts.py",
        '"among": exp.and_(condition_sql(',
        '"among": exp.and_(_residual(draft, kind, rule), condition_sql(',
        f"{SLIPS}::test_facts_are_picked_before_the_filter_and_ties_go_to_the_least_id",
    ),
    Bug(
        "of equal facts the one with the largest id is picked",
        "engine/steps/facts.py",
        "by_bytes(c.fact_id)) AS pick_place",
        "by_bytes(c.fact_id) DESC) AS pick_place",
        f"{SLIPS}::test_facts_are_picked_before_the_filter_and_ties_go_to_the_least_id",
    ),
    Bug(
        "periods without facts are dropped",
        "engine/steps/each.py",
        "LEFT JOIN {items} AS v",
        "JOIN {items} AS v",
        f"{SLIPS}::test_months_without_facts_count_in_the_mean",
    ),
    Bug(
        "the middle of an even number is the lower one",
        "engine/steps/facts.py",
        "WHERE 2 * m.nth BETWEEN m.n AND m.n + 2",
        "WHERE 2 * m.nth BETWEEN m.n AND m.n + 1",
        f"{SLIPS}::test_facts_are_picked_before_the_filter_and_ties_go_to_the_least_id",
    ),
    Bug(
        "peers are not only those enrolled on the day",
        "engine/steps/peers.py",
        "AND p.d = a.d AND p.enrolled",
        "AND p.d = a.d",
        f"{SLIPS}::test_those_who_are_not_yet_enrolled_have_no_rank",
    ),
    Bug(
        "the earliest decision is the one in force",
        "engine/steps/statuses.py",
        "ORDER BY c.starts_on DESC",
        "ORDER BY c.starts_on",
        f"{SLIPS}::test_the_latest_decision_is_in_force",
    ),
    Bug(
        "seats are given to whoever fits first",
        "engine/seats.py",
        "if found == sum(min(number, supply[place]) for place, number in wanted.items()):",
        "if found >= 0:",
        SEATS,
    ),
    Bug(
        "the oldest lot is not spent first",
        "engine/lots.py",
        'attrgetter("opens", "day", "entry")',
        'attrgetter("entry", "opens", "day")',
        LOTS,
    ),
    Bug(
        "a lot can be spent on the day it expires",
        "engine/lots.py",
        "if left[place] and (end is None or on < end):",
        "if left[place] and (end is None or on <= end):",
        LOTS,
    ),
    Bug(
        "the minimum of a part is ignored",
        "engine/steps/accounts.py",
        "return part.into if not isinstance(least, Decimal) or total >= least else part.otherwise",
        "return part.into",
        f"{SLIPS}::test_a_part_below_its_minimum_goes_elsewhere",
    ),
    Bug(
        "a run confirms what is dated at its cut-off",
        "engine/clock.py",
        "if dated < self._cut_off(awarded, run)",
        "if dated <= self._cut_off(awarded, run)",
        f"{SLIPS}::test_a_run_confirms_what_is_dated_before_its_cut_off",
    ),
    Bug(
        "a run confirms what is dated at its own midnight",
        "engine/clock.py",
        "add_days(dated, start), add_days(dated, end))\n            due = (run for run in runs if dated < self",
        "add_days(dated, start - 1), add_days(dated, end))\n            due = (run for run in runs if dated <= self",
        f"{SLIPS}::test_a_run_confirms_what_is_dated_before_it",
    ),
    Bug(
        "a run is held on a weekend",
        "engine/clock.py",
        "moved = {business_day(day, self.holidays) for day in found}",
        "moved = set(found)",
        f"{SLIPS}::test_a_run_on_a_saturday_is_held_on_monday_and_on_a_holiday_the_day_after",
    ),
    Bug(
        "a word of a list counts on the day it is struck off",
        "engine/predicates.py",
        "exp.LT(this=row.day.copy(), expression=literal(item.ends_on))",
        "exp.LTE(this=row.day.copy(), expression=literal(item.ends_on))",
        f"{SLIPS}::test_a_word_leaves_its_list_on_the_day",
    ),
    Bug(
        "a dated value changes a day late",
        "engine/predicates.py",
        "reached = exp.GTE(this=row.day.copy(), expression=literal(day))",
        "reached = exp.GT(this=row.day.copy(), expression=literal(day))",
        f"{SLIPS}::test_an_entry_has_the_value_of_its_day",
    ),
    Bug(
        "a value is read on the asked day, not on the fact's",
        "engine/steps/entry_batch.py",
        'Row(columns, read, need_source(needs, "c"))',
        'Row(columns, exp.column("d", "p"), need_source([self.nodes[number].needs], "c"))',
        f"{SLIPS}::test_an_entry_has_the_value_of_its_day",
    ),
    Bug(
        "what an entry requires is ignored",
        "engine/steps/entry_sources.py",
        "CASE WHEN c.gate_result = 1 THEN {amount}",
        "CASE WHEN c.gate_result <> 2 THEN {amount}",
        f"{SLIPS}::test_an_entry_asks_what_held_on_its_day",
    ),
    Bug(
        "a quotient is rounded before it is multiplied",
        "engine/steps/scales.py",
        'return house("ratio", house("multiply", x.num, rate), divisor)',
        'return house("multiply", house("ratio", x.num, divisor), rate)',
        f"{SLIPS}::test_three_of_nine_times_three_are_one",
    ),
    Bug(
        "a plan is used again whatever was known",
        "engine/plans.py",
        "return self.known_by.is_answered_alike(known) and ",
        "return ",
        PLANS,
    ),
    Bug(
        "a plan is used again whatever is covered",
        "engine/plans.py",
        " and self.incomplete.is_answered_alike(incomplete)",
        "",
        PLANS,
    ),
)
