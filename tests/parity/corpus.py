"""A fixed corpus of small drawn programs with facts, in which every construct of the language occurs.

``python -m tests.parity.corpus`` draws it anew, which is only needed when a construct is added: the folder is kept so
that the cases never change by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from swingby.engine.assessing import compile_program
from swingby.errors import SwingbyError
from swingby.facts import from_rows
from swingby.program import load_text
from tests.oracle.strategies import CONSTRUCTS, Example, examples
from tests.oracle.writing import cell
from tests.parity.alike import Case, case

FOLDER = Path(__file__).parent / "corpus"
SIZE = 37
SEEDS = range(4)
DRAWN_PER_SEED = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A drawn program with its facts, as it stands in the folder."""

    name: str
    constructs: frozenset[str]
    as_of: date
    known_at: int | None
    tables: dict[str, list[dict[str, str]]]

    def case(self) -> Case:
        """What a backend has to answer."""
        found = load_text((FOLDER / f"{self.name}.yaml").read_text(encoding="utf-8"))
        assert found.program is not None, found.issues
        with from_rows(self.tables, found.program) as facts:
            assert not facts.errors, facts.errors
            return case(compile_program(found.program), facts, [self.as_of], self.known_at)


def kept() -> list[Kept]:
    """The corpus in the order of its names: the first ones have every construct between them."""
    return [_read(path) for path in sorted(FOLDER.glob("*.json"))]


def _read(path: Path) -> Kept:
    written = json.loads(path.read_text(encoding="utf-8"))
    as_of = date.fromisoformat(written["as_of"])
    return Kept(path.stem, frozenset(written["constructs"]), as_of, written["known_at"], written["tables"])


# --- drawing --------------------------------------------------------------------------------------------------------


def draw() -> None:
    """Draw programs and keep those that add the most constructs for their length, then some more."""
    drawn = [each for number in SEEDS for each in _drawn(number)]
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.iterdir():
        path.unlink()
    for place, example in enumerate(_chosen(drawn), start=1):
        _write(f"{place:02}", example)


def _drawn(number: int) -> list[Example]:
    found: list[Example] = []

    @seed(number)
    @settings(
        max_examples=DRAWN_PER_SEED,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(examples(CONSTRUCTS))
    def collect(example: Example) -> None:
        found.append(example)

    collect()
    return found


def _chosen(drawn: Sequence[Example]) -> Iterator[Example]:
    left, missing, count = list(drawn), set(CONSTRUCTS), 0
    while left and count < SIZE:
        missing = missing or set(CONSTRUCTS)
        best = max(left, key=lambda item: len(item.constructs & missing) / (500 + len(item.text)))
        left.remove(best)
        if _is_computed(best):
            missing -= best.constructs
            count += 1
            yield best


def _is_computed(example: Example) -> bool:
    """False for what the checks refuse, such as a line out of reach, and for what the engine refuses."""
    loaded = load_text(example.text)
    if loaded.program is None or any(issue.level == "error" for issue in loaded.issues):
        return False
    try:
        compiled = compile_program(loaded.program)
        with from_rows(example.world.facts, loaded.program) as facts:
            case(compiled, facts, [example.as_of], example.known_at)
    except SwingbyError as error:
        if error.code != "not-computed":
            raise
        return False
    return True


def _write(name: str, example: Example) -> None:
    tables = {
        kind: [{key: cell(value) for key, value in row.items() if value is not None} for row in rows]
        for kind, rows in example.world.facts.items()
        if rows
    }
    written = {
        "as_of": example.as_of.isoformat(),
        "known_at": example.known_at,
        "constructs": sorted(example.constructs & CONSTRUCTS),
        "tables": tables,
    }
    (FOLDER / f"{name}.yaml").write_text(example.text, encoding="utf-8")
    text = json.dumps(written, indent=1, ensure_ascii=False)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    draw()
