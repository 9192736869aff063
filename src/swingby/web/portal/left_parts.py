"""What is left for the activity of a report, as values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What stands beside the form: what one more earns, or that it earns nothing and from when it does."""

    what: str
    is_used_up: bool
    sentences: tuple[str, ...]
    as_of: date | None = None
    is_behind: bool = False
