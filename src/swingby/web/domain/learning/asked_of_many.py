"""What tiers ask of the people of many partners: read once for each program with the tiers held, not for each partner."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Subquery

from swingby.enablement import AskedByTiers, Catalogue
from swingby.program import Program
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.vendors import asks_of
from swingby.web.domain.programs import loaded, versions_in_force
from swingby.web.models import Enrolment, ProgramVersion, Standing

#: A program by its hash, and of each of its ladders the tier held.
TiersHeld = tuple[str, tuple[str | None, ...]]
NOTHING = AskedByTiers((), ())


def newest_standings(enrolments: Collection[str]) -> dict[str, int]:
    """By enrolment the key of the standing that counts, in one statement; who has none is left out.

    One look into an index for each: the results of a standing are large, and of most nobody wants them.
    """
    newest = Standing.objects.filter(enrolment=OuterRef("pk")).order_by("-as_of", "-position", "-id")
    rows = Enrolment.objects.filter(pk__in=enrolments).annotate(newest=Subquery(newest.values("pk")[:1]))
    return {enrolment: key for enrolment, key in rows.values_list("pk", "newest") if key is not None}


@dataclass(frozen=True, slots=True)
class Asking:
    """What tiers ask on a day by a catalogue, with what was read of programs already."""

    catalogue: Catalogue
    day: date
    _programs: dict[str, Program | None] = field(default_factory=dict)
    _read: dict[TiersHeld, AskedByTiers] = field(default_factory=dict)

    def asks(self, enrolments: Sequence[Enrolment], standings: Mapping[str, int]) -> dict[str, AskedByTiers]:
        """By enrolment what is asked; nothing by a program without rules."""
        rows = Standing.objects.filter(pk__in=standings.values()).values_list("enrolment_id", "result__held")
        held = {enrolment: tiers or {} for enrolment, tiers in rows}
        self._load({each.program_id for each in enrolments} - self._programs.keys())
        return {each.pk: self._asks(self._programs[each.program_id], held.get(each.pk, {})) for each in enrolments}

    def _load(self, programs: Collection[str]) -> None:
        found = versions_in_force(programs, on=self.day) if programs else {}
        self._programs.update({program: _loaded(found.get(program)) for program in programs})

    def _asks(self, program: Program | None, held: Mapping[str, str | None]) -> AskedByTiers:
        if program is None:
            return NOTHING
        key = (program.hash, tuple(held.get(ladder) for ladder in program.ladders))
        if key not in self._read:
            self._read[key] = asks_of(program, held, self.catalogue, self.day)
        return self._read[key]


def _loaded(version: ProgramVersion | None) -> Program | None:
    try:
        return loaded(version) if version is not None else None
    except RefusedError:
        return None
