"""The demonstration: the supervisor with the example company loaded.

`python -m swingby.web.server.demonstration FOLDER LOGINS [FIRM]` is the step that loads it, in a process of its own, so that
the supervisor stays small and can be stopped at any moment.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from swingby.web.server.layout import layout_of
from swingby.web.server.supervisor import Command, Plan, migrate, supervise


def demonstrate(example: Path, *, firm: Path | None, data: Path, port: int | None, today: date) -> int:
    """Serve the example company in `example`, standing still on `today`, loading it first if that was not done yet.

    `firm` is what `generate_firm` wrote of one of its partners: the people, and what they learn.

    Raises
    ------
    ServerError
        If something does not start or does not stay up.
    """
    logins = layout_of(data).data / "run" / "logins.txt"
    arguments = (
        sys.executable,
        "-m",
        "swingby.web.server.demonstration",
        str(example),
        str(logins),
        *([str(firm)] if firm else []),
    )
    load = Command("example company", arguments, role="app", stamp="loaded")
    settings = {"SWINGBY_TODAY": today.isoformat()}
    return supervise(Plan(data=data, port=port, first=(migrate(), load), greeting=logins, settings=settings))


def main(example: Path, logins: Path, firm: Path | None = None) -> None:
    """Load the example company and note how to sign in."""
    import django

    django.setup()
    # Models can be imported only now.
    demo = importlib.import_module("swingby.web.demo")
    demo.load(example)
    if firm:
        demo.load_firm(firm)
        demo.load_firm_vendors(firm)
    _write_lines(logins, demo.describe_logins())


def _write_lines(file: Path, lines: Iterable[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
