"""The firm is written once for all tests that only read it."""

from __future__ import annotations

import pytest

from tests.generation.firm.written import Written, write


@pytest.fixture(scope="session")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The example with its own seed."""
    return write(tmp_path_factory.mktemp("firm"))
