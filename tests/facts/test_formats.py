"""Formats and encodings as they come: spreadsheets, packed files, bytes that are cut or damaged. Never a traceback."""

from __future__ import annotations

import codecs
import gzip
import os
import random
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from swingby.facts import FactSet, read_folder, reading
from swingby.facts.encoding import survey
from swingby.facts.records import CHARACTERS_PER_LINE
from tests.facts.programs import program
from tests.facts.workbooks import Cell, Row, write_workbook

NAMES = ("fact_id", "happened_on", "organization", "kind", "quantity")
HEADER = ",".join(NAMES) + "\n"
ROWS = "a1,2025-01-31,Ärla,visit,2\na2,2025-02-01,pine,visit,3\n"
DAY = Cell("45688", style=1)


def read(folder: Path, data: bytes, name: str = "activities.csv") -> FactSet:
    (folder / name).write_bytes(data)
    return read_folder(folder, program())


def found(facts: FactSet, columns: str = "fact_id, organization") -> list[tuple[Any, ...]]:
    return facts.connection.execute(f"SELECT {columns} FROM fact_activities ORDER BY fact_id").fetchall()


def seen(facts: FactSet) -> list[tuple[str, int, str, str, str]]:
    return [(issue.file, issue.line, issue.column, issue.value, issue.code) for issue in facts.issues]


# --- bytes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_wide_letters_are_recognised_with_and_without_their_mark(tmp_path: Path, encoding: str) -> None:
    facts = read(tmp_path, (HEADER + ROWS).encode(encoding))
    assert (found(facts), facts.issues) == ([("a1", "Ärla"), ("a2", "pine")], ())


def test_a_utf16_file_that_is_cut_off_loses_its_last_row_only(tmp_path: Path) -> None:
    facts = read(tmp_path, (HEADER + ROWS).encode("utf-16")[:-5])
    assert found(facts) == [("a1", "Ärla")]
    assert seen(facts) == [("activities.csv", 0, "", "", "file-cut")]


def test_a_utf8_file_that_is_cut_inside_a_letter_is_not_taken_for_another_encoding(tmp_path: Path) -> None:
    whole = (HEADER + ROWS + "a3,2025-03-01,Ä").encode()
    facts = read(tmp_path, whole[:-1])
    assert found(facts) == [("a1", "Ärla"), ("a2", "pine")]
    assert seen(facts) == [("activities.csv", 0, "", "", "file-cut")]


def test_letters_that_an_encoding_does_not_have_cost_their_row(tmp_path: Path) -> None:
    facts = read(tmp_path, (HEADER + ROWS).encode("cp1252").replace(b"pine", b"p\x81ne"))
    assert found(facts) == [("a1", "Ärla")]
    assert seen(facts) == [
        ("activities.csv", 0, "", "", "encoding-guessed"),
        ("activities.csv", 3, "organization", "p\ufffdne", "letters-lost"),
    ]


def test_nul_bytes_are_left_away_and_told(tmp_path: Path) -> None:
    facts = read(tmp_path, (HEADER + ROWS).encode().replace(b"pine", b"pi\x00ne"))
    assert found(facts) == [("a1", "Ärla"), ("a2", "pine")]
    assert seen(facts) == [("activities.csv", 0, "", "", "nul-dropped")]


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE])
def test_a_mark_alone_is_an_empty_file(tmp_path: Path, mark: bytes) -> None:
    assert seen(read(tmp_path, mark)) == [("activities.csv", 0, "", "", "file-unreadable")]


def test_lines_may_end_differently_in_one_file(tmp_path: Path) -> None:
    data = (HEADER + "a1,2025-01-31,p,visit,1\r\na2,2025-01-31,p,visit,1\ra3,x,p,visit,1\n").encode()
    facts = read(tmp_path, data)
    assert [row[0] for row in found(facts)] == ["a1", "a2"]
    assert seen(facts) == [("activities.csv", 4, "happened_on", "x", "date-shape")]


def test_quoted_line_breaks_keep_true_lines_in_every_encoding(tmp_path: Path) -> None:
    text = HEADER + 'a1,2025-01-31,"p\r\n\nq",visit,1\na2,2025-02-30,p,visit,1\n'
    for number, encoding in enumerate(("utf-8", "utf-16", "cp1252")):
        folder = tmp_path / str(number)
        folder.mkdir()
        facts = read(folder, text.encode(encoding))
        assert seen(facts) == [("activities.csv", 5, "happened_on", "2025-02-30", "date-impossible")]


@pytest.mark.slow
def test_a_line_of_200_megabytes_costs_one_line(tmp_path: Path) -> None:
    with (tmp_path / "activities.csv").open("w") as file:
        file.write(HEADER + "a1,2025-01-31,p,visit,1\n")
        for _ in range(200):
            file.write("x" * 1_000_000)
        file.write("\na2,2025-01-31,p,visit,1\n")
    facts = read_folder(tmp_path, program())
    assert [row[0] for row in found(facts)] == ["a1", "a2"]
    assert seen(facts) == [("activities.csv", 3, "", "x" * 80, "row-width")]


def test_a_line_without_an_end_is_not_kept_in_memory(tmp_path: Path) -> None:
    data = HEADER.encode() + b"x" * (2 * CHARACTERS_PER_LINE) + b"\na2,2025-01-31,p,visit,1\n"
    facts = read(tmp_path, data)
    assert [issue.reason for issue in facts.issues] == ["The line is too long to be a row."]
    assert [row[0] for row in found(facts)] == ["a2"]


FIELD = st.text(st.sampled_from('ab,"\r\n \t;x'), max_size=5)


@pytest.mark.slow
@given(
    st.lists(st.tuples(FIELD, st.booleans()), min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n"]),
)
@example([('  "', False)], "\n")
@settings(max_examples=60, deadline=None)
def test_the_fast_reader_reads_what_the_careful_one_reads(
    tmp_path_factory: pytest.TempPathFactory, fields: list[tuple[str, bool]], end: str
) -> None:
    texts = ['"' + value.replace('"', '""') + '"' if quoted else value for value, quoted in fields]
    lines = [f"a{number},2025-01-31,{text},visit,1" for number, text in enumerate(texts)]
    text = end.join([HEADER.rstrip("\n"), *lines, ""])
    results = []
    for spelled in (text, text + end):  # An empty line is one too many for the fast reader.
        folder = tmp_path_factory.mktemp("fast")
        with read(folder, spelled.encode()) as facts:
            results.append((found(facts, "fact_id, organization, quantity"), seen(facts)))
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (b'"a","b, c"\n"1","x ""y"""\n', True),
        (b'"a","b\nc"\n', True),
        (b'"a","b\nc"\r\n', True),
        (b"a,b\nc\r\n", False),
        (b'"a", "b"\n', True),
        (b'"a" ,"b"\n', False),
        (b'a,  "b"\n', False),
        (b'a\n  "b",c\n', False),
        (b'"a  ""b""",c\n', True),
        (b'"a","b"\r"c","d"\n', False),
        (b'a,b\nc,"d\n', True),
    ],
)
def test_quotes_alone_do_not_make_a_file_slow(tmp_path: Path, text: bytes, *, plain: bool) -> None:
    (tmp_path / "file.csv").write_bytes(text)
    assert survey(tmp_path / "file.csv").plain == plain


@pytest.mark.parametrize("cut", range(7))
def test_blanks_before_a_quote_are_seen_across_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    monkeypatch.setattr("swingby.facts.encoding._CHUNK", cut + 1)
    (tmp_path / "file.csv").write_bytes(b'"a",   "b"\n')
    assert not survey(tmp_path / "file.csv").plain


def test_many_blanks_before_a_quote_belong_to_no_value(tmp_path: Path) -> None:
    facts = read(tmp_path, (HEADER + 'a1,2025-01-31,  "pine, oak",visit,1\na2,2025-01-31,   "oak",visit,1\n').encode())
    assert (found(facts), seen(facts)) == ([("a1", "pine, oak"), ("a2", "oak")], [])


# --- packed files --------------------------------------------------------------------------------------------------


def test_packed_files_are_read_like_others(tmp_path: Path) -> None:
    facts = read(tmp_path, gzip.compress((HEADER + ROWS).encode()), "activities.2025.csv.gz")
    assert (found(facts), facts.issues) == ([("a1", "Ärla"), ("a2", "pine")], ())


PACKED = gzip.compress((HEADER + ROWS * 50).encode(), mtime=0)


@pytest.mark.parametrize("data", [PACKED[:-9], b"no gzip", b"", PACKED[:20] + b"\xff" * 9])
def test_a_packed_file_that_is_damaged_is_left_out_whole(tmp_path: Path, data: bytes) -> None:
    facts = read(tmp_path, data, "activities.csv.gz")
    assert found(facts) == []
    assert seen(facts) == [("activities.csv.gz", 0, "", "", "file-unreadable")]


def test_a_packed_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swingby.facts.unpacking._ALWAYS_FINE", 1_000_000)
    facts = read(tmp_path, gzip.compress(b"0" * 30_000_000), "activities.csv.gz")
    assert [(issue.code, issue.reason.split("than")[0]) for issue in facts.issues] == [
        ("file-unreadable", "The file unpacks to more ")
    ]


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    rows = HEADER + ",2025-01-31,p,visit,1\n,2025-01-31,p,visit,1\n"
    (tmp_path / "activities.again.csv").write_text(rows)
    (tmp_path / "activities.packed.csv.gz").write_bytes(gzip.compress(rows.encode()))
    facts = read(tmp_path, rows.encode())
    assert facts.count("activities") == 2
    assert [(issue.file, issue.code, issue.reason) for issue in facts.issues] == [
        ("activities.csv", "file-twice", "It is the same as activities.again.csv; it is not read again."),
        ("activities.packed.csv.gz", "file-twice", "It is the same as activities.again.csv; it is not read again."),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="by design: root may read everything")
def test_a_file_that_may_not_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "activities.csv").write_text(HEADER)
    (tmp_path / "activities.csv").chmod(0)
    assert [issue.code for issue in read_folder(tmp_path, program()).issues] == ["file-unreadable"]


# --- spreadsheets --------------------------------------------------------------------------------------------------


def test_a_spreadsheet_is_judged_like_text(tmp_path: Path) -> None:
    rows: list[Row] = [
        [],
        NAMES,
        ["a1", DAY, "pine", "visit", Cell("2.5")],
        ["a2", Cell("45688.5", style=2), "pine", "visit", Cell("0.30000000000000004")],
        [None, None, None],
        ["a3", "2025-02-30", "pine", "visit", 1],
        ["a4", 45688, "pine", "visit", 1],
        [Cell("77"), DAY, Cell("1", type="b"), "visit", Cell("1234567", formula="A1*2")],
    ]
    write_workbook(tmp_path / "activities.xlsx", {"Export": rows})
    facts = read_folder(tmp_path, program())
    assert [
        (row[0], str(row[1]), row[2], str(row[3])) for row in found(facts, ", ".join(NAMES[i] for i in (0, 1, 2, 4)))
    ] == [
        ("77", "2025-01-31", "true", "1234567.00000000"),
        ("a1", "2025-01-31", "pine", "2.50000000"),
        ("a2", "2025-01-31", "pine", "0.30000000"),
    ]
    assert seen(facts) == [
        ("activities.xlsx", 6, "happened_on", "2025-02-30", "date-impossible"),
        ("activities.xlsx", 7, "happened_on", "45688", "date-shape"),
    ]
    assert facts.issues[1].hint == "Format the column as a date, or write dates: serial in a mapping."


def test_cells_without_a_value_are_never_read_as_empty(tmp_path: Path) -> None:
    rows: list[Row] = [
        NAMES,
        ["a1", DAY, "pine", "visit", Cell("#REF!", type="e", formula="B9")],
        ["a2", DAY, "pine", "visit", Cell(None, formula="1+1")],
        ["a3", DAY, "pine", "visit", Cell("2", formula="1+1")],
        ["a4", DAY, "pine", Cell("", type="str", formula='""'), 1],
    ]
    write_workbook(tmp_path / "activities.xlsx", {"Export": rows})
    facts = read_folder(tmp_path, program())
    assert [row[0] for row in found(facts)] == ["a3"]
    assert seen(facts) == [
        ("activities.xlsx", 2, "quantity", "#REF!", "cell-error"),
        ("activities.xlsx", 3, "quantity", "=1+1", "cell-error"),
        ("activities.xlsx", 5, "kind", "", "value-missing"),
    ]


def test_sheets_that_are_named_after_tables_are_all_read(tmp_path: Path) -> None:
    write_workbook(
        tmp_path / "everything.xlsx",
        {
            "Activities": [NAMES, ["a1", DAY, "pine", "visit", 1]],
            "Read me": [["Hello"]],
            "organizations": [["organization", "name"], ["pine", "Pine & Co"]],
        },
    )
    facts = read_folder(tmp_path, program())
    assert (facts.count("activities"), facts.count("organizations"), facts.issues) == (1, 1, ())


@pytest.mark.parametrize("data", [b"", b"no workbook", b"PK\x03\x04 cut off"])
def test_what_is_no_workbook_is_reported(tmp_path: Path, data: bytes) -> None:
    assert seen(read(tmp_path, data, "activities.xlsx")) == [("activities.xlsx", 0, "", "", "file-unreadable")]


def test_a_workbook_with_a_damaged_sheet_is_reported(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "activities.xlsx", {"Export": [NAMES, ["a1", DAY, "pine", "visit", 1]]})
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part[: len(part) // 2] if "sheet1" in name else part)
    assert [issue.code for issue in read_folder(tmp_path, program()).issues] == ["file-unreadable"]


def test_an_empty_sheet_and_a_header_alone(tmp_path: Path) -> None:
    write_workbook(tmp_path / "activities.xlsx", {"Export": []})
    write_workbook(tmp_path / "deals.xlsx", {"Export": [["deal", "stage", "happened_on"]]})
    facts = read_folder(tmp_path, program())
    assert seen(facts) == [("activities.xlsx", 0, "", "", "file-unreadable")]


def test_a_day_before_1950_is_out_of_range_in_a_spreadsheet_too(tmp_path: Path) -> None:
    write_workbook(tmp_path / "activities.xlsx", {"x": [NAMES, ["a1", Cell("1", style=1), "p", "v", 1]]})
    facts = read_folder(tmp_path, program())
    assert [(issue.line, issue.code) for issue in facts.issues] == [(2, "date-out-of-range")]


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "tsv", "csv.gz", "xlsx", "parquet", "ods", "xls"])
def test_noise_of_any_kind_is_reported_and_never_raised(tmp_path: Path, ending: str) -> None:
    chance = random.Random(ending)
    whole = write_workbook(tmp_path / "whole.xlsx", {"x": [NAMES, ["a1", DAY, "p", "v", Cell("1", formula="1")]]})
    good = {"xlsx": whole.read_bytes(), "csv.gz": gzip.compress((HEADER + ROWS).encode())}
    whole.unlink()
    start = good.get(ending, (HEADER + ROWS).encode())
    for _ in range(25):
        data = bytearray(start)
        for _ in range(chance.randrange(1, 30)):
            place = chance.randrange(len(data))
            data[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        with read(tmp_path, bytes(data), f"activities.{ending}") as facts:
            assert facts.count("activities") <= 2 + data.count(b"\n") + data.count(b"\r")


@pytest.mark.slow
def test_what_is_more_than_the_memory_goes_to_the_disk_and_leaves_nothing_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_MEMORY", 120_000_000)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "disk"))
    (tmp_path / "disk").mkdir()
    rows = 400_000
    with (tmp_path / "activities.csv").open("w") as file:
        file.write(HEADER)
        file.writelines(f"activity {number},2025-01-31,partner {number},visit,1\n" for number in range(rows))
    with read_folder(tmp_path, program()) as facts:
        assert (facts.count("activities"), seen(facts)) == (rows, [])
    assert list((tmp_path / "disk").iterdir()) == []
