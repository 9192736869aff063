"""Sample pages of a firm in several programs: usual, and very large."""

from dataclasses import replace
from datetime import date

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.portal.firm_parts import FirmPage, ProgramRow

_HOME = "/gallery/?page=home"


def sample_firm() -> FirmPage:
    """A consulting firm with three vendors; one promise is late, one program is new."""
    late = ProgramRow(
        key="sedgemoor",
        vendor="Sedgemoor Systems",
        program="Sedgemoor Alliance",
        url=_HOME,
        tier="Silver",
        tier_rank=1,
        next_tier="Gold",
        gap="Plan reviews: one more, and 2 more",
        day=date(2026, 3, 28),
        what="Plan reviews this quarter is due",
        is_late=True,
        contact="Jonas Weber",
        unread=2,
        notifications_url="/gallery/?page=notifications",
    )
    rows = (
        late,
        replace(
            late,
            key="harborline",
            vendor="Harborline",
            program="Harborline Partner Success",
            tier="Gold",
            tier_rank=2,
            next_tier="Elite",
            gap="Engineers with Advanced: 3 more",
            day=date(2026, 4, 1),
            what="The tier may rise",
            is_late=False,
            contact="Ana Ruiz",
            unread=0,
        ),
        ProgramRow(key="lanternbay", vendor="Lanternbay", program="Lanternbay Guild", url=_HOME, is_known=False),
    )
    return FirmPage(firm="Thornquay Consulting", rows=rows, vendors=3, total=3)


def firm_large() -> FirmPage:
    """A page of hundreds with long words everywhere."""
    row = sample_firm().rows[0]
    long = replace(
        row,
        vendor=LONG_NAME,
        program=LONG_WORD,
        partner=LONG_WORD,
        tier=LONG_WORD,
        gap=LONG_NAME,
        what=LONG_WORD,
        contact=LONG_WORD,
        unread=4321,
    )
    rows = tuple(replace(long, key=f"row-{number}") for number in range(20))
    return FirmPage(
        firm=LONG_NAME, rows=rows, vendors=40, total=400, names_partners=True, before_url=_HOME, after_url=_HOME
    )
