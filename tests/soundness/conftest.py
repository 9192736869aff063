"""A small generated company for the properties that need many facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from swingby.generation import generate_example


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the facts of a dozen partners and their program."""
    folder = tmp_path_factory.mktemp("company")
    generate_example(folder, seed="soundness", partners=12)
    return folder
