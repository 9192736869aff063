"""What can be learned: certifications with their terms, and the paths that lead to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from swingby.program.blocks import Length, Located


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep(Located):
    """One step of a learning path: what to do, how many hours it takes, and where it is."""

    label: str
    hours: Decimal = Decimal(0)
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamVersion(Located):
    """One version of an exam.

    Attributes
    ----------
    starts_on
        The first day on which it can be sat; it is sat until the next version starts.
    counts_until
        The first day on which what was earned by it no longer counts; None while it does.
    """

    name: str
    starts_on: date
    counts_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement(Located):
    """The end of a certification: the first day without an exam, and the first day on which it no longer counts."""

    exams_until: date
    counts_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Certification(Located):
    """One certification: what is learned, and the terms on which it holds.

    Attributes
    ----------
    code
        Its name for machines, the ``code`` of credentials.
    prerequisites
        Of each group one must hold on the day of the exam.
    valid
        How long it holds; None is for ever.
    renewal
        How long before the expiry it can be renewed; None is at any time.
    grace
        How long after the expiry a renewal still extends it from there.
    counts_in_grace
        Whether it counts for the vendor in these days.
    counts_as
        The codes that it stands for as well.
    """

    code: str
    label: str
    vendor: str
    product: str
    role: str
    level: str
    prerequisites: tuple[tuple[str, ...], ...] = ()
    versions: tuple[ExamVersion, ...] = ()
    valid: Length | None = None
    renewal: Length | None = None
    grace: Length | None = None
    counts_in_grace: bool = False
    retirement: Retirement | None = None
    counts_as: tuple[str, ...] = ()
    pass_rate: Decimal | None = None
    fee: Decimal = Decimal(0)
    steps: tuple[PathStep, ...] = ()

    @property
    def hours(self) -> Decimal:
        """What its learning path takes."""
        return sum((step.hours for step in self.steps), Decimal(0))

    def version_on(self, day: date) -> ExamVersion | None:
        """The version that is sat on a day; None without versions, or before the first."""
        begun = [version for version in self.versions if version.starts_on <= day]
        return begun[-1] if begun else None

    def version(self, name: str) -> ExamVersion | None:
        """The version of that name."""
        return next((version for version in self.versions if version.name == name), None)

    def is_offered(self, day: date) -> bool:
        """Whether its exam can be sat on a day."""
        has_begun = not self.versions or self.versions[0].starts_on <= day
        return has_begun and (self.retirement is None or day < self.retirement.exams_until)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every certification by its code, the words for vendors, roles and levels in their order, and what fees are in."""

    certifications: Mapping[str, Certification]
    vendors: Mapping[str, str]
    roles: Mapping[str, str]
    levels: Mapping[str, str]
    currency: str = ""

    def __iter__(self) -> Iterator[Certification]:
        return iter(self.certifications.values())

    def codes_for(self, code: str) -> frozenset[str]:
        """The codes of which any one will do where ``code`` is asked for."""
        return frozenset({code, *(other.code for other in self if code in other.counts_as)})
