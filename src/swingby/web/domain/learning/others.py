"""What one person's page says of all others: how many hold what, and what rests on the person.

Only what is asked for is looked at: a large firm is not read through for one person's page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from swingby.enablement import Catalogue, Cell, Need, Requirement, coverage, endings, resting
from swingby.web.clock import today
from swingby.web.domain.learning.counting import is_large
from swingby.web.domain.learning.covering import counted_cells, counted_whole
from swingby.web.domain.learning.portions import key_of
from swingby.web.domain.learning.records import holders_records, needs_of, records_of, requirement_of, tier_needs
from swingby.web.models import CoverageCount


@dataclass(frozen=True, slots=True)
class Others:
    """Cells by code with all of the firm in them, and what they were counted for.

    ``counted_at`` is None where they were counted just now.
    """

    firm: str
    catalogue: Catalogue
    cells: Mapping[str, Cell]
    needs: tuple[Need, ...]
    counted_at: datetime | None = None

    def resting(self, person: str, *, one: str, until: date) -> tuple[str, ...]:
        """The tiers that would not be kept any more once something of a person lapses; only who holds it is read."""
        asked = [each for each in shaky(self.firm, kept_asks(self.firm)) if one in each.codes]
        short = lacking(self.firm, asked)
        met = [each for each in asked if each not in short]
        found = [
            *(self._resting(person, one, until, met, people=None) if met else ()),
            # Where too few hold it already, nobody else decides whether something rests on the person.
            *(self._resting(person, one, until, short, people=[person]) if short else ()),
        ]
        return tuple(dict.fromkeys(each.source for each in asked if each.source in found))

    def _resting(
        self, person: str, one: str, until: date, asked: list[Requirement], *, people: list[str] | None
    ) -> Iterable[str]:
        codes = sorted({code for each in asked for code in each.codes})
        if people is None:
            records = holders_records(self.firm, self.catalogue, today(), codes)
        else:
            records = records_of(self.firm, self.catalogue, today(), people=people, codes=codes)
        members = records.belonging()
        here = {person: members.get(person, [])}
        found = [each for each in endings(records.lives, here, today(), until + timedelta(days=1)) if each.code == one]
        return (source for each in resting(found, asked, records.lives, members) for source in each.on)


def others_of(firm: str, catalogue: Catalogue) -> Others:
    """What one person's page says of the others."""
    needs = needs_of(firm, today())
    whole = counted_whole(firm) if is_large(firm) else None
    if whole is None:
        return Others(firm, catalogue, _cells(firm, catalogue, needs), needs)
    return Others(firm, catalogue, counted_cells(catalogue, whole, needs), needs, whole.counted_at)


def kept_asks(firm: str) -> list[Requirement]:
    """What the tiers held ask for, to be kept."""
    return [requirement_of(row) for row in tier_needs(firm, today()) if row.kind == "keep"]


def shaky(firm: str, asked: Iterable[Requirement]) -> list[Requirement]:
    """Those that may fall in the months to come: where enough people hold steadily what is asked for, nothing can."""
    asked = list(asked)
    whole = counted_whole(firm) if asked and is_large(firm) else None
    return [one for one in asked if whole is None or _steady(whole, one) < one.people]


def lacking(firm: str, asked: Iterable[Requirement]) -> list[Requirement]:
    """Those that too few people hold already, as it was counted in a large firm: they cannot fall any more."""
    asked = list(asked)
    whole = counted_whole(firm) if asked and is_large(firm) else None
    return [one for one in asked if whole is not None and _held(whole, one) < one.people]


def _held(whole: CoverageCount, one: Requirement) -> int:
    """How many hold it; of what was not counted yet enough, so that it is looked at."""
    return whole.asks[key_of(one.codes)][0] if key_of(one.codes) in whole.asks else one.people


def _steady(whole: CoverageCount, one: Requirement) -> int:
    return whole.asks.get(key_of(one.codes), [0, 0, 0])[2]


def _cells(firm: str, catalogue: Catalogue, needs: Iterable[Need]) -> Mapping[str, Cell]:
    """Of certifications that nothing asks for a page says nothing: nobody is read for them."""
    needs = tuple(needs)
    known = {need.code for need in needs} & catalogue.certifications.keys()
    codes = sorted({code for each in known for code in catalogue.codes_for(each)})
    records = holders_records(firm, catalogue, today(), codes)
    found = coverage(catalogue, records.present(today()), needs, today())
    return {cell.code: cell for cell in found}
