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
