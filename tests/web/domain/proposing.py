"""Making proposed versions in tests: uploads and acts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from swingby.web.domain.proposals import draft_version, move_version
from swingby.web.models import Program, ProposedVersion
from tests.permissions.world import next_text
from tests.web.acting import acting

PROGRAM = "harbor-program"
LETTER = "From 1 August, Gold asks for 60 points."


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as a form gives it."""

    name: str
    content: bytes

    def read(self) -> bytes:
        return self.content


def text_of(version: str = "2", **changes: str) -> str:
    text = next_text(PROGRAM, version=version)
    for old, new in changes.items():
        text = text.replace(old.replace("_", "-"), new)
    return text


def sent(text: str) -> list[Sent]:
    return [Sent("program.yaml", text.encode())]


def zipped(files: Mapping[str, str | bytes]) -> Sent:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return Sent("version.zip", target.getvalue())


def drafted(uploads: Iterable[Sent] | None = None, *, by: str = "manager") -> ProposedVersion:
    with acting(by) as actor:
        return draft_version(Program.objects.get(pk=PROGRAM), actor=actor, uploads=uploads or sent(text_of()))


def act(
    proposed: ProposedVersion, name: str, *, by: str = "manager", words: str = "", letter: str | None = None
) -> None:
    with acting(by) as actor:
        found = ProposedVersion.objects.select_related("program").get(pk=proposed.pk)
        move_version(found, name, actor=actor, words=words, letter=letter)


def state_of(proposed: ProposedVersion) -> str:
    with acting("manager"):
        return ProposedVersion.objects.get(pk=proposed.pk).state


def announced() -> ProposedVersion:
    proposed = drafted()
    act(proposed, "ask", letter=LETTER)
    act(proposed, "approve", by="second-manager")
    act(proposed, "announce")
    return proposed
