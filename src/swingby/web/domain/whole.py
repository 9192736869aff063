"""One standing from all facts of the owner, in DuckDB: for programs that one statement on PostgreSQL cannot answer."""

from __future__ import annotations

from contextlib import closing
from datetime import date

from swingby.engine import Standing, assess
from swingby.program import Program
from swingby.web.domain.owner_facts import bring_facts


def assess_with_all_facts(
    program: Program, *, owner: str, enrolment: str, as_of: date, position: int
) -> Standing | None:
    """The standing of one enrolment, every review walked; None when it is not enrolled on the day.

    It takes seconds where `LiveEngine` takes milliseconds, so it belongs into a job.
    """
    with bring_facts(owner, program) as facts:
        found = assess(program, facts, as_of=as_of, known_at=position, enrolments=[enrolment])
        with closing(found):
            return found.by_key.get((enrolment, as_of))
