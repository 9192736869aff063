"""What is searched for: the mail address and the name of one person, as both PostgreSQL and Python find them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

#: Neither a letter nor a digit on either side, so that ana@x.test is not found in juliana@x.test.
_BEFORE_MAIL, _BEFORE_NAME, _AFTER = "(?<![[:alnum:]._%+-])", "(?<![[:alnum:]])", "(?![[:alnum:]])"
_TWO_WORDS = 2


@dataclass(frozen=True, slots=True)
class Needles:
    """One person's address and name. A name of a single word is too common a word to be searched for."""

    key: str
    mail: str
    name: str

    @property
    def instead(self) -> str:
        """What stands in their place: different for each person, since some columns hold different values only."""
        return f"erased-{hashlib.sha256(self.key.encode()).hexdigest()[:12]}"

    @property
    def searches_name(self) -> bool:
        """Whether the name is searched for."""
        return len(self.name.split()) >= _TWO_WORDS

    @property
    def pattern(self) -> str:
        """A regular expression of PostgreSQL, to be used without regard to case."""
        found = [f"{_BEFORE_MAIL}{_escaped(self.mail)}{_AFTER}"]
        if self.searches_name:
            words = [_escaped(word) for word in self.name.split()]
            gap = r"\s+"
            orders = (gap.join(words), f"{words[-1]},?{gap}{gap.join(words[:-1])}")
            found += [f"{_BEFORE_NAME}{order}{_AFTER}" for order in orders]
        return "|".join(found)

    def compiled(self) -> re.Pattern[str]:
        """The same for Python."""
        letters = self.pattern.replace("[[:alnum:]._%+-]", r"[^\W_]|[._%+-]").replace("[[:alnum:]]", r"[^\W_]")
        return re.compile(letters, re.IGNORECASE)


def _escaped(text: str) -> str:
    """Every character that is no letter and no digit stands for itself."""
    return re.sub(r"([^\w])", r"\\\1", text)
