"""The statement shapes that the engine is made of give the same rows on every backend."""

from datetime import date
from decimal import Decimal

import pytest

from swingby.engine.sql import Column, Connection, average, columns, median, predicate, quantity, statement, values
from swingby.engine.sql.values import Value

AMOUNTS = (Column("partner", "text"), Column("amount", "quantity"))


def amounts(**of_partner: list[str | None]) -> list[tuple[Value, ...]]:
    """Rows of (partner, amount)."""
    return [
        (partner, None if word is None else Decimal(word)) for partner, words in of_partner.items() for word in words
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["1.10", "2.25"], ("3.35", 2, "1.675")),
        (["1.51", "1.50"], ("3.01", 2, "1.505")),
        (["0.000000000001", "0.000000000002"], ("0.000000000003", 2, "0.000000000002")),
        (["7"], ("7", 1, "7")),
        (["3", "1", "2"], ("2", 1, "2")),
        (["5", "5", "1", "9"], ("10", 2, "5")),
        (["-1.5", "-2.5", None], ("-4", 2, "-2")),
    ],
)
def test_median_is_exact(connection: Connection, words: list[str | None], expected: tuple[str, int, str]) -> None:
    query = median(values("a", AMOUNTS, amounts(p=words)), keys=["partner"], value="amount")
    num, den, value = expected
    assert connection.rows(query) == [("p", Decimal(num), Decimal(den), Decimal(value))]


def test_average_is_exact_and_leaves_nulls_out(connection: Connection) -> None:
    rows = amounts(a=["29", "100", None], b=["1", "1", "2"], c=[None])
    query = average(values("a", AMOUNTS, rows), keys=["partner"], value="amount")
    assert sorted(connection.rows(query)) == [
        ("a", Decimal(129), Decimal(2), Decimal("64.5")),
        ("b", Decimal(4), Decimal(3), Decimal("1.333333333333")),
    ]


def test_shapes_without_keys_give_one_row(connection: Connection) -> None:
    nothing = values("a", AMOUNTS, [])
    assert connection.rows(median(nothing, keys=[], value="amount")) == [(None, Decimal(0), None)]
    assert connection.rows(average(nothing, keys=[], value="amount")) == [(None, Decimal(0), None)]


FACTS = (
    Column("enrolment", "text"),
    Column("kind", "text"),
    Column("happened_on", "day"),
    Column("amount", "quantity"),
)
SCOPE = (Column("enrolment", "text"), Column("as_of", "day"))
RULES = (Column("rule", "whole"), Column("kind", "text"), Column("least", "quantity"), Column("most", "quantity"))

SCAN = """
SELECT s.enrolment, s.as_of, r.rule, COUNT(*) AS facts, quantity(SUM(f.amount)) AS total
FROM {scope} AS s
JOIN {facts} AS f ON f.enrolment = s.enrolment AND f.happened_on <= s.as_of
                 AND f.happened_on > month_add(s.as_of, -3)
JOIN {rules} AS r ON r.kind = f.kind AND f.amount >= r.least AND (r.most IS NULL OR f.amount < r.most)
WHERE CASE r.rule {residuals} ELSE TRUE END
GROUP BY s.enrolment, s.as_of, r.rule
ORDER BY by_bytes(s.enrolment), s.as_of, r.rule
"""


def test_rules_are_rows_and_the_day_is_a_column(connection: Connection) -> None:
    facts = [
        ("b", "deal", date(2025, 1, 31), Decimal(10)),
        ("b", "deal", date(2025, 2, 28), Decimal("99.99")),
        ("b", "deal", date(2025, 4, 30), Decimal(100)),
        ("b", "visit", date(2025, 4, 30), Decimal(1)),
        ("a", "deal", date(2025, 4, 30), Decimal(500)),
        ("a", None, date(2025, 4, 30), Decimal(500)),
    ]
    scope = [("b", date(2025, 4, 30)), ("b", date(2025, 5, 31)), ("a", date(2025, 4, 30))]
    rules = [(1, "deal", Decimal(0), Decimal(100)), (2, "deal", Decimal(100), None), (3, "deal", Decimal(0), None)]
    connection.store("scope", SCOPE, scope)
    connection.store("facts", FACTS, facts)
    residuals = predicate("CASE r.rule WHEN 3 THEN f.amount <> {amount} END", amount=quantity(Decimal(10)))
    query = statement(
        SCAN.replace("{residuals}", "WHEN 3 THEN {residual}"),
        scope="scope",
        facts="facts",
        rules=values("rules", RULES, rules),
        residual=residuals.args["ifs"][0].args["true"],
    )
    assert connection.rows(query) == [
        ("a", date(2025, 4, 30), 2, 1, Decimal(500)),
        ("a", date(2025, 4, 30), 3, 1, Decimal(500)),
        ("b", date(2025, 4, 30), 1, 2, Decimal("109.99")),
        ("b", date(2025, 4, 30), 2, 1, Decimal(100)),
        ("b", date(2025, 4, 30), 3, 2, Decimal("199.99")),
        ("b", date(2025, 5, 31), 2, 1, Decimal(100)),
        ("b", date(2025, 5, 31), 3, 1, Decimal(100)),
    ]


ENTRIES = (Column("fact_id", "text"), Column("period", "whole"), Column("day", "day"), Column("points", "quantity"))

CAPPED = """
WITH running AS (
  SELECT e.fact_id, e.period, e.day, e.points,
         SUM(e.points) OVER (PARTITION BY e.period ORDER BY e.day, by_bytes(e.fact_id)
                             ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS filled
  FROM {entries} AS e
)
SELECT r.fact_id,
       quantity(greatest_of(least_of(r.filled, {cap}) - least_of(r.filled - r.points, {cap}), 0)) AS kept
FROM running AS r
ORDER BY r.period, r.day, by_bytes(r.fact_id)
"""


def test_a_cap_is_filled_in_order_of_day_and_then_bytes_of_the_id(connection: Connection) -> None:
    day = date(2025, 1, 1)
    entries = [(word, 1, day, Decimal("7.5")) for word in ("b", "B", "ä", "_", "a")] + [("c", 2, day, Decimal(3))]
    query = statement(CAPPED, entries=values("e", ENTRIES, entries), cap=quantity(20))
    assert connection.rows(query) == [
        ("B", Decimal("7.5")),
        ("_", Decimal("7.5")),
        ("a", Decimal(5)),
        ("b", Decimal(0)),
        ("ä", Decimal(0)),
        ("c", Decimal(3)),
    ]


def test_text_is_compared_by_its_bytes(connection: Connection) -> None:
    words = values("w", [Column("word", "text")], [(word,) for word in ("b", "B", "ä", "_", "a")])
    text = "SELECT MIN(by_bytes(w.word)), MAX(by_bytes(w.word)), COUNT(DISTINCT w.word) FROM {words} AS w"
    assert connection.rows(statement(text, words=words)) == [("B", "ä", 5)]
    below = "SELECT w.word FROM {words} AS w WHERE by_bytes(w.word) < 'a' ORDER BY by_bytes(w.word)"
    assert connection.rows(statement(below, words=words)) == [("B",), ("_",)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("day_add(DATE '2024-02-28', 1)", date(2024, 2, 29)),
        ("day_add(DATE '2024-03-01', -1)", date(2024, 2, 29)),
        ("month_add(DATE '2024-01-31', 1)", date(2024, 2, 29)),
        ("month_add(DATE '2024-02-29', 12)", date(2025, 2, 28)),
        ("month_add(DATE '2024-02-29', 1)", date(2024, 3, 29)),
        ("month_add(DATE '2024-03-31', -1)", date(2024, 2, 29)),
        ("days_between(DATE '2024-02-01', DATE '2024-03-01')", 29),
        ("days_between(DATE '2024-03-01', DATE '2024-02-01')", -29),
        ("day_add(NULL, 1)", None),
        ("month_add(DATE '2024-03-31', NULL)", None),
        ("days_between(NULL, DATE '2024-03-31')", None),
    ],
)
def test_days_are_moved_alike(connection: Connection, written: str, expected: object) -> None:
    assert connection.rows(statement("SELECT {it} AS it", it=predicate(written))) == [(expected,)]


def test_empty_keys_leave_no_group(connection: Connection) -> None:
    rows = values("a", AMOUNTS, amounts(a=["1"], b=["2"]))
    text = "SELECT {keys}, SUM(a.amount) AS total FROM {rows} AS a GROUP BY {keys} ORDER BY {keys}"
    assert connection.rows(statement(text, rows=rows, keys=[])) == [(Decimal(3),)]
    by_partner = statement(text, rows=rows, keys=columns(["partner"], of="a"))
    assert connection.rows(by_partner) == [("a", Decimal(1)), ("b", Decimal(2))]
