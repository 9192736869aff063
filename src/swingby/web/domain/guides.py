"""The guide of a program: of the version in force, kept in memory by the texts of versions, which never change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import sha256

import swingby
from swingby import program as programs
from swingby.documents import Marked, guide_paper
from swingby.program import Guide, guide, told_changes
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.differences import Sections
from swingby.web.models import Program, ProgramVersion, ProposedVersion, VersionState


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A version that is announced, with what it says otherwise."""

    version: ProgramVersion
    proposed: str
    changes: Sections


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideInForce:
    """The guide on a day, the version behind it, and the next one if it is announced."""

    version: ProgramVersion
    guide: Guide
    coming: Coming | None
    mark: str

    @property
    def announcement(self) -> str:
        """That another version comes, and how much it changes."""
        if self.coming is None:
            return ""
        count = sum(len(sentences) for _, sentences in self.coming.changes)
        much = "It changes no rule." if not count else "One rule changes." if count == 1 else f"{count} rules change."
        return f"Version {self.coming.version.version} holds from {self.coming.version.effective:%-d %B %Y}. {much}"


@dataclass(frozen=True, slots=True)
class _ByText:
    """A program that is the same as another of the same text."""

    hash: str
    program: programs.Program = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Printed:
    """A guide that is the same as another of the same mark."""

    mark: str
    found: GuideInForce = field(compare=False)


def guide_in_force(program: Program, *, on: date) -> GuideInForce:
    """The guide of the version that holds on a day.

    Raises
    ------
    RefusedError
        When none does.
    """
    version = version_in_force(program.pk, on=on)
    others = ProgramVersion.objects.filter(program=program).exclude(pk=version.pk)
    before = others.filter(effective__lte=version.effective).order_by("-effective", "-id").first()
    coming = coming_version(version, on=on)
    texts = (swingby.__version__, version.hash, before.hash if before else "", coming.version.hash if coming else "")
    return GuideInForce(
        version=version,
        guide=_guide(_by_text(version), _by_text(before) if before else None),
        coming=coming,
        mark=sha256(" ".join(texts).encode()).hexdigest()[:32],
    )


def paper_of(found: GuideInForce, *, marked: Marked | None = None) -> bytes:
    """The guide as PDF; the copy that shows nobody's standing is kept in memory."""
    if marked is None:
        return _paper(_Printed(found.mark, found))
    return guide_paper(found.guide, coming=_announced(found), marked=marked)


def _announced(found: GuideInForce) -> tuple[str, ...]:
    return (found.announcement,) if found.announcement else ()


def coming_version(version: ProgramVersion, *, on: date) -> Coming | None:
    """The next version that is announced to hold after a day."""
    after = ProgramVersion.objects.filter(program=version.program_id, effective__gt=on)
    next_one = after.order_by("effective", "-id").first()
    return _coming(version, next_one) if next_one else None


def _coming(version: ProgramVersion, after: ProgramVersion) -> Coming:
    proposal = ProposedVersion.objects.filter(published=after, state=VersionState.ANNOUNCED).values_list("pk").first()
    return Coming(
        version=after, proposed=proposal[0] if proposal else "", changes=_changes(_by_text(version), _by_text(after))
    )


def _by_text(version: ProgramVersion) -> _ByText:
    return _ByText(version.hash, loaded(version))


@lru_cache(maxsize=64)
def _guide(version: _ByText, before: _ByText | None) -> Guide:
    return guide(version.program, before.program if before else None)


@lru_cache(maxsize=64)
def _changes(old: _ByText, new: _ByText) -> Sections:
    return told_changes(old.program, new.program)


@lru_cache(maxsize=16)
def _paper(printed: _Printed) -> bytes:
    return guide_paper(printed.found.guide, coming=_announced(printed.found))
