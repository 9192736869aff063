"""The command line: one group of commands, each imported only when it is used."""

from __future__ import annotations

import gc
import importlib
import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click
from click.shell_completion import CompletionItem

from swingby import __version__
from swingby.cli.failures import told_to_people
from swingby.errors import ExitCode

__all__ = ["COMMANDS", "GROUPS", "Entry", "LazyGroup", "NotInstalledError", "load_command", "main", "told_to_people"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A command that is not yet imported: where it stands (``module:attribute``) and what ``--help`` says of it."""

    target: str
    summary: str


#: The commands as ``--help`` lists them, in the order in which people meet them.
GROUPS: Mapping[str, Mapping[str, Entry]] = {
    "Rules": {
        "init": Entry("swingby.cli.init:command", "Write a program to start from, with scenarios and facts."),
        "check": Entry("swingby.cli.check:command", "Report everything that is wrong with a program, and with facts."),
        "describe": Entry("swingby.cli.describe:command", "Put a program into plain English that can be read aloud."),
        "difference": Entry("swingby.cli.difference:command", "Tell two versions of a program apart, in words."),
        "test": Entry("swingby.cli.test:command", "Run the scenarios of a program."),
    },
    "Facts": {
        "validate": Entry("swingby.cli.validate:command", "Say which rows of a list count, which do not, and why."),
        "load": Entry("swingby.cli.load:command", "Add a delivery to a folder of facts: new, changed or gone."),
    },
    "Standings": {
        "assess": Entry("swingby.cli.assess:command", "Compute where every partner stands, and what is missing."),
        "explain": Entry("swingby.cli.explain:command", "Show every requirement and every number of one partner."),
        "history": Entry("swingby.cli.history:command", "List the dated line items that add up to a number."),
        "path": Entry("swingby.cli.path:command", "Find the least effort that takes one partner to a tier."),
    },
    "Changes": {
        "compare": Entry(
            "swingby.cli.compare:command", "Say who moves under another version or on another day, and why."
        ),
        "backtest": Entry("swingby.cli.backtest:command", "Replay the reviews of a span of days under two versions."),
    },
    "Evidence": {
        "evidence": Entry("swingby.cli.evidence:command", "Answer what the program changes, as a card with a verdict."),
        "experiment": Entry("swingby.cli.planning:command", "Draw waves of partners by lot, in a plan that is fixed."),
    },
    "Enablement": {
        "enablement": Entry("swingby.cli.enablement:command", "Say what people can learn, hold, gain and lack."),
    },
    "Decisions": {
        "decide": Entry("swingby.cli.decide:command", "Settle the review of a day in a file that proves itself."),
        "replay": Entry("swingby.cli.replay:command", "Work a decision out again: the same, or changed, because …"),
    },
    "Examples, application, shell": {
        "generate": Entry("swingby.cli.generate:command", "Write the program and the facts of an invented company."),
        "demo": Entry("swingby.cli.demo:command", "Show an example company here, then the application in a browser."),
        "serve": Entry("swingby.cli.serve:command", "Start the web application."),
        "backup": Entry("swingby.cli.backup:command", "Copy the application's database and files, without secrets."),
        "restore": Entry("swingby.cli.restore:command", "Fill an empty application from a backup."),
        "completion": Entry("swingby.cli.completion:command", "Print what makes the tab key complete commands."),
    },
}
COMMANDS = {name: entry for group in GROUPS.values() for name, entry in group.items()}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        entry = COMMANDS.get(cmd_name)
        return None if entry is None else load_command(cmd_name, entry=entry)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click's)
        widest = max(map(len, COMMANDS))
        for title, group in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(widest), entry.summary) for name, entry in group.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands by their table, so that none is imported for it."""
        if incomplete.startswith("-"):
            return super(click.Group, self).shell_complete(ctx, incomplete)
        found = ((name, entry.summary) for name, entry in COMMANDS.items() if name.startswith(incomplete))
        return [CompletionItem(name, help=summary) for name, summary in found]

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command; click's signature."""
        _tolerate_any_text()
        return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> object:
        words = [*ctx._protected_args, *ctx.args]  # noqa: SLF001 (click keeps the words of a command there)
        with told_to_people(as_json="--json" in words):
            return super().invoke(ctx)


class NotInstalledError(click.ClickException):
    """A command whose package is missing."""

    exit_code = ExitCode.UNUSABLE


def load_command(name: str, *, entry: Entry) -> click.Command:
    """Import a command.

    Raises
    ------
    NotInstalledError
        When its module, or a package that it needs, is not installed.
    """
    module, _, attribute = entry.target.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError as error:
        raise NotInstalledError(_not_installed(name, module=module, missing=error.name)) from error
    if not isinstance(found, click.Command):
        raise TypeError(f"{entry.target} is not a command")
    return found


def _not_installed(name: str, *, module: str, missing: str | None) -> str:
    if missing == module:
        return f"`swingby {name}` is not part of this installation."
    return f"`swingby {name}` needs the package '{missing}'. Install it, or the extra that brings it: swingby[web]."


def _tolerate_any_text() -> None:
    """Show what the terminal's encoding lacks, and names of files that are no text, as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@click.group("swingby", cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="swingby")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def main(context: click.Context, quiet: bool) -> None:
    """Partner programs that lift both sides, and prove that they do.

    PROGRAM is a folder of YAML, FACTS a folder of files or a database, PARTNER the id of an enrolment. Every command
    explains itself with --help. `swingby init FOLDER` writes something to begin with.

    Ends with 0 when done, 1 when the answer is no, 2 when misused, 3 when there is nothing to answer with, 4 when
    Swingby contradicts itself, 130 after Ctrl-C, 141 when nobody reads on.
    """
    # Plans are large trees that live briefly: looking for garbage among them as often as usual costs a fifth of the time.
    gc.set_threshold(100_000, 50, 100)
    context.meta["swingby.quiet"] = quiet
