"""Programs that differ from another in one scalar or one key: by one unit, by one choice, by one word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from swingby.program import Program, load_texts
from swingby.program.comparing.bare import without_texts
from swingby.program.reading import literals
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.source import SourceText, compose

#: Words that may stand for each other, as values or as keys.
CHOICES: tuple[tuple[str, ...], ...] = (
    ("held", "started", "ended"),
    ("nearest", "own", "tree"),
    ("as_of", "fact"),
    ("all", "earliest", "latest", "split"),
    ("balance", "opened", "used", "expired"),
    ("down", "up", "half_up", "half_even"),
    ("reverse", "keep"),
    ("event", "state"),
    ("organization", "person", "customer", "deal"),
    ("controllable", "influenced", "outcome"),
    ("partner", "vendor"),
    ("joined", "tier"),
    ("true", "false"),
    ("at_least", "above", "at_most", "below", "is", "is_not"),
    ("sum", "average", "median", "least", "greatest", "product"),
    ("difference", "ratio", "growth"),
    ("all", "any", "none"),
    ("first", "last"),
    ("highest", "lowest"),
    ("start_of", "end_of"),
    ("last", "next"),
    ("previous", "current"),
    ("steps", "bands"),
    ("into", "out_of"),
    ("number", "percent", "amount", "word", "id"),
)


@dataclass(frozen=True)
class Change:
    """Texts of a program with one change, and where it stands."""

    what: str
    rule: str
    texts: tuple[tuple[str, str], ...]


def texts_of(place: Path) -> tuple[tuple[str, str], ...]:
    """The files of a program by name."""
    return tuple((path.name, path.read_text(encoding="utf-8")) for path in sorted(place.glob("*.yaml")))


def changes(texts: tuple[tuple[str, str], ...], *, every: int = 1) -> Iterator[Change]:
    """Every change of one scalar or key, or each n-th of them."""
    found = (change for name, text in texts for change in _of_file(name, text, dict(texts)))
    yield from (change for place, change in enumerate(found) if place % every == 0)


def _of_file(name: str, text: str, texts: Mapping[str, str]) -> Iterator[Change]:
    root, _ = compose(SourceText(name, text))
    words = sorted({node.text for node, _, is_key in _scalars(root, ()) if not is_key})
    for node, rule, is_key in _scalars(root, ()):
        for new in _changed(node, words, is_key=is_key):
            line, column = node.location.line, node.location.column
            changed = _replaced(text, node, new)
            if changed is not None:
                what = f"{name}:{line}:{column} {node.text} -> {new}"
                yield Change(what, ".".join(rule[:2]), tuple((dict(texts) | {name: changed}).items()))


def _scalars(node: Node | None, keys: tuple[str, ...]) -> Iterator[tuple[ScalarNode, tuple[str, ...], bool]]:
    if isinstance(node, MapNode):
        for key, value in node.entries:
            if len(keys) > 1:
                yield key, keys, True
            yield from _scalars(value, (*keys, key.text))
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _scalars(item, keys)
    elif isinstance(node, ScalarNode):
        yield node, keys, False


def _changed(node: ScalarNode, words: list[str], *, is_key: bool) -> Iterator[str]:
    text = node.text
    for group in CHOICES:
        if text in group:
            yield from (other for other in group if other != text)
    if node.quoted:
        yield f"{text}1"
        return
    if text.endswith("%") and literals.number(text) is not None:
        yield f"{literals.number(text[:-1]) + 1}%"  # type: ignore[operator]
    elif (value := literals.number(text)) is not None:
        yield f"{value + 1:f}"
    elif (day := literals.day(text)) is not None:
        yield (day + timedelta(days=1)).isoformat()
    elif literals.day_of_year(text):
        yield f"{text[:3]}{int(text[3:]) % 28 + 1:02}"
    elif (period := literals.period(text)) is not None:
        yield from _periods(text, period.count)
    elif literals.truth(text) is None:
        yield f"{text}x"
        yield from () if is_key else _other_words(text, words)


def _periods(text: str, count: int) -> Iterator[str]:
    digits = text.split(" ", maxsplit=1)[0].isdigit()
    rest = text.split(" ", 1)[1] if digits else text
    yield f"{count + 1} {rest}"
    for unit in ("day", "week", "month", "quarter", "half", "year"):
        before, _, last = rest.rpartition(" ")
        if literals.unit(last) != unit:
            yield " ".join(part for part in (str(count) if digits else "", before, unit) if part)
    if " " in rest:
        yield f"{f'{count} ' if digits else ''}{rest.split(' ', 1)[1]}"


def _other_words(text: str, words: list[str]) -> Iterator[str]:
    """The two words of the file that follow: where they are names of the same kind, a reference changes."""
    plain = [
        word for word in words if word != text and literals.number(word) is None and word.replace("_", "").isalpha()
    ]
    after = [word for word in plain if word > text] + [word for word in plain if word < text]
    yield from after[:2]


def _replaced(text: str, node: ScalarNode, new: str) -> str | None:
    """The text with the scalar replaced; None where a scalar is not written on one line as it reads."""
    lines = text.splitlines(keepends=True)
    line, at = lines[node.location.line - 1], node.location.column - 1
    at += line[at : at + 1] in ("'", '"')
    if not line[at:].startswith(node.text):
        return None
    lines[node.location.line - 1] = line[:at] + new + line[at + len(node.text) :]
    return "".join(lines)


def program_of(texts: tuple[tuple[str, str], ...]) -> Program | None:
    """The program, or None where the change broke it."""
    return load_texts(texts).program


def rules_of(program: Program) -> dict[str, Any]:
    """All that a program says, without its hash and without what follows from the rest."""
    return {
        item.name: getattr(program, item.name)
        for item in fields(program)
        if item.name not in ("hash", "location", "kinds")
    }


def results_of(program: Program) -> dict[str, Any]:
    """All that may change a result: the rules without what they say about themselves."""
    rules = rules_of(program)
    header = replace(rules.pop("header"), id="", label="", version="", language=1, announced=None, shadow_from=None)
    bare = {section: {name: without_texts(body) for name, body in found.items()} for section, found in rules.items()}
    return {"header": header, **bare}
