"""What was known at a position, as digests: what changes them and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from swingby.facts import KnownTable, came_after, known_tables, read_folder, recorded_at
from swingby.program import Program, load_text

TEXT = 'program: {id: x, label: X, language: 1, version: "1", effective: 2024-01-01, currency: USD}\n'
HEADER = "fact_id,source,organization,kind,happened_on,quantity,recorded_at,reverses\n"
ROWS = (
    "a1,,acme,visit,2024-02-01,1,2024-02-02T10:00:00Z,\n",
    "a2,,acme,visit,2024-02-03,2,2024-02-04T10:00:00Z,\n",
    "a3,,acme,visit,2024-02-05,3,2024-02-06T10:00:00Z,a1\n",
)


@pytest.fixture
def program() -> Program:
    loaded = load_text(TEXT)
    assert loaded.program is not None
    return loaded.program


def known(folder: Path, program: Program, *, at: int, **files: str) -> dict[str, KnownTable]:
    folder.mkdir()
    base = {"organizations": "organization,name\nacme,Acme\n", **files}
    for name, text in base.items():
        (folder / f"{name.replace('__', '.')}.csv").write_text(text)
    with read_folder(folder, program) as facts:
        return {table.table: table for table in known_tables(facts.connection, program.kinds, known_at=at)}


def test_counts_what_was_known(tmp_path: Path, program: Program) -> None:
    counts = [
        known(tmp_path / str(at), program, at=at, activities=HEADER + "".join(ROWS)).get("activities")
        for at in range(4)
    ]
    assert [found and found.rows for found in counts] == [None, 1, 2, 2]


@pytest.mark.parametrize(
    ("rows", "same"),
    [
        (ROWS, True),
        (ROWS[::-1], True),
        (ROWS[:2], True),  # What took a1 away came later.
        ((*ROWS, "b9,,acme,visit,2024-02-01,9,2024-05-01T10:00:00Z,\n"), True),
        ((*ROWS, "a1,crm,acme,visit,2024-02-01,9,2024-05-01T10:00:00Z,\n"), True),
        ((ROWS[0].replace(",1,", ",1.00,"), *ROWS[1:]), True),
        ((ROWS[0].replace(",1,", ",1.01,"), *ROWS[1:]), False),
        ((ROWS[0].replace("a1,", "a1,crm").replace("crm,", "crm", 1), *ROWS[1:]), False),
        ((*ROWS, "b9,,acme,visit,2024-02-01,9,2024-02-01T10:00:00Z,\n"), False),
        (ROWS[1:], False),
    ],
)
def test_only_what_was_known_then_matters(tmp_path: Path, program: Program, rows: tuple[str, ...], same: bool) -> None:  # noqa: FBT001 (a column of the table)
    def found(name: str, lines: tuple[str, ...]) -> KnownTable | None:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "organizations.csv").write_text("organization,name\nacme,Acme\n")
        (folder / "activities.csv").write_text(HEADER + "".join(lines))
        with read_folder(folder, program) as facts:
            at = sum(place.recorded_at.isoformat() <= "2024-02-04T10:00:00+00:00" for place in facts.positions)
            tables = known_tables(facts.connection, program.kinds, known_at=at)
        return next((table for table in tables if table.table == "activities"), None)

    assert (found("one", ROWS) == found("other", rows)) is same


def test_equal_rows_do_not_cancel_out(tmp_path: Path, program: Program) -> None:
    row = "cove,Cove\n"
    one = known(tmp_path / "one", program, at=0, organizations=f"organization,name\n{row}")
    two = known(tmp_path / "two", program, at=0, organizations="organization,name\ncove,Cove\ncoven,\n")
    assert one["organizations"].digest != two["organizations"].digest
    assert one["organizations"].digest != "0" * 32


def test_what_came_after_is_counted(tmp_path: Path, program: Program) -> None:
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "organizations.csv").write_text("organization,name\nacme,Acme\n")
    (folder / "activities.csv").write_text(HEADER + "".join(ROWS))
    with read_folder(folder, program) as facts:
        counted = [dict(came_after(facts.connection, program.kinds, known_at=at)) for at in range(4)]
        moments = [str(recorded_at(facts.connection, at)) for at in range(4)]
    assert counted == [{"activities": 3}, {"activities": 3}, {"activities": 2}, {}]
    assert moments == ["None", "2024-02-02 10:00:00+00:00", "2024-02-04 10:00:00+00:00", "2024-02-06 10:00:00+00:00"]
