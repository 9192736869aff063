"""The group of commands: listed without being imported, and failures told in two lines."""

import click
import pytest
from click.testing import CliRunner

from swingby.cli import COMMANDS, GROUPS, Entry, load_command, main, told_to_people
from swingby.errors import BrokenError, ExitCode, MisusedError, SwingbyError


def test_help_lists_every_command_by_its_table() -> None:
    shown = CliRunner().invoke(main, ["--help"])
    lines = shown.output.partition("\nRules:\n")[2].splitlines()
    assert (shown.exit_code, [line.split()[0] for line in lines if line.startswith("  ")]) == (0, list(COMMANDS))
    assert ["Rules", *(line[:-1] for line in lines if line[:1].isalpha())] == list(GROUPS)


def test_a_command_whose_module_is_missing_says_so() -> None:
    with pytest.raises(click.ClickException) as caught:
        load_command("fly", entry=Entry("swingby.cli.fly:command", "Fly."))
    assert caught.value.message == "`swingby fly` is not part of this installation."


def test_an_unknown_command_is_misuse() -> None:
    assert CliRunner().invoke(main, ["fly"]).exit_code == ExitCode.MISUSED


def test_something_else_than_a_command_is_refused() -> None:
    with pytest.raises(TypeError, match="is not a command"):
        load_command("fly", entry=Entry("swingby.errors:ExitCode", "Fly."))


@pytest.mark.parametrize(("error", "code"), [(SwingbyError, 3), (MisusedError, 2), (BrokenError, 4)], ids=str)
def test_a_failure_is_two_lines_and_an_exit_code(
    error: type[SwingbyError], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, told_to_people():
        raise error(code="facts.missing", message="There is no folder facts/.", hint="Name it with --facts.")
    assert ended.value.code == code
    assert capsys.readouterr().err == "error [facts.missing]: There is no folder facts/.\n  Name it with --facts.\n"
