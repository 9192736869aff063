"""The repository as its checks see it."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WRITTEN_BY_COMMANDS = ("src/swingby/web/migrations/",)


def tracked() -> list[Path]:
    """The files of the repository, without what is ignored or not added."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True)
    if listed.returncode:
        message = "these checks read the list of files from git: they need a clone"
        raise RuntimeError(message)
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def python_files(*folders: str) -> list[Path]:
    """The Python files below some folders that people write."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py"
        and within(path).startswith(folders)
        and not within(path).startswith(WRITTEN_BY_COMMANDS)
    ]


def within(path: Path) -> str:
    """A path as the repository says it."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions and methods of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def text_of(path: Path) -> str:
    """The text of a file, or nothing for one that is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
