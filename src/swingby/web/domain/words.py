"""Free text from people, as it is kept."""

from __future__ import annotations

from swingby.web.domain.errors import RefusedError


def kept_words(text: str, *, longest: int) -> str:
    """The text without the space around it; too long a text is refused, and so is a character that nobody types."""
    words = text.strip()
    if "\0" in words:
        raise RefusedError("These words hold a character that cannot be kept. Write them anew.")
    if len(words) > longest:
        raise RefusedError(f"These are {len(words):,} characters. Keep to {longest:,}.")
    return words
