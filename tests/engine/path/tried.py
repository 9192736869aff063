"""A partner that small programs are tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date

from swingby.engine.path import Path, find_path
from swingby.facts import from_rows
from swingby.program import Program, load_text

HEAD = 'program: {id: tried, label: Tried, language: 1, version: "1", effective: 2023-01-01, currency: USD}\n'
AS_OF = date(2024, 1, 1)
JOINED = date(2023, 1, 1)
Facts = Mapping[str, Sequence[Mapping[str, object]]]


def program_of(text: str) -> Program:
    loaded = load_text(HEAD + text)
    assert loaded.program is not None, loaded.issues
    return loaded.program


def people(*names: str) -> list[Mapping[str, object]]:
    return [{"organization": "acme", "person": name, "starts_on": JOINED} for name in names]


def path_of(text: str, facts: Facts, **asked: object) -> Path:
    program = program_of(text)
    whole: Facts = {
        "organizations": [{"organization": "acme"}],
        "enrolments": [{"enrolment": "acme", "organization": "acme", "joined_on": JOINED}],
        **facts,
    }
    with closing(from_rows(whole, program)) as found:
        assert not found.errors
        return find_path(program, found, partner="acme", as_of=AS_OF, **asked)  # type: ignore[arg-type]


def rows(path: Path) -> list[tuple[str, str]]:
    return [(row.path, row.result) for row in path.rows]


def steps(path: Path) -> list[tuple[str, int, tuple[str, ...], date]]:
    return [(step.rule, step.count, step.people, step.ready_on) for step in path.steps]
