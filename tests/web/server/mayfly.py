"""A worker that lives for three seconds once, and never again."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    lived = Path(os.environ["SWINGBY_DATA"], "run", "mayfly")
    if not lived.exists():
        lived.touch()
        time.sleep(3)
    sys.exit(3)
