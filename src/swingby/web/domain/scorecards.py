"""Work out a scorecard from one run of the engine, and keep it: requirements, numbers, and the lines behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from swingby.engine import Assessment, CountedFact, HistoryLine, LineItems, RequirementRow, Standing, bearings
from swingby.facts import FactSet
from swingby.facts.postgres import OWNER_ONLY_KINDS
from swingby.program import Program
from swingby.program.model import DeclaredNumber, Earning, Ladder
from swingby.program.numbers import ListNumber, NumberReference, RuleText
from swingby.program.walk import walk
from swingby.web.domain.results import is_kept_otherwise
from swingby.web.models import Enrolment, ProgramVersion, Scorecard, ScorecardLine

BATCH = 2_000
COUNTED = "counted"
#: So many days ahead it is seen what runs out.
AHEAD = (7, 30, 60, 90)
#: Kinds of line that say why something counts no longer.
LEFT_OUT = ("expired", "ended", "cancelled", "removed", "moved", "old")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """What is kept of a scorecard."""

    ladders: list[Row] = field(default_factory=list)
    ahead: list[Row] = field(default_factory=list)
    numbers: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)


def scorecard_of(run: Assessment, facts: FactSet, *, enrolment: str, day: date) -> Card:
    """Take one partner's numbers apart as they stand on a day, from a run that kept which facts counted.

    What counted on one of the run's earlier days and counts no longer is listed with the reason; what is met and will
    not be on one of its later days, if nothing happens, is listed with the records that run out until then.
    """
    if (enrolment, day) not in run.by_key:
        return Card()
    standing = run.standing(enrolment, day)
    earlier = tuple(each for each in run.as_of if each <= day)
    work = _Work(run.program, run.line_items(enrolment), earlier, facts, frozenset(standing.numbers))
    numbers = [work.number(name, standing) for name in _in_order(run.program, standing)]
    ladders = [_ladder(ladder, name, standing) for ladder, name in _ladders(run.program, standing)]
    later = [each for each in run.as_of if each > day and (enrolment, each) in run.by_key]
    ahead = [_ahead(work, standing, run.standing(enrolment, each)) for each in later]
    return Card(ladders, ahead, numbers, work.lines)


def days_ahead(day: date) -> list[date]:
    """The days on which it is looked ahead."""
    return [day + timedelta(days=days) for days in AHEAD]


def keep_scorecard(enrolment: Enrolment, card: Card, *, version: ProgramVersion, day: date, position: int) -> None:
    """Store a scorecard in place of the one before, unless that one knows more."""
    if Scorecard.objects.filter(enrolment=enrolment, as_of__gte=day, position__gt=position).exists():
        return
    whose = {"owner_id": enrolment.owner_id, "partner_id": enrolment.partner_id}
    Scorecard.objects.update_or_create(
        enrolment=enrolment,
        defaults={
            **whose,
            "as_of": day,
            "position": position,
            "program_version": version.version,
            "program_hash": version.hash,
            "ladders": card.ladders,
            "ahead": card.ahead,
            "numbers": card.numbers,
        },
    )
    ScorecardLine.objects.filter(enrolment=enrolment).delete()
    rows = (ScorecardLine(**whose, enrolment=enrolment, **line) for line in card.lines)
    ScorecardLine.objects.bulk_create(rows, batch_size=BATCH)


# --- numbers --------------------------------------------------------------------------------------------------------


def _in_order(program: Program, standing: Standing) -> list[str]:
    """The names of all numbers, those with cells by cell, in the order of the program."""
    declared = [*program.scores, *program.points, *program.incentives, *program.measures]
    places = {name: place for place, name in enumerate(declared)}
    shown = [name for name in standing.numbers if _bare(name) in places]
    return sorted(shown, key=lambda name: (places[_bare(name)], name))


def _bare(name: str) -> str:
    return name.partition("[")[0]


def _declared(program: Program, name: str) -> DeclaredNumber | Earning:
    bare = _bare(name)
    found = program.scores.get(bare) or program.measures.get(bare) or program.points.get(bare)
    return found or program.incentives[bare]


def _label(name: str, text: RuleText) -> str:
    cell = name.partition("[")[2].replace("]", "").replace("[", ", ")
    words = text.label or _bare(name).replace("_", " ").capitalize()
    return f"{words}: {cell}" if cell else words


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


@dataclass(frozen=True, slots=True)
class _Work:
    """Takes numbers apart one after the other; a rule that several numbers read has its lines once."""

    program: Program
    items: LineItems
    days: tuple[date, ...]
    facts: FactSet
    names: frozenset[str]
    lines: list[Row] = field(default_factory=list)
    done: set[str] = field(default_factory=set)

    @property
    def day(self) -> date:
        """The day that is shown."""
        return self.days[-1]

    def number(self, name: str, standing: Standing) -> Row:
        """One number with its words and its value, and the rules under which its lines stand."""
        declared, found = _declared(self.program, name), standing.numbers[name]
        is_share = (
            isinstance(declared, DeclaredNumber)
            and isinstance(declared.number, ListNumber)
            and declared.number.operation == "ratio"
        )
        value = found.value * 100 if is_share and found.value is not None else found.value
        return {
            "name": name,
            "label": _label(name, declared.text),
            "section": declared.section,
            "unit": "%" if is_share else declared.text.unit or "",
            "value": _text(value),
            "state": found.state,
            "source": declared.text.source or "",
            "note": declared.text.note or "",
            "side": declared.side if isinstance(declared, DeclaredNumber) else "partner",
            "rules": self._rules(name, declared),
            "parts": list(self.parts(name)),
            "withheld": any(line.kind in OWNER_ONLY_KINDS for line in self._read(name)),
        }

    def parts(self, name: str) -> Iterator[str]:
        """The numbers that it is put together from itself, not those that these are made of."""
        declared = _declared(self.program, name)
        body = declared.based_on if isinstance(declared, Earning) else declared.number
        named = dict.fromkeys(part.name for part in walk(body) if isinstance(part, NumberReference))
        yield from (found for found in (self._in_cell(each, name) for each in named) if found in self.names)

    def _in_cell(self, other: str, name: str) -> str:
        """A number in the cell of another one, where it has cells."""
        in_cell = other + name.removeprefix(_bare(name))
        return in_cell if in_cell in self.names else other

    def _read(self, name: str) -> tuple[CountedFact, ...]:
        return () if _bare(name) in self.program.scores else self.items.facts(name, self.day)

    def _rules(self, name: str, declared: DeclaredNumber | Earning) -> list[str]:
        """Keep the lines of a number that stand nowhere yet; gives the rules under which all its lines stand."""
        history = self.items.history(name, self.day) if declared.section != "measure" else ()
        rules = dict.fromkeys([name, *(self._rule(line, name) for line in history)])
        rules |= dict.fromkeys(line.number for line in self._read(name))
        if name not in self.done:
            self.done.add(name)
            self.lines.extend(self._points(name, history))
            self.lines.extend(self._counted(name))
        return list(rules)

    def _rule(self, line: HistoryLine, name: str) -> str:
        """The rule of a line, in the cell of the number that was asked for where the rule has cells."""
        return self._in_cell(line.earning, name)

    def _points(self, name: str, history: Iterable[HistoryLine]) -> Iterator[Row]:
        own = [line for line in history if line.earning == _bare(name)]
        kind = self._record_kind(name)
        yield from (_point_line(name, line, record_kind=kind) for line in own)
        standing = {line.fact for line in own}
        gone: dict[str | None, HistoryLine] = {}
        for day in self.days[:-1] if _bare(name) in (*self.program.points, *self.program.incentives) else ():
            for line in self.items.history(name, day):
                if line.kind == "entry" and line.expires and line.expires <= self.day and line.fact not in standing:
                    gone[line.fact] = line
        yield from (_point_line(name, line, record_kind=kind, left_out="expired") for line in gone.values())

    def _record_kind(self, name: str) -> str:
        declared = _declared(self.program, name)
        source = declared.for_each if isinstance(declared, Earning) else None
        return self.program.base_of(source.of) if source else ""

    def _counted(self, name: str) -> Iterator[Row]:
        """The facts of a number of facts, and those that counted on an earlier day."""
        if _bare(name) in self.program.scores:
            return
        now = {line.fact: line for line in self._read(name) if line.number == name}
        before = {
            line.fact: line
            for day in self.days[:-1]
            for line in self.items.facts(name, day)
            if line.number == name and line.fact not in now
        }
        reasons = _reasons(self.facts, {line.fact: line.kind for line in before.values()}, on=self.day)
        for kind, line in [(COUNTED, line) for line in now.values()] + [
            (reasons[line.fact][0], line) for line in before.values()
        ]:
            if line.kind not in OWNER_ONLY_KINDS:
                yield {
                    "rule": name,
                    "kind": kind,
                    "key": f"{name}|{COUNTED}|{line.fact}",
                    "counts": kind == COUNTED,
                    "day": line.dated,
                    "amount": line.amount,
                    "record_kind": line.kind,
                    "record": line.fact,
                    "thing": line.thing,
                    "until": reasons[line.fact][1] if kind != COUNTED else None,
                }


def _point_line(name: str, line: HistoryLine, *, record_kind: str, left_out: str = "") -> Row:
    hidden = record_kind in OWNER_ONLY_KINDS
    record = "" if hidden or line.fact is None else line.fact
    return {
        "rule": name,
        "kind": left_out or line.kind,
        "key": f"{name}|{line.kind}|{record or line.dated.isoformat()}",
        "counts": not left_out,
        "day": line.dated,
        "amount": line.amount,
        "record_kind": record_kind if record else "",
        "record": record,
        "thing": "",
        "until": line.expires,
    }


Reason = tuple[str, date | None]


def _reasons(facts: FactSet, kinds: Mapping[str, str], *, on: date) -> Mapping[str, Reason]:
    """Why facts that counted once count no longer, as the records themselves say it."""
    found: dict[str, Reason] = {}
    for kind in sorted(set(kinds.values())):
        ids = [fact for fact, its in kinds.items() if its == kind]
        columns = {str(row[0]) for row in facts.connection.execute(f'DESCRIBE "fact_{kind}"').fetchall()}
        ends = next((name for name in ("cancelled_on", "ends_on") if name in columns), "NULL")
        rows = facts.connection.execute(
            f'SELECT fact_id, {ends}, reversed_position IS NOT NULL FROM "fact_{kind}" WHERE fact_id IN'
            " (SELECT unnest(?)) ORDER BY position",
            [ids],
        ).fetchall()
        for fact, end, is_removed in rows:
            found[fact] = _reason(end, is_removed=is_removed, is_state=ends == "ends_on", on=on)
    return found


def _reason(end: date | None, *, is_removed: bool, is_state: bool, on: date) -> Reason:
    if is_removed:
        return "removed", None
    if end is not None and end <= on:
        return ("ended" if is_state else "cancelled"), end
    return ("moved" if is_state else "old"), None


# --- requirements ---------------------------------------------------------------------------------------------------


def _ladders(program: Program, standing: Standing) -> Iterator[tuple[Ladder, str]]:
    for name in standing.tiers:
        yield program.ladders[_bare(name)], name


def _ladder(ladder: Ladder, name: str, standing: Standing) -> Row:
    held = standing.tiers[name]
    tiers = [
        {
            "id": tier.id,
            "label": tier.label or tier.id.replace("_", " ").capitalize(),
            "rank": rank,
            "source": tier.text.source or "",
            "rows": [_requirement(row, standing) for row in held.rows.get(tier.id, ())],
        }
        for rank, tier in enumerate(ladder.tiers)
    ]
    cell = name.partition("[")[2].replace("]", "")
    return {"name": name, "label": _label(name, ladder.text), "cell": cell, "tiers": tiers}


def _requirement(row: RequirementRow, standing: Standing) -> Row:
    number = row.name if row.kind == "number" and row.name in standing.numbers else ""
    return {
        "path": row.path,
        "depth": row.path.count("."),
        "kind": row.kind,
        "label": row.heading or row.label,
        "number": number,
        "test": row.test,
        "is_place": row.is_place,
        "state": row.result,
        "value": _text(row.value),
        "line": _text(row.line),
        "gap": _text(row.gap),
    }


def _ahead(work: _Work, now: Standing, then: Standing) -> Row:
    """What is met today and is missing on a later day, with the records that count today and for want of which it is."""
    rows = []
    for ladder, held in now.tiers.items():
        for tier, listed in held.rows.items():
            after = then.tiers[ladder].rows.get(tier, ())
            later = {row.path: row for row in after}
            borne = bearings((row.path, row.kind, row.result) for row in after)
            kept = {"kept_otherwise": True} if is_kept_otherwise(work.program.ladders[_bare(ladder)], tier) else {}
            rows += [
                {"ladder": ladder, "tier": tier, **kept, **_closing(work, row, later[row.path], now, then)}
                for row in listed
                if _is_lost(row, later.get(row.path)) and row.name in now.numbers and borne[row.path] == "asked"
            ]
    return {"on": then.as_of.isoformat(), "rows": rows}


def _is_lost(now: RequirementRow, then: RequirementRow | None) -> bool:
    return now.kind == "number" and now.result == "met" and then is not None and then.result == "unmet"


def _closing(work: _Work, row: RequirementRow, then: RequirementRow, here: Standing, there: Standing) -> Row:
    return {
        "number": row.name,
        "value": _text(then.value),
        "line": _text(then.line),
        "records": sorted(_resting(work, row.name, here, there)),
    }


def _resting(work: _Work, name: str, now: Standing, then: Standing) -> set[str]:
    """The records for want of which a number is another one on a later day.

    Not those of a number that stays what it is, such as points up to a limit that others still fill, nor those of
    somebody who counts by another record.
    """
    moving = set(_moving(work, name, now, then))
    still = work.items.facts(name, then.as_of)
    facts, things = {line.fact for line in still}, {(line.number, line.thing) for line in still if line.thing}
    return {
        line.fact
        for line in work.items.facts(name, now.as_of)
        if line.fact not in facts
        and (line.number, line.thing) not in things
        and (line.number in moving or line.number not in now.numbers)
    }


def _moving(work: _Work, name: str, now: Standing, then: Standing) -> Iterator[str]:
    """A number and those that it is put together from, as far down as they differ on a later day."""
    one, other = now.numbers.get(name), then.numbers.get(name)
    if one is not None and other is not None and one.value == other.value:
        return
    yield name
    for part in work.parts(name):
        yield from _moving(work, part, now, then)
