from __future__ import annotations

from pathlib import Path

import pytest

from swingby.program import load, load_text, load_texts
from tests.program.reading import HEADER, codes, issues


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("measures: &m {}\n", "program.yaml:2:11: error: [yaml-anchor] The anchor &m is not allowed."),
        ("measures: *m\n", "program.yaml:2:11: error: [yaml-anchor] The alias *m is not allowed."),
        ("measures: !!map {}\n", "program.yaml:2:11: error: [yaml-tag] The tag tag:yaml.org,2002:map is not allowed."),
        ("tables: {a: [x], a: [y]}\n", 'program.yaml:2:18: error: [key-twice] "a" is written twice; first in line 2.'),
        ("tables: {<<: {a: [x]}}\n", "program.yaml:2:10: error: [yaml-merge] Merge keys are not allowed."),
        ("tables: {[a]: [x]}\n", "program.yaml:2:10: error: [yaml-key] A key must be one word."),
        ("---\ntables: {}\n", "program.yaml:2:1: error: [yaml-documents] A second document starts here."),
    ],
)
def test_what_yaml_offers_beyond_data_is_refused(rules: str, expected: str) -> None:
    assert [issue for issue in issues(rules) if issue.startswith(expected)]


def test_an_alias_bomb_is_refused_and_not_expanded() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x]\n"
    bomb += "".join(
        f"{word}: &{word} [{', '.join([f'*{before}'] * 8)}]\n"
        for before, word in zip("abcdefg", "bcdefgh", strict=True)
    )
    found = load_text(bomb)
    assert found.program is None
    assert {issue.code for issue in found.issues} == {"yaml-anchor", "section-unknown", "header-missing"}


def test_deep_nesting_stops_at_its_place() -> None:
    found = load_text(HEADER + "tables: " + "[" * 100_000)
    assert [issue.code for issue in found.issues] == ["yaml-depth"]
    assert found.issues[0].location.line == 2


def test_a_file_with_too_many_values_stops() -> None:
    found = load_text(HEADER + "tables: {a: [" + "x," * 200_000 + "x]}\n")
    assert [issue.code for issue in found.issues] == ["yaml-size"]


def test_a_file_that_is_too_long_is_not_read() -> None:
    assert [issue.code for issue in load_text("#" * 2_000_000).issues] == ["yaml-size"]


def test_lists_of_names_that_multiply_are_stopped() -> None:
    names = ", ".join(["m"] * 200)
    line = "1"
    for _ in range(8):
        line = f"{{count: {{measure: [{names}], at_least: {line}}}, each: person}}"
    rules = (
        f"measures:\n  m: {{count: person, of: credentials}}\nrequirements:\n  r: {{measure: m, at_least: {line}}}\n"
    )
    assert "yaml-size" in codes(rules)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "~"])
def test_an_empty_file_says_so(text: str) -> None:
    assert [issue.code for issue in load_text(text).issues] == ["file-empty"]


def test_a_file_that_is_no_mapping_says_so() -> None:
    assert str(load_text("- a\n").issues[0]) == (
        "program.yaml:1:1: error: [shape] A file is a mapping of sections. Begin with program: or measures:."
    )


def test_broken_yaml_is_located() -> None:
    found = load_text(HEADER + "tables: {a: [x\nb: 2\n")
    assert found.program is None
    assert [issue.code for issue in found.issues] == ["yaml-syntax"]
    assert found.issues[0].location.line > 1


def test_a_file_that_is_not_utf_8_says_so(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_bytes(b"\xff\xfe\x00p")
    assert [issue.code for issue in load(tmp_path).issues] == ["yaml-encoding"]


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    assert str(load(tmp_path / "none.yaml").issues[0]).startswith(
        f"{tmp_path / 'none.yaml'}:1:1: error: [file-unreadable]"
    )


def test_a_folder_needs_its_main_file(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(HEADER)
    assert [issue.code for issue in load(tmp_path).issues] == ["file-missing"]


def test_every_yaml_file_of_a_folder_adds_sections(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text(HEADER)
    (tmp_path / "people.yaml").write_text("measures: {engineers: {count: person, of: credentials}}\n")
    found = load(tmp_path)
    assert found.issues == ()
    assert found.program is not None
    assert found.program.measures["engineers"].location.file == "people.yaml"


def test_a_file_with_another_ending_is_named(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text(HEADER)
    (tmp_path / "people.yml").write_text("measures: {}\n")
    assert [(issue.code, issue.level) for issue in load(tmp_path).issues] == [("file-ignored", "warning")]


def test_a_name_is_declared_once_over_all_files() -> None:
    people = "measures: {total: {count: person, of: credentials}}\n"
    found = load_texts([("program.yaml", HEADER), ("a.yaml", people), ("b.yaml", people.replace("measures", "scores"))])
    assert [str(issue) for issue in found.issues] == [
        (
            'b.yaml:1:10: error: [name-twice] "total" is declared twice; first at a.yaml:1:12. '
            "Choose another name for one of them."
        )
    ]


def test_the_header_stands_in_the_main_file() -> None:
    found = load_texts([("program.yaml", HEADER), ("a.yaml", HEADER)])
    assert [str(issue) for issue in found.issues] == [
        "a.yaml:1:1: error: [header-place] The header belongs to program.yaml. Move it there or delete it."
    ]


def test_the_hash_is_that_of_the_texts_whatever_their_line_ends() -> None:
    unix, windows = load_text(HEADER), load_text(HEADER.replace("\n", "\r\n"))
    other = load_text(HEADER + "# a comment\n")
    assert unix.program is not None
    assert windows.program is not None
    assert other.program is not None
    assert unix.program.hash == windows.program.hash
    assert unix.program.hash != other.program.hash


def test_long_chains_of_references_are_followed_to_their_end() -> None:
    measures = "".join(f"  m{number}: {{sum: [m{number + 1}]}}\n" for number in range(900))
    requirements = "".join(f"  r{number}: {{requirement: r{number + 1}}}\n" for number in range(900))
    rules = (
        f"measures:\n{measures}  m900: {{count: person, of: credentials}}\n"
        f"requirements:\n{requirements}  r900: {{measure: m0, at_least: 1}}\n"
        "ladders: {l: {tiers: [{id: low, requires: {requirement: r0}}]}}\n"
    )
    assert codes(rules) == []


def test_a_long_circle_is_one_issue() -> None:
    measures = "".join(f"  m{number}: {{sum: [m{(number + 1) % 900}]}}\n" for number in range(900))
    assert codes("measures:\n" + measures) == ["cycle"]
