"""What a delivery would change: new facts, changed ones, the same, and those that a snapshot no longer holds.

Nothing is written here. A delivery of *events* says what happened: what it leaves out still holds, and a row that was
sent before is the same for ever. A *snapshot* says what is: a row that it no longer holds is proposed to be reversed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from swingby.errors import ExitCode, SwingbyError
from swingby.facts.checks import LAST_DAY
from swingby.facts.contracts import END_COLUMNS, TableContract, contracts
from swingby.facts.fact_set import FactSet
from swingby.facts.issues import ISSUE_CODES
from swingby.facts.known import key_of, without_source
from swingby.facts.mapping import Mode
from swingby.facts.trees import organizations_in_circles, organizations_too_deep

if TYPE_CHECKING:
    from swingby.program.model import Program

#: A snapshot that reverses more than this share of what is known is stopped: it is rather an export that failed.
MOST_REVERSED = Decimal("0.1")
Status = Literal["new", "changed", "same", "vanished", "withdrawn"]


class GuardError(SwingbyError):
    """A delivery would reverse more than was allowed; nothing is written."""

    exit_code = ExitCode.NEGATIVE


@dataclass(frozen=True, slots=True)
class Change:
    """What a delivery changes in one kind of fact, in rows; ``known`` are the facts of its sources that stand now."""

    kind: str
    mode: Mode
    known: int
    new: int = 0
    changed: int = 0
    same: int = 0
    vanished: int = 0
    withdrawn: int = 0
    unsure: bool = False

    @property
    def reversed_share(self) -> Decimal:
        """The share of the known facts that would no longer stand as they do."""
        gone = self.vanished + self.changed
        return Decimal(gone) / self.known if self.known else Decimal(0)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A delivery beside what is known; `write_batch` carries it out."""

    incoming: FactSet
    changes: tuple[Change, ...]
    contracts: Mapping[str, TableContract]
    references: Mapping[str, tuple[int, int]]

    @property
    def changes_nothing(self) -> bool:
        """Whether there is nothing to write."""
        facts = sum(each.new + each.changed + each.vanished + each.withdrawn for each in self.changes)
        return facts + sum(new for new, _ in self.references.values()) == 0

    def guard(self, most: Decimal = MOST_REVERSED) -> None:
        """Stop when more than a share of the known facts would be reversed.

        Raises
        ------
        GuardError
            ``guard`` naming every kind and its share.
        """
        over = [each for each in self.changes if each.mode == "snapshot" and each.reversed_share > most]
        if over:
            listed = "; ".join(_in_words(each) for each in over)
            raise GuardError(
                code="guard",
                message=f"The delivery would reverse {listed}. Nothing was written.",
                hint="Look whether the export is whole; if it is, allow it: --most-reversed 100%.",
            )


def propose(incoming: FactSet, program: Program, *, mode: Mode | None = None, since: date | None = None) -> Proposal:
    """Compare a delivery with what is known.

    Parameters
    ----------
    incoming
        Read with ``known=``, so that what is known stands beside it.
    program
        As both were read with.
    mode
        What the delivery is; as its mapping says, or ``events``, when left out.
    since
        The first day that snapshots hold; older facts do not vanish.
    """
    tables, modes = contracts(program.kinds), incoming.desk.modes
    staged = [each for name, each in tables.items() if name in incoming.desk.staged]
    changes = tuple(
        _compare(incoming, contract, mode or modes.get(contract.name, "events"), since)
        for contract in staged
        if contract.kind is not None
    )
    references = {each.name: _new_references(incoming, each) for each in staged if each.kind is None}
    return Proposal(incoming, changes, tables, {name: counts for name, counts in references.items() if any(counts)})


def _compare(incoming: FactSet, contract: TableContract, mode: Mode, since: date | None) -> Change:
    run, name = incoming.connection.execute, contract.name
    for statement in _statements(contract, mode):
        run(statement)
    unsure = mode == "snapshot" and _has_unknown_rows(incoming, contract)
    if mode == "snapshot" and not unsure:
        run(_VANISHED.format(name=name, day=contract.day), {"since": since or date.min})
    counted = dict(run(f"SELECT status, count(*) FROM changes_{name} GROUP BY status").fetchall())
    known = incoming.desk.count(_KNOWN.format(name=name))
    return Change(name, mode, known, **counted, unsure=unsure)


def _statements(contract: TableContract, mode: Mode) -> Iterable[str]:
    """The tables of a comparison: what came, the chains of what is known, and what each row means for them."""
    name = contract.name
    parts = [f"'{column.name}=' || CAST(\"{column.name}\" AS VARCHAR)" for column in contract.columns]
    content = f"md5(concat_ws(chr(31), {', '.join(parts)}))"
    keys = {"key": key_of("f.fact_id", "f.source"), "root_key": key_of("f.root_id", "f.source")}
    yield _CHAINS.format(name=name, content=content, **keys, raw=without_source("f.fact_id", "f.source"))
    yield _ALIASES.format(name=name)
    yield _CAME.format(name=name, content=content, key=keys["key"], target=key_of("o.reverses", "o.source"))
    yield _MATCHED.format(name=name)
    yield _CHANGES.format(name=name, mode=mode)
    yield _WITHDRAWN.format(name=name, target=key_of("o.reverses", "o.source"))


def _has_unknown_rows(incoming: FactSet, contract: TableContract) -> bool:
    """Whether rows were left out of which nobody knows whose they were: then what is missing may be among them."""
    files = [row[0] for row in incoming.connection.execute(_FILES_OF, [contract.name]).fetchall()]
    if any(incoming.desk.lost_lines.get(incoming.desk.files[number]) for number in files):
        return True
    broken = any(issue.level == "error" and issue.code.startswith("file-") for issue in incoming.desk.issues)
    nameless = f"SELECT count(*) FROM lost_{contract.name} WHERE fact_id IS NULL"
    return broken or incoming.desk.count(nameless) > 0


def _new_references(incoming: FactSet, contract: TableContract) -> tuple[int, int]:
    """How many rows of a reference table are new, and how many say something else than is known.

    They stand in ``added_<table>`` and, with what is known where they say nothing, in ``changed_<table>``.
    """
    name, run = contract.name, incoming.connection.execute
    if not (incoming.desk.has_table(f"own_{name}") and incoming.desk.has_table(f"good_{name}")):
        return 0, 0
    columns = ", ".join(f'"{each.name}"' for each in contract.columns)
    known = f"EXISTS (SELECT 1 FROM known_{name} AS k WHERE {_same_row(contract, 'k', 'o')})"
    run(f"CREATE TEMP TABLE added_{name} AS SELECT * FROM own_{name} AS o WHERE NOT {known}")
    run(
        f"CREATE TEMP TABLE changed_{name} AS SELECT {', '.join(_said(contract))} FROM own_{name} AS o"
        f" JOIN known_{name} AS k ON {_same_row(contract, 'k', 'o')}"
        f" LEFT JOIN good_{name} AS g ON {_same_row(contract, 'g', 'o')}"
        f" EXCEPT SELECT {columns} FROM known_{name}"
    )
    if name == "organizations":
        _keep_sound_parents(incoming, contract)
    if name == "enrolments":
        _refuse_wrong_changes(incoming, contract)
    return count_references(incoming, contract)


def count_references(incoming: FactSet, contract: TableContract) -> tuple[int, int]:
    """How many rows of a compared reference table are new, and how many changed."""
    count = incoming.desk.count
    new, changed = (count(f"SELECT count(*) FROM {each}_{contract.name}") for each in ("added", "changed"))
    return new, changed


def refuse_references(
    incoming: FactSet,
    contract: TableContract,
    keys: Collection[str],
    *,
    place: tuple[str, str],
    words: tuple[str, str],
    level: str = "",
) -> None:
    """Leave rows of a reference table out of a delivery, and report them where they stand; a warning leaves none out.

    Parameters
    ----------
    keys
        Of a table whose rows one column names.
    place
        The column that is wrong, and the code of the issue.
    words
        The reason, and what to do.
    level
        That of the code, if it is left out.
    """
    run, name, (key,) = incoming.connection.execute, contract.name, contract.key
    column, code = place
    level = level or ISSUE_CODES[code][0]
    chosen = f'"{key}" IN (SELECT unnest(CAST($keys AS VARCHAR[])))'
    bound = {"keys": sorted(keys)}
    run(
        f"INSERT INTO row_issues SELECT _file, _line, '{name}', '{column}', CAST(\"{column}\" AS VARCHAR),"
        f" $code, $reason, $hint, $level FROM good_{name} WHERE {chosen}",
        bound | {"code": code, "reason": words[0], "hint": words[1], "level": level},
    )
    for table in ("own", "added", "changed") if level == "error" else ():
        run(f"DELETE FROM {table}_{name} WHERE {chosen}", bound)


def _said(contract: TableContract) -> Iterable[str]:
    """What a row says with what is known where it says nothing; an end after the last day says that it is open."""
    for each in (column.name for column in contract.columns):
        told = f'coalesce(o."{each}", k."{each}")'
        if each in contract.key:
            yield f'o."{each}"'
        elif each in END_COLUMNS:
            yield f'CASE WHEN g."{each}" > {LAST_DAY} THEN NULL ELSE {told} END AS "{each}"'
        else:
            yield f'{told} AS "{each}"'


def _same_row(contract: TableContract, one: str, other: str) -> str:
    return " AND ".join(f'{one}."{key}" IS NOT DISTINCT FROM {other}."{key}"' for key in contract.key)


def _refuse_wrong_changes(incoming: FactSet, contract: TableContract) -> None:
    """Of enrolments: those that would become another partner's, and those that would end before they begin."""
    for query, place, words in _WRONG_CHANGES:
        keys = [row[0] for row in incoming.connection.execute(query).fetchall()]
        if keys:
            refuse_references(incoming, contract, keys, place=place, words=words)


def _keep_sound_parents(incoming: FactSet, contract: TableContract) -> None:
    """Leave an organization where it is known to stand if the delivery would put it above itself, or too far down."""
    run = incoming.connection.execute
    known = dict(run("SELECT organization, parent FROM known_organizations WHERE parent IS NOT NULL").fetchall())
    said = dict(
        run("SELECT organization, parent FROM added_organizations UNION ALL FROM (" + _NEW_PARENTS + ")").fetchall()
    )
    kept = _unsound(known, said)
    if not kept:
        return
    incoming.desk.issues[:] = [each for each in incoming.desk.issues if not each.code.startswith("tree-")]
    for table in ("added", "changed"):
        for organization in sorted(kept):
            run(
                f"UPDATE {table}_organizations SET parent = ? WHERE organization = ?",
                [known.get(organization), organization],
            )
    same = "SELECT organization FROM (FROM changed_organizations INTERSECT FROM known_organizations)"
    run(f"DELETE FROM changed_organizations WHERE organization IN ({same})")
    refuse_references(incoming, contract, kept, place=("parent", "tree-circle"), words=_UNSOUND)


def _unsound(known: Mapping[str, str], said: Mapping[str, str | None]) -> set[str]:
    """The organizations whose new parents must not count, so that nothing stands above itself or too far down."""
    kept: set[str] = set()
    while True:
        told = {**known, **{key: parent for key, parent in said.items() if key not in kept}}
        parents = {key: parent for key, parent in told.items() if parent}
        bad = organizations_in_circles(parents) or organizations_too_deep(parents)
        moved = {_nearest_moved(parents, each, said.keys() - kept) for each in bad} - {None}
        if not moved:
            return kept
        kept.update(each for each in moved if each)


def _nearest_moved(parents: Mapping[str, str], start: str, moved: Collection[str]) -> str | None:
    """The first organization on the way up that the delivery moves."""
    line: dict[str, None] = {}
    place: str | None = start
    while place is not None and place not in line:
        if place in moved:
            return place
        line[place] = None
        place = parents.get(place)
    return None


def _in_words(change: Change) -> str:
    share = f"{change.reversed_share * 100:.0f} % of {change.kind}"
    return f"{share} ({change.vanished:,} vanished and {change.changed:,} changed of {change.known:,})"


_FILES_OF = "SELECT _file FROM file_rows WHERE table_name = ?"
_CHAINS = """
CREATE TEMP TABLE chains_{name} AS
SELECT f.root_id, f.source, f.fact_id, {key} AS key, {root_key} AS root_key, f.reversed_position IS NULL AS stands,
       f.position, {content} AS content, count(*) OVER (PARTITION BY {root_key}, f.source) AS versions,
       CASE WHEN min(coalesce(f.source, '')) OVER same <> max(coalesce(f.source, '')) OVER same THEN {raw}
            ELSE f.fact_id END AS raw_id
FROM known_{name} AS f WINDOW same AS (PARTITION BY {raw})
"""
_ALIASES = """
CREATE TEMP TABLE aliases_{name} AS
SELECT alias, source, arg_max(root_id, (stands, position)) AS root_id FROM (
    SELECT key AS alias, source, root_id, stands, position FROM chains_{name}
    UNION ALL SELECT root_key, source, root_id, stands, position FROM chains_{name}
) GROUP BY alias, source
"""
_CAME = """
CREATE TEMP TABLE came_{name} AS
SELECT f.*, {content} AS _content, {key} AS _key, {target} AS _target
FROM fact_{name} AS f LEFT JOIN outward_{name} AS o ON o.fact_id = f.fact_id
WHERE f.reversed_position IS NULL
"""
_MATCHED = """
CREATE TEMP TABLE matched_{name} AS
SELECT c.fact_id, coalesce(a.root_id, t.root_id) AS root_id, a.root_id IS NULL AS by_target
FROM came_{name} AS c
LEFT JOIN aliases_{name} AS a ON a.alias = c._key AND a.source IS NOT DISTINCT FROM c.source
LEFT JOIN aliases_{name} AS t ON t.alias = c._target AND t.source IS NOT DISTINCT FROM c.source
"""
_CHANGES = """
CREATE TEMP TABLE changes_{name} AS
SELECT c.fact_id, c._key AS key, m.root_id, m.by_target, s.raw_id AS current_id, s.source, v.versions, CASE
       WHEN m.root_id IS NULL THEN 'new'
       WHEN s.fact_id IS NULL AND '{mode}' = 'events' THEN 'same'
       WHEN s.fact_id IS NULL THEN 'new'
       WHEN s.content = c._content THEN 'same'
       WHEN '{mode}' = 'events' AND NOT m.by_target AND (m.root_id, c._content) IN (SELECT (root_id, content) FROM chains_{name})
       THEN 'same' ELSE 'changed' END AS status
FROM came_{name} AS c JOIN matched_{name} AS m ON m.fact_id = c.fact_id
LEFT JOIN (SELECT * FROM chains_{name} WHERE stands) AS s
       ON s.root_id = m.root_id AND s.source IS NOT DISTINCT FROM c.source
LEFT JOIN (SELECT DISTINCT root_id, source, versions FROM chains_{name}) AS v
       ON v.root_id = m.root_id AND v.source IS NOT DISTINCT FROM c.source
"""
_WITHDRAWN = """
INSERT INTO changes_{name}
SELECT NULL, NULL, s.root_id, false, s.raw_id, s.source, s.versions, 'withdrawn'
FROM outward_{name} AS o
JOIN aliases_{name} AS t ON t.alias = {target} AND t.source IS NOT DISTINCT FROM o.source
JOIN chains_{name} AS s ON s.root_id = t.root_id AND s.source IS NOT DISTINCT FROM o.source AND s.stands
WHERE o.says_nothing
"""
_KNOWN = (
    "SELECT count(*) FROM chains_{name} WHERE stands"
    " AND coalesce(source, '') IN (SELECT coalesce(source, '') FROM sources_{name})"
)
_VANISHED = """
INSERT INTO changes_{name}
SELECT NULL, NULL, s.root_id, false, s.raw_id, s.source, s.versions, 'vanished'
FROM chains_{name} AS s JOIN known_{name} AS k ON k.fact_id = s.fact_id AND k.source IS NOT DISTINCT FROM s.source
WHERE s.stands AND k.{day} >= $since
  AND coalesce(s.source, '') IN (SELECT coalesce(source, '') FROM sources_{name})
  AND s.root_id NOT IN (SELECT root_id FROM matched_{name} WHERE root_id IS NOT NULL)
  AND s.key NOT IN (SELECT fact_id FROM lost_ids_{name}) AND s.root_key NOT IN (SELECT fact_id FROM lost_ids_{name})
"""
_NEW_PARENTS = (
    "SELECT c.organization, c.parent FROM changed_organizations AS c JOIN known_organizations AS k USING (organization)"
    " WHERE c.parent IS DISTINCT FROM k.parent"
)
_UNSOUND = (
    "With this parent an organization would stand above itself, or more than seven levels below the top.",
    "Mend the parents; until then it stands where it stood, a new one at the top.",
)
_OF_ANOTHER = (
    "SELECT c.enrolment FROM changed_enrolments AS c JOIN known_enrolments AS k USING (enrolment)"
    " WHERE c.organization <> k.organization"
)
_WRONG_CHANGES = (
    (
        _OF_ANOTHER,
        ("organization", "id-twice"),
        ("This id is known as another partner's.", "Give this partner an id of its own."),
    ),
    (
        "SELECT enrolment FROM changed_enrolments WHERE ended_on < joined_on",
        ("ended_on", "ends-before-starts"),
        ("With what is known already, it would end before it starts.", "Send the first day and the end together."),
    ),
)
