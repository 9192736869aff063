"""The error family: what went wrong, under a stable code, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """How a command ends, for scripts that call it.

    A command that did its work and found a negative answer (a scenario that fails, a program with issues) ends with
    ``NEGATIVE``; the other codes mean that there is no answer.
    """

    DONE = 0
    NEGATIVE = 1
    MISUSED = 2
    UNUSABLE = 3
    BROKEN = 4
    INTERRUPTED = 130
    PIPE_CLOSED = 141


class SwingbyError(Exception):
    """A failure that a person can act on.

    Parameters
    ----------
    code
        Stable and documented, lower case with hyphens or dots: ``sql-function``. Programs may test it.
    message
        One or two sentences: what is wrong, and where.
    hint
        What to do about it; empty when the message says so.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.UNUSABLE
    #: Located problems behind the failure, for those who want them as data.
    issues: tuple[object, ...] = ()

    def __init__(self, *, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.code, self.message, self.hint)


class MisusedError(SwingbyError):
    """The command or function was called in a way that cannot work."""

    exit_code = ExitCode.MISUSED


class BrokenError(SwingbyError):
    """Swingby contradicted itself; no answer is given rather than a wrong one."""

    exit_code = ExitCode.BROKEN


class IssuesError(SwingbyError):
    """Located problems leave nothing to answer with."""

    def __init__(self, *, code: str, message: str, hint: str = "", issues: Iterable[object] = ()) -> None:
        super().__init__(code=code, message=message, hint=hint)
        self.issues = tuple(issues)


def _again(kind: type[SwingbyError], code: str, message: str, hint: str) -> SwingbyError:
    """Rebuild an error that travelled between processes, whatever its own constructor takes."""
    error = kind.__new__(kind)
    SwingbyError.__init__(error, code=code, message=message, hint=hint)
    return error
