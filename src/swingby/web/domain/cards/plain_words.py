"""The words of people who bring records and know of no facts."""

from __future__ import annotations

import re
from typing import Any

FACTS = re.compile(r"\bfacts?\b", re.IGNORECASE)
RECORDS = {"fact": "record", "facts": "records"}


def in_plain_words(value: Any) -> Any:
    """Everything that is kept, in such words."""
    if isinstance(value, str):
        return FACTS.sub(lambda found: _as_begun(RECORDS[found.group().lower()], found.group()), value)
    if isinstance(value, dict):
        return {name: in_plain_words(one) for name, one in value.items()}
    return [in_plain_words(one) for one in value] if isinstance(value, list | tuple) else value


def _as_begun(word: str, before: str) -> str:
    """A word that begins as the one that it stands for."""
    return word.capitalize() if before[0].isupper() else word
