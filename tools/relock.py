"""Resolve the requirements for every Python and system that is supported, with hashes and without addresses."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from tools.places import REQUIREMENTS, ROOT, VENV

#: Each lock and the files it is resolved from. The first is the widest: it decides the versions of the others.
LOCKS = {
    "all": ("build", "runtime", "postgres", "documents", "web", "evidence", "spark", "dev"),
    "app": ("build", "runtime", "postgres", "documents", "web", "evidence"),
    "build": ("build",),
}
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    "--quiet",
)


def relock(words: Sequence[str]) -> int:
    """Write requirements/*.lock; words are passed on, such as ``--upgrade``."""
    for name, sources in LOCKS.items():
        narrowed = () if name == "all" else (f"--constraint={REQUIREMENTS / 'all.lock'}",)
        extra = words if name == "all" else ()
        files = [f"requirements/{source}.in" for source in sources]
        target = f"--output-file=requirements/{name}.lock"
        command = [VENV / "bin" / "uv", "pip", "compile", *OPTIONS, *narrowed, *extra, *files, target]
        ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
        if ended.returncode != 0:
            return ended.returncode
    return 0
