"""How a command that cannot answer ends: two lines or one JSON document, an exit code, and never a traceback."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, NoReturn

import click

from swingby.errors import BrokenError, ExitCode, MisusedError, SwingbyError

#: Set to anything, this shows where an unexpected failure came from.
TRACEBACK: Final = "SWINGBY_TRACEBACK"
#: Under this name a command keeps the part of its answer that is known before it fails.
_ANSWER: Final = "swingby.answer"

#: Number of an error of the system -> code, and what to do.
_SYSTEM: Mapping[int, tuple[str, str]] = {
    errno.ENOSPC: ("disk-full", "Make room, or name another place."),
    errno.EDQUOT: ("disk-full", "Make room, or name another place."),
    errno.EACCES: ("file-forbidden", "Check who may read and write it."),
    errno.EPERM: ("file-forbidden", "Check who may read and write it."),
    errno.EROFS: ("file-forbidden", "Name a place that may be written to."),
    errno.ENOENT: ("file-missing", "Check the path."),
    errno.EISDIR: ("file-kind", "Name a file, not a folder."),
    errno.ENOTDIR: ("file-kind", "Name a folder, and no file above it."),
    errno.ENAMETOOLONG: ("file-name", "Choose a shorter name."),
    errno.EEXIST: ("file-exists", "Name another place, or move away what is there."),
}


_EXTRA = "Install it, or the extra that brings it: swingby[postgres], swingby[spark] or swingby[web]."


@contextmanager
def told_to_people(*, as_json: bool = False) -> Iterator[None]:
    """Turn a failure into two lines on the error stream, under ``--json`` a document on the output too, and its exit code."""
    try:
        yield
    except (SwingbyError, KeyboardInterrupt, click.ClickException) as failure:
        _end(failure, as_json=as_json)
    except BrokenPipeError:
        _close_output()
        sys.exit(ExitCode.PIPE_CLOSED)
    except click.exceptions.Exit:
        raise
    except Exception as failure:  # noqa: BLE001 (whatever it is, a person reads it)
        found = _foreseen(failure) or unforeseen(failure)
        if isinstance(found, BrokenError):
            show_traceback(failure)
        _end(found, as_json=as_json)


def keep_for_failure(answer: Mapping[str, object]) -> None:
    """Keep what is known already; under ``--json`` it stands beside the error if the command fails."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta[_ANSWER] = answer


def _end(failure: BaseException, *, as_json: bool) -> NoReturn:
    if isinstance(failure, KeyboardInterrupt):
        sys.exit(ExitCode.INTERRUPTED)
    if isinstance(failure, click.ClickException):
        if not as_json:
            raise failure
        failure.show()
        failure = _as_error(failure)
    elif isinstance(failure, SwingbyError):
        _print_lines(failure)
    if not isinstance(failure, SwingbyError):
        raise failure
    if as_json:
        _print_document(failure)
    _close_output()
    sys.exit(failure.exit_code)


def _print_lines(failure: SwingbyError) -> None:
    click.echo(f"error [{failure.code}]: {failure.message}", err=True)
    if failure.hint:
        click.echo(f"  {failure.hint}", err=True)


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no answer, as data."""

    code: str
    message: str
    hint: str
    exit_code: int


def _print_document(failure: SwingbyError) -> None:
    from swingby.cli.printing import print_json

    context = click.get_current_context(silent=True)
    answer = context.meta.get(_ANSWER, {}) if context else {}
    error = Failed(failure.code, failure.message, failure.hint, int(failure.exit_code))
    print_json({"error": error, "issues": list(failure.issues), **answer})


def _as_error(failure: click.ClickException) -> SwingbyError:
    """Misuse in the words of click, with the way out that it would have shown."""
    context = getattr(failure, "ctx", None)
    hint = f"Try '{context.command_path} --help'." if context else ""
    if failure.exit_code == ExitCode.MISUSED:
        return MisusedError(code="misused", message=failure.format_message(), hint=hint)
    return SwingbyError(code="not-installed", message=failure.format_message(), hint=hint)


def _foreseen(failure: Exception) -> SwingbyError | KeyboardInterrupt | None:
    """What the system or the database says, in our words; None for what nobody foresaw."""
    if isinstance(failure, OSError) and failure.errno is not None:
        return _of_system(failure)
    if isinstance(failure, ModuleNotFoundError):
        return SwingbyError(code="package-missing", message=f"This needs the package '{failure.name}'.", hint=_EXTRA)
    if isinstance(failure, UnicodeEncodeError):
        message = "The name of a file or folder is not UTF-8, and the database cannot use it."
        return SwingbyError(code="name-not-text", message=message, hint="Rename it, or name another place.")
    if isinstance(failure, MemoryError):
        return SwingbyError(
            code="memory", message="There is not enough memory.", hint="Ask for fewer partners or days."
        )
    return _of_database(failure)


def _of_system(failure: OSError) -> SwingbyError:
    code, hint = _SYSTEM.get(failure.errno or 0, ("file-failed", "Check the place, and try again."))
    names = [os.fsdecode(name) for name in (failure.filename, failure.filename2) if isinstance(name, str | bytes)]
    place = f"{names[-1]}: " if names else ""
    return SwingbyError(code=code, message=f"{place}{failure.strerror}.", hint=hint)


def _of_database(failure: Exception) -> SwingbyError | KeyboardInterrupt | None:
    kinds = {kind.__name__ for kind in type(failure).__mro__ if kind.__module__.split(".")[0] in {"duckdb", "_duckdb"}}
    # DuckDB's words for a Ctrl-C that comes while a query runs.
    if "InterruptException" in kinds or (type(failure) is RuntimeError and str(failure) == "Query interrupted"):
        return KeyboardInterrupt()
    first = str(failure).strip().partition("\n")[0]
    if "OutOfMemoryException" in kinds:
        return SwingbyError(code="memory", message=first, hint="Ask for fewer partners or days.")
    if kinds & {"IOException", "PermissionException"}:
        return SwingbyError(code="database-failed", message=first, hint="Check the place and the room that is left.")
    return None


def excuse(failure: Exception) -> SwingbyError | None:
    """What to say of a failure that nobody foresaw; None for what the system or the database says, or a Ctrl-C."""
    return None if _foreseen(failure) else unforeseen(failure)


def unforeseen(failure: Exception) -> BrokenError:
    """What to say of a failure of our own making."""
    first = str(failure).strip().partition("\n")[0]
    message = f"Swingby failed in a way that it should not: {type(failure).__name__}: {first}"
    hint = f"Please report it. {TRACEBACK}=1 in front of the command shows where."
    return BrokenError(code="unexpected", message=message, hint=hint)


def show_traceback(failure: BaseException) -> None:
    """Where a failure came from, for those who ask for it."""
    if os.environ.get(TRACEBACK):
        click.echo("".join(traceback.format_exception(failure)), err=True)


def _close_output() -> None:
    """Let nothing that is still to be written fail again when the interpreter ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
