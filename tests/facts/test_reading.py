"""Files become relations: every good row, every bad row with its true line, column, value and reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from swingby.errors import SwingbyError
from swingby.facts import FactSet, RowIssue, from_rows, read_folder
from swingby.facts.contracts import contracts
from swingby.program.kinds import FACT_KINDS, Column, FactKind
from tests.facts.programs import program

HEADER = "fact_id,happened_on,organization,kind,quantity\n"


def read(folder: Path, text: str | bytes, *, name: str = "activities.csv", time_zone: str = "UTC") -> FactSet:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return read_folder(folder, program(time_zone=time_zone))


def rows(facts: FactSet, query: str) -> list[tuple[Any, ...]]:
    return facts.connection.execute(query).fetchall()


def ids(facts: FactSet, kind: str = "activities") -> list[str]:
    return [row[0] for row in rows(facts, f"SELECT fact_id FROM fact_{kind} ORDER BY 1")]


def seen(facts: FactSet) -> list[tuple[int, str, str, str]]:
    return [(issue.line, issue.column, issue.value, issue.code) for issue in facts.issues]


def test_a_plain_file(tmp_path: Path) -> None:
    facts = read(tmp_path, HEADER + "a1,2025-01-31,pine,visit,2.5\na2,2025-02-01,pine,visit,\n")
    query = "SELECT fact_id, root_id, position, reversed_position, source, happened_on, quantity FROM fact_activities"
    assert rows(facts, f"{query} ORDER BY 1") == [
        ("a1", "a1", 1, None, None, date(2025, 1, 31), Decimal("2.5")),
        ("a2", "a2", 2, None, None, date(2025, 2, 1), None),
    ]
    assert facts.issues == ()


def test_every_relation_exists_with_its_columns() -> None:
    own = FactKind("listings", "state", "organization", (Column("organization", "id"), Column("installs", "number")))
    facts = from_rows({}, program(kinds={**FACT_KINDS, "listings": own}))
    for contract in contracts({**FACT_KINDS, "listings": own}).values():
        ledger = ["fact_id", "root_id", "position", "reversed_position", "source"] if contract.kind else []
        found = [row[0] for row in rows(facts, f"DESCRIBE {contract.relation}")]
        assert found == [*ledger, *(column.name for column in contract.columns)]
    assert [row[0] for row in rows(facts, "DESCRIBE ref_positions")] == ["position", "recorded_at"]
    assert (facts.latest_position, facts.positions, facts.coverage, facts.issues) == (0, (), (), ())


BAD = (
    HEADER
    + 'a1,2025-01-31,"pine\nwood",visit,1\n'  # Lines 2 and 3.
    + "a2,2025-02-30,pine,visit,1\n"  # 4
    + '"a3",31.01.2025,pine,visit,1\n'  # 5
    + 'a4,2025-01-31,pine,"a\n\nb",x\n'  # 6 to 8
    + "a5,2025-01-31,,visit,1\n"  # 9
    + "a6,1900-01-01,pine,visit,1\n"  # 10
    + "a7,2199-01-01,pine,visit,1\n"  # 11
    + "a8,2025-01-31,pine,visit\n"  # 12
    + 'a9,2025-01-31,pine,visit,"1,000.00"\n'  # 13
    + "a10,2025-01-31,pine,visit,12345678901234567\n"  # 14
    + "a11,2025-01-31,pine,visit,1\n"  # 15
)


def test_bad_rows_have_their_true_lines_and_never_stop_good_ones(tmp_path: Path) -> None:
    facts = read(tmp_path, BAD)
    assert seen(facts) == [
        (4, "happened_on", "2025-02-30", "date-impossible"),
        (5, "happened_on", "31.01.2025", "date-shape"),
        (6, "quantity", "x", "number-shape"),
        (9, "organization", "", "value-missing"),
        (10, "happened_on", "1900-01-01", "date-out-of-range"),
        (11, "happened_on", "2199-01-01", "date-out-of-range"),
        (12, "", "a8,2025-01-31,pine,visit", "row-width"),
        (13, "quantity", "1,000.00", "number-shape"),
        (14, "quantity", "12345678901234567", "number-too-large"),
    ]
    assert ids(facts) == ["a1", "a11"]
    assert rows(facts, "SELECT organization FROM fact_activities WHERE fact_id = 'a1'") == [("pine\nwood",)]


def test_an_issue_says_what_to_do(tmp_path: Path) -> None:
    facts = read(tmp_path, HEADER + "a1,31.01.2025,pine,visit,1\n")
    assert facts.issues == (
        RowIssue(
            "activities.csv",
            2,
            "happened_on",
            "31.01.2025",
            "date-shape",
            "It is not a day.",
            "Write 2025-01-31, or a time with its offset: 2025-01-31T23:30:00Z.",
        ),
    )
    assert str(facts.issues[0]).startswith("activities.csv:2: error: [date-shape] happened_on '31.01.2025': It is not")


def test_an_open_quote_costs_one_line(tmp_path: Path) -> None:
    facts = read(
        tmp_path, HEADER + 'a1,2025-01-01,"pine,visit,1\na2,2025-01-02,pine,visit,1\na3,2025-01-03,"x",visit,1\n'
    )
    assert seen(facts) == [(2, "", 'a1,2025-01-01,"pine,visit,1', "row-width")]
    assert ids(facts) == ["a2", "a3"]


def test_a_cut_off_file_loses_its_last_row_only(tmp_path: Path) -> None:
    facts = read(tmp_path, HEADER + 'a1,2025-01-01,pine,visit,1\na2,2025-01-02,pine,"vi')
    assert seen(facts) == [(3, "", 'a2,2025-01-02,pine,"vi', "row-width")]
    assert ids(facts) == ["a1"]


@pytest.mark.parametrize(
    "spelled",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: text.replace(",", "|").encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: ("\n\n" + text.replace("\n", "\n\n")).encode(),
        lambda text: text.replace("\n", ",\n").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: text.replace("fact_id", " Fact ID ").encode(),
        lambda text: text.replace("a1", '"a1"').encode(),
    ],
    ids=[
        "utf8",
        "bom",
        "utf16",
        "semicolon",
        "tab",
        "bar",
        "windows",
        "mac",
        "blank",
        "trailing",
        "unended",
        "header",
        "quoted",
    ],
)
def test_spellings_of_the_same_file(tmp_path: Path, spelled: Any) -> None:
    facts = read(tmp_path, spelled(HEADER + "a1,2025-01-31,Ärla,visit,2\na2,2025-02-01,pine,visit,3\n"))
    query = "SELECT fact_id, organization, quantity FROM fact_activities ORDER BY 1"
    assert rows(facts, query) == [("a1", "Ärla", 2), ("a2", "pine", 3)]
    assert facts.errors == ()


def test_other_encodings_are_guessed_with_a_warning(tmp_path: Path) -> None:
    facts = read(tmp_path, (HEADER + "a1,2025-01-31,Ärla € Å,visit,2\n").encode("cp1252"))
    assert rows(facts, "SELECT organization FROM fact_activities") == [("Ärla € Å",)]
    assert [(issue.code, issue.level) for issue in facts.issues] == [("encoding-guessed", "warning")]


def test_an_instant_becomes_a_day_of_the_programs_zone_once(tmp_path: Path) -> None:
    text = "fact_id,happened_on,organization,kind\n" + "".join(
        f"a{number},{moment},pine,visit\n"
        for number, moment in enumerate(
            ["2025-01-31T23:30:00Z", "2025-01-31 23:30", "2025-02-01T00:30:00+02:00", "2025-07-01 22:59Z"]
        )
    )
    found = rows(
        read(tmp_path, text, time_zone="Europe/Berlin"), "SELECT happened_on FROM fact_activities ORDER BY fact_id"
    )
    assert [str(row[0]) for row in found] == ["2025-02-01", "2025-01-31", "2025-01-31", "2025-07-02"]


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kolkata"])
def test_the_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    facts = from_rows(
        {
            "activities": [
                {"happened_on": datetime(2025, 1, 31, 23, 30, tzinfo=UTC), "organization": "pine", "kind": "v"}
            ]
        },
        program(time_zone="Europe/Berlin"),
    )
    assert rows(facts, "SELECT happened_on FROM fact_activities") == [(date(2025, 2, 1),)]
    assert [str(each.recorded_at) for each in facts.positions] == ["2025-02-01 23:00:00+00:00"]


def test_percentages_truths_and_places() -> None:
    facts = from_rows(
        {
            "associations": [
                {"fact_id": "s1", "starts_on": "2025-01-01", "organization": "p", "customer": "c", "share": "25%"},
                {
                    "fact_id": "s2",
                    "starts_on": "2025-01-01",
                    "organization": "p",
                    "customer": "c",
                    "share": "12.345678%",
                },
                {
                    "fact_id": "s3",
                    "starts_on": "2025-01-01",
                    "organization": "p",
                    "customer": "c",
                    "share": "0.123456785",
                },
            ]
        },
        program(),
    )
    found = rows(facts, "SELECT share FROM fact_associations ORDER BY fact_id")
    assert [str(row[0]) for row in found] == ["0.25000000", "0.12345678", "0.12345679"]
    assert seen(facts) == [(3, "share", "0.123456785", "number-rounded")]


def test_a_float_is_refused() -> None:
    with pytest.raises(SwingbyError, match="cannot hold") as refused:
        from_rows({"activities": [{"happened_on": "2025-01-01", "quantity": 1.5}]}, program())
    assert refused.value.code == "value-type"


def test_unknown_columns_files_and_tables_are_named(tmp_path: Path) -> None:
    (tmp_path / "activity.csv").write_text("x\n1\n")
    facts = read(
        tmp_path, "fact_id,happened_on,organization_id,organization,kind,colour\na1,2025-01-01,p,p,visit,red\n"
    )
    assert [(issue.file, issue.column, issue.code, issue.hint) for issue in facts.issues][:2] == [
        ("activities.csv", "colour", "column-unknown", facts.issues[0].hint),
        ("activities.csv", "organization_id", "column-unknown", 'Did you mean "organization"?'),
    ]
    assert (facts.issues[2].file, facts.issues[2].code) == ("activity.csv", "file-unknown")
    assert ids(facts) == ["a1"]
    with pytest.raises(SwingbyError, match="no table"):
        from_rows({"activitys": []}, program())


def test_a_missing_column_leaves_the_file_out(tmp_path: Path) -> None:
    facts = read(tmp_path, "fact_id,organization\na1,pine\n")
    assert [(issue.column, issue.code) for issue in facts.issues] == [
        ("happened_on", "column-missing"),
        ("kind", "column-missing"),
    ]
    assert ids(facts) == []


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_reported(tmp_path: Path, text: str) -> None:
    assert [issue.code for issue in read(tmp_path, text).issues] == ["file-unreadable"]


def test_a_header_alone_is_no_issue(tmp_path: Path) -> None:
    facts = read(tmp_path, HEADER)
    assert (facts.issues, ids(facts)) == ((), [])


def test_parts_and_folders_of_a_table_add_up(tmp_path: Path) -> None:
    (tmp_path / "activities").mkdir()
    (tmp_path / "activities" / "more.csv").write_text("kind,organization,happened_on,fact_id\nvisit,p,2025-01-03,a3\n")
    (tmp_path / "activities.2024.csv").write_text(HEADER + "a2,2024-01-02,p,visit,x\n")
    (tmp_path / ".hidden.csv").write_text("?")
    facts = read(tmp_path, HEADER + "a1,2025-01-01,p,visit,1\n")
    assert ids(facts) == ["a1", "a3"]
    assert [(issue.file, issue.line) for issue in facts.issues] == [("activities.2024.csv", 2)]


def test_parquet_is_judged_alike(tmp_path: Path) -> None:
    maker = from_rows({}, program()).connection
    maker.execute(
        "COPY (SELECT 'a' || n AS fact_id, DATE '2025-01-01' + CAST(n AS INTEGER) AS happened_on, 'pine' AS organization,"
        " CASE n WHEN 2 THEN NULL ELSE 'visit' END AS kind, CAST(n / 4 AS DOUBLE) AS quantity FROM range(1, 4) AS t(n))"
        f" TO '{tmp_path / 'activities.parquet'}' (FORMAT parquet)"
    )
    (tmp_path / "deals.parquet").write_bytes(b"no parquet")
    facts = read_folder(tmp_path, program())
    found = rows(facts, "SELECT fact_id, happened_on, quantity FROM fact_activities ORDER BY 1")
    assert found == [("a1", date(2025, 1, 2), Decimal("0.25")), ("a3", date(2025, 1, 4), Decimal("0.75"))]
    assert [(issue.file, issue.line, issue.code) for issue in facts.issues] == [
        ("activities.parquet", 2, "value-missing"),
        ("deals.parquet", 0, "file-unreadable"),
    ]


def test_unknown_references_are_warned_once_per_value() -> None:
    activity = {"happened_on": "2025-01-01", "kind": "visit"}
    facts = from_rows(
        {
            "organizations": [{"organization": "pine"}, {"organization": "ash", "parent": "oak"}],
            "activities": [
                activity | {"organization": name, "person": "anybody"} for name in ("pine", "larch", "larch")
            ],
        },
        program(),
    )
    assert [(issue.file, issue.line, issue.column, issue.value, issue.reason) for issue in facts.issues] == [
        ("activities", 2, "organization", "larch", "It is not in organizations; 2 rows of activities name it."),
        ("organizations", 2, "parent", "oak", "It is not in organizations; 1 row of organizations names it."),
    ]
    assert facts.count("activities") == 3


def test_reference_rows_come_once() -> None:
    facts = from_rows(
        {
            "organizations": [
                {"organization": "pine", "country": "NO"},
                {"organization": "pine", "country": "NO"},
                {"organization": "pine", "country": "SE"},
            ]
        },
        program(),
    )
    assert rows(facts, "SELECT organization, country FROM ref_organizations") == [("pine", "NO")]
    assert seen(facts) == [(2, "organization", "pine", "row-twice"), (3, "organization", "pine", "id-twice")]


def test_a_tree_that_bites_its_tail_is_cut() -> None:
    parents = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "e"}
    facts = from_rows({"organizations": [{"organization": k, "parent": v} for k, v in parents.items()]}, program())
    found = rows(facts, "SELECT organization, parent FROM ref_organizations ORDER BY 1")
    assert found == [("a", None), ("b", "c"), ("c", "a"), ("d", "a"), ("e", None)]
    assert [(issue.code, issue.value) for issue in facts.issues] == [("tree-circle", "a"), ("tree-circle", "e")]


def test_ends_are_checked_and_far_ends_are_open() -> None:
    state = {"organization": "pine", "person": "p", "starts_on": "2025-01-01"}
    facts = from_rows(
        {
            "employments": [
                state | {"fact_id": "e1", "ends_on": "2024-12-31"},
                state | {"fact_id": "e2", "ends_on": "9999-12-31"},
                state | {"fact_id": "e3", "ends_on": "2025-06-01"},
            ],
            "enrolments": [
                {"enrolment": "n", "organization": "pine", "joined_on": "2025-01-01", "ended_on": "2024-01-01"}
            ],
            "activities": [
                {"happened_on": "2025-01-02", "cancelled_on": "2025-01-01", "organization": "pine", "kind": "v"}
            ],
        },
        program(),
    )
    assert rows(facts, "SELECT fact_id, ends_on FROM fact_employments ORDER BY 1") == [
        ("e2", None),
        ("e3", date(2025, 6, 1)),
    ]
    assert [(issue.code, issue.level) for issue in facts.issues] == [
        ("cancelled-before", "warning"),
        ("ends-before-starts", "error"),
        ("end-open", "warning"),
        ("ends-before-starts", "error"),
    ]


def test_a_credential_is_completed_from_its_type() -> None:
    held = {"person": "p", "starts_on": "2025-01-01", "code": "x1"}
    facts = from_rows(
        {
            "credential_types": [{"code": "x1", "role": "sales", "level": "advanced", "counts_until": "2025-08-01"}],
            "credentials": [
                held | {"fact_id": "c1"},
                held | {"fact_id": "c2", "role": "presales", "ends_on": "2025-03-01"},
            ],
        },
        program(),
    )
    query = "SELECT fact_id, role, level, ends_on FROM fact_credentials ORDER BY 1"
    assert rows(facts, query) == [
        ("c1", "sales", "advanced", date(2025, 8, 1)),
        ("c2", "presales", "advanced", date(2025, 3, 1)),
    ]


def test_an_amount_without_a_rate_is_warned() -> None:
    sale = {"organization": "pine", "amount": "10", "happened_on": "2025-03-01"}
    facts = from_rows(
        {
            "exchange_rates": [{"currency": "EUR", "valued_on": "2025-02-01", "rate": "1.1"}],
            "transactions": [
                sale,
                sale | {"currency": "USD"},
                sale | {"currency": "EUR"},
                sale | {"currency": "EUR", "happened_on": "2025-01-31"},
                sale | {"currency": "SEK"},
            ],
        },
        program(),
    )
    assert seen(facts) == [(4, "currency", "EUR", "rate-missing"), (5, "currency", "SEK", "rate-missing")]
    assert facts.count("transactions") == 5


def test_coverage_is_told(tmp_path: Path) -> None:
    text = "kind,source,complete_from,complete_to\nactivities,lms,2024-01-01,\ndeals,crm,2024-01-01,2025-02-01\n"
    facts = read(tmp_path, text, name="coverage.csv")
    assert [(each.kind, each.source, str(each.complete_from), str(each.complete_to)) for each in facts.coverage] == [
        ("activities", "lms", "2024-01-01", "None"),
        ("deals", "crm", "2024-01-01", "2025-02-01"),
    ]


def test_there_must_be_a_folder_and_a_time_zone(tmp_path: Path) -> None:
    with pytest.raises(SwingbyError, match="no folder") as missing:
        read_folder(tmp_path / "nowhere", program())
    with pytest.raises(SwingbyError, match="no time zone") as unknown:
        from_rows({}, program(time_zone="Europe/Atlantis"))
    assert (missing.value.code, unknown.value.code) == ("facts-folder", "time-zone-unknown")


def test_columns_of_an_own_kind_may_have_any_other_name() -> None:
    names = ("line", "file", "recorded", "bare", "content", "nth", "new", "key", "written", "order", "select")
    own = FactKind(
        "listings", "event", "organization", (Column("organization", "id"), *(Column(name, "word") for name in names))
    )
    row = {"happened_on": "2025-01-01", "organization": "p", **{name: name for name in names}}
    again = [{**row, "fact_id": "x", "recorded_at": f"2025-02-0{day}T00:00:00Z", "new": str(day)} for day in (1, 2)]
    facts = from_rows({"listings": [row, row, *again]}, program(kinds={**FACT_KINDS, "listings": own}))
    assert (facts.count("listings"), facts.issues) == (4, ())
