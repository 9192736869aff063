"""What the web's domain refuses, with words for people."""

from __future__ import annotations


class RefusedError(Exception):
    """An act that the rules do not allow now; the message says what to do."""


class NotAllowedError(RefusedError):
    """The actor may see this, but not do that."""


class ChangedMeanwhileError(RefusedError):
    """Somebody else was faster."""
