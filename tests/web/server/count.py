"""A step before serving that leaves a stroke for each time it ran, as the owner of the tables."""

from __future__ import annotations

import os
from pathlib import Path

if __name__ == "__main__":
    with Path(os.environ["SWINGBY_DATA"], "counted").open("a") as strokes:
        strokes.write("1" if "swingby_owner" in os.environ["DATABASE_URL"] else "?")
