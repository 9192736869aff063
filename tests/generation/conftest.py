"""One company for every test of this folder: drawing, reading and assessing it takes a while."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from swingby.facts import read_folder
from swingby.generation import generate_example, read_company
from swingby.generation.example import EXAMPLES
from swingby.generation.partners import draw_block
from swingby.program import load
from tests.generation.company import DEMO, PROTECTED, UNPROTECTED, Example, standings


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    """The default company with four hundred partners."""
    summary = generate_example(tmp_path_factory.mktemp("harborline"))
    program = load(summary.folder / "program").program
    assert program is not None
    figures = read_company(EXAMPLES / "harborline" / "archetypes.yaml")
    block = draw_block(figures, summary.seed, 0, 0, [figures.size])
    names = list(figures.archetypes)
    kinds = {key: names[code] for key, code in zip(block.keys, block.archetype.tolist(), strict=True)}
    with read_folder(summary.folder, program) as facts:
        found = standings(program, facts, PROTECTED, UNPROTECTED, DEMO)
        yield Example(summary, program, facts, figures, block, found, kinds)
