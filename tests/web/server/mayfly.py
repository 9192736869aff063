"""A worker that lives until the application is served, and never again."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    mark = Path(os.environ["SWINGBY_DATA"], "run", "serve.lock")
    while "url" not in mark.read_text():
        time.sleep(0.05)
    sys.exit(3)
