"""Two threads of one process that compile at once, as the pages of a process that has just started do."""

from __future__ import annotations

import subprocess
import sys

#: The class of a dialect stands in SQLGlot's table before its generator is set, so whoever compiles first in a thread
#: of its own could be written down in the grammar of no backend.
HALF_KNOWN = """
import sys
from sqlglot.dialects.dialect import Dialect
from swingby.engine.sql import DIALECTS
for each in DIALECTS:
    assert each in Dialect._classes, f"{each} is loaded only when it is first asked for"
"""


def test_every_dialect_is_whole_before_anybody_can_ask_for_it() -> None:
    ended = subprocess.run([sys.executable, "-c", HALF_KNOWN], capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, "")
