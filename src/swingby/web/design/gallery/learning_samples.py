"""Sample pages of learning: usual, empty, and very large."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.gallery.samples import TODAY
from swingby.web.design.parts import Choice
from swingby.web.enablement.parts import (
    Act,
    AheadPage,
    AskLine,
    CellPage,
    CellPerson,
    ChangeLine,
    ChangesPage,
    CoveragePage,
    EndingLine,
    FallLine,
    GapLine,
    HeldLine,
    Matrix,
    MatrixCell,
    MatrixRow,
    MyPathPage,
    NextLine,
    PlanLine,
)

FIRM = "Tarnwick Labs"
HERE = "/gallery/?page=certification"
_ROLES, _LEVELS = ("Engineering", "Sales", "Support"), ("Fundamentals", "Intermediate", "Advanced")
_VENDORS = ("Beacon", "Keel", "Lantern", "Mooring", "Pilot", "Quay", "Sextant", "Tide")
_OFFICES = (
    Choice(value="", label="Whole firm", chosen=True),
    Choice(value="n", label="North"),
    Choice(value="s", label="South"),
)


def _cell(number: int) -> MatrixCell:
    held, needed = (number * 7) % 23, (number * 5) % 9 if number % 3 else 0
    short = held < needed
    return MatrixCell(
        words=f"{held} held, {needed} needed",
        tone="none" if short and not held else "short" if short else "met" if held else "idle",
        held=held,
        needed=needed,
        in_progress=number % 4,
        lapsing=number % 3,
        href=HERE,
    )


def _matrix() -> Matrix:
    columns = len(_ROLES) * len(_LEVELS)
    return Matrix(
        roles=_ROLES,
        levels=_LEVELS,
        rows=tuple(
            MatrixRow(label=vendor, slots=tuple((_cell(row * columns + column),) for column in range(columns)))
            for row, vendor in enumerate(_VENDORS)
        ),
    )


def _asks() -> tuple[AskLine, ...]:
    usual = AskLine(
        source="Beacon Alliance Gold",
        purpose="to keep it",
        label="Engineers with Advanced",
        asked=4,
        held=4,
        lapsing=1,
        missing=0,
        tone="warn",
    )
    return (
        usual,
        replace(usual, source="Beacon Alliance Elite", purpose="to reach it", asked=8, missing=4, tone="plain"),
        replace(usual, source="Keel Partners Base", held=3, asked=4, missing=1, tone="bad"),
        replace(usual, source="Tide Circle", held=9, lapsing=0, tone="good"),
    )


def coverage_page() -> CoveragePage:
    """72 learning paths of a firm."""
    gap = GapLine(
        label="Beacon Engineering, Advanced",
        needed=8,
        held=6,
        missing=2,
        soon=2,
        hours=Decimal(220),
        sources="Beacon Alliance Elite, 2 open deals",
        href=HERE,
    )
    return CoveragePage(
        name=FIRM,
        as_of=TODAY,
        matrix=_matrix(),
        offices=_OFFICES,
        people=300,
        held=812,
        empty=21,
        total=72,
        gaps=(gap, replace(gap, label="Keel Sales, Fundamentals", missing=0, soon=1, hours=Decimal(0), sources="")),
        gaps_total=15,
        asks=_asks(),
        unknown=3,
    )


def coverage_empty() -> CoveragePage:
    """A firm without a catalogue."""
    return CoveragePage(name=FIRM, as_of=TODAY)


def coverage_counted() -> CoveragePage:
    """A firm so large that a job counts it."""
    return replace(coverage_page(), people=100_000, held=412_345, counted="Counted today at 14:02")


def coverage_behind() -> CoveragePage:
    """The same, while something that came since is being counted."""
    return replace(coverage_counted(), is_current=False, uncounted=("Beacon Alliance Elite: Architects",))


def coverage_waiting() -> CoveragePage:
    """The same, before anything was counted."""
    return CoveragePage(name=FIRM, as_of=TODAY, is_waiting=True)


def coverage_large() -> CoveragePage:
    """Long words, many columns and huge numbers."""
    roles = tuple(f"Role {number}" for number in range(1, 6))
    huge = MatrixCell(
        words=LONG_NAME, tone="short", held=123456, needed=1234567, in_progress=12345, lapsing=98765, href=HERE
    )
    rows = tuple(MatrixRow(label=name, slots=((huge, huge), *((huge,),) * 14)) for name in (LONG_NAME, LONG_WORD))
    gap = GapLine(
        label=LONG_WORD,
        needed=1234567,
        held=123456,
        missing=1111111,
        soon=1,
        hours=Decimal("12345678.5"),
        sources=LONG_NAME,
    )
    ask = replace(_asks()[0], source=LONG_WORD, label=LONG_NAME, asked=1234567, held=123456, lapsing=99999)
    usual = coverage_page()
    return replace(
        usual,
        name=LONG_NAME,
        matrix=Matrix(roles=roles, levels=(LONG_WORD, "Intermediate", "Advanced"), rows=rows),
        offices=(*_OFFICES, Choice(value="x", label=LONG_NAME)),
        people=1234567,
        held=12345678,
        gaps=(gap,) * 4,
        asks=(ask,) * 4,
    )


_WANT = Act(word="want", label="Accept", variant="primary")
_DROP = Act(word="drop", label="Say no")
_TRIED = (Act(word="passed", label="I passed"), Act(word="failed", label="I failed"))


LANGUAGES = tuple(
    Choice(value=value, label=label, chosen=value in {"en", "fr"})
    for value, label in (("de", "German"), ("en", "English"), ("es", "Spanish"), ("fr", "French"))
)


def mine_page() -> MyPathPage:
    """An engineer with a plan, a proposal and something that lapses."""
    held = HeldLine(code="a", label="Beacon Engineering, Advanced", state="Held", tone="good", until=date(2027, 5, 5))
    plan = PlanLine(
        code="b", label="Keel Engineering, Advanced", state="Proposed to you", tone="pending", acts=(_WANT, _DROP)
    )
    return MyPathPage(
        name=FIRM,
        person="Mei",
        as_of=TODAY,
        post_url="/gallery/",
        role="Engineering",
        held=(
            replace(
                held,
                label="Beacon Engineering, Intermediate",
                state="Renewal window",
                tone="warn",
                until=date(2026, 6, 14),
                note="It can be renewed now; the renewal goes on from the expiry.",
                rests=("Beacon Alliance Gold",),
                acts=(Act(word="start", label="I have begun"),),
            ),
            held,
        ),
        plans=(
            plan,
            replace(
                plan,
                label="Tide Engineering, Advanced",
                state="In progress",
                tone="brand",
                note="110 hours",
                failures=(date(2026, 2, 3),),
                acts=_TRIED,
                can_book=True,
            ),
            replace(
                plan, label="Quay Engineering, Advanced", state="Exam booked", tone="brand", exam_on=date(2026, 4, 20)
            ),
        ),
        nexts=(
            NextLine(
                code="c",
                label="Pilot Engineering, Advanced",
                hours=Decimal(132),
                reason="You have what it asks for first.",
                why="Pilot Alliance Elite and 2 open deals: 8 needed, 6 held.",
                link="https://learn.pilot.example/",
            ),
        ),
        others=(Choice(value="d", label="Sextant Sales, Fundamentals"),),
        languages=LANGUAGES,
        shows_languages=True,
        languages_url="/gallery/",
        past=(
            replace(held, label="Keel Engineering, Fundamentals", state="Lapsed", tone="bad", until=date(2025, 1, 1)),
        ),
    )


def mine_empty() -> MyPathPage:
    """Somebody who is not linked yet."""
    return MyPathPage(name=FIRM, person="Mei", as_of=TODAY, is_linked=False)


def mine_large() -> MyPathPage:
    """Long names and many lines."""
    usual = mine_page()
    return replace(
        usual,
        name=LONG_NAME,
        role=LONG_WORD,
        held=tuple(replace(line, label=LONG_WORD, note=LONG_NAME, rests=(LONG_NAME, LONG_WORD)) for line in usual.held)
        * 2,
        plans=tuple(replace(line, label=LONG_NAME, note=LONG_WORD, failures=(TODAY,) * 5) for line in usual.plans) * 2,
        nexts=tuple(replace(line, label=LONG_WORD, why=LONG_NAME, reason=LONG_WORD) for line in usual.nexts) * 3,
        others=(Choice(value="d", label=LONG_WORD),),
        languages=tuple(Choice(value=f"l{nth}", label=LONG_WORD) for nth in range(12)),
    )


def ahead_page() -> AheadPage:
    """What lapses in half a year, with a tier that falls."""
    line = EndingLine(
        last_day=date(2026, 6, 14),
        person="Ola Nyberg",
        label="Beacon Engineering, Advanced",
        becomes="lapses",
        days=75,
        rests=("Beacon Alliance Gold",),
        reminded=90,
    )
    fall = FallLine(
        day=date(2026, 6, 14),
        source="Beacon Alliance Gold",
        words="4 are asked for; there will be 3. Ola Nyberg lapses.",
    )
    return AheadPage(
        name=FIRM,
        as_of=TODAY,
        until=date(2026, 9, 27),
        offices=_OFFICES,
        spans=(Choice(value="180", label="180 days", chosen=True),),
        leavers=(Choice(value="o", label="Ola Nyberg"), Choice(value="m", label="Mei Chen", chosen=True)),
        without=("Mei Chen",),
        falls=(fall,),
        resting=(line,),
        endings=(line, replace(line, person="Mei Chen", label="Keel Sales, Fundamentals", rests=(), reminded=None)),
        endings_total=2,
        asks=_asks(),
    )


def ahead_empty() -> AheadPage:
    """Nothing lapses."""
    return replace(ahead_page(), leavers=(), without=(), falls=(), resting=(), endings=(), endings_total=0, asks=())


def ahead_large() -> AheadPage:
    """Long names, and pages before and after."""
    usual = ahead_page()
    line = replace(usual.endings[0], person=LONG_WORD, label=LONG_NAME, rests=(LONG_NAME, LONG_WORD), days=12345)
    return replace(
        usual,
        name=LONG_NAME,
        leavers=tuple(Choice(value=str(number), label=LONG_WORD) for number in range(20)),
        falls=(replace(usual.falls[0], source=LONG_WORD, words=LONG_NAME),) * 8,
        resting=(line,) * 5,
        endings=(line,) * 12,
        endings_total=1234567,
        before_url=HERE,
        after_url=HERE,
    )


def cell_page() -> CellPage:
    """One certification with its people."""
    person = CellPerson(key="o", name="Ola Nyberg", words="until 14 June 2026 · North", tone="warn")
    agree = (Act(word="agree", label="Agree", variant="primary"), Act(word="decline", label="Say no"))
    return CellPage(
        name=FIRM,
        label="Beacon Engineering, Advanced",
        as_of=TODAY,
        back_url="/gallery/?page=certifications",
        post_url="/gallery/",
        held=3,
        needed=4,
        missing=1,
        terms="99 hours, 52 % pass, the exam costs USD\u00a0400",
        needs=("Beacon Alliance Gold: 4",),
        holders=(person, replace(person, name="Mei Chen", words="until 13 April 2027 · South", tone="good")),
        holders_total=3,
        learners=(replace(person, name="Jun Abe", words="Wants it · North", tone="pending", acts=agree),),
        candidates=(
            replace(person, name="Ada Berg", words="99 hours, has what it needs · South", tone="plain", acts=agree[:1]),
        ),
        candidates_total=188,
    )


def cell_empty() -> CellPage:
    """A certification that nobody holds and nothing asks for."""
    return CellPage(
        name=FIRM,
        label="Tide Sales, Advanced",
        as_of=TODAY,
        back_url="/gallery/?page=certifications",
        post_url="/gallery/",
    )


def cell_large() -> CellPage:
    """Long names."""
    usual = cell_page()
    person = replace(usual.learners[0], name=LONG_WORD, words=LONG_NAME)
    return replace(
        usual,
        label=LONG_WORD,
        terms=LONG_NAME,
        needs=(LONG_NAME,) * 6,
        holders=(person,) * 12,
        learners=(person,) * 6,
        candidates=(person,) * 5,
    )


def changes_page() -> ChangesPage:
    """A catalogue that was taken anew."""
    line = ChangeLine(
        label="Beacon Engineering, Advanced",
        words="how long it holds: 18 months became 12 months",
        hit=3,
        people=("Ola Nyberg", "Mei Chen"),
    )
    return ChangesPage(
        name=FIRM,
        taken_on=TODAY,
        before_on=date(2026, 1, 1),
        lines=(line, replace(line, label="Tide Sales, Advanced", words="new", hit=0, people=())),
    )


def changes_empty() -> ChangesPage:
    """Nothing changes."""
    return ChangesPage(name=FIRM, taken_on=TODAY)


def changes_large() -> ChangesPage:
    """Long names."""
    line = ChangeLine(label=LONG_WORD, words=LONG_NAME, hit=1234567, people=(LONG_WORD,) * 20)
    return ChangesPage(name=LONG_NAME, taken_on=TODAY, lines=(line,) * 12)


#: Page -> its template, and what makes its values.
PAGES: Mapping[str, tuple[str, Callable[[], object]]] = {
    "certifications": ("coverage", coverage_page),
    "certifications-empty": ("coverage", coverage_empty),
    "certifications-large": ("coverage", coverage_large),
    "certifications-counted": ("coverage", coverage_counted),
    "certifications-behind": ("coverage", coverage_behind),
    "certifications-waiting": ("coverage", coverage_waiting),
    "my-path": ("mine", mine_page),
    "my-path-empty": ("mine", mine_empty),
    "my-path-large": ("mine", mine_large),
    "lapses": ("ahead", ahead_page),
    "lapses-empty": ("ahead", ahead_empty),
    "lapses-large": ("ahead", ahead_large),
    "certification": ("cell", cell_page),
    "certification-empty": ("cell", cell_empty),
    "certification-large": ("cell", cell_large),
    "catalogue": ("changes", changes_page),
    "catalogue-empty": ("changes", changes_empty),
    "catalogue-large": ("changes", changes_large),
}
