"""What each table is held to, as statements over all its rows at once.

Every broken promise of a row in ``typed_<table>`` becomes a row of ``row_issues``. Without the rows that have an error it
is then ``good_<table>``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from swingby.facts.casts import SHAPES, has_too_many_places, is_day, is_number
from swingby.facts.contracts import END_COLUMNS, RECORDED_AT, REFERENCE_KEYS, TableContract
from swingby.facts.desk import Desk
from swingby.facts.issues import ISSUE_CODES
from swingby.facts.names import rows_in_words
from swingby.facts.typed import text_column
from swingby.program.kinds import Column

FIRST_DAY, LAST_DAY = "DATE '1950-01-01'", "DATE '2100-12-31'"

ROW_ISSUES = """
CREATE TEMP TABLE row_issues (
    _file INTEGER, _line BIGINT, table_name VARCHAR, column_name VARCHAR, value VARCHAR,
    code VARCHAR, reason VARCHAR, hint VARCHAR, level VARCHAR
)"""
UNMATCHED = """
CREATE TEMP TABLE unmatched (
    table_name VARCHAR, column_name VARCHAR, value VARCHAR, reference VARCHAR, rows BIGINT
)"""


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that a row must not meet.

    ``sign`` is an aggregate that is quick to compute and true whenever a row meets the condition; without one, the
    condition is tried on every row.
    """

    code: str
    column: str
    when: str
    reason: str
    hint: str = ""
    sign: str = ""


FILE_ROWS = "CREATE TEMP TABLE file_rows (_file INTEGER, table_name VARCHAR, rows BIGINT)"


def check_rows(desk: Desk, contract: TableContract) -> None:
    """Count the rows of each file, and write an issue for every row and check that it does not pass.

    One scan says which checks may fail somewhere; only those look at every row.
    """
    name, run = contract.name, desk.connection.execute
    run(f"INSERT INTO file_rows SELECT _file, '{name}', count(*) FROM typed_{name} GROUP BY _file")
    translated = desk.translated[name]
    checks = list(row_checks(contract, translated))
    signs = ", ".join(check.sign or f"bool_or({check.when})" for check in checks)
    signed = run(f"SELECT {signs} FROM typed_{name}").fetchone() or ()
    for check, may_fail in zip(checks, signed, strict=True):
        if may_fail:
            run(f"INSERT INTO row_issues {_issues(contract, check, translated)}")


def keep_good_rows(desk: Desk, contract: TableContract) -> None:
    """Make ``good_<table>``, the rows without an error; of facts also ``lost_<table>``, the ids of the others."""
    name = contract.name
    bad = f"SELECT _file, _line FROM row_issues WHERE level = 'error' AND table_name = '{name}'"
    if desk.connection.execute(f"{bad} LIMIT 1").fetchone() is None:
        desk.connection.execute(f"ALTER TABLE typed_{name} RENAME TO good_{name}")
        return
    ids = "fact_id" if contract.kind is not None else "NULL AS fact_id"
    desk.connection.execute(
        f"CREATE TEMP TABLE lost_{name} AS SELECT {ids} FROM typed_{name} SEMI JOIN ({bad}) AS b USING (_file, _line)"
    )
    desk.connection.execute(
        f"DELETE FROM typed_{name} USING ({bad}) AS b WHERE typed_{name}._file = b._file AND typed_{name}._line = b._line"
    )
    desk.connection.execute(f"ALTER TABLE typed_{name} RENAME TO good_{name}")


def row_checks(contract: TableContract, translated: Collection[str] = ()) -> Iterator[Check]:
    """Every check of single rows of a table, of which a mapping translated some columns."""
    for name in contract.required:
        text = _text_of(contract, name)
        unless = "" if contract.kind is None else " AND NOT _bare"
        unless += f' AND "_w_{name}" IS NULL' if name in translated else ""
        sign = f"count({text}) < count(*)"
        yield Check("value-missing", name, f"{text} IS NULL{unless}", "It is empty.", "Every row must fill it.", sign)
    for name in sorted(translated):
        untold = f'"_w_{name}" IS NOT NULL AND {_text_of(contract, name)} IS NULL'
        hint = "Add it to values, or say what happens otherwise."
        yield Check("value-unmapped", name, untold, "The mapping does not translate this value.", hint)
    for column in contract.columns:
        yield from _checks_of_type(column)
    if contract.kind is not None:
        wrong = f"_t_{RECORDED_AT} IS NOT NULL AND {RECORDED_AT} IS NULL"
        hint = "Write a time with its offset: 2025-01-31T23:30:00Z."
        yield Check("date-shape", RECORDED_AT, wrong, "It is not a time.", hint)
    yield from _checks_of_span(contract)


def check_references(desk: Desk, contract: TableContract) -> None:
    """Warn, once per value, of names that their reference table does not hold; an empty table is not asked."""
    asked = {column: table for column, table in contract.references.items() if table in desk.staged}
    for column, table in asked.items():
        (key,) = REFERENCE_KEYS[table]
        known = f'SELECT "{key}" FROM ref_{table}'
        desk.connection.execute(
            f'CREATE TEMP TABLE missing AS SELECT "{column}" AS value, count(*) AS rows,'
            " arg_min(_file, (_file, _line)) AS _file, min((_file, _line))[2] AS _line"
            f' FROM good_{contract.name} WHERE "{column}" IS NOT NULL AND EXISTS ({known})'
            f' AND "{column}" NOT IN ({known}) GROUP BY "{column}"'
        )
        place = f"'{contract.name}', '{column}', value"
        desk.connection.execute(
            f"INSERT INTO row_issues SELECT _file, _line, {place}, 'reference-unknown',"
            f" {rows_in_words(f'It is not in {table}', 'rows', contract.name)},"
            f" coalesce('Is it ' || (SELECT min(\"{key}\") FROM ref_{table} WHERE lower(\"{key}\") = lower(value)) || '? ', '')"
            f" || 'Add it to {table}, or mend the name.', 'warning' FROM missing"
        )
        desk.connection.execute(f"INSERT INTO unmatched SELECT {place}, '{table}', rows FROM missing")
        desk.connection.execute("DROP TABLE missing")


def check_rates(desk: Desk, contract: TableContract) -> None:
    """Warn of amounts in a currency that had no rate yet on their day."""
    amounts = [f'"{column.name}" IS NOT NULL' for column in contract.columns if column.type == "amount"]
    if contract.kind is None or not amounts or not any(column.name == "currency" for column in contract.columns):
        return
    rate = f"SELECT 1 FROM ref_exchange_rates AS r WHERE r.currency = g.currency AND r.valued_on <= g.{contract.day}"
    desk.connection.execute(
        f"INSERT INTO row_issues SELECT _file, _line, '{contract.name}', 'currency', currency, 'rate-missing',"
        " 'There is no rate on or before this day.', 'Add it to exchange_rates.', 'warning'"
        f" FROM good_{contract.name} AS g WHERE currency <> ? AND ({' OR '.join(amounts)}) AND NOT EXISTS ({rate})",
        [desk.currency],
    )


def check_protection(desk: Desk, contract: TableContract) -> None:
    """Warn of decisions that are to protect a tier and name none of the ladder."""
    for topic, tiers in desk.protecting.items() if contract.name == "decisions" else ():
        desk.connection.execute(
            "INSERT INTO row_issues SELECT _file, _line, 'decisions', 'outcome', coalesce(outcome, ''), 'tier-unknown',"
            " 'It protects nothing: it is no tier of the ladder.', ?, 'warning'"
            " FROM good_decisions WHERE topic = ? AND NOT _bare AND NOT coalesce(list_contains(?, outcome), false)",
            [f"Write one of {', '.join(tiers)}.", topic, list(tiers)],
        )


_ENROLLED_TWICE = """
INSERT INTO row_issues
SELECT _file, _line, 'enrolments', 'organization', organization, 'enrolled-twice',
       'The organization is enrolled on these days already, as ' || other || '.',
       'Its facts count for both. End one with ended_on, or take it out.', 'warning'
FROM (
  SELECT *, max(coalesce(ended_on, DATE '9999-12-31')) OVER earlier AS taken_until,
         arg_max(enrolment, coalesce(ended_on, DATE '9999-12-31')) OVER earlier AS other
  FROM good_enrolments
  WINDOW earlier AS (PARTITION BY organization ORDER BY joined_on NULLS FIRST, enrolment
                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
WHERE coalesce(joined_on, DATE '0001-01-01') < taken_until
"""


def check_enrolments(desk: Desk, contract: TableContract) -> None:
    """Warn of organizations that are enrolled twice on the same days."""
    if contract.name == "enrolments":
        desk.connection.execute(_ENROLLED_TWICE)


def _issues(contract: TableContract, check: Check, translated: Collection[str]) -> str:
    text = _text_of(contract, check.column)
    text = f'coalesce("_w_{check.column}", {text})' if check.column in translated else text
    words = [contract.name, check.column]
    tail = [check.code, check.reason, check.hint, ISSUE_CODES[check.code][0]]
    return (
        f"SELECT _file, _line, {_quoted(words)}, {text}, {_quoted(tail)} FROM typed_{contract.name} WHERE {check.when}"
    )


def _text_of(contract: TableContract, name: str) -> str:
    return f'"{text_column(contract, name)}"'


def _quoted(words: Iterable[str]) -> str:
    return ", ".join("'" + word.replace("'", "''") + "'" for word in words)


def _checks_of_type(column: Column) -> Iterator[Check]:
    name, value = column.name, f'"{column.name}"'
    if column.type in ("id", "word"):
        yield Check("letters-lost", name, f"contains({value}, chr(65533))", _LOST, "Export the file as UTF-8.")
    if column.type not in SHAPES:
        begins = f"({value} >= '=' AND {value} < '>') OR ({value} >= '@' AND {value} < 'A')"
        yield Check("formula-text", name, begins, _FORMULA, "Export values in place of formulas.")
        return
    yield from _checks_of_shape(column)
    if column.type == "date":
        yield from _checks_of_range(name, value)
    if column.type in ("number", "amount", "percent"):
        yield from _checks_of_places(column)
        yield from _checks_of_bounds(column)


def _checks_of_shape(column: Column) -> Iterator[Check]:
    """What a text that became no value should have been."""
    name, text, value = column.name, f'"_t_{column.name}"', f'"{column.name}"'
    code, reason, hint = SHAPES[column.type]
    failed, sign = f"{text} IS NOT NULL AND {value} IS NULL", f"count({text}) > count({value})"
    if column.type == "date":
        serial = f"regexp_full_match({text}, '{_SERIAL}')"
        yield Check(code, name, f"{failed} AND NOT {is_day(text)} AND NOT {serial}", reason, hint, sign)
        yield Check(code, name, f"{failed} AND {serial}", _IS_SERIAL, _SERIAL_HINT, sign)
        yield Check("date-impossible", name, f"{failed} AND {is_day(text)}", "There is no such day.", sign=sign)
    elif column.type in ("number", "amount"):
        yield Check(code, name, f"{failed} AND NOT {is_number(text)}", reason, hint, sign)
        too_large = "It has more than 16 digits before the point."
        yield Check("number-too-large", name, f"{failed} AND {is_number(text)}", too_large, sign=sign)
    else:
        yield Check(code, name, failed, reason, hint, sign)


def _checks_of_places(column: Column) -> Iterator[Check]:
    text, value = f'"_t_{column.name}"', f'"{column.name}"'
    places = f"CASE WHEN {text} LIKE '%\\%' ESCAPE '\\' THEN {has_too_many_places(text, 6)}"
    when = f"{value} IS NOT NULL AND {places} ELSE {has_too_many_places(text)} END"
    reason = "It has more than 8 decimal places; it was rounded to 8."
    yield Check("number-rounded", column.name, when, reason, sign=f"max(strlen({text})) > {_LEAST_PLACES}")


#: A text that is no longer has no digit behind the places that are kept of a percentage.
_LEAST_PLACES = 6
_LOST = "It holds a letter that was lost between two encodings."
_FORMULA = "It begins like a formula; it was read as text."
_SERIAL = r"\d{5}(\.\d+)?"
_IS_SERIAL = "It is a number, as spreadsheets keep days."
_SERIAL_HINT = "Format the column as a date, or write dates: serial in a mapping."


def _checks_of_bounds(column: Column) -> Iterator[Check]:
    least, most = column.at_least, column.at_most
    hint = "Write 25% or 0.25 for a quarter." if column.type == "percent" else ""
    if least is not None:
        below, sign = f'"{column.name}" < {least}', f'min("{column.name}") < {least}'
        yield Check("number-out-of-range", column.name, below, f"It is below {least}.", hint, sign)
    if most is not None:
        above = f"It is above {most}." if column.type != "percent" else f"It is above {most * 100}%."
        sign = f'max("{column.name}") > {most}'
        yield Check("number-out-of-range", column.name, f'"{column.name}" > {most}', above, hint, sign)


def _checks_of_range(name: str, value: str) -> Iterator[Check]:
    hint = "A date that stands for something else, such as unknown, must be left empty."
    if name in END_COLUMNS:
        open_hint = "Leave it empty while nothing has ended."
        yield Check("end-open", name, f"{value} > {LAST_DAY}", "It is after 2100; it was read as open.", open_hint)
        yield Check("date-out-of-range", name, f"{value} < {FIRST_DAY}", "It is before 1950.", hint)
        return
    when = f"{value} NOT BETWEEN {FIRST_DAY} AND {LAST_DAY}"
    sign = f"min({value}) < {FIRST_DAY} OR max({value}) > {LAST_DAY}"
    yield Check("date-out-of-range", name, when, "It is before 1950 or after 2100.", hint, sign)


def _checks_of_span(contract: TableContract) -> Iterator[Check]:
    if contract.span is not None:
        start, end = contract.span
        hint = "The end is the first day on which it no longer holds."
        yield Check("ends-before-starts", end, f'"{end}" < "{start}"', "It ends before it starts.", hint)
    if contract.kind is not None and contract.kind.shape == "event":
        reason = "It was cancelled before it happened, so it never counts."
        yield Check("cancelled-before", "cancelled_on", "cancelled_on < happened_on", reason)
        early = f"{RECORDED_AT} < CAST(happened_on - 1 AS TIMESTAMPTZ)"
        reason = "It was recorded before it happened."
        yield Check("recorded-before", RECORDED_AT, early, reason, "Check both; a planned event is no fact yet.")
