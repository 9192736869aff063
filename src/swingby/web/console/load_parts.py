"""What the pages about loading show: values ready to be read, without tables behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from swingby.web.design.parts import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source of one list: the days for which it is complete, and when it last came in."""

    table: str
    source: str
    complete_from: date | None
    complete_to: date | None
    says: bool
    last_good: datetime | None
    upload_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadRow:
    """One file in the log."""

    name: str
    url: str
    state: str
    tone: Tone
    sent_at: datetime
    sent_by: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CureValue:
    """One value that no list knows, and what it may be."""

    key: str
    value: str
    rows: int
    files: int
    suggestion: str = ""
    suggestion_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CureCard:
    """Values that the same thing cures.

    ``names`` says what the other names are of (partners, people), empty when a list has to grow; ``grows`` says
    whether a value may simply be added to it.
    """

    key: str
    title: str
    hint: str
    reference: str
    names: str
    grows: bool
    values: tuple[CureValue, ...]
    total: int
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why something was not done, and the field where it is mended; without one it is about the whole form."""

    words: str
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadsPage:
    """Load and unmatched."""

    sources: tuple[SourceRow, ...]
    uploads: tuple[UploadRow, ...]
    cures: tuple[CureCard, ...]
    unmatched: int
    most_megabytes: int
    refused: tuple[Refusal, ...] = ()
    refused_cure: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCounts:
    """What became of the rows of one list.

    ``stays`` says that an undo leaves it as it is; ``keeps_first`` that its changed rows are not written, as people
    decide what a name stands for.
    """

    table: str
    source: str
    is_snapshot: bool
    rows: int
    new: int
    changed: int
    same: int
    wrong: int
    repeated: int
    withdrawn: int
    waiting: int
    vanished: int
    known: int
    unexplained: int
    stays: bool = False
    keeps_first: bool = False

    @property
    def left(self) -> int:
        """Rows that an undo leaves as they are: lists keep no past."""
        return self.new + (0 if self.keeps_first else self.changed) if self.stays else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One partner whose tier would change."""

    partner: str
    partner_key: str
    partner_url: str
    ladder: str
    up: bool
    was: str
    was_rank: int
    now: str
    now_rank: int
    at_review: bool
    keeps: str = ""
    leaves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongRow:
    """One row that was left out, waits, or counts with a warning; or what is odd with many, of which the first is named."""

    line: int
    column: str
    value: str
    reason: str
    hint: str
    is_error: bool
    word: str = ""
    tone: Tone = "plain"
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoice:
    """One column of ours and what of the file becomes it."""

    name: str
    label: str
    required: bool
    chosen: str
    always: str
    sample: str
    unclear: bool
    unclear_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How the file is read, as a form."""

    table: str
    tables: tuple[tuple[str, str], ...]
    source: str
    is_snapshot: bool
    complete_from: str
    complete_to: str
    dates: str
    numbers: str
    theirs: tuple[str, ...]
    columns: tuple[ColumnChoice, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """What undoing would do."""

    taken_back: int
    restored: int
    went_on: int
    moves: tuple[Move, ...]
    kept: tuple[Move, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage:
    """One file: what becomes of its rows, what would change, and what can be done."""

    name: str
    url: str
    state: str
    state_words: str
    tone: Tone
    is_running: bool
    step: str
    problem: str
    sent_at: datetime
    sent_by: str
    size: int
    tables: tuple[TableCounts, ...] = ()
    moves: tuple[Move, ...] = ()
    ups: int = 0
    downs: int = 0
    wrong: int = 0
    wrong_url: str = ""
    warnings: int = 0
    issues: tuple[WrongRow, ...] = ()
    odd: tuple[WrongRow, ...] = ()
    refused: tuple[Refusal, ...] = ()
    stopped: str = ""
    unsure: tuple[str, ...] = ()
    loaded_at: datetime | None = None
    loaded_by: str = ""
    undone_at: datetime | None = None
    undone_by: str = ""
    held: tuple[str, ...] = ()
    waiting: int = 0
    loaded_before: datetime | None = None
    undo: Undo | None = None
    columns: Columns | None = None
    mapping: str = ""
    may_load: bool = True
    poll_ms: int = 1000

    @property
    def totals(self) -> dict[str, int]:
        """The sums over all lists."""
        names = (
            "rows",
            "new",
            "changed",
            "same",
            "wrong",
            "repeated",
            "withdrawn",
            "waiting",
            "vanished",
            "unexplained",
        )
        return {name: sum(getattr(table, name) for table in self.tables) for name in names}

    @property
    def left(self) -> int:
        """Rows of lists that an undo leaves as they are."""
        return sum(table.left for table in self.tables)

    @property
    def reads_nothing(self) -> bool:
        """Whether the file was gone through and no list came of it."""
        return self.state == "checked" and not self.tables

    @property
    def changes_nothing(self) -> bool:
        """Whether a load would write nothing."""
        found = self.totals
        changed = found["changed"] - sum(table.changed for table in self.tables if table.keeps_first)
        return found["new"] + changed + found["vanished"] + found["withdrawn"] == 0
