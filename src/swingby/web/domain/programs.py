"""Programs: storing an immutable version, finding the one in force, reading it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from swingby import program as programs
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.jobs import enqueue_night, enqueue_reviews
from swingby.web.models import Program, ProgramVersion, ProposedVersion, VersionState


def read_folder(folder: Path) -> dict[str, str]:
    """The text of every YAML file of a program's folder by its name."""
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.yaml"))}


def version_in_force(program: str, *, on: date) -> ProgramVersion:
    """The version that holds on a day: the last one effective by then."""
    versions = ProgramVersion.objects.filter(program_id=program, effective__lte=on)
    version = versions.order_by("-effective", "-id").first()
    if version is None:
        raise RefusedError(f"No version of {program} is in force on {on}.")
    return version


def versions_in_force(of: Collection[str], *, on: date) -> dict[str, ProgramVersion]:
    """By program the version that holds on a day, in one statement; a program without one is left out."""
    versions = ProgramVersion.objects.filter(program__in=of, effective__lte=on)
    newest = versions.order_by("program", "-effective", "-id").distinct("program")
    return {version.program_id: version for version in newest}


def loaded(version: ProgramVersion) -> programs.Program:
    """The program a version's text says, kept in memory by its hash."""
    return _load(version.hash, tuple(sorted(version.files.items())))


def checked(files: Mapping[str, str]) -> programs.Loaded:
    """What texts say, with everything that is wrong with them, kept in memory by the texts."""
    return _check(tuple(sorted(files.items())))


@lru_cache(maxsize=32)
def _check(files: tuple[tuple[str, str], ...]) -> programs.Loaded:
    return programs.load_texts(files)


@lru_cache(maxsize=64)
def _load(_hash: str, files: tuple[tuple[str, str], ...]) -> programs.Program:
    return load_files(dict(files))


def load_files(files: Mapping[str, str]) -> programs.Program:
    """Load a program from texts, or refuse with every error found."""
    found = programs.load_texts(files.items())
    if found.program is None:
        raise RefusedError("\n".join(str(issue) for issue in found.errors))
    return found.program


def was_withdrawn(program: Program, version: str) -> bool:
    """Whether partners were once told of a version of this number, and then that it does not come."""
    gone = ProposedVersion.objects.filter(program=program, version=version, state=VersionState.WITHDRAWN)
    return gone.filter(published__isnull=False).exists()


def publish_version(program: Program, *, files: Mapping[str, str]) -> ProgramVersion:
    """Add a version; the same text twice is one version."""
    read = load_files(files)
    if was_withdrawn(program, read.header.version):
        raise RefusedError(f"Version {read.header.version} was announced and withdrawn. Give this one another number.")
    version, is_new = ProgramVersion.objects.get_or_create(
        program=program,
        version=read.header.version,
        defaults={
            "owner_id": program.owner_id,
            "effective": read.header.effective,
            "files": dict(files),
            "hash": read.hash,
        },
    )
    if is_new:
        # Every night from then on; see the job.
        first = max(version.effective, today() + timedelta(days=1))
        enqueue_reviews(owner=program.owner_id, program=program.pk, day=first)
        enqueue_night(owner=program.owner_id, day=first)
    return version
