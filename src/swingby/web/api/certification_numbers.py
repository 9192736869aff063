"""One certification in numbers of people, whoever these people are: the columns that all such answers have."""

from __future__ import annotations

from typing import Any, Protocol

from ninja import Schema

from swingby.enablement import Catalogue
from swingby.web.api.values import Number


class CertificationNumbers(Schema):
    """What a certification is, and how many hold it, lapse soon, are needed, missing, and missing once what lapses has."""

    code: str
    label: str
    vendor: str
    product: str
    role: str
    level: str
    held: int
    lapsing: int
    needed: int
    missing: int
    uncovered: int
    hours: Number


class Counted(Protocol):
    """The numbers of a certification, of whomever."""

    @property
    def code(self) -> str:
        """Which certification."""


def numbers_of(shape: type[CertificationNumbers], cell: Counted, catalogue: Catalogue) -> dict[str, Any]:
    """The columns of a shape: what the catalogue says of the certification, and what was counted."""
    one = catalogue.certifications[cell.code]
    words = {name: getattr(one, name) for name in _OF_CATALOGUE}
    return words | {name: getattr(cell, name) for name in shape.model_fields if name not in words}


_OF_CATALOGUE = ("code", "label", "vendor", "product", "role", "level")
