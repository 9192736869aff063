"""Sample pages about loading: a usual day, the first day, a very large file, every state of one file."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from swingby.web.console.load_parts import (
    ColumnChoice,
    Columns,
    CureCard,
    CureValue,
    LoadsPage,
    Move,
    Refusal,
    SourceRow,
    TableCounts,
    Undo,
    UploadPage,
    UploadRow,
    WrongRow,
)

NOW = datetime(2026, 3, 31, 9, 12, tzinfo=UTC)
PARTNERS = (("p1", "Tarnwick Labs"), ("p2", "Sedgerow Consulting"), ("p3", "Merrowick Services"))
LONG = "Calderwyn-Sedgerow Distribution and Professional Services Holding (Asia Pacific) Proprietary Limited"


def sample_loads() -> LoadsPage:
    """A usual day."""
    return LoadsPage(
        sources=(
            _source("Activities", "lms", date(2025, 1, 1), date(2026, 3, 30), NOW),
            _source("Deals", "crm", date(2025, 1, 1), date(2026, 3, 31), NOW - timedelta(days=1)),
            _source("Sell-through of distributors", "calderwyn", None, date(2026, 3, 1), NOW - timedelta(days=30)),
            SourceRow(
                table="People",
                source="no named source",
                complete_from=None,
                complete_to=None,
                says=False,
                last_good=None,
            ),
        ),
        uploads=(
            _upload("completions-march.txt", "Ready to load", "brand", "Credentials: 12 new, 214 the same, 3 wrong"),
            _upload("opportunities.csv", "Loaded", "good", "Deals: 37 changed, 12,006 the same, 41 wrong"),
            _upload("sell-through-2026-02.xlsx", "Stopped", "bad", ""),
            _upload("who is where.csv", "Columns to look at", "warn", ""),
        ),
        cures=(_mails(), _names(), _products()),
        unmatched=26,
        most_megabytes=500,
    )


def empty_loads() -> LoadsPage:
    """The first day."""
    return LoadsPage(sources=(), uploads=(), cures=(), unmatched=0, most_megabytes=500)


def large_loads() -> LoadsPage:
    """Thousands of values and very long words."""
    few = sample_loads()
    long = replace(
        _names(),
        total=4_812,
        values=tuple(CureValue(key=f"long-{each}", value=LONG, rows=90_000 - each, files=12) for each in range(12)),
    )
    many = tuple(_upload(f"{LONG}.csv", "Loaded", "good", "Activities: 4,812,000 new") for _ in range(20))
    sources = tuple(_source(LONG, "a source with a long name", None, None, NOW) for _ in range(32))
    return replace(few, cures=(long,), uploads=many, sources=sources, unmatched=4_812)


def _source(table: str, source: str, begin: date | None, end: date | None, last: datetime) -> SourceRow:
    return SourceRow(
        table=table, source=source, complete_from=begin, complete_to=end, says=True, last_good=last, upload_url="#"
    )


def _upload(name: str, state: str, tone: str, what: str) -> UploadRow:
    return UploadRow(name=name, url="#", state=state, tone=tone, sent_at=NOW, sent_by="Tomasz Brandt", what=what)  # type: ignore[arg-type]  # a tone by name


def _mails() -> CureCard:
    return CureCard(
        key="cure-0",
        title="23 rows under a private mail",
        hint="Say whose it is. They count for nobody until then.",
        reference="people",
        names="mail",
        grows=False,
        values=(
            CureValue(key="cure-0-0", value="ola.b@post.example", rows=14, files=2),
            CureValue(key="cure-0-1", value="jonas.a@mail.example", rows=9, files=1),
        ),
        total=2,
        options=(("ola-brandt", ""), ("jonas-adeyemi", "")),
    )


def _names() -> CureCard:
    return CureCard(
        key="cure-1",
        title="58 rows with a partner's name that nobody knows",
        hint="Say who it is. The answer is remembered for every file.",
        reference="organization_names",
        names="name",
        grows=False,
        values=(
            CureValue(
                key="cure-1-0",
                value="Tarnwick Lab Pty",
                rows=58,
                files=3,
                suggestion="p1",
                suggestion_name="Tarnwick Labs",
            ),
        ),
        total=1,
        options=PARTNERS,
    )


def _products() -> CureCard:
    return CureCard(
        key="cure-2",
        title="4 rows whose product is not in the list",
        hint="Add it to the list, or mend it in the file.",
        reference="products",
        names="",
        grows=True,
        values=(CureValue(key="cure-2-0", value="BEACON-12", rows=4, files=1),),
        total=1,
    )


# --- one file -------------------------------------------------------------------------------------------------------


def _odd(line: int, column: str, value: str, rows: int, reason: str) -> WrongRow:
    return WrongRow(line=line, column=column, value=value, rows=rows, reason=reason, hint="", is_error=False)


_ISSUES = (
    WrongRow(
        line=5,
        column="Date",
        value="2026-02-30",
        reason="There is no such day.",
        hint="",
        is_error=True,
        word="left out",
        tone="bad",
    ),
    WrongRow(
        line=8,
        column="Partner",
        value="Tarnwick Lab Pty",
        reason="organizations has no such row (58 rows).",
        hint="Is it p1?",
        is_error=False,
        word="waits",
        tone="warn",
    ),
)
_ODD = (
    _odd(0, "status", "", 4_890, "No row says status, and these rules cannot see them without it: Sourced deals."),
    _odd(7, "Activity type", "Plan_reviewed", 12, 'No rule in force asks for kind "Plan_reviewed".'),
    _odd(31, "Date", "2031-03-12", 1, "It lies in the future: it does not count before 12 March 2031."),
)


def checked() -> UploadPage:
    """A file that is ready to be loaded."""
    return UploadPage(
        name="activities-2026-q1.csv",
        url="#",
        state="checked",
        state_words="Ready to load",
        tone="brand",
        is_running=False,
        step="",
        problem="",
        sent_at=NOW,
        sent_by="Tomasz Brandt",
        size=4_200_000,
        tables=(_counts(new=4_812, changed=37, same=12_006, wrong=41, repeated=3, waiting=23),),
        moves=(
            _move(0, was="Select", now="Gold", rank=1),
            _move(1, was="Member", now="Select", rank=0),
            _move(2, was="Gold", now="Select", rank=2, waits=True),
            replace(
                _move(0, was="Select", now="Left the program", rank=1),
                partner="Example Partner",
                partner_key="p4",
                up=False,
                leaves=True,
            ),
        ),
        ups=2,
        downs=2,
        wrong=41,
        wrong_url="#",
        warnings=23,
        waiting=23,
        issues=_ISSUES,
        odd=_ODD,
        columns=columns(),
        mapping="files:\n- read: '*'\n  as: activities\n",
    )


def loaded() -> UploadPage:
    """A file that was loaded, with what undoing it would do."""
    page = checked()
    return replace(
        page,
        state="loaded",
        state_words="Loaded",
        tone="good",
        loaded_at=NOW,
        loaded_by="Tomasz Brandt",
        held=("Merrowick Services",),
        columns=None,
        undo=Undo(taken_back=4_849, restored=37, went_on=12, moves=page.moves, kept=(page.moves[2],)),
    )


def running() -> UploadPage:
    """A file that a job is at."""
    return replace(
        checked(),
        state="checking",
        state_words="Being checked",
        is_running=True,
        step="Comparing with what is known",
        tables=(),
        moves=(),
        columns=None,
        issues=(),
        odd=(),
        poll_ms=600_000,
    )


def stopped() -> UploadPage:
    """A list of what is now that would take much away, with counts that do not add up."""
    page = checked()
    told = "The delivery would reverse 38 % of deals (4,560 vanished and 0 changed of 12,000)."
    counts = replace(_counts(new=2, same=7_440, vanished=4_560), is_snapshot=True, source="crm", unexplained=1)
    return replace(page, stopped=told, tables=(counts,), unsure=("Deals",), loaded_before=NOW)


def described() -> UploadPage:
    """A file of which something is open."""
    page = replace(checked(), state="described", state_words="Columns to look at", tone="warn", tables=(), moves=())
    refused = (Refusal(words="Say which column holds: Partner.", field="column-organization"),)
    return replace(page, columns=columns(missing=("Partner",)), issues=(), odd=(), refused=refused)


def failed() -> UploadPage:
    """A file that stopped its check, described by text alone."""
    problem = 'The mapping cannot be used.\nmapping.yaml:3: There is no table "activites".'
    return replace(
        described(),
        state="failed",
        state_words="Stopped",
        tone="bad",
        problem=problem,
        columns=None,
        mapping="",
        refused=(),
    )


def large() -> UploadPage:
    """Forty moves and very long words."""
    page = checked()
    moves = tuple(
        replace(_move(0, was="Member", now="Gold", rank=1), partner=LONG, partner_key=f"p{n}") for n in range(30)
    )
    counts = tuple(
        replace(_counts(new=4_812_000, changed=37_112, same=12_006_123, wrong=41_000), table=LONG) for _ in range(4)
    )
    issue = WrongRow(
        line=4_999_999, column=LONG, value=LONG * 2, reason=LONG, hint=LONG, is_error=True, word="left out"
    )
    return replace(page, name=f"{LONG}.csv", moves=moves, ups=9_112, tables=counts, issues=(issue,) * 20)


def columns(*, missing: tuple[str, ...] = ()) -> Columns:
    """How the sample file is read."""
    theirs = ("Record ID", "Account", "Activity type", "Date")
    lines = (
        ("organization", "Partner", True, "" if missing else "Account", "Tarnwick Labs, Sedgerow Consulting"),
        ("kind", "Kind", True, "Activity type", "Plan reviewed, Campaign"),
        ("happened_on", "Day", True, "Date", "03/04/2026, 03/05/2026"),
        ("fact_id", "Its own number", False, "Record ID", "A1, A2, A3"),
        ("quantity", "Quantity", False, "", ""),
    )
    return Columns(
        table="activities",
        tables=(("activities", "Activities"), ("deals", "Deals")),
        source="lms",
        is_snapshot=False,
        complete_from="2025-01-01",
        complete_to="2026-03-31",
        dates="",
        numbers="1234.56",
        theirs=theirs,
        columns=tuple(
            ColumnChoice(
                name=name,
                label=label,
                required=required,
                chosen=chosen,
                always="",
                sample=sample if chosen else "",
                unclear=bool(missing) and name == "happened_on",
            )
            for name, label, required, chosen, sample in lines
        ),
        missing=missing,
    )


def _counts(**counts: int) -> TableCounts:
    names = ("new", "changed", "same", "wrong", "repeated", "withdrawn", "waiting", "vanished")
    whole = {name: counts.get(name, 0) for name in names}
    rows = sum(count for name, count in whole.items() if name != "vanished")
    return TableCounts(
        table="Activities",
        source="lms",
        is_snapshot=False,
        stays=False,
        keeps_first=False,
        rows=rows,
        known=12_043,
        unexplained=0,
        **whole,
    )


def _move(place: int, *, was: str, now: str, rank: int, waits: bool = False) -> Move:
    up = was != "Gold"
    return Move(
        partner=PARTNERS[place][1],
        partner_key=PARTNERS[place][0],
        partner_url="#",
        ladder="Level",
        up=up,
        was=was,
        was_rank=rank,
        now=now,
        now_rank=rank + 1 if up else rank - 1,
        at_review=waits,
        keeps=was if waits else "",
    )
