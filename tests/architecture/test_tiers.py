"""The developer's loop takes the core and the tests that bear the names of what was changed."""

from __future__ import annotations

import pytest

from tests.architecture.repository import ROOT
from tools.tiers import CORE, files_for, quick_places

CHANGED = {
    "src/swingby/web/jobs/worker.py": ["tests/web/jobs/test_worker.py"],
    "src/swingby/web/domain/registrations.py": ["tests/web/domain/test_registrations.py"],
    "tests/architecture/test_tiers.py": ["tests/architecture/test_tiers.py"],
    "tests/architecture/test_that_is_gone.py": [],
    "tests/architecture/repository.py": [],
    "README.md": [],
}


@pytest.mark.parametrize("path", CHANGED)
def test_what_was_changed_leads_to_its_tests(path: str) -> None:
    assert files_for([path]) == CHANGED[path]


def test_every_place_of_the_core_is_there_and_named_once() -> None:
    places = quick_places()
    assert places[: len(CORE)] == [f"tests/{name}" for name in CORE]
    assert [place for place in places if not (ROOT / place).exists()] == []
    assert len(set(places)) == len(places)
