"""What is known of a firm when somebody looks ahead: all of it, or of a large one an office and whom tiers rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from swingby.enablement import AHEAD, AskStanding, Catalogue, Lives, Members, Records, Requirement, ask_standings
from swingby.web.domain.learning.counting import is_large
from swingby.web.domain.learning.covering import (
    asks_of,
    counted_offices,
    counted_standing,
    counted_whole,
    offices_of,
)
from swingby.web.domain.learning.others import lacking, shaky
from swingby.web.domain.learning.portions import key_of
from swingby.web.domain.learning.records import (
    holders_records,
    people_at,
    records_of,
    requirement_of,
    tier_needs,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What a page of what lapses is made of.

    Attributes
    ----------
    lives
        Of everybody who is looked at: of a large firm the people of the office, and who holds what a tier rests on.
    whole
        The days of everybody on whom a tier may rest.
    present
        Who of them is here on the day.
    office
        The office that is looked at; a large firm is looked at office by office.
    shown
        The days of the office's people; None where those of the whole firm are looked at.
    keep
        What the tiers held ask, where it may fall; in a large firm not what too few hold already.
    """

    firm: str
    day: date
    lives: Lives
    whole: Members
    present: frozenset[str]
    office: str
    offices: Sequence[str]
    shown: Members | None
    keep: Sequence[Requirement]
    is_by_office: bool = False

    def standings(self, members: Members) -> tuple[AskStanding, ...]:
        """How the firm, with these people, stands with what tiers ask; what cannot fall as it was counted."""
        asks = asks_of(tier_needs(self.firm, self.day))
        counted = counted_whole(self.firm) if self.is_by_office else None
        if counted is None:
            return ask_standings(asks, self.lives, members, self.day, ahead=AHEAD)
        read = {code for one in self.keep for code in one.codes}
        found: list[AskStanding] = []
        for ask in asks:
            if read.issuperset(ask.requirement.codes):
                found += ask_standings([ask], self.lives, members, self.day, ahead=AHEAD)
            elif key_of(ask.requirement.codes) in counted.asks:
                found.append(counted_standing(ask, counted))
        return tuple(found)


def look_ahead(firm: str, catalogue: Catalogue, day: date, *, office: str) -> Ahead:
    """Look at a firm or at one of its offices; an office nobody works at asks for the firm, or for the first one."""
    keep = [requirement_of(row) for row in tier_needs(firm, day) if row.kind == "keep"]
    offices = counted_offices(firm) if is_large(firm) else []
    if offices:
        office = office if office in offices else offices[0]
        return _of_office(firm, catalogue, day, keep=keep, offices=offices, office=office)
    records = records_of(firm, catalogue, day)
    offices = offices_of(records, day)
    office = office if office in offices else ""
    return Ahead(
        firm=firm,
        day=day,
        lives=records.lives,
        whole=records.belonging(),
        present=frozenset(records.present(day)),
        office=office,
        offices=offices,
        shown=records.belonging(office=office) if office else None,
        keep=keep,
    )


def _of_office(
    firm: str, catalogue: Catalogue, day: date, *, keep: Sequence[Requirement], offices: Sequence[str], office: str
) -> Ahead:
    short = lacking(firm, keep)
    shaky_ones = [one for one in shaky(firm, keep) if one not in short]
    codes = sorted({code for one in shaky_ones for code in one.codes})
    resting, here = holders_records(firm, catalogue, day, codes), _at_office(firm, catalogue, day, office)
    lives: Lives = {**resting.lives, **here.lives}
    return Ahead(
        firm=firm,
        day=day,
        lives=lives,
        whole={**resting.belonging(), **here.belonging()},
        present=frozenset({*resting.present(day), *here.present(day)}),
        office=office,
        offices=offices,
        shown=here.belonging(office=office),
        keep=shaky_ones,
        is_by_office=True,
    )


def _at_office(firm: str, catalogue: Catalogue, day: date, office: str) -> Records:
    return records_of(firm, catalogue, day, people=people_at(firm, [office]))
