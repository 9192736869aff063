"""Programs for tests of facts: only the kinds and the time zone matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from swingby.program.kinds import FACT_KINDS, FactKind
from swingby.program.model import Header, Program


def program(*, time_zone: str = "UTC", kinds: Mapping[str, FactKind] = FACT_KINDS) -> Program:
    """A program without rules."""
    header = Header(
        id="facts",
        label="Facts",
        language=1,
        version="1",
        effective=date(2025, 1, 1),
        currency="USD",
        time_zone=time_zone,
    )
    return Program(header=header, kinds=kinds)
