"""Importing evidence loads no numpy: only asking a question does."""

import subprocess
import sys


def test_importing_evidence_loads_no_arrays() -> None:
    code = "import swingby.insight, sys; print(*sorted({'numpy', 'scipy', 'duckdb'} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == []
