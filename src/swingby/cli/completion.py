"""``swingby completion``: what makes a shell complete with the tab key."""

from __future__ import annotations

from dataclasses import dataclass

import click
from click.shell_completion import get_completion_class

from swingby.cli.inputs import json_option
from swingby.cli.printing import print_json

SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_SWINGBY_COMPLETE"


@click.command("completion")
@click.argument("shell", metavar="SHELL", type=click.Choice(SHELLS))
@json_option
@click.pass_context
def command(context: click.Context, shell: str, as_json: bool) -> None:
    """Print a script for SHELL (bash, zsh or fish) that completes commands, options, folders, partners and numbers.

    Put it where the shell reads it at its start; see the reference page of commands.
    """
    script = script_for(shell, context.find_root().command)
    if as_json:
        print_json(Script(shell, script))
    else:
        click.echo(script)


@dataclass(frozen=True, slots=True)
class Script:
    """What a shell reads at its start."""

    shell: str
    script: str


def script_for(shell: str, root: click.Command) -> str:
    """The script of a shell.

    click's own way to print one asks the bash at hand for its version first; the script may be for another machine.
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.BadParameter(f"{shell} is none of {', '.join(SHELLS)}")
    completion = kind(root, {}, "swingby", _VARIABLE)
    return completion.source_template % completion.source_vars()
