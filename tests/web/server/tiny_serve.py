"""`python -m tests.web.server.tiny_serve DATA [PORT]`: the supervisor with the tiny application."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from swingby.web.server.errors import ServerError
from swingby.web.server.service import Patience
from swingby.web.server.supervisor import Command, Plan, supervise


def main() -> int:
    """Run the supervisor as the command line does."""
    plan = Plan(
        data=Path(sys.argv[1]),
        port=int(sys.argv[2]) if len(sys.argv) > 2 else None,
        application="tests.web.server.tiny_app:application",
        worker=sys.argv[3] if len(sys.argv) > 3 else "tests.web.server.tiny_app",
        first=(Command("count", (sys.executable, "-m", "tests.web.server.count"), stamp="1"),),
        patience=Patience(settled_seconds=float(os.environ.get("SETTLED_SECONDS", "0.5"))),
    )
    try:
        return supervise(plan)
    except ServerError as error:
        sys.stdout.write(f"{error.message}\n{error.hint}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
