"""What the page of a kept form shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

Fields = tuple[tuple[str, str], ...]
#: What a form carries along for itself.
_KEYS = frozenset({"key", "version", "next", "seen"})
#: A word as programs write it, which people read in a list.
_NAME = re.compile(r"[a-z]+(_[a-z]+)+")


@dataclass(frozen=True, slots=True)
class Written:
    """One field as it was filled in."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class HeldPage:
    """A form that was sent after the session had ended. With files it cannot be sent again from here."""

    back_url: str
    had_files: bool
    fields: Fields

    @property
    def written(self) -> tuple[Written, ...]:
        """What people would miss: sentences, names and numbers, not the keys that a form carries along."""
        return tuple(_written(self.fields))


def _written(fields: Fields) -> Iterator[Written]:
    for name, value in fields:
        if value.strip() and name not in _KEYS:
            yield Written(_words(name), _words(value) if _NAME.fullmatch(value) else value)


def _words(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()
