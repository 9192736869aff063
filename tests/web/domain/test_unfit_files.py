"""Files that are no table, and tables that hold more than can be read: said in words, never passed over."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from swingby.facts import FileMapping, read_head, read_mapping, stored_contracts
from swingby.program import Program, load_text
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.unfit_files import (
    guess_of,
    refuse_nested_columns,
    refuse_what_is_no_table,
    sheets_not_read,
    unclear_numbers,
)
from tests.facts.workbooks import write_workbook

HEAD = ["organization", "kind", "happened_on"]
ROWS = [HEAD, ["tarn", "plan_reviewed", "2026-01-31"]]


@pytest.fixture(scope="module")
def program() -> Program:
    found = load_text("program: {id: p, version: '1', effective: 2025-01-01, currency: EUR}\n").program
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("beginning", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\0", "a.csv is a picture, not a text with a table."),
        (b"\xff\xd8\xff\xe0", "a.csv is a picture, not a text with a table."),
        (b"%PDF-1.4\n", "a.csv is a PDF, not a text with a table."),
        (b"PK\x03\x04", "a.csv is a workbook or a zip, not a text with a table."),
        (b"PAR1", "a.csv is a Parquet file, not a text with a table."),
        (b"\x1f\x8b\x08", "a.csv is packed, not a text with a table."),
        (b"\xef\xbb\xbf\n <!DOCTYPE html><html>", "a.csv is a page of the web, not a text with a table."),
    ],
)
def test_what_is_called_a_text_and_is_none_is_refused_in_words(tmp_path: Path, beginning: bytes, said: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(beginning + bytes(range(256)))
    with pytest.raises(RefusedError) as refused:
        refuse_what_is_no_table(file, name="a.csv")
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_texts_of_all_encodings_pass(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("organization,kind\ntarn,Prüfung\n".encode(encoding))
    refuse_what_is_no_table(file, name="a.csv")


def test_a_workbook_is_guessed_by_the_sheet_that_holds_a_table(program: Program, tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "a.xlsx", {"Notes": [["Read me"], ["first"]], "Data": ROWS})
    head, guess = guess_of(book, stored_contracts(program), name="activities.xlsx", table=None)
    assert guess is not None
    assert (head.sheet, guess.mapping.table, guess.mapping.sheet, guess.missing) == ("Data", "activities", "Data", ())


def test_sheets_that_nobody_reads_are_named(program: Program, tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "a.xlsx", {"Q1": ROWS, "Q2": ROWS, "Empty": []})
    assert sheets_not_read(book, _files(program, tmp_path, "sheet: Q1"), name="a.xlsx") == ("Q2",)
    assert sheets_not_read(book, _files(program, tmp_path), name="a.xlsx") == ("Q2",)
    assert sheets_not_read(book, _files(program, tmp_path), name="a.csv") == ()


def test_nested_columns_that_are_read_are_refused(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    query = "SELECT {'id': 'tarn'} AS Organization, ['plan'] AS kind, DATE '2026-01-31' AS happened_on, [1] AS tags"
    duckdb.sql(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
    columns = "columns: {organization: Organization, kind: kind, happened_on: happened_on}"
    with pytest.raises(RefusedError) as refused:
        refuse_nested_columns(file, _files(program, tmp_path, columns), name="a.parquet")
    assert str(refused.value) == (
        "kind holds lists; Organization holds groups, where one value is meant."
        " Export these columns flat, one value in each row."
    )
    refuse_nested_columns(file, _files(program, tmp_path, "columns: {happened_on: happened_on}"), name="a.parquet")


@pytest.mark.parametrize(
    ("numbers", "day", "unclear"),
    [
        (("1.234", "12.500"), "31.01.2026", ("quantity",)),
        (("1.234", "7"), "31.01.2026", ("quantity",)),
        (("1.234", "1.5"), "31.01.2026", ()),
        (("0.125", "1.234"), "31.01.2026", ()),
        (("1.234,50", "2"), "31.01.2026", ()),
        (("7", "8"), "31.01.2026", ()),
        (("1.234", "12.500"), "2026-01-31", ("quantity",)),
    ],
)
def test_a_point_before_three_digits_is_asked_about(
    program: Program, tmp_path: Path, numbers: tuple[str, str], day: str, unclear: tuple[str, ...]
) -> None:
    assert _unclear(program, tmp_path, ";", numbers, day) == unclear


def test_a_point_before_three_digits_is_a_part_where_fields_stand_between_commas(
    program: Program, tmp_path: Path
) -> None:
    assert _unclear(program, tmp_path, ",", ("1.234", "12.500"), "2026-01-31") == ()


def _unclear(program: Program, folder: Path, mark: str, numbers: tuple[str, str], day: str) -> tuple[str, ...]:
    file, tables = folder / "activities.csv", stored_contracts(program)
    lines = [[*HEAD, "quantity"], *(["tarn", "plan_reviewed", day, each] for each in numbers)]
    file.write_text("\n".join(mark.join(line) for line in lines))
    head, guess = guess_of(file, tables, name=file.name, table=None)
    assert guess is not None
    assert head == read_head(file, name=file.name)
    return unclear_numbers(file, head, guess.mapping, tables[guess.mapping.table])


def _files(program: Program, folder: Path, more: str = "") -> tuple[FileMapping, ...]:
    text = folder / "mapping.yaml"
    text.write_text(f"files:\n  - read: '*'\n    as: activities\n    {more}\n")
    return read_mapping(text, stored_contracts(program)).files
