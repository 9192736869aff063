"""The tab key, tried in a real bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from swingby.cli import COMMANDS, main
from tests.cli.conftest import FACTS, Run, write

pytestmark = pytest.mark.slow


@pytest.fixture
def place(program: Path, facts: Path, tmp_path: Path) -> Path:
    """A folder with program, facts, and a ``swingby`` on the path."""
    assert {program.parent, facts.parent} == {tmp_path}
    script = tmp_path / "bin" / "swingby"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable}\nfrom swingby.cli import main\nmain(prog_name='swingby')\n")
    script.chmod(0o755)
    return tmp_path


def tabbed(place: Path, line: str) -> list[str]:
    """What bash offers after a line: the function that the printed script makes is called as bash calls it."""
    words = line.split(" ")
    typed = " ".join(f"'{word}'" for word in words)
    code = f"""
eval "$(swingby completion bash)"
complete -p swingby > /dev/null || exit 9
compopt() {{ printf 'compopt %s %s\\n' "$@"; }}
COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}
_swingby_completion swingby "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD-1]}}"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    path = f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"
    bash = shutil.which("bash")
    assert bash is not None
    ended = subprocess.run(
        [bash, "--norc", "-c", code],
        cwd=place,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return [offered for offered in ended.stdout.splitlines() if offered]


def test_commands_and_options(place: Path) -> None:
    offered = [name for name in COMMANDS if name.startswith("de")]
    assert tabbed(place, "swingby de") == offered
    assert tabbed(place, "swingby assess program facts --p") == ["--partner"]


def test_folders_are_left_to_bash(place: Path) -> None:
    assert tabbed(place, "swingby check pro") == ["compopt -o dirnames"]
    assert tabbed(place, "swingby validate program fa") == ["compopt -o default"]


def test_partners_of_the_facts_that_were_typed(place: Path) -> None:
    assert tabbed(place, "swingby explain program facts ") == ["acme", "bolt"]
    assert tabbed(place, "swingby assess program facts --partner b") == ["bolt"]
    assert tabbed(place, "swingby explain program nowhere ") == []


def test_numbers_and_rules_of_the_program_that_was_typed(place: Path) -> None:
    assert tabbed(place, "swingby history program facts acme --number ") == ["total", "visited"]
    assert tabbed(place, "swingby describe program --rule points.") == ["points.visited"]
    assert tabbed(place, "swingby describe nowhere --rule points.") == []


def test_shells(place: Path) -> None:
    assert tabbed(place, "swingby completion ") == ["bash", "zsh", "fish"]


@pytest.mark.parametrize(("shell", "first"), [("zsh", "#compdef swingby"), ("fish", "function _swingby_completion;")])
def test_other_shells_get_their_script(run: Run, shell: str, first: str) -> None:
    shown = run("completion", shell)
    assert (shown.exit_code, shown.stdout.strip().splitlines()[0]) == (0, first)


def test_commands_are_offered_with_what_they_do() -> None:
    offered = ShellComplete(main, {}, "swingby", "_SWINGBY_COMPLETE").get_completions([], "")
    assert {item.value: item.help for item in offered} == {name: entry.summary for name, entry in COMMANDS.items()}


def test_what_a_path_is_asked_for(place: Path) -> None:
    assert tabbed(place, "swingby path program facts --partner ") == ["acme", "bolt"]
    assert tabbed(place, "swingby path program facts --to ") == ["member", "gold"]
    assert tabbed(place, "swingby path program facts --ladder ") == ["level"]
    assert tabbed(place, "swingby path program facts --least ") == ["hours", "money", "days"]


def test_versions_are_folders(place: Path) -> None:
    assert tabbed(place, "swingby backtest pro") == ["compopt -o dirnames"]
    assert tabbed(place, "swingby backtest program facts --against pro") == ["compopt -o dirnames"]
    assert tabbed(place, "swingby compare program pro") == ["compopt -o default"]


@pytest.mark.parametrize(
    "files",
    [
        {"enrolments.csv": ""},
        {"enrolments.csv": "other\nacme\n"},
        {"enrolments.csv": "enrolment\n" + "x" * 200_000},
        {"enrolments.csv": f"enrolment\n{'a' * 3_000_000}\n"},
    ],
)
def test_what_cannot_be_read_quickly_offers_nothing(place: Path, tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path / "facts", {name: "" for name in FACTS if name.startswith("enrol")} | files)
    assert tabbed(place, "swingby explain program facts a") == []
