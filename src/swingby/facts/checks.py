"""What each table is held to, as statements over all its rows at once.

Staged text ``raw_<table>`` becomes ``typed_<table>`` (the same rows, values beside texts), and every broken promise one
row of ``row_issues``. Rows with an error are then left out of ``good_<table>``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from swingby.facts.casts import SHAPES, end_of_day, has_too_many_places, instant_of, is_day, is_number, value_of
from swingby.facts.contracts import END_COLUMNS, RECORDED_AT, REFERENCE_KEYS, REVERSES, TableContract
from swingby.facts.desk import Desk
from swingby.facts.issues import ISSUE_CODES
from swingby.facts.names import rows_in_words
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
    """A condition that a row must not meet."""

    code: str
    column: str
    when: str
    reason: str
    hint: str = ""


FILE_ROWS = "CREATE TEMP TABLE file_rows (_file INTEGER, table_name VARCHAR, rows BIGINT)"


def type_rows(desk: Desk, contract: TableContract) -> None:
    """Make ``typed_<table>``: per column the text ``t_<column>`` and the value ``<column>``.

    A fact also gets ``_recorded``, when it became known (by default at the end of its day), and ``_bare``, whether it
    says nothing but what it takes away.
    """
    parts = []
    for column in contract.columns:
        text = f'"{column.name}"'
        parts += [f'{text} AS "_t_{column.name}"', f"{value_of(column.type, text, desk.time_zone)} AS {text}"]
    more = "*"
    if contract.kind is not None:
        parts += ["fact_id", "source", REVERSES, f"{RECORDED_AT} AS _t_{RECORDED_AT}"]
        parts += [f"{instant_of(RECORDED_AT, desk.time_zone)} AS {RECORDED_AT}"]
        parts += [f"{_only_reverses(contract)} AS _bare", "CAST(NULL AS VARCHAR) AS _raw_id"]
        ends = end_of_day(contract.kind.day_columns[0], desk.time_zone)
        more = f"*, coalesce({RECORDED_AT}, {ends}) AS _recorded"
    desk.connection.execute(
        f"CREATE TEMP TABLE typed_{contract.name} AS SELECT {more} FROM"
        f" (SELECT _file, _line, _written, {', '.join(parts)} FROM raw_{contract.name})"
    )
    desk.connection.execute(
        f"INSERT INTO file_rows SELECT _file, '{contract.name}', count(*) FROM raw_{contract.name} GROUP BY _file"
    )
    desk.connection.execute(f"DROP TABLE raw_{contract.name}")


def check_rows(desk: Desk, contract: TableContract) -> None:
    """Write an issue for every row and check that it does not pass.

    One scan counts what fails; only what does fail is looked for again.
    """
    translated = desk.translated[contract.name]
    checks = list(row_checks(contract, translated))
    counts = ", ".join(f"count(*) FILTER (WHERE {check.when})" for check in checks)
    counted = desk.connection.execute(f"SELECT {counts} FROM typed_{contract.name}").fetchone() or ()
    for check, count in zip(checks, counted, strict=True):
        if count:
            desk.connection.execute(f"INSERT INTO row_issues {_issues(contract, check, translated)}")


def keep_good_rows(desk: Desk, contract: TableContract) -> None:
    """Make ``good_<table>``, the rows without an error; of facts also ``lost_<table>``, the ids of the others."""
    name = contract.name
    bad = f"SELECT _file, _line FROM row_issues WHERE level = 'error' AND table_name = '{name}'"
    if desk.connection.execute(f"{bad} LIMIT 1").fetchone() is None:
        desk.connection.execute(f"ALTER TABLE typed_{name} RENAME TO good_{name}")
        return
    ids = "fact_id" if contract.kind is not None else "NULL AS fact_id"
    for kept, join, columns in ((f"good_{name}", "ANTI", "*"), (f"lost_{name}", "SEMI", ids)):
        desk.connection.execute(
            f"CREATE TEMP TABLE {kept} AS SELECT {columns} FROM typed_{name} {join} JOIN ({bad}) AS b USING (_file, _line)"
        )
    desk.connection.execute(f"DROP TABLE typed_{name}")


def row_checks(contract: TableContract, translated: Collection[str] = ()) -> Iterator[Check]:
    """Every check of single rows of a table, of which a mapping translated some columns."""
    for name in contract.required:
        unless = "" if contract.kind is None else " AND NOT _bare"
        unless += f" AND _written['{name}'] IS NULL" if name in translated else ""
        yield Check("value-missing", name, f'"_t_{name}" IS NULL{unless}', "It is empty.", "Every row must fill it.")
    for name in sorted(translated):
        untold = f"_written['{name}'] IS NOT NULL AND {_text_of(name)} IS NULL"
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
            f" {rows_in_words(f'It is not in {table}', 'rows')},"
            f" 'Add it to {table}, or mend the name.', 'warning' FROM missing"
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


def _issues(contract: TableContract, check: Check, translated: Collection[str]) -> str:
    text = _text_of(check.column)
    text = f"coalesce(_written['{check.column}'], {text})" if check.column in translated else text
    words = [contract.name, check.column]
    tail = [check.code, check.reason, check.hint, ISSUE_CODES[check.code][0]]
    return (
        f"SELECT _file, _line, {_quoted(words)}, {text}, {_quoted(tail)} FROM typed_{contract.name} WHERE {check.when}"
    )


def _text_of(name: str) -> str:
    """The column that holds the text of a value; of the ledger's own words it is the value."""
    return name if name in ("fact_id", "source", REVERSES) else f'"_t_{name}"'


def _quoted(words: Iterable[str]) -> str:
    return ", ".join("'" + word.replace("'", "''") + "'" for word in words)


def _checks_of_type(column: Column) -> Iterator[Check]:
    name, text, value = column.name, f'"_t_{column.name}"', f'"{column.name}"'
    if column.type in ("id", "word"):
        yield Check("letters-lost", name, f"contains({text}, chr(65533))", _LOST, "Export the file as UTF-8.")
    if column.type not in SHAPES:
        yield Check("formula-text", name, f"{text}[1] IN ('=', '@')", _FORMULA, "Export values in place of formulas.")
        return
    code, reason, hint = SHAPES[column.type]
    failed = f"{text} IS NOT NULL AND {value} IS NULL"
    if column.type == "date":
        serial = f"regexp_full_match({text}, '{_SERIAL}')"
        yield Check(code, name, f"{failed} AND NOT {is_day(text)} AND NOT {serial}", reason, hint)
        yield Check(code, name, f"{failed} AND {serial}", _IS_SERIAL, _SERIAL_HINT)
        yield Check("date-impossible", name, f"{failed} AND {is_day(text)}", "There is no such day.")
        yield from _checks_of_range(name, value)
    elif column.type in ("number", "amount"):
        yield Check(code, name, f"{failed} AND NOT {is_number(text)}", reason, hint)
        too_large = "It has more than 16 digits before the point."
        yield Check("number-too-large", name, f"{failed} AND {is_number(text)}", too_large)
    else:
        yield Check(code, name, failed, reason, hint)
    if column.type in ("number", "amount", "percent"):
        places = f"CASE WHEN {text} LIKE '%\\%' ESCAPE '\\' THEN {has_too_many_places(text, 6)}"
        when = f"{value} IS NOT NULL AND {places} ELSE {has_too_many_places(text)} END"
        yield Check("number-rounded", name, when, "It has more than 8 decimal places; it was rounded to 8.")
        yield from _checks_of_bounds(column)


_LOST = "It holds a letter that was lost between two encodings."
_FORMULA = "It begins like a formula; it was read as text."
_SERIAL = r"\d{5}(\.\d+)?"
_IS_SERIAL = "It is a number, as spreadsheets keep days."
_SERIAL_HINT = "Format the column as a date, or write dates: serial in a mapping."


def _checks_of_bounds(column: Column) -> Iterator[Check]:
    least, most = column.at_least, column.at_most
    hint = "Write 25% or 0.25 for a quarter." if column.type == "percent" else ""
    if least is not None:
        yield Check("number-out-of-range", column.name, f'"{column.name}" < {least}', f"It is below {least}.", hint)
    if most is not None:
        above = f"It is above {most}." if column.type != "percent" else f"It is above {most * 100}%."
        yield Check("number-out-of-range", column.name, f'"{column.name}" > {most}', above, hint)


def _checks_of_range(name: str, value: str) -> Iterator[Check]:
    hint = "A date that stands for something else, such as unknown, must be left empty."
    if name in END_COLUMNS:
        open_hint = "Leave it empty while nothing has ended."
        yield Check("end-open", name, f"{value} > {LAST_DAY}", "It is after 2100; it was read as open.", open_hint)
        yield Check("date-out-of-range", name, f"{value} < {FIRST_DAY}", "It is before 1950.", hint)
        return
    when = f"{value} NOT BETWEEN {FIRST_DAY} AND {LAST_DAY}"
    yield Check("date-out-of-range", name, when, "It is before 1950 or after 2100.", hint)


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


def _only_reverses(contract: TableContract) -> str:
    """Whether a row says nothing but what it takes away."""
    empty = " AND ".join(f'"{column.name}" IS NULL' for column in contract.columns)
    return f"({REVERSES} IS NOT NULL AND {empty})"
