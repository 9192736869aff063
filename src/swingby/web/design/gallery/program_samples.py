"""Sample pages of the matrix of a whole program: usual, being counted, empty, and very large."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.gallery.learning_samples import coverage_large, coverage_page
from swingby.web.design.parts import Choice
from swingby.web.enablement.parts import Matrix, MatrixCell
from swingby.web.enablement.program_parts import (
    MOST_MISSING,
    MOST_PARTNERS,
    LackingLine,
    MissingLine,
    ProgramCoveragePage,
    RegionRow,
)

HERE = "/gallery/?page=certifications"
_LINE = LackingLine(
    name="Tarnwick Labs",
    region="EMEA",
    people=31,
    to_keep=4,
    to_reach=6,
    lacks="Beacon Alliance Gold: Engineers with Advanced",
    href=HERE,
)
_MISSING = MissingLine(label="Beacon Engineering, Advanced", needed=480, missing=37, soon=52, hours=Decimal(2220))


def _matrix(matrix: Matrix | None) -> Matrix | None:
    """In numbers alone: no plans, and no way to the people."""
    if matrix is None:
        return None
    rows = (replace(row, slots=tuple(tuple(map(_cell, slot)) for slot in row.slots)) for row in matrix.rows)
    return replace(matrix, rows=tuple(rows))


def _cell(cell: MatrixCell) -> MatrixCell:
    return replace(cell, href="", in_progress=0)


def program_page() -> ProgramCoveragePage:
    """400 partners in three regions."""
    lines = (_LINE, replace(_LINE, name="Loomfield", region="APAC", people=12, to_keep=3), replace(_LINE, to_keep=0))
    regions = tuple(
        RegionRow(label=label, partners=partners, people=12 * partners, to_keep=partners // 9, to_reach=partners // 4)
        for label, partners in (("AMERICAS", 151), ("APAC", 96), ("EMEA", 150), ("No region", 3))
    )
    return ProgramCoveragePage(
        name="Beacon",
        matrix=_matrix(coverage_page().matrix),
        partners=400,
        people=4_800,
        held=9_312,
        to_keep=43,
        to_reach=99,
        missing=(_MISSING, replace(_MISSING, label="Keel Sales, Fundamentals", missing=0, soon=3)),
        missing_total=19,
        lacking=lines,
        lacking_total=61,
        regions=regions,
        region_choices=(Choice(value="", label="All regions", chosen=True), Choice(value="emea", label="EMEA")),
        manager_choices=(Choice(value="", label="All partners", chosen=True), Choice(value="me", label="My partners")),
        counted="Counted today at 01:04",
    )


def program_behind() -> ProgramCoveragePage:
    """Some partners are being counted anew."""
    words = "12 of 400 partners are being counted anew: something came since."
    return replace(program_page(), behind=words, is_current=False)


def program_empty() -> ProgramCoveragePage:
    """Nothing was counted yet."""
    return ProgramCoveragePage(name="Beacon")


def program_large() -> ProgramCoveragePage:
    """Long words and huge numbers."""
    line = replace(_LINE, name=LONG_WORD, region=LONG_WORD, people=1234567, to_keep=123456, lacks=LONG_NAME)
    region = RegionRow(label=LONG_WORD, partners=1234567, people=12345678, to_keep=1234567, to_reach=1234567)
    missing = replace(_MISSING, label=LONG_WORD, needed=1234567, missing=1234567, hours=Decimal(12345678))
    return replace(
        program_page(),
        name=LONG_NAME,
        matrix=_matrix(coverage_large().matrix),
        partners=1234567,
        people=123456789,
        lacking=(line,) * MOST_PARTNERS,
        lacking_total=123456,
        missing=(missing,) * MOST_MISSING,
        regions=(region,) * 8,
        region_choices=(Choice(value="a", label=LONG_WORD), Choice(value="b", label=LONG_NAME)),
    )


#: Page -> its template, and what makes its values.
PAGES: Mapping[str, tuple[str, Callable[[], object]]] = {
    "program-certifications": ("program", program_page),
    "program-certifications-behind": ("program", program_behind),
    "program-certifications-empty": ("program", program_empty),
    "program-certifications-large": ("program", program_large),
}
