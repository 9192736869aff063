"""Files with known good rows and known damage: every good row counts, every damage is told at its true line."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from swingby.facts import FactSet, read_folder
from swingby.facts.records import CHARACTERS_PER_LINE, CHARACTERS_PER_ROW
from tests.facts.programs import program

HEADER = b"fact_id,happened_on,organization,kind,quantity"
END_OF_FILE = b'cut,2025-01-31,"pine'


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes between two line ends: what they are named, and what is told about them, if anything."""

    text: bytes
    code: str = ""
    counts: bool = True

    @property
    def lines(self) -> int:
        """Line ends inside it."""
        return self.text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")


#: Rows that count, whatever stands beside them; ``{}`` is the number that makes their id.
GOOD = (
    Part(b"g{},2025-01-31,pine,visit,1"),
    Part(b'"g{}","2025-01-31","pine, oak","visit ""long""","2.5"'),
    Part(b'g{},2025-01-31,"pine\nwood",visit,1'),
    Part(b'g{},2025-01-31,"pine\r\nwood\r",visit,1'),
    Part(b"  g{} , 2025-01-31,pine,visit,"),
    Part(b'g{},2025-01-31,pi"ne,visit,1'),
    Part(b'g{}, "2025-01-31",  "pine, oak","visit ""x"" y", "1"'),
    Part(b"g{},2025-01-31,pine,visit,1,,"),
    Part("g{},2025-01-31,Größe żółć 松,visit,1".encode()),
    Part("g{},2025-01-31,“pine”,visit,1".encode()),
    Part(b"g{},2025-01-31,pine,=visit(),1"),
)
BAD = (
    Part(b"b{},2025-01-31,pine", "row-width", counts=False),
    Part(b"b{},2025-01-31,pine,visit,1,2", "row-width", counts=False),
    Part(b'b{},2025-01-31,"pine,visit,1', "row-width", counts=False),
    Part(b'b{},2025-01-31,"pi"ne,visit,1', "row-width", counts=False),
    Part(b'b{},2025-01-31,pine,visit,1,"', "row-width", counts=False),
    Part(b"b{};2025-01-31;pine;visit;1", "row-width", counts=False),
    Part(b"," * 5000 + b"x", "row-width", counts=False),
    Part(b'b{},2025-02-30,"pi\nne",visit,1', "date-impossible", counts=False),
    Part(b"b{},2025-01-31,pine,visit,=1+1", "number-shape", counts=False),
    Part(b"b{},2025-01-31,,visit,1", "value-missing", counts=False),
    Part(b"\xef\xbb\xbf" + HEADER, "date-shape", counts=False),
)
NOTHING = (Part(b""), Part(b",,,,"), Part(b'"","","","",""'), Part(b" ,\t,,,"))
#: Bytes that no UTF-8 has, among them half of a pair of surrogates.
NOT_UTF8 = (b"\xe9", b"\xed\xa0\x80", b"\xff")


def written(parts: list[Part], ends: list[bytes]) -> tuple[bytes, list[str], list[tuple[int, str]]]:
    """The bytes of a file, the ids that count, and the lines with the codes that are errors."""
    text, line, ids, errors = HEADER + ends[-1], 2, [], []
    for number, part in enumerate(parts):
        if part.code:
            errors.append((line, part.code))
        elif part not in NOTHING:
            ids.append(f"g{number}")
        end = ends[number % len(ends)]
        # An empty part between the two halves of a line end would make them one.
        is_halved = not part.text and text.endswith(b"\r") and end == b"\n"
        text += part.text.replace(b"{}", str(number).encode()) + (b"\r" if is_halved else end)
        line += part.lines + 1
    return text, sorted(ids), errors


def read(folder: Path, data: bytes) -> FactSet:
    (folder / "activities.csv").write_bytes(data)
    return read_folder(folder, program())


def counted(facts: FactSet) -> list[str]:
    return sorted(row[0] for row in facts.connection.execute("SELECT fact_id FROM fact_activities").fetchall())


def told(facts: FactSet) -> list[tuple[int, str]]:
    """Each line with an error, and its first code."""
    found = {issue.line: issue.code for issue in reversed(facts.errors)}
    return sorted(found.items())


@pytest.mark.slow
@given(
    parts=st.lists(st.sampled_from((*GOOD, *GOOD, *BAD, *NOTHING)), max_size=12),
    ends=st.lists(st.sampled_from([b"\n", b"\r\n", b"\r"]), min_size=1, max_size=3),
    marked=st.booleans(),
    cut=st.booleans(),
)
@example(parts=[GOOD[0], NOTHING[0]], ends=[b"\r", b"\n"], marked=False, cut=True)
@settings(max_examples=150, deadline=None)
def test_every_good_row_counts_and_every_damage_is_told_at_its_line(
    tmp_path_factory: pytest.TempPathFactory, *, parts: list[Part], ends: list[bytes], marked: bool, cut: bool
) -> None:
    text, ids, errors = written(parts, ends)
    if cut:
        errors = [*errors, (2 + sum(part.lines + 1 for part in parts), "row-width")]
        text += END_OF_FILE
    begun = time.monotonic()
    with read(tmp_path_factory.mktemp("damage"), b"\xef\xbb\xbf" * marked + text) as facts:
        assert (counted(facts), told(facts)) == (ids, errors)
    assert time.monotonic() - begun < 20


@pytest.mark.slow
@pytest.mark.parametrize("part", [*GOOD, *BAD, *NOTHING], ids=lambda part: part.text[:30].decode(errors="replace"))
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["unix", "windows", "old mac"])
def test_each_damage_alone(tmp_path: Path, part: Part, end: bytes) -> None:
    text, ids, errors = written([GOOD[0], GOOD[1], part, GOOD[0], GOOD[2]], [end])
    with read(tmp_path, text) as facts:
        assert (counted(facts), told(facts)) == (ids, errors)


@pytest.mark.parametrize("noise", NOT_UTF8)
def test_a_byte_of_another_encoding_costs_its_row_and_spoils_no_other(tmp_path: Path, noise: bytes) -> None:
    letters = "g{},2025-01-31,Größe,visit,1\n".encode()
    text = HEADER + b"\n" + b"".join(letters.replace(b"{}", str(n).encode()) for n in range(5))
    text += b"bad,2025-01-31,pine" + noise + b",visit,1\n" + letters.replace(b"{}", b"9")
    with read(tmp_path, text) as facts:
        rows = facts.connection.execute("SELECT DISTINCT organization FROM fact_activities").fetchall()
        assert (counted(facts), rows) == (["g0", "g1", "g2", "g3", "g4", "g9"], [("Größe",)])
        assert [(issue.line, issue.code) for issue in facts.issues] == [(0, "encoding-mixed"), (7, "letters-lost")]


def test_a_nul_byte_costs_no_row(tmp_path: Path) -> None:
    with read(tmp_path, HEADER + b"\ng1,2025-01-31,pi\x00ne,visit,1\ng2,2025-01-31,pine,visit,1\n") as facts:
        assert (counted(facts), [issue.code for issue in facts.issues]) == (["g1", "g2"], ["nul-dropped"])


def _of(size: int) -> bytes:
    return b"b,2025-01-31," + b"x" * size + b",visit,1"


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        lambda: b"," * 1_000_000,
        lambda: b"," * 1_000_000 + b"x",
        lambda: _of(CHARACTERS_PER_ROW + 1),
        lambda: _of(CHARACTERS_PER_LINE + 1),
        lambda: b'b,2025-01-31,"' + b"x\n" * 3000,
        lambda: b'b,2025-01-31,"' + b'",' * 500_000 + b"x",
        lambda: b'"' * 1_000_001,
    ],
    ids=[
        "a million blanks",
        "a million fields",
        "a huge cell",
        "a huge line",
        "open for long",
        "quotes",
        "only quotes",
    ],
)
def test_huge_damage_costs_no_other_row_and_little_time(tmp_path: Path, make: Callable[[], bytes]) -> None:
    begun = time.monotonic()
    text = HEADER + b"\ng1,2025-01-31,pine,visit,1\n" + make() + b"\ng2,2025-01-31,pine,visit,1\n"
    with read(tmp_path, text) as facts:
        assert [name for name in counted(facts) if name[0] == "g"] == ["g1", "g2"]
    assert time.monotonic() - begun < 60


@pytest.mark.long
def test_a_million_rows_with_damage_in_each_thousand(tmp_path: Path) -> None:
    """All kinds of damage, a million rows: the good ones count, all the others are told."""
    parts = [(*GOOD, *BAD)[number // 1000 % 21] if number % 1000 == 0 else GOOD[0] for number in range(1_000_000)]
    text, ids, errors = written(parts, [b"\n"])
    with read(tmp_path, text) as facts:
        assert (counted(facts), told(facts)) == (ids, errors)
