"""`swingby serve` and `swingby demo`, as far as no server is needed."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from swingby.cli import main
from swingby.errors import ExitCode


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_unusable_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for command in ("serve", "demo"):
        ended = run(command, "--data", str(tmp_path / "file" / "var"))
        assert ended.exit_code == ExitCode.UNUSABLE
        assert ended.output.startswith("error [unusable-folder]: The data folder")


def test_impossible_port() -> None:
    assert run("serve", "--port", "70000").exit_code == ExitCode.MISUSED


def test_summary_is_computed_once(tmp_path: Path) -> None:
    """A later start shows what the first one found, without loading the engine."""
    (tmp_path / "example").mkdir()
    (tmp_path / "example" / "summary.txt").write_text("All stand where they stood.", encoding="utf-8")
    ended = run("demo", "--no-serve", "--data", str(tmp_path))
    assert (ended.exit_code, ended.output) == (ExitCode.DONE, "\nAll stand where they stood.\n\n")
