"""Folders of YAML: their files in order, each as its root mapping, with every mistake noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from swingby.program.blocks import Location
from swingby.program.issues import Issue
from swingby.program.reading.nodes import MapNode, ScalarNode
from swingby.program.reading.reader import Reader
from swingby.program.reading.source import MAX_FILES, SourceText, compose, read_file


@dataclass(frozen=True, slots=True)
class Roots:
    """The root mapping of each file; ``complete`` unless a file or the folder could not be read."""

    roots: tuple[MapNode, ...]
    complete: bool


def yaml_files(folder: Path) -> list[Path]:
    """The files of a folder that are read, in order of name."""
    return sorted(child for child in folder.iterdir() if child.suffix == ".yaml" and child.is_file())


def overlooked(folder: Path) -> Iterator[Issue]:
    """Files that look as if they belonged to the folder's YAML but are not read."""
    for child in sorted(folder.glob("*.yml")):
        yield Issue(Location(child.name, 1, 1), "file-ignored", "Only *.yaml files are read.", "Rename it.", "warning")


def read_roots(path: Path, reader: Reader, *, begin: str) -> Roots:
    """Read one file, or every file of a folder.

    Parameters
    ----------
    path
        The file or folder.
    reader
        Collects what is wrong; no input makes this function raise.
    begin
        What to write into a file that holds no sections.
    """
    sources = _sources(path, reader)
    texts = [source for source in sources if isinstance(source, SourceText)]
    for source in sources:
        if isinstance(source, Issue):
            reader.note(source)
    roots = tuple(root for source in texts if (root := root_of(source, reader, begin=begin)))
    return Roots(roots, complete=bool(roots) and len(roots) == len(sources))


def _sources(path: Path, reader: Reader) -> list[SourceText | Issue]:
    where = Location(str(path), 1, 1)
    try:
        if not path.is_dir():
            return [read_file(path, path.name)]
        files = yaml_files(path)
        for issue in overlooked(path):
            reader.note(issue)
    except (OSError, ValueError) as error:
        reason = f"The folder cannot be read: {getattr(error, 'strerror', None) or error}."
        return [Issue(where, "file-unreadable", reason, "Check its path, and who may read it.")]
    if not files:
        return [Issue(where, "file-missing", "There is no *.yaml file here.", "Check the path.")]
    if len(files) > MAX_FILES:
        return [Issue(where, "yaml-size", f"A folder has at most {MAX_FILES} files.", "Put sections together.")]
    return [read_file(file, file.name) for file in files]


def root_of(source: SourceText, reader: Reader, *, begin: str) -> MapNode | None:
    """The root of one text, or an issue."""
    node, issues = compose(source)
    for issue in issues:
        reader.note(issue)
    if isinstance(node, MapNode):
        return node
    if node is None or (isinstance(node, ScalarNode) and node.is_nothing):
        if not issues:
            reader.error(
                Location(source.name, 1, 1), "file-empty", "The file is empty.", "Write sections or delete it."
            )
        return None
    reader.error(node, "shape", "A file is a mapping of sections.", begin)
    return None
