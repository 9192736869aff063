"""What would fall if some people left: the engine works it out, over the facts of one partner with their posts ended.

Facts are read as the vendor's jobs read them, with the rows that a partner never sees, but of this one partner alone. A
program that compares partners cannot be answered so, and says that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction

from swingby.engine import AsIfNothingMore, Compiled, Standing, assess, compile_program, ranks_partners, review_days
from swingby.facts import FactSet
from swingby.program import Program
from swingby.program.model import EVERY_DAY
from swingby.web.clock import today
from swingby.web.domain.live import organizations_of
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.standings import latest_standing
from swingby.web.models import Enrolment
from swingby.web.tenancy import Scope, act_for_owner, open_scope

#: So far ahead falls are looked for: every review of a year, and some room.
AHEAD = timedelta(days=400)
MONTH = timedelta(days=30)
Standings = Mapping[date, Standing]
Held = Mapping[str, str | None]
COMPARES = "It compares partners. Ask your vendor what it would change."
WAITS = "A review here waits for a decision. Look again once it is decided."
NO_STANDING = "Nothing was worked out here yet. Ask your vendor to load its facts."
_COUNTS_HEADS = "employments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """The first day on which a tier is lower than it would have been, on which ladder, and by which requirements."""

    day: date
    ladder: str
    before: str
    after: str
    breaks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What becomes of one program if people left.

    Attributes
    ----------
    fall
        None where every tier stays as it would have been.
    unknown
        Why nothing can be said, and what to do; empty where something is.
    anyway
        The tier falls before, whether or not they leave: from this day.
    position, program_hash
        The newest fact that was known, and the rules.
    """

    enrolment: str
    fall: Fall | None = None
    unknown: str = ""
    anyway: date | None = None
    position: int = -1
    program_hash: str = ""


def leaving(enrolment: Enrolment, people: Sequence[str], *, on: date) -> Aftermath:
    """What becomes of a program's tiers if some people are gone from a day on and nobody does anything.

    Grace counts as the program has it: a tier falls on the day on which the grace is over. Seconds of work, so it belongs
    into a job; while the engine works no transaction is open.

    Parameters
    ----------
    people
        Their keys in the vendor's facts; who works elsewhere changes nothing.
    on
        The first day on which they are no longer there; not before today.
    """
    with _reading(enrolment):
        standing = latest_standing(enrolment)
        if standing is None:
            return Aftermath(enrolment=enrolment.pk, unknown=NO_STANDING)
        version = version_in_force(enrolment.program_id, on=today())
        program = loaded(version)
        compiled = compile_program(program)
        facts = None if ranks_partners(compiled) else bring_facts(enrolment.owner_id, program)
    if facts is None:
        aftermath, position = Aftermath(enrolment=enrolment.pk, unknown=COMPARES), standing.position
    else:
        with closing(facts):
            looking = _Looking(compiled, facts, enrolment, tuple(people), on, standing.result.get("held", {}))
            aftermath, position = looking.aftermath(), facts.latest_position
    return replace(aftermath, position=position, program_hash=version.hash)


@dataclass(frozen=True, slots=True)
class _Looking:
    """One program looked at with some people gone; and as things are, where a tier would be lower."""

    compiled: Compiled
    facts: FactSet
    enrolment: Enrolment
    people: tuple[str, ...]
    on: date
    held: Held

    def aftermath(self) -> Aftermath:
        if not self._can_matter():
            return Aftermath(enrolment=self.enrolment.pk)
        days = _days(self.compiled.program, self.enrolment, self.on)
        with self._gone():
            after = self._standings(days)
        if self._differs(after[days[0]]) or any(self._lower(name, after[day]) for day in days for name in self.held):
            return self._compared(self._standings(days), after)
        return Aftermath(enrolment=self.enrolment.pk)

    def _compared(self, before: Standings, after: Standings) -> Aftermath:
        days = sorted(before)
        if self._differs(before[days[0]]):
            return Aftermath(enrolment=self.enrolment.pk, unknown=WAITS)
        found = self._difference(before, after)
        if found is None:
            falls = (day for day in days if any(self._lower(name, before[day]) for name in self.held))
            return Aftermath(enrolment=self.enrolment.pk, anyway=next(falls, None))
        between = _days_between(max((day for day in days if day < found[0]), default=found[0]), found[0])
        if between:
            before = self._standings(between)
            with self._gone():
                after = self._standings(between)
            found = self._difference(before, after) or found
        return Aftermath(
            enrolment=self.enrolment.pk,
            fall=_fall(self.compiled.program, *found, before=before, after=after, held=self.held),
        )

    def _difference(self, before: Standings, after: Standings) -> tuple[date, str] | None:
        """The first day and ladder below the tier that is held today, and below where it would be as things are."""
        lower = (
            (day, name)
            for day in sorted(before)
            for name in self.held
            if self._lower(name, after[day]) and self._rank(name, after[day]) < self._rank(name, before[day])
        )
        return next(lower, None)

    def _differs(self, standing: Standing) -> bool:
        """Whether it is another tier than the one that is held, because a review was not carried out yet."""
        return any(self._rank(name, standing) != self._place(name) for name in self.held)

    def _lower(self, name: str, standing: Standing) -> bool:
        return self._rank(name, standing) < self._place(name)

    def _rank(self, name: str, standing: Standing) -> int:
        return _place(self.compiled.program, name, standing.tiers[name].tier)

    def _place(self, name: str) -> int:
        return _place(self.compiled.program, name, self.held[name])

    def _can_matter(self) -> bool:
        """Whether a fact names them, beside that they work there, or any rule reads who works there."""
        if any(_COUNTS_HEADS in repr(node) for node in self.compiled.builder.graph.nodes):
            return True
        own = self.facts.connection
        columns = own.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE table_name LIKE 'fact\\_%' ESCAPE '\\'"
            " AND table_name <> 'fact_employments' AND data_type = 'VARCHAR'"
        ).fetchall()
        tests = (f'SELECT 1 FROM "{table}" WHERE list_contains($people, "{column}")' for table, column in columns)
        return any(own.execute(f"{test} LIMIT 1", {"people": list(self.people)}).fetchone() for test in tests)

    def _standings(self, days: Sequence[date]) -> Standings:
        run = assess(self.compiled, _AsIfTodayWereAll(self.facts), as_of=days, enrolments=[self.enrolment.pk])
        with closing(run):
            return {day: standing for (_, day), standing in run.by_key.items()}

    @contextmanager
    def _gone(self) -> Iterator[None]:
        """End their posts in memory, and put back what stood."""
        own = self.facts.connection
        own.execute("CREATE OR REPLACE TEMP TABLE employments_as_they_are AS SELECT * FROM fact_employments")
        own.execute(
            "UPDATE fact_employments SET ends_on = greatest(starts_on, CAST($on AS DATE))"
            " WHERE list_contains($people, person) AND (ends_on IS NULL OR ends_on > $on)",
            {"on": self.on, "people": list(self.people)},
        )
        try:
            yield
        finally:
            own.execute("DELETE FROM fact_employments")
            own.execute("INSERT INTO fact_employments SELECT * FROM employments_as_they_are")


def _days(program: Program, enrolment: Enrolment, on: date) -> list[date]:
    """The days to look at: today, the one of leaving, and each from which a review may have lowered a tier.

    Where tiers follow every day, or fall after days of grace, it is also one day in each month.
    """
    until = on + AHEAD
    reviews = review_days(program, after=on, until=until, joined=[enrolment.joined_on])
    months = (on + MONTH * nth for nth in range(AHEAD // MONTH + 1)) if _moves_between_reviews(program) else ()
    found = {today(), on, *months, *(day for review in reviews if review.lowers for day in review.holds_from)}
    return sorted(day for day in found if day <= until)


def _moves_between_reviews(program: Program) -> bool:
    reviews = [review for ladder in program.ladders.values() for review in ladder.demote]
    return any(review.grace or review.schedule == EVERY_DAY.schedule for review in reviews)


def _days_between(first: date, last: date) -> list[date]:
    """Every day after one up to another; none where they follow each other."""
    days = (last - first).days
    return [first + timedelta(days=nth) for nth in range(1, days + 1)] if days > 1 else []


def _place(program: Program, name: str, tier: str | None) -> int:
    """Where a tier stands on its ladder; no tier is below all."""
    order = [each.id for each in program.ladders[name.partition("[")[0]].tiers]
    return order.index(tier) if tier else -1


def _fall(program: Program, day: date, ladder: str, *, before: Standings, after: Standings, held: Held) -> Fall:
    name = before[day].tiers[ladder].ladder
    labels = {tier.id: tier.label or tier.id.capitalize() for tier in program.ladders[name].tiers}
    return Fall(
        day=day,
        ladder=ladder,
        before=labels[held[ladder] or ""],
        after=labels.get(after[day].tiers[ladder].tier or "", ""),
        breaks=tuple(_breaks(held[ladder] or "", ladder, before[day], after[day])),
    )


def _breaks(tier: str, ladder: str, before: Standing, after: Standing) -> Iterator[str]:
    """The lines of the lost tier that are met as things are and would not be; else all that would not be."""
    met = {row.path for row in before.tiers[ladder].rows.get(tier, ()) if row.result == "met"}
    unmet = [row for row in after.tiers[ladder].rows.get(tier, ()) if row.result != "met" and row.line is not None]
    for row in [row for row in unmet if row.path in met] or unmet:
        value = "nothing" if row.value is None else f"{row.value.normalize():,f}"
        yield (
            f"{row.label}: {value}, and {row.line.normalize():,f} are asked for" if row.line is not None else row.label
        )


@contextmanager
def _reading(enrolment: Enrolment) -> Iterator[None]:
    """See what the vendor's jobs see, of this one partner alone."""
    with act_for_owner(enrolment.owner_id):
        organizations = frozenset(organizations_of(enrolment))
    own = frozenset({enrolment.owner_id})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, limited_owners=own, region_partners=organizations)):
        yield


class _AsIfTodayWereAll(AsIfNothingMore):
    """And a review that is yet to come will know all that is known today."""

    def position_at(self, moment: date) -> int:
        return self.latest_position if moment > today() else super().position_at(moment)
