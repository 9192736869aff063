import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.server.harness import belonging_to

SETTINGS = ("DATABASE_URL", "SWINGBY_DATA", "SWINGBY_POSTGRES_WHEEL", "SWINGBY_POSTGRES_USER")


@pytest.fixture(autouse=True)
def nobodys_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of whoever runs the tests do not count."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder that every user can reach: pytest's own is closed, and the database would move out of it."""
    yield from open_folder()


def open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="swingby-test-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for process in belonging_to(folder):
            process.kill()
        shutil.rmtree(folder, ignore_errors=os.geteuid() != 0)
