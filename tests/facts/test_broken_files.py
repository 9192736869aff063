"""Files as they really come: cut off, huge, mangled. Nothing hangs, nothing raises, no good row is lost."""

from __future__ import annotations

import csv
import io
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swingby.facts import read_folder
from swingby.facts.encoding import survey
from swingby.facts.records import BLANKS, LINES_PER_ROW, Broken, NumberedLines, header_of, rows_of
from tests.facts.programs import program

HEADER = "fact_id,happened_on,organization,kind,quantity\n"
FIELDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)


def read_text(text: str, delimiter: str = ",") -> list[tuple[int, list[str]] | Broken]:
    lines = NumberedLines(io.StringIO(text, newline=""))
    header = next(lines)
    return list(rows_of(lines, delimiter, header.count(delimiter) + 1))


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def as_read(field: str, delimiter: str) -> str:
    """Blanks before a field without quotes mean nothing."""
    is_quoted = written([[field, "x"]], delimiter).startswith('"')
    return field if is_quoted else field.lstrip(" ")


def lines_in(text: str) -> int:
    return len(list(io.StringIO(text, newline="")))


@given(st.lists(st.lists(FIELDS, min_size=3, max_size=3), max_size=12), st.sampled_from(",;\t|"))
@settings(max_examples=300, deadline=None)
def test_whatever_is_written_is_read_at_its_line(rows: list[list[str]], delimiter: str) -> None:
    expected, line = [], 2
    for row in rows:
        if "".join(row).strip(BLANKS):
            expected.append((line, [as_read(field, delimiter) for field in row]))
        line += lines_in(written([row], delimiter))
    text = delimiter.join("abc") + "\n" + written(rows, delimiter)
    assert read_text(text, delimiter) == expected


@given(
    st.integers(0, 9),
    st.sampled_from(['"', 'x"y', '""x', "a,b,c,d", "", '"unclosed']),
    st.sampled_from(["{},x,y", '"{}",x,y']),
)
@settings(max_examples=100, deadline=None)
def test_one_bad_line_costs_one_line(place: int, bad: str, good: str) -> None:
    lines = [good.format(number) for number in range(10)]
    broken = [*lines[:place], bad, *lines[place:]]
    found = read_text("a,b,c\n" + "\n".join(broken) + "\n")
    assert [row[1][0] for row in found if not isinstance(row, Broken)] == [str(number) for number in range(10)]
    assert [row.line for row in found if isinstance(row, Broken)] == ([place + 2] if bad else [])


@given(st.binary(max_size=300), st.integers(0, 200))
@settings(max_examples=200, deadline=None)
def test_bytes_of_any_kind_are_surveyed_and_read(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "noise.csv"
    start = (HEADER + "a1,2025-01-31,pine,visit,2\n" * 4).encode()
    file.write_bytes(start[:at] + noise + start[at:])
    found = survey(file)
    with file.open(encoding=found.encoding, newline="", errors="replace") as text:
        lines = NumberedLines(text)
        header = header_of(lines, ["fact_id"])
        rows = [] if header is None else list(rows_of(lines, header[0], len(header[1])))
    assert len(rows) <= lines_in(start.decode()) + noise.count(b"\n") + noise.count(b"\r") + 1


@pytest.mark.slow
def test_mangled_files_become_issues(tmp_path: Path) -> None:
    chance = random.Random(7)
    for number in range(12):
        data = bytearray((HEADER + "".join(f"a{n},2025-01-31,pine,visit,{n}\n" for n in range(40))).encode())
        for _ in range(6):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (tmp_path / "activities.csv").write_bytes(bytes(data))
        with read_folder(tmp_path, program()) as facts:
            counted = facts.count("activities")
            assert counted == 0 or counted >= 33, (number, facts.issues)


@pytest.mark.slow
def test_many_open_quotes_do_not_take_for_ever(tmp_path: Path) -> None:
    text = HEADER + "".join(
        f'a{n},2025-01-31,"pine,visit,1\n' if n % 2 else f"a{n},2025-01-31,pine,visit,1\n" for n in range(4000)
    )
    (tmp_path / "activities.csv").write_text(text)
    begun = time.monotonic()
    with read_folder(tmp_path, program()) as facts:
        assert facts.count("activities") == 2000
        assert len(facts.issues) == 2000
    assert time.monotonic() - begun < 30


def test_line_breaks_of_every_kind_survive_inside_quotes(tmp_path: Path) -> None:
    value = "a\rb\r\nc\nd"
    (tmp_path / "activities.csv").write_bytes((HEADER + f'a1,2025-01-31,"{value}",visit,1\n').encode())
    with read_folder(tmp_path, program()) as facts:
        assert facts.connection.execute("SELECT organization FROM fact_activities").fetchall() == [(value,)]


def test_a_quoted_value_has_a_limit_of_lines() -> None:
    inside = "\n" * (LINES_PER_ROW - 2)
    assert read_text(f'a,b\n"{inside}x",y\n')[0] == (2, [f"{inside}x", "y"])
    found = read_text(f'a,b\n"{inside}\n\n\nx",y\n1,2\n')
    assert found[-1] == (LINES_PER_ROW + 4, ["1", "2"])


def test_a_line_of_a_million_fields(tmp_path: Path) -> None:
    (tmp_path / "activities.csv").write_text(HEADER + "," * 1_000_000 + "x\n" + "a1,2025-01-31,pine,visit,1\n")
    with read_folder(tmp_path, program()) as facts:
        assert facts.count("activities") == 1
        assert [(issue.line, issue.reason) for issue in facts.issues] == [
            (2, "The row has 1000001 fields; the header has 5.")
        ]


def test_a_header_of_many_columns(tmp_path: Path) -> None:
    (tmp_path / "activities.csv").write_text(",".join(["x"] * 3000) + "\n" + "1," * 2999 + "1\n")
    with read_folder(tmp_path, program()) as facts:
        assert facts.count("activities") == 0
        assert {issue.code for issue in facts.issues} == {"column-unknown", "column-twice", "column-missing"} - {
            "column-twice"
        }


def test_a_very_long_value(tmp_path: Path) -> None:
    long = "x" * 3_000_000
    (tmp_path / "activities.csv").write_text(
        HEADER
        + f"a1,2025-01-31,{long},visit,1\n"
        + f'a2,2025-01-31,"{long}",visit,1\n'
        + "a3,2025-01-31,pine,visit,1\n"
    )
    with read_folder(tmp_path, program()) as facts:
        ids = facts.connection.execute("SELECT fact_id FROM fact_activities ORDER BY 1").fetchall()
        assert ids[-1:] == [("a3",)]


def test_formula_cells_are_text(tmp_path: Path) -> None:
    (tmp_path / "activities.csv").write_text(HEADER + 'a1,2025-01-31,"=HYPERLINK(""x"")",visit,=1+1\n')
    with read_folder(tmp_path, program()) as facts:
        assert [(issue.column, issue.value, issue.code) for issue in facts.issues] == [
            ("organization", '=HYPERLINK("x")', "formula-text"),
            ("quantity", "=1+1", "number-shape"),
        ]
