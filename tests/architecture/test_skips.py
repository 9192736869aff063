"""What tests/conftest.py promises about skips."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT
from tests.turns import THIRD, TURN

SKIPPING = """
import pytest
def test_of_a_browser(): pytest.skip("Chromium is not installed")
def test_of_a_feature(): pytest.skip("by design: DuckDB has no roles")
@pytest.mark.xfail(reason="not yet", strict=True)
def test_expected_to_fail(): assert False
"""
SKIPPING_WHOLE = 'import pytest; pytest.importorskip("a_package_that_nobody_has")'


def run(folder: Path, *, text: str, ci: str) -> tuple[int, str]:
    """Run a file of tests with our plugin, in continuous integration or not."""
    (folder / "test_skipping.py").write_text(text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        os.devnull,
        "--rootdir",
        str(folder),
        "-p",
        "tests.conftest",
        str(folder),
    ]
    options = ["-p", "no:django", "-p", "no:cacheprovider"]
    environment = {name: value for name, value in os.environ.items() if name not in (THIRD, TURN)} | {"CI": ci}
    ended = subprocess.run([*command, *options], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout


def test_the_reason_of_every_skip_is_printed(tmp_path: Path) -> None:
    code, output = run(tmp_path, text=SKIPPING, ci="")
    told = [line.partition("::")[2] for line in output.splitlines() if "::" in line]
    assert (code, told) == (
        0,
        ["test_of_a_browser: Chromium is not installed", "test_of_a_feature: by design: DuckDB has no roles"],
    )


@pytest.mark.parametrize(
    ("text", "counts"),
    [(SKIPPING, "1 failed, 1 skipped, 1 xfailed"), (SKIPPING_WHOLE, "1 error")],
    ids=["a test", "a whole file"],
)
def test_in_continuous_integration_only_skips_by_design_pass(tmp_path: Path, text: str, counts: str) -> None:
    code, output = run(tmp_path, text=text, ci="true")
    assert (code != 0, output.splitlines()[-1].partition(" in ")[0]) == (True, counts)
