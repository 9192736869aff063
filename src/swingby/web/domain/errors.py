"""What the web's domain refuses, with words for people."""

from __future__ import annotations


class RefusedError(Exception):
    """An act that the rules do not allow now; the message says what to do.

    ``place`` names the argument that is at fault and ``code`` what is wrong with it, for who reads no words; empty
    where it is none in particular.
    """

    def __init__(self, words: str, *, place: str = "", code: str = "") -> None:
        super().__init__(words)
        self.place, self.code = place, code


class NotAllowedError(RefusedError):
    """The actor may see this, but not do that."""


class ChangedMeanwhileError(RefusedError):
    """Somebody else was faster."""
