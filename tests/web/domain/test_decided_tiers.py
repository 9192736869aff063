"""Who holds another tier than by the rules alone, apart from the jobs that ask it."""

from __future__ import annotations

from datetime import date

from swingby.facts import from_rows
from swingby.program import load_text
from swingby.web.domain.decided_tiers import decided_tiers
from tests.web.domain.reviewing import TEXT


def test_on_days_of_an_earlier_version_it_is_not_said_that_nobody_differs() -> None:
    """What that version gave is not worked out; it was told as if all held what the rules give."""
    program = load_text(TEXT.replace("VERSION", "1").replace("EFFECTIVE", "2026-01-01")).program
    assert program is not None
    with from_rows({}, program) as facts:
        before, after = (
            decided_tiers(program, facts, begins=day, on=day) for day in (date(2025, 6, 1), date(2026, 6, 1))
        )
    assert (before, after) == (None, ())
