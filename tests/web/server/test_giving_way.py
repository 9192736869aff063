"""Jobs take what pages leave of the processor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SAID = """
import os
from swingby.web.server.child import give_way
before = os.getpriority(os.PRIO_PROCESS, 0)
give_way()
print(os.getpriority(os.PRIO_PROCESS, 0) - before)
"""
SESSION = Path("/proc/self/autogroup")


def test_jobs_give_way_to_pages_also_where_sessions_share_time() -> None:
    code = SAID + ("print(open('/proc/self/autogroup').read().split()[-1])" if SESSION.exists() else "")
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, start_new_session=True
    )
    steps, *session = ran.stdout.split()

    assert 0 < int(steps) <= 5  # Where the tests themselves give way, less is left to give.
    assert session in ([], ["5"])


LOADED = """
import os, sys
sys.path.insert(0, sys.argv[1])
from swingby.web.server.child import _load
before = sys.getswitchinterval()
_load(os.getppid(), "application:found")
print(before / sys.getswitchinterval(), flush=True)
os._exit(0)
"""


def test_a_page_gets_its_turn_ten_times_as_soon_after_an_answer_of_the_database(tmp_path: Path) -> None:
    """A thread that computes is interrupted sooner than Python does by itself, in every process that serves pages."""
    (tmp_path / "application.py").write_text("found = len")
    command = [sys.executable, "-c", LOADED, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert round(float(said)) == 10
