"""What a program means as a hash: comments, order and words do not count, rules do."""

from __future__ import annotations

from pathlib import Path

import pytest

from swingby.program import Program, hash_of, likeness, load, load_copy, load_text, read_texts, rules_hash

PROGRAMS = sorted(path.parent for path in (Path(__file__).parents[2] / "examples").rglob("program.yaml"))
TEXT = """
program: {id: x, label: X, language: 1, version: "1", effective: 2024-01-01, currency: USD}
tables: {areas: [north, south]}
measures:
  visits: {label: Visits, count: facts, of: activities, where: {kind: visit, status: done}, over: ever}
points:
  some: {label: Some, based_on: {measure: visits}, earn: {rate: 5}}
  more: {label: More, based_on: {measure: visits}, earn: {rate: {by: organization.region, north: 1, otherwise: 2}}}
scores: {total: {label: Total, sum: [some, more]}}
ladders:
  level: {tiers: [{id: base, label: Base}, {id: gold, requires: {score: total, at_least: 30}}]}
"""


def program(text: str) -> Program:
    loaded = load_text(text)
    assert loaded.program is not None, loaded.issues
    return loaded.program


def edited(*edits: tuple[str, str]) -> Program:
    text = TEXT
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    return program(text)


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: folder.name)
def test_a_copy_is_the_program(folder: Path) -> None:
    texts = read_texts(folder)
    own, copy = load(folder).program, load_copy(texts).program
    assert own is not None
    assert copy is not None
    assert (own.hash, copy, rules_hash(copy)) == (hash_of(texts), own, rules_hash(own))


def test_published_programs_have_hashes_of_their_own() -> None:
    hashes = [rules_hash(found) for folder in PROGRAMS if (found := load(folder).program)]
    assert len(set(hashes)) == len(PROGRAMS)


def test_a_single_file_is_copied_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert read_texts(tmp_path / "mine.yaml") == {"mine.yaml": TEXT}
    assert load_copy({"mine.yaml": TEXT}).program == load(tmp_path / "mine.yaml").program


@pytest.mark.parametrize(
    ("edit", "like"),
    [
        (("measures:", "# What is counted.\nmeasures:"), "meaning"),
        (("{kind: visit, status: done}", "{status: done, kind: visit}"), "meaning"),
        (("north: 1, otherwise: 2", "otherwise: 2, north: 1.0"), "meaning"),
        (("rate: 5", "rate: 5.0"), "meaning"),
        (("label: Visits", "label: Calls"), "rules"),
        (("label: Base", "label: Basis"), "rules"),
        (('version: "1"', 'version: "2"'), "rules"),
        (("rate: 5", "rate: 6"), "nothing"),
        (("sum: [some, more]", "sum: [some]"), "nothing"),
        (("effective: 2024-01-01", "effective: 2023-01-01"), "nothing"),
        (("currency: USD", "currency: EUR"), "nothing"),
        (("currency: USD", "currency: USD, time_zone: Europe/Berlin"), "nothing"),
        (("[{id: base, label: Base}, ", "[{id: base, label: Base}, {id: silver}, "), "nothing"),
        (("over: ever", "over: {last: 12 months}"), "nothing"),
        (("north, south", "south, north"), "nothing"),
    ],
    ids=str,
)
def test_programs_are_alike_as_far_as_they_say_the_same(edit: tuple[str, str], like: str) -> None:
    old, new = program(TEXT), edited(edit)
    assert (likeness(old, new), likeness(new, old)) == (like, like)


def test_the_order_of_rules_does_not_count() -> None:
    first, second = (
        TEXT[TEXT.index("  some:") : TEXT.index("  more:")],
        TEXT[TEXT.index("  more:") : TEXT.index("scores:")],
    )
    assert likeness(program(TEXT), program(TEXT.replace(first + second, second + first))) == "meaning"
    assert likeness(program(TEXT), program(TEXT)) == "text"


def test_the_order_of_files_does_not_count() -> None:
    one = load_copy({"program.yaml": TEXT}).program
    cut = TEXT.index("points:")
    two = load_copy({"program.yaml": TEXT[:cut], "a.yaml": TEXT[cut:]}).program
    assert one is not None
    assert two is not None
    assert likeness(one, two) == "meaning"
