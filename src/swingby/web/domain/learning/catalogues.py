"""The catalogue of certifications of an organization: taken whole, never changed, the newest holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256

from swingby.enablement import Catalogue, load_catalogue_texts
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.counting import count_again
from swingby.web.jobs import enqueue_reminding
from swingby.web.models import CertificationCatalogue


@dataclass(frozen=True, slots=True)
class KeptCatalogue:
    """A catalogue with the row that keeps it."""

    row: CertificationCatalogue
    catalogue: Catalogue


def catalogue_of(organization: str) -> KeptCatalogue | None:
    """The catalogue that holds; None before one was taken."""
    row = CertificationCatalogue.objects.filter(organization_id=organization).order_by("-id").first()
    return None if row is None else kept(row)


def kept(row: CertificationCatalogue) -> KeptCatalogue:
    """A row with what it says."""
    return KeptCatalogue(row, _read(json.dumps(row.files, sort_keys=True)))


def catalogue_before(row: CertificationCatalogue) -> KeptCatalogue | None:
    """The one that another took the place of."""
    rows = CertificationCatalogue.objects.filter(organization_id=row.organization_id, pk__lt=row.pk)
    before = rows.order_by("-id").first()
    return None if before is None else kept(before)


def take_catalogue(organization: str, files: Mapping[str, str], *, on: date, by: str = "") -> CertificationCatalogue:
    """Keep a catalogue from a day on; the same again changes nothing.

    Raises
    ------
    RefusedError
        If it has an error; the message names the first.
    """
    loaded = load_catalogue_texts(files)
    if loaded.catalogue is None:
        first = next(issue for issue in loaded.issues if issue.level == "error")
        raise RefusedError(f"{first.location}: {first.message} {first.hint}".strip())
    text = json.dumps(dict(files), sort_keys=True)
    digest = sha256(text.encode()).hexdigest()
    newest = CertificationCatalogue.objects.filter(organization_id=organization).order_by("-id").first()
    if newest is not None and newest.digest == digest:
        return newest
    if newest is None:
        # Every day from then on; see the job.
        enqueue_reminding(owner=organization)
    row = CertificationCatalogue.objects.create(
        organization_id=organization, files=dict(files), digest=digest, taken_on=on, taken_by_id=by or None
    )
    count_again(organization)
    return row


@lru_cache(maxsize=16)
def _read(text: str) -> Catalogue:
    """Reading takes longer than a page may; texts that were kept have no error."""
    catalogue = load_catalogue_texts(json.loads(text)).catalogue
    if catalogue is None:
        raise RefusedError("This catalogue was kept by a version that read it otherwise. Take it anew.")
    return catalogue
