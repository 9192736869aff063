"""``swingby init``: a program to start from."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click

from swingby.cli.inputs import json_option
from swingby.cli.printing import print_json
from swingby.errors import SwingbyError
from swingby.generation import EXAMPLES

STARTER = Path(__file__).with_name("starter")


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from", "name", metavar="NAME", help="Copy this example in place of the starter; only a source tree has them."
)
@json_option
def command(folder: Path, name: str | None, as_json: bool) -> None:
    """Write a small program with scenarios, facts and a delivery to FOLDER, which must be new or empty.

    Everything in it holds: `check`, `test`, `assess` and `load` answer at once. Its comments say what to change.
    """
    source = STARTER if name is None else _example(name)
    copy_new(source, folder)
    made = _begun(folder)
    if as_json:
        print_json(made)
        return
    click.echo(f"{len(made.files)} files in {folder}. Ask next:\n")
    for line in made.next:
        click.echo(f"  {line}")


@dataclass(frozen=True, slots=True)
class Begun:
    """What was written, and commands to go on with."""

    folder: Path
    files: tuple[str, ...]
    next: tuple[str, ...]


def _begun(folder: Path) -> Begun:
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    program = folder / "program" if (folder / "program").is_dir() else folder
    facts, delivery = folder / "facts", folder / "delivery"
    lines = [f"swingby check {program}", f"swingby test {program}"]
    if facts.is_dir():
        lines.append(f"swingby assess {program} {facts} --as-of 2025-12-31")
    if delivery.is_dir():
        lines.append(f"swingby load {program} {facts} {delivery} --dry-run")
    return Begun(folder, tuple(files), tuple(lines))


def copy_new(source: Path, folder: Path) -> None:
    """Copy a folder to a place where nothing is; whole or not at all.

    Raises
    ------
    SwingbyError
        ``folder-taken`` when something stands there.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        message = f"{folder} is there already and not empty; nothing was written."
        raise SwingbyError(code="folder-taken", message=message, hint="Name a new folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".swingby-") as beside:
        unfinished = Path(beside) / "new"
        shutil.copytree(source, unfinished, ignore=shutil.ignore_patterns("__pycache__"))
        unfinished.replace(folder)


def _example(name: str) -> Path:
    found = examples()
    if name not in found:
        listed = f"There are: {', '.join(found)}." if found else "This installation has none; leave --from out."
        raise SwingbyError(code="example-unknown", message=f'There is no example "{name}".', hint=listed)
    return found[name]


def examples() -> dict[str, Path]:
    """The examples of a source tree that hold a program, by name."""
    places = (*EXAMPLES.glob("*/program.yaml"), *EXAMPLES.glob("published/*/program.yaml"))
    return {place.parent.name: place.parent for place in sorted(places)}
