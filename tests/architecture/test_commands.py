"""The commands that pages promise are the ones that exist."""

import os
import re

from tests.architecture.repository import ROOT
from tools.commands import COMMANDS

README_COMMANDS = ["demo", "test"]


def test_the_readme_shows_the_two_commands() -> None:
    shown = re.findall(r"^\./run (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert shown[:2] == README_COMMANDS


def test_pages_name_commands_that_exist() -> None:
    named = {
        word
        for page in ("README.md", "CONTRIBUTING.md")
        for word in re.findall(r"\./run ([a-z]+)", (ROOT / page).read_text(encoding="utf-8"))
    }
    assert sorted(named - set(COMMANDS)) == []


def test_every_command_is_explained_to_those_who_contribute() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"./run {name}" not in text] == []


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").splitlines()[-2:] == ["export CI=true", "exec ./run test"]
