"""Sample scorecards and disputes: usual, empty, and very large."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from swingby.web.design.gallery.extremes import HUGE, LONG_NAME, LONG_WORD, long_gates
from swingby.web.design.gallery.samples import PROGRAM, TODAY
from swingby.web.design.parts import Gate
from swingby.web.portal.dispute_parts import CasePage, CaseRow
from swingby.web.portal.scorecard_parts import (
    AskedBy,
    Detail,
    LadderCard,
    Line,
    NumberGroup,
    NumberPage,
    NumberRow,
    RecordPage,
    RequirementRow,
    ScorecardPage,
    TierCard,
    UncountedLine,
    WhyNot,
)

_CARD, _NUMBER, _RECORD, _CASE = (f"/gallery/?page={name}" for name in ("scorecard", "number", "record", "case"))
_AT = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)
_POINTS = NumberRow(name="Points", url=_NUMBER, value=Decimal(585))
_ENGINEERS = NumberRow(name="Engineers with Advanced", url=_NUMBER, value=Decimal(3))
_GATE = Gate(
    label="Engineers with Advanced", state="unmet", value=Decimal(3), threshold=Decimal(4), gap="1 more", href=_NUMBER
)
_SHARE = Gate(
    label="Share of technical staff with Advanced",
    state="met",
    value=Decimal("55.56"),
    threshold=Decimal(50),
    unit="%",
    href=_NUMBER,
)
_LOW = Gate(label="Offices", state="aside", value=Decimal(2), threshold=Decimal(1), comparison="at_most", href=_NUMBER)
_ROWS = (
    RequirementRow(gate=Gate(label="Points", state="met", value=Decimal(585), threshold=Decimal(550), href=_NUMBER)),
    RequirementRow(gate=Gate(label="Engineers, or half of the staff", state="unmet"), is_group=True),
    RequirementRow(gate=_GATE, depth=1),
    RequirementRow(gate=Gate(label="All of", state="unknown"), is_group=True, depth=1),
    RequirementRow(gate=_SHARE, depth=2),
    RequirementRow(gate=Gate(label="Agreement signed", state="met")),
    RequirementRow(gate=Gate(label="One office, or engineers abroad", state="met"), is_group=True),
    RequirementRow(gate=_LOW, depth=1),
    RequirementRow(gate=Gate(label="Engineers abroad", state="met", value=Decimal(1), threshold=Decimal(1)), depth=1),
    RequirementRow(gate=Gate(label="None of", state="unmet"), is_group=True),
    RequirementRow(gate=Gate(label="Invoices overdue", state="unmet", gap="Must not be so"), depth=1),
    RequirementRow(gate=Gate(label="Complaint open", state="met", note="Not so, as asked"), depth=1),
    RequirementRow(gate=replace(_LOW, label="Complaints", state="unmet", gap="3 too many", value=Decimal(4))),
)


def _tier(name: str, **more: Any) -> TierCard:
    return TierCard(**{"name": name, "place": "ahead", "is_next": False, "rows": _ROWS, "met": 3, "asked": 6, **more})


def sample_scorecard() -> ScorecardPage:
    """A partner on the way to Gold."""
    tiers = (
        _tier("Gold", is_next=True, source="Program guide, section 2.1"),
        _tier("Select", place="current", met=3),
        _tier("Elite", met=0),
    )
    return ScorecardPage(
        partner="Tarnwick Labs",
        program=PROGRAM,
        vendor="Harborline",
        as_of=TODAY,
        version="2.1",
        ladders=(LadderCard(name="Tier", held="Select", tiers=tiers),),
        groups=(
            NumberGroup(heading="Totals", rows=(_POINTS,)),
            NumberGroup(
                heading="What is counted",
                rows=(
                    _ENGINEERS,
                    NumberRow(name="Bookings", url=_NUMBER, value=Decimal(86400), unit="USD"),
                    NumberRow(name="Times we were in touch", url=_NUMBER, value=Decimal(5), is_theirs=True),
                    NumberRow(name="Active customers", url=_NUMBER, value=None, is_incomplete=True),
                ),
            ),
        ),
        back_url="/gallery/?page=home",
        cases_url="/gallery/?page=cases",
    )


def empty_scorecard() -> ScorecardPage:
    """Nothing was worked out yet."""
    return ScorecardPage(
        partner="Tarnwick Labs", program=PROGRAM, vendor="Harborline", is_behind=True, back_url="/gallery/?page=home"
    )


def large_scorecard() -> ScorecardPage:
    """Long words and huge numbers, while something newer is worked out."""
    rows = tuple(RequirementRow(gate=gate, depth=number % 4) for number, gate in enumerate(long_gates()))
    heading = RequirementRow(gate=Gate(label=LONG_NAME, state="unmet"), is_group=True, depth=1)
    tier = _tier(LONG_NAME, rows=(heading, *rows), is_next=True, source=LONG_NAME)
    numbers = (NumberRow(name=LONG_NAME, url=_NUMBER, value=HUGE, unit="USD"),) * 20
    return replace(
        sample_scorecard(),
        partner=LONG_NAME,
        is_behind=True,
        ladders=(LadderCard(name=LONG_NAME, held=LONG_NAME, tiers=(tier, replace(tier, is_next=False))),),
        groups=(NumberGroup(heading=LONG_WORD, rows=numbers),),
    )


_LINE = Line(
    day=TODAY,
    what="ac0-7382",
    rule="Plan reviewed",
    note="Counts until 26 March 2027",
    amount=Decimal(20),
    unit="",
    record="ac0-7382",
    record_url=_RECORD,
    case_url="/gallery/?page=case-new",
)


def sample_number() -> NumberPage:
    """Points with lines of every sort."""
    return NumberPage(
        name="total",
        partner="Tarnwick Labs",
        vendor="Harborline",
        heading="Points",
        value=Decimal(585),
        unit="",
        as_of=TODAY,
        version="2.1",
        is_behind=False,
        is_incomplete=False,
        is_theirs=False,
        source="Program guide, section 2.1",
        note="Counted over twelve months.",
        asked_by=(AskedBy(tier="Gold", gate=replace(_GATE, label="Gold", href="")),),
        parts=(_ENGINEERS,),
        lines=(
            replace(_LINE, case="Waits for an answer", case_url=_CASE),
            replace(_LINE, note="Over a limit", amount=Decimal(-20)),
            replace(_LINE, what="ola", rule="", note="", amount=None, case="Answer is late", case_tone="bad"),
            replace(_LINE, what="Capability", note="Over the limit of all points", record_url="", case_url=""),
            replace(_LINE, what="st0-56645", rule="Deals won", note="", amount=Decimal("22453.90"), unit="USD"),
        ),
        shows_left_out=False,
        counting=5,
        left_out=12,
        counting_url=_NUMBER,
        left_out_url="/gallery/?page=number-left-out",
        older_url=_NUMBER,
        newest_url="",
        card_url=_CARD,
        missing_url="/gallery/?page=case-new",
        uncounted=(
            UncountedLine(
                day=TODAY,
                what="Service delivered, Grebe Inc",
                why="It asks that rating is at least 4; the record says 3.",
                url=_RECORD,
            ),
        ),
    )


def left_out_number() -> NumberPage:
    """What no longer counts, with the reasons."""
    reasons = ("expired on 26 March 2026", "the record was taken out", "it is older than what counts")
    lines = tuple(replace(_LINE, note=f"No longer counts: {reason}", case_url="") for reason in reasons)
    return replace(sample_number(), lines=lines, shows_left_out=True, newest_url=_NUMBER, older_url="", missing_url="")


def theirs_number() -> NumberPage:
    """A number that the vendor counts in records of its own."""
    return replace(
        sample_number(), heading="Times we were in touch", lines=(), parts=(), left_out=0, is_theirs=True, older_url=""
    )


def empty_number() -> NumberPage:
    """A number that nothing counts for, with records missing."""
    return replace(
        sample_number(), value=None, lines=(), parts=(), asked_by=(), left_out=0, is_incomplete=True, older_url=""
    )


def large_number() -> NumberPage:
    """A full page of long lines."""
    line = replace(_LINE, what=LONG_WORD, rule=LONG_NAME, note=LONG_NAME, amount=HUGE, unit="USD", case=LONG_WORD)
    return replace(
        sample_number(),
        heading=LONG_NAME,
        value=HUGE,
        is_behind=True,
        lines=(line, replace(line, amount=-HUGE, unit="")) * 10,
        newest_url=_NUMBER,
        counting=1_234_567,
        left_out=1_234_567,
        uncounted=(UncountedLine(day=TODAY, what=LONG_NAME, why=LONG_NAME, url=_RECORD),) * 2,
    )


def sample_record() -> RecordPage:
    """A record that counts for two numbers."""
    return RecordPage(
        key="ac0-7382",
        partner="Tarnwick Labs",
        vendor="Harborline",
        kind="Activities",
        source="crm",
        arrived=_AT,
        position=48_213,
        is_removed=False,
        details=(Detail(label="Happened", value="26 March 2026"), Detail(label="Kind", value="Plan reviewed")),
        counts_for=(_POINTS, _ENGINEERS),
        counted_for=(),
        card_url=_CARD,
        why_not=(
            WhyNot(
                label="Services delivered",
                words="It asks that rating is at least 4; the record says 3.",
                url=_NUMBER,
            ),
        ),
        dispute_url="/gallery/?page=case-new",
    )


def large_record() -> RecordPage:
    """A record that was taken out, full of long words, from a source without a name."""
    details = tuple(Detail(label=LONG_WORD, value=LONG_NAME) for _ in range(30))
    return replace(
        sample_record(),
        key=LONG_WORD,
        source="",
        is_removed=True,
        details=details,
        counts_for=(),
        counted_for=(replace(_POINTS, name=LONG_NAME, value=HUGE),),
        why_not=(WhyNot(label=LONG_WORD, words=LONG_NAME, url=_NUMBER),) * 2,
        dispute_url="",
    )


# --- disputes -------------------------------------------------------------------------------------------------------

_ROW = CaseRow(
    url=_CASE,
    about="Plan reviewed",
    line="26 March 2026 · ac0-7382 · +20",
    partner="Tarnwick Labs",
    opened_by="Priya Anand",
    opened_at=_AT,
    due=_AT,
    is_late=False,
    state="Waits for an answer",
    tone="pending",
)
_LATE = replace(_ROW, is_late=True, state="Answer is late", tone="bad", line="Something is missing")
_DONE = replace(_ROW, due=None, state="It stays as it is", tone="bad")
_LONG = replace(_ROW, about=LONG_NAME, line=LONG_WORD, partner=LONG_NAME, opened_by=LONG_NAME, state=LONG_WORD)


def my_cases(rows: tuple[CaseRow, ...] = (_ROW, _LATE, _DONE)) -> dict[str, Any]:
    """A partner's cases."""
    return {"cases": rows, "card_url": _CARD}


def case_queue(*, empty: bool = False, large: bool = False) -> dict[str, Any]:
    """The vendor's queue."""
    waiting = () if empty else (_LONG,) * 40 if large else (_LATE, _ROW)
    cure = () if empty else (replace(_ROW, due=None, state="You are right, not done yet", tone="warn"),)
    return {"waiting": waiting, "to_cure": cure, "done": () if empty else (_DONE,)}


def new_case(*, problem: str = "") -> dict[str, Any]:
    """The form for a case."""
    matter = {"number_label": "Plan reviewed", "line": {"key": "example"}, "line_words": _ROW.line}
    return {"matter": matter, "words": "", "problem": problem, "number_url": _NUMBER}


def sample_case(**more: Any) -> dict[str, Any]:
    """One case, open unless said otherwise."""
    page = CasePage(
        row=_ROW,
        words="We held this review in February already.",
        file_name="minutes.pdf",
        file_url="#",
        answer="",
        answered_by="",
        answered_at=None,
        is_open=True,
        waits_for_cure=False,
        cure="",
        cured_at=None,
        cure_url="",
        number_url=_NUMBER,
        record_url=_RECORD,
    )
    return {
        "page": replace(page, **more),
        "list_url": "/gallery/?page=cases",
        "withdraw_url": "#",
        "answer_url": "#",
        "cure_form_url": "#",
    }


def answered_case(**more: Any) -> dict[str, Any]:
    """One that was answered."""
    said = {"answer": "You are right. It counts for February.", "answered_by": "Ana Ruiz", "answered_at": _AT}
    row = replace(_ROW, due=None, state="You are right, not done yet", tone="warn")
    return sample_case(**{**said, "row": row, "is_open": False, "waits_for_cure": True, **more})


def cured_case() -> dict[str, Any]:
    """One that was put right."""
    row = replace(_ROW, due=None, state="You are right, done", tone="good")
    return answered_case(row=row, waits_for_cure=False, cure="A record was added.", cured_at=_AT, cure_url=_RECORD)


def large_case() -> dict[str, Any]:
    """One full of long words that waits to be put right."""
    kinds = tuple((f"kind-{number}", LONG_NAME) for number in range(20))
    words = {"words": LONG_NAME * 20, "answer": LONG_WORD, "file_name": LONG_WORD}
    return answered_case(**words, row=_LONG, may_cure=True, may_remove=True, kinds=kinds)


ANSWERS = (
    ("uphold", "They are right", "Something is put right as they say."),
    ("change", "Right in part", "Something is put right, in another way. Say how."),
    ("decline", "It stays as it is", "The line is right. Say why."),
)
