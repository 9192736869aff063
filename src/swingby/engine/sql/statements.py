"""Statements: readable SQL in the house grammar, with holes that are filled on the tree.

A hole is a word in braces. It stands where a name, an expression, a list of expressions, a predicate or a relation
stands, and is filled by a typed tree or by a checked name. Text is never put together from data.

>>> statement("SELECT {keys}, sum(amount) AS total FROM {facts} AS f WHERE {where} GROUP BY {keys}",
...           keys=columns(["enrolment", "month"], of="f"), facts="fact_deals", where=predicate("f.stage = 'won'"))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import sqlglot
from sqlglot import exp

from swingby.engine.sql.values import HOUSE, name
from swingby.errors import SwingbyError

Part = str | exp.Expr | Sequence[exp.Expr]
"""What fills a hole: a name, a tree, or a list of trees where SQL has a list."""

_HOLE = re.compile(r"\{\s*([a-z][a-z0-9_]*)\s*\}")
_PREFIX = "hole__"
LOOSE = (exp.Binary, exp.Unary, exp.Between, exp.In, exp.Is)
"""What must stand in parentheses beside another operator."""


def statement(text: str, **parts: Part) -> exp.Expr:
    """A statement (or part of one) from its text, each hole filled by the part of its name.

    Parameters
    ----------
    text
        SQL in the house grammar. It is parsed once and kept.
    parts
        One for each hole. A hole may stand more than once and is then filled by copies.

    Raises
    ------
    SwingbyError
        ``sql-hole`` when a hole has no part, a part has no hole, or a part cannot stand where the hole stands.
    """
    shared = _parsed(text)
    return _filled(shared, parts, text=text) if parts or "{" in text else shared.copy()


def predicate(text: str, **parts: Part) -> exp.Expr:
    """A condition or any other expression from its text, with holes as in `statement`."""
    return statement(text, **parts)


def all_of(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """The conditions joined by AND; true when there are none."""
    listed = [each.copy() for each in conditions]
    return exp.and_(*listed) if listed else exp.true()


def any_of(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """The conditions joined by OR; false when there are none."""
    listed = [each.copy() for each in conditions]
    return exp.or_(*listed) if listed else exp.false()


@lru_cache(maxsize=2048)
def _parsed(text: str) -> exp.Expr:
    """The tree of a text with holes; it is shared and must be copied before it is changed."""
    found = sqlglot.parse(_HOLE.sub(rf"{_PREFIX}\1", text), dialect=HOUSE)
    if len(found) != 1 or found[0] is None:
        raise SwingbyError(
            code="sql-text",
            message=f"{len(found)} statements in one text: {text.strip()[:200]}",
            hint="Write one statement at a time.",
        )
    return _unplaced(found[0])


def _unplaced(tree: exp.Expr) -> exp.Expr:
    """The tree without the places of its words in the text, which are most of what copying it costs."""
    for each in tree.walk():
        each._meta = None  # noqa: SLF001 (emptied by its public name, it would still be copied)
    return tree


def _filled(shared: exp.Expr, parts: Mapping[str, Part], *, text: str) -> exp.Expr:
    root = exp.Tuple(expressions=[shared.copy()])
    holes = [each for each in root.find_all(exp.Identifier) if each.name.startswith(_PREFIX)]
    _check({each.name.removeprefix(_PREFIX) for each in holes}, given=set(parts), text=text)
    for hole in holes:
        _fill(hole, parts[hole.name.removeprefix(_PREFIX)])
    return _only(root)


def _check(holes: set[str], *, given: set[str], text: str) -> None:
    if holes == given:
        return
    raise SwingbyError(
        code="sql-hole",
        message=f"Holes without a part: {sorted(holes - given)}; parts without a hole: {sorted(given - holes)}.",
        hint=f"Give exactly the parts that this statement names: {text.strip()[:200]}",
    )


def _fill(hole: exp.Identifier, part: Part) -> None:
    place = hole.parent
    if isinstance(place, exp.Column) and place.this is hole and not place.args.get("table"):
        _fill_expression(place, part)
    elif isinstance(place, exp.Table) and place.this is hole and not place.args.get("db"):
        _fill_relation(place, part)
    elif isinstance(part, str | exp.Identifier):
        hole.replace(name(part) if isinstance(part, str) else part.copy())
    else:
        raise _misplaced(hole)


def _fill_expression(place: exp.Column, part: Part) -> None:
    if isinstance(part, str):
        place.replace(exp.Column(this=name(part)))
    elif isinstance(part, exp.Expr):
        place.replace(_fenced(part.copy(), place.parent))
    else:
        _fill_list(place, part)


def _fill_list(place: exp.Column, part: Sequence[exp.Expr]) -> None:
    """Put several expressions where SQL has a list; an empty GROUP BY, ORDER BY or PARTITION BY goes away whole."""
    item = place.parent if isinstance(place.parent, exp.Ordered) else place
    parent, key = item.parent, item.arg_key
    before = parent.args.get(key) if parent is not None and key is not None else None
    if parent is None or key is None or not isinstance(before, list):
        raise _misplaced(place)
    after: list[exp.Expr] = []
    for each in before:
        after.extend(_ordered_like(item, part) if each is item else [each])
    if after or not isinstance(parent, exp.Group | exp.Order):
        parent.set(key, after)
    else:
        parent.pop()


def _ordered_like(item: exp.Expr, part: Sequence[exp.Expr]) -> list[exp.Expr]:
    """Copies of the parts; in ORDER BY each one takes the direction written at the hole."""
    if not isinstance(item, exp.Ordered):
        return [one.copy() for one in part]
    return [exp.Ordered(**{**item.args, "this": one.copy()}) for one in part]


def _fill_relation(place: exp.Table, part: Part) -> None:
    alias = place.args.get("alias")
    if isinstance(part, str):
        place.set("this", name(part))
        return
    if not isinstance(part, exp.Expr):
        raise _misplaced(place)
    filled = part.copy()
    while isinstance(filled, exp.Paren):
        filled = filled.this
    if isinstance(filled, exp.Query) and not isinstance(filled, exp.Subquery):
        filled = exp.Subquery(this=filled)
    if alias is not None:
        filled.set("alias", alias.copy())
    filled.set("joins", [each.copy() for each in place.args.get("joins") or []] or None)
    place.replace(filled)


def _fenced(part: exp.Expr, around: exp.Expr | None) -> exp.Expr:
    """The part in parentheses where its neighbours would otherwise bind more tightly."""
    if isinstance(part, exp.Query) and not isinstance(part, exp.Subquery):
        return exp.Subquery(this=part)
    return exp.Paren(this=part) if isinstance(part, LOOSE) and isinstance(around, (*LOOSE, exp.Cast)) else part


def _misplaced(hole: exp.Expr) -> SwingbyError:
    return SwingbyError(
        code="sql-hole",
        message=f"The part for {hole.name.removeprefix(_PREFIX)!r} cannot stand there.",
        hint="Fill a name by a name, a relation by a name or a query, and a list only where SQL has a list.",
    )


def _only(root: exp.Tuple) -> exp.Expr:
    tree = root.expressions[0]
    tree.pop()
    return tree  # type: ignore[no-any-return]
