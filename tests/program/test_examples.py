from __future__ import annotations

from pathlib import Path

import pytest

from swingby.program import Program, load

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
PUBLISHED = ROOT / "examples" / "published"
PROGRAMS = sorted(path for path in PUBLISHED.iterdir() if path.is_dir())
WARNED = {"sap-2010": ["counts-certificates"]}


@pytest.mark.parametrize("folder", sorted(DATA.iterdir()), ids=lambda folder: folder.name)
def test_a_published_program_loads(folder: Path) -> None:
    found = load(folder)
    assert [issue.code for issue in found.issues] == WARNED.get(folder.name, [])
    assert found.program is not None


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: folder.name)
def test_an_example_loads_without_a_word(folder: Path) -> None:
    found = load(folder)
    assert [str(issue) for issue in found.issues] == []
    assert found.program is not None
    assert found.program.header.id.partition("-")[0] == folder.name.partition("-")[0]


def test_no_two_examples_are_the_same_version_of_a_program() -> None:
    headers = [found.program.header for found in map(load, PROGRAMS) if found.program is not None]
    assert len({(header.id, header.version) for header in headers}) == len(PROGRAMS)


def without_texts(program: Program) -> dict[str, object]:
    """What changes results: numbers, earnings and tiers without their labels."""
    return {
        "numbers": {name: found.number for name, found in (*program.measures.items(), *program.scores.items())},
        "scales": {
            name: (found.scale, found.based_on, found.for_each, found.cap) for name, found in program.points.items()
        },
        "tiers": {name: [tier.id for tier in found.tiers] for name, found in program.ladders.items()},
    }


@pytest.mark.parametrize("name", ["quickbooks-proadvisor", "aws-services-path"])
def test_labels_and_sources_change_nothing(name: str) -> None:
    labelled, bare = load(PUBLISHED / name).program, load(DATA / name).program
    assert labelled is not None
    assert bare is not None
    assert without_texts(labelled) == without_texts(bare)


def test_every_rule_of_the_examples_has_a_label_and_a_source() -> None:
    for folder in PROGRAMS:
        program = load(folder).program
        assert program is not None
        numbers = [*program.measures.values(), *program.scores.values()]
        texts = {found.name: found.text for found in numbers}
        texts.update({found.name: found.text for found in program.points.values()})
        texts.update({found.name: found.text for found in program.ladders.values()})
        assert [name for name, text in texts.items() if text.label is None or text.source is None] == []
