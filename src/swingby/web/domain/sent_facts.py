"""Facts that another system sends one by one or in batches: read as files are read, known by their source and id.

The same source and id again with the same content changes nothing; with other content it replaces what stood; content
that was replaced before stays replaced, so that late repeats and messages in the wrong order do no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Final, Literal

from django.db import connection, transaction

from swingby.facts import TableContract, from_rows, stored_contracts
from swingby.program import Program
from swingby.web.clock import today
from swingby.web.domain.audit import record_owner_act
from swingby.web.domain.errors import NotAllowedError
from swingby.web.domain.fact_chains import Row, write_rows
from swingby.web.domain.facts import take_position
from swingby.web.domain.learning.counting import COUNTED_KINDS, count_again
from swingby.web.domain.plain_facts import plain_values
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.jobs import enqueue_assessment, enqueue_assessments
from swingby.web.models import Enrolment, Organization
from swingby.web.models import Program as StoredProgram
from swingby.web.permissions import can_load_facts
from swingby.web.visibility import Actor

MOST_FACTS = 1000
Outcome = Literal["new", "changed", "same", "withdrawn", "wrong"]
Level = Literal["error", "warning"]
_LEDGER: Final = frozenset({"fact_id", "source", "recorded_at", "reverses"})
#: The list that a column names a row of, and the key there.
_KEYS: Final[Mapping[str, str]] = {
    "organizations": "organization",
    "offices": "office",
    "people": "person",
    "customers": "customer",
    "products": "product",
    "credential_types": "code",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFact:
    """One fact as it is sent: its kind, where it comes from, its id there, and its columns."""

    kind: str
    source: str
    id: str
    values: Mapping[str, object] = field(default_factory=dict)
    withdrawn: bool = False

    @property
    def own_id(self) -> str:
        """The id without the source in front, as files may write it."""
        return self.id.removeprefix(f"{self.source}:") or self.id


@dataclass(frozen=True, slots=True)
class SentIssue:
    """What is wrong with one of the facts; a warning lets it count."""

    index: int
    column: str
    code: str
    reason: str
    hint: str = ""
    level: Level = "error"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the facts that were sent, in their order; the position is None when nothing changed."""

    outcomes: tuple[Outcome, ...]
    issues: tuple[SentIssue, ...]
    position: int | None


def send_facts(program: StoredProgram, *, actor: Actor, facts: Sequence[SentFact], token: str = "") -> Delivery:
    """Write what is new or changed at one ledger position, and have the standings that it touches brought up to date.

    What is wrong is told and left out; it never stops what is right.
    """
    if not can_load_facts(actor, owner=program.owner_id):
        raise NotAllowedError("Your role does not load facts.")
    return write_facts(program, actor=actor, facts=facts, token=token)


def write_facts(program: StoredProgram, *, actor: Actor, facts: Sequence[SentFact], token: str = "") -> Delivery:
    """The same of what somebody may decide who loads no facts, such as that a deal is registered."""
    rules = loaded(version_in_force(program.pk, on=today()))
    tables = {name: each for name, each in stored_contracts(rules).items() if each.kind is not None}
    rows, issues = read_rows(facts, rules, tables, owner=program.owner_id)
    outcomes: list[Outcome] = ["wrong"] * len(facts)
    position, touched = _written(program.owner_id, tables, rows, outcomes)
    if position is not None:
        _tell(program.owner_id, actor, position, token=token, outcomes=outcomes)
        _reassess(program.owner_id, touched, position=position)
    return Delivery(tuple(outcomes), tuple(sorted(issues, key=lambda each: each.index)), position)


def _written(
    owner: str, tables: Mapping[str, TableContract], rows: Sequence[Row], outcomes: list[Outcome]
) -> tuple[int | None, frozenset[str]]:
    """Take a position and write; give the position back when all is known already."""
    if not rows:
        return None, frozenset()
    with transaction.atomic():
        position = take_position(owner, batch=None)
        done = write_rows(owner, tables, rows, position=position)
        for row, outcome in zip(rows, done.outcomes, strict=True):
            outcomes[row.index] = outcome
        if all(outcome == "same" for outcome in done.outcomes):
            transaction.set_rollback(True)
            return None, frozenset()
        if any(row.kind in COUNTED_KINDS for row in rows):
            count_again(owner)
    return position, done.touched


def _tell(owner: str, actor: Actor, position: int, *, token: str, outcomes: Iterable[Outcome]) -> None:
    counts = {name: sum(each == name for each in outcomes) for name in ("new", "changed", "withdrawn")}
    record_owner_act(owner, actor=actor.person, action="facts.send", subject=str(position), token=token, **counts)


def _reassess(owner: str, organizations: frozenset[str], *, position: int) -> None:
    """Enqueue for everybody touched and those above; many that come one by one are answered together."""
    lineages = Organization.objects.filter(pk__in=organizations).values_list("lineage", flat=True)
    reached = {key for lineage in lineages for key in lineage}
    touched = Enrolment.objects.filter(owner_id=owner, partner_id__in=reached).order_by("pk")
    enrolments = list(touched.values_list("pk", flat=True))
    if len(enrolments) == 1:
        enqueue_assessment(owner=owner, enrolment=enrolments[0], position=position)
    else:
        enqueue_assessments(owner=owner, enrolments=enrolments, position=position)


# --- reading --------------------------------------------------------------------------------------------------------


def read_rows(
    facts: Sequence[SentFact], program: Program, tables: Mapping[str, TableContract], *, owner: str
) -> tuple[list[Row], list[SentIssue]]:
    """The facts with typed values, less those that are wrong, and every issue."""
    issues: list[SentIssue] = []
    plain = [(index, fact) for index, fact in enumerate(facts) if _is_readable(index, fact, tables, issues)]
    by_kind: dict[str, list[tuple[int, SentFact]]] = {}
    rows, currency = [], program.header.currency
    for index, fact in plain:
        values = None if fact.withdrawn else plain_values(fact.values, tables[fact.kind], currency=currency)
        if fact.withdrawn or values is not None:
            rows.append(Row(index, fact.kind, fact.source, fact.own_id, values))
        else:
            by_kind.setdefault(fact.kind, []).append((index, fact))
    if by_kind:
        rows += _typed_rows(by_kind, program, tables, owner, issues)
    return _known_rows(sorted(rows, key=lambda row: row.index), tables, owner, issues), issues


def _is_readable(index: int, fact: SentFact, tables: Mapping[str, TableContract], issues: list[SentIssue]) -> bool:
    """Whether a fact can be read at all: its kind is known, its values are single ones."""
    contract = tables.get(fact.kind)
    if contract is None:
        near = get_close_matches(fact.kind, sorted(tables), n=1, cutoff=0.6)
        hint = f'Did you mean "{near[0]}"?' if near else f"Send one of {', '.join(sorted(tables))}."
        issues.append(SentIssue(index, "kind", "table-unknown", f'There is no kind "{fact.kind}".', hint))
        return False
    before = len(issues)
    if "~" in fact.id:
        issues.append(SentIssue(index, "id", "id-version", "An id cannot hold ~: it numbers the versions of a fact."))
    columns = {column.name for column in contract.columns}
    for name, value in fact.values.items():
        if name in columns and not _is_value(value):
            reason = "This is no single value." if not isinstance(value, str) else "It holds a character that is lost."
            issues.append(SentIssue(index, name, "value-type", reason, "Send text, a number, true or false, or null."))
    errors = len(issues) - before
    for name in fact.values:
        if name not in columns:
            near = get_close_matches(name, sorted(columns), n=1, cutoff=0.6)
            hint = f'Did you mean "{near[0]}"?' if near else ""
            reason = "The kind has no such column; it is not read."
            issues.append(SentIssue(index, name, "column-unknown", reason, hint, "warning"))
    return errors == 0


def _is_value(value: object) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    return value is None or isinstance(value, bool | int | Decimal | date)


def _typed_rows(
    by_kind: Mapping[str, Sequence[tuple[int, SentFact]]],
    program: Program,
    tables: Mapping[str, TableContract],
    owner: str,
    issues: list[SentIssue],
) -> list[Row]:
    """Let the reading of files check the rows, each under the number of its place."""
    given: dict[str, list[dict[str, object]]] = {
        kind: [_given(fact, f"r{index}", tables[kind]) for index, fact in sent] for kind, sent in by_kind.items()
    }
    rates = _rates(owner, {str(row["currency"]) for rows in given.values() for row in rows if row.get("currency")})
    with from_rows({"exchange_rates": rates, **given}, program) as read:
        for issue in read.issues:
            if issue.file in by_kind and issue.line:
                index = by_kind[issue.file][issue.line - 1][0]
                issues.append(SentIssue(index, issue.column, issue.code, issue.reason, issue.hint, issue.level))
        rows = []
        for kind, sent in by_kind.items():
            names = [column.name for column in tables[kind].columns]
            listed = ", ".join(f'"{name}"' for name in names)
            found = read.connection.execute(f"SELECT fact_id, {listed} FROM fact_{kind}").fetchall()
            values = {row[0]: dict(zip(names, row[1:], strict=True)) for row in found}
            rows += [
                Row(index, kind, fact.source, fact.own_id, values[f"r{index}"])
                for index, fact in sent
                if f"r{index}" in values
            ]
        return rows


def _given(fact: SentFact, key: str, contract: TableContract) -> dict[str, object]:
    columns = {column.name for column in contract.columns} - _LEDGER
    return {"fact_id": key, **{name: value for name, value in fact.values.items() if name in columns}}


def _rates(owner: str, currencies: set[str]) -> list[dict[str, object]]:
    """The exchange rates of the currencies that came, so that a missing one is told."""
    if not currencies:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT currency, valued_on, rate FROM ref_exchange_rates WHERE owner_org = %s AND currency = ANY (%s)",
            [owner, sorted(currencies)],
        )
        return [dict(zip(("currency", "valued_on", "rate"), row, strict=True)) for row in cursor.fetchall()]


def _known_rows(
    rows: Sequence[Row], tables: Mapping[str, TableContract], owner: str, issues: list[SentIssue]
) -> list[Row]:
    """Warn of names that no list holds; refuse a person who is named by a mail address, because facts hold keys only."""
    named: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        for column, table in tables[row.kind].references.items():
            value = (row.values or {}).get(column)
            if value is not None and table in _KEYS:
                named.setdefault((column, table), set()).add(str(value))
    missing = {(column, value) for (column, table), values in named.items() for value in _missing(owner, table, values)}
    kept = []
    for row in rows:
        found = [
            _unknown(row, column, str(value), table)
            for column, table in tables[row.kind].references.items()
            if (value := (row.values or {}).get(column)) is not None and (column, str(value)) in missing
        ]
        issues += found
        if all(issue.level == "warning" for issue in found):
            kept.append(row)
    return kept


def _missing(owner: str, table: str, values: set[str]) -> set[str]:
    """Those of the values that a list does not hold; a list without rows is not asked, but for people."""
    key = _KEYS[table]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM ref_{table} WHERE owner_org = %s LIMIT 1", [owner])
        if cursor.fetchone() is None:
            return {value for value in values if table == "people" and "@" in value}
        cursor.execute(
            f"SELECT {key} FROM ref_{table} WHERE owner_org = %s AND {key} = ANY (%s)", [owner, sorted(values)]
        )
        return values - {row[0] for row in cursor.fetchall()}


def _unknown(row: Row, column: str, value: str, table: str) -> SentIssue:
    if table == "people" and "@" in value:
        reason = "A person is named by a key, never by a mail address."
        return SentIssue(row.index, column, "reference-unknown", reason, "Send the key that people have.")
    reason, hint = f"It is not in {table}.", f"Add it to {table}, or mend the name."
    return SentIssue(row.index, column, "reference-unknown", reason, hint, "warning")
