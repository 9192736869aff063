"""What a firm's folder says, read again from its files, without a look at how it was drawn."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from swingby.generation.firm import FirmSummary, company_file, generate_firm

TODAY = date(2026, 3, 31)
DESCRIBED = company_file("thornquay")
Row = dict[str, str]


def rows(folder: Path, name: str) -> list[Row]:
    """The rows of a file as they stand now: those that a later one takes back are left out."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    replaced = {row.get("reverses") for row in found}
    return [row for row in found if row.get("fact_id") is None or row["fact_id"] not in replaced]


@dataclass(frozen=True, slots=True)
class Span:
    """Something of one person that holds from a day until another."""

    person: str
    of: str
    starts_on: date
    ends_on: date

    def holds(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_on


@dataclass(frozen=True, slots=True)
class Flow:
    """What a year did to the credentials of an office or of the firm."""

    earned: int
    lapsed: int
    moved_in: int
    moved_out: int

    @property
    def net(self) -> int:
        return self.earned - self.lapsed + self.moved_in - self.moved_out


@dataclass(frozen=True, slots=True)
class Written:
    """A whole firm, written."""

    summary: FirmSummary
    folder: Path

    def own(self, name: str) -> list[Row]:
        """A table that the firm keeps for itself."""
        return rows(self.folder / "facts/enablement", name)

    def stints(self) -> list[Span]:
        return [span(row, "office") for row in self.own("employments")]

    def credentials(self) -> list[Span]:
        return [span(row, "code") for row in self.own("credentials")]


def span(row: Row, column: str) -> Span:
    ends_on = date.fromisoformat(row["ends_on"]) if row["ends_on"] else date.max
    return Span(row["person"], row[column], date.fromisoformat(row["starts_on"]), ends_on)


def write(folder: Path, seed: str | None = None) -> Written:
    return Written(generate_firm(folder, DESCRIBED, seed=seed), folder)


def flows(firm: Written, year: int) -> dict[str, Flow]:
    """By office what was earned, what lapsed, and what came and went with people."""
    counted = Counter(_changes(firm.stints(), firm.credentials(), year))
    offices = sorted({office for office, _ in counted})
    kinds = ("earned", "lapsed", "moved_in", "moved_out")
    return {office: Flow(*(counted[office, kind] for kind in kinds)) for office in offices}


def _changes(stints: Sequence[Span], credentials: Sequence[Span], year: int) -> Iterator[tuple[str, str]]:
    for credential in credentials:
        own = [stint for stint in stints if stint.person == credential.person]
        for stint in own:
            if stint.holds(credential.starts_on) and credential.starts_on.year == year:
                yield stint.of, "earned"
            if stint.holds(credential.ends_on) and credential.ends_on.year == year:
                yield stint.of, "lapsed"
        first, last = min(own, key=lambda stint: stint.starts_on), max(own, key=lambda stint: stint.ends_on)
        if first.starts_on.year == year and credential.starts_on < first.starts_on < credential.ends_on:
            yield first.of, "moved_in"
        if last.ends_on.year == year and credential.starts_on < last.ends_on < credential.ends_on:
            yield last.of, "moved_out"


def total(found: dict[str, Flow]) -> Flow:
    """The same for the firm."""
    return Flow(
        sum(flow.earned for flow in found.values()),
        sum(flow.lapsed for flow in found.values()),
        sum(flow.moved_in for flow in found.values()),
        sum(flow.moved_out for flow in found.values()),
    )


def held(firm: Written, day: date) -> list[Span]:
    """The credentials that people of the firm hold on a day."""
    here = {stint.person for stint in firm.stints() if stint.holds(day)}
    return [item for item in firm.credentials() if item.person in here and item.holds(day)]
