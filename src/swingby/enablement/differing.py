"""What a newer catalogue says otherwise, what it ends by itself, and who is hit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final

from swingby.enablement.catalogue import Catalogue, Certification, ExamVersion, Retirement
from swingby.enablement.coverage import Lives
from swingby.enablement.life import Life, Span, State
from swingby.program.blocks import Length
from swingby.values import Period

_WORDS: Final = {
    "prerequisites": "what it asks for first",
    "valid": "how long it holds",
    "renewal": "when it can be renewed",
    "grace": "the grace after the expiry",
    "counts_in_grace": "whether it counts in grace",
    "counts_as": "what it stands for",
    "pass_rate": "the pass rate",
    "steps": "the learning path",
}
#: Where a certification stands in code; moving it there is no change.
_PLACES: Final = frozenset({"location", "code"})


@dataclass(frozen=True, slots=True)
class CatalogueChange:
    """One certification that a newer catalogue adds, takes away or says otherwise.

    Attributes
    ----------
    words
        What changed, in words.
    """

    code: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CatalogueEnd:
    """A day on which a catalogue ends what people hold: a retirement, or an exam version that no longer counts.

    Attributes
    ----------
    people
        Who holds it until then, as things stand, and not after.
    """

    day: date
    code: str
    becomes: State
    words: str
    people: tuple[str, ...]


def catalogue_changes(before: Catalogue, after: Catalogue) -> tuple[CatalogueChange, ...]:
    """Compare two catalogues, in the order of the newer one; what is gone comes last."""
    found = [_change(before.certifications.get(one.code), one) for one in after]
    gone = [
        CatalogueChange(one.code, one.label, ("taken out",)) for one in before if one.code not in after.certifications
    ]
    return (*(one for one in found if one), *gone)


def hit_by_change(code: str, before: Lives, after: Lives, day: date) -> tuple[str, ...]:
    """The people to whom a change of one certification makes a difference from a day on.

    Parameters
    ----------
    before, after
        The lives of the same people and events under the two catalogues.
    """
    people = sorted({*before, *after})
    return tuple(
        person
        for person in people
        if _ahead(before.get(person, {}).get(code), day) != _ahead(after.get(person, {}).get(code), day)
    )


def catalogue_ends(catalogue: Catalogue, lives: Lives, day: date) -> tuple[CatalogueEnd, ...]:
    """What a catalogue ends by itself after a day, the next first, with the people whose credential ends by it."""
    return tuple(
        sorted((one for each in catalogue for one in _ends(each, lives, day)), key=lambda one: (one.day, one.code))
    )


def _change(before: Certification | None, after: Certification) -> CatalogueChange | None:
    if before is None:
        return CatalogueChange(after.code, after.label, ("new",))
    differing = [
        item.name
        for item in fields(after)
        if item.name not in _PLACES and getattr(before, item.name) != getattr(after, item.name)
    ]
    words = tuple(_said(name, getattr(before, name), getattr(after, name)) for name in differing)
    return CatalogueChange(after.code, after.label, words) if words else None


def _said(name: str, before: Any, after: Any) -> str:
    if name == "retirement":
        return _retired(after)
    if name == "versions":
        return _versions(before, after)
    called = _WORDS.get(name, f"its {name}")
    if name in {"prerequisites", "steps", "counts_as"}:
        return f"{called} changed"
    return f"{called}: {_value(before)} became {_value(after)}"


def _value(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value.normalize():f}"
        case Length(parts=parts):
            return " and ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts)
    return str(value)


def _retired(after: Retirement | None) -> str:
    if after is None:
        return "it is not retired any more"
    return f"retired: no exam from {after.exams_until}, counts until {after.counts_until}"


def _versions(before: tuple[ExamVersion, ...], after: tuple[ExamVersion, ...]) -> str:
    known = {one.name: one for one in before}
    told = [f"version {one.name} from {one.starts_on}" for one in after if one.name not in known]
    told += [
        f"version {one.name} counts until {one.counts_until or 'further notice'}"
        for one in after
        if one.name in known and known[one.name].counts_until != one.counts_until
    ]
    return "; ".join(told) or "its exam versions changed"


def _ahead(life: Life | None, day: date) -> list[Span]:
    """The states from a day on; of the one that has begun by then its end alone matters."""
    if life is None:
        return []
    return [
        Span(span.state, Period(max(day, span.period.start), span.period.end))
        for span in life.holding
        if span.period.end > day
    ]


def _ends(one: Certification, lives: Lives, day: date) -> Iterator[CatalogueEnd]:
    if one.retirement and one.retirement.counts_until > day:
        yield _end(one, lives, one.retirement.counts_until, State.RETIRED, "retired")
    for version in one.versions:
        if version.counts_until and version.counts_until > day:
            words = f"version {version.name} no longer counts"
            yield _end(one, lives, version.counts_until, State.SUPERSEDED, words)


def _end(one: Certification, lives: Lives, day: date, becomes: State, words: str) -> CatalogueEnd:
    people = sorted(
        person for person, by_code in lives.items() if one.code in by_code and _ends_by(by_code[one.code], day, becomes)
    )
    return CatalogueEnd(day, one.code, becomes, words, tuple(people))


def _ends_by(life: Life, day: date, becomes: State) -> bool:
    return any(hold.period.end == day and hold.ended is becomes for hold in life.holds)
