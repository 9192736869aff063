"""From a statement to the SQL text of one backend."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from swingby.engine.sql.backends import BACKENDS, Dialect
from swingby.engine.sql.house import FUNCTIONS, write_function
from swingby.engine.sql.statements import LOOSE
from swingby.errors import SwingbyError


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement as one backend's text, with the names of the values that it needs."""

    text: str
    parameters: tuple[str, ...]
    dialect: Dialect


def prepare(expression: exp.Expr, dialect: Dialect) -> Prepared:
    """A statement made ready once, to be run many times."""
    parts = list(expression.walk())
    names = {each.name: None for each in parts if isinstance(each, exp.Placeholder)}
    return Prepared(_lowered(expression, parts, dialect), tuple(names), dialect)


def lower(expression: exp.Expr, dialect: Dialect, *, pretty: bool = False) -> str:
    """The SQL text of a statement for one backend; the same statement always gives the same text.

    Raises
    ------
    SwingbyError
        ``sql-function`` for a house function that is called wrongly, ``sql-inexact`` for an operation that the
        backends compute differently.
    """
    return _lowered(expression, list(expression.walk()), dialect, pretty=pretty)


def _lowered(expression: exp.Expr, parts: Sequence[exp.Expr], dialect: Dialect, *, pretty: bool = False) -> str:
    _refuse_inexact(parts)
    root = exp.Tuple(expressions=[expression.copy()])
    if dialect == "postgres":
        _mark_placeholders(root)
    _write_house_functions(root, dialect)
    text = _text(root.expressions[0], dialect, pretty=pretty)
    return _with_percent(text) if dialect == "postgres" else text


_INEXACT: Mapping[type[exp.Expr], str] = {
    exp.Div: "ratio(n, d)",
    exp.IntDiv: "floor_units(x, per)",
    exp.Round: "round_to(x, step)",
    exp.Avg: "the average shape",
    exp.Median: "the median shape",
    exp.PercentileCont: "the median shape",
    exp.Quantile: "the median shape",
}


def _refuse_inexact(parts: Sequence[exp.Expr]) -> None:
    for each in parts:
        instead = _INEXACT.get(type(each))
        if instead is None and _is_float(each):
            instead = "a DECIMAL"
        if instead is None and _is_untyped(each):
            instead = "a NULL with its type, such as CAST(NULL AS DATE) or quantity(NULL)"
        if instead is not None:
            raise SwingbyError(
                code="sql-inexact",
                message=f"The backends would compute this differently: {each.sql()}",
                hint=f"Write {instead} in its place.",
            )


def _is_float(each: exp.Expr) -> bool:
    if isinstance(each, exp.DataType):
        return each.is_type(*exp.DataType.FLOAT_TYPES)
    return isinstance(each, exp.Literal) and not each.is_string and "e" in each.name.lower()


def _is_untyped(each: exp.Expr) -> bool:
    """A column of bare NULLs inside a statement: a text on one backend, a whole number on another."""
    if not isinstance(each, exp.Null):
        return False
    item = each.parent if isinstance(each.parent, exp.Alias) else each
    query = item.parent if item.arg_key == "expressions" else None
    return isinstance(query, exp.Select) and isinstance(query.parent, exp.Subquery | exp.CTE)


def _write_house_functions(root: exp.Expr, dialect: Dialect) -> None:
    """Put in place of each call its text: whole texts, because trees with repeated operands are slow to copy."""
    for each in list(root.find_all(exp.EQ)):
        if isinstance(each.expression, exp.Any) and isinstance(each.expression.this, exp.Paren):
            each.replace(exp.Anonymous(this="one_of", expressions=[each.this, each.expression.this.this]))

    def written(operand: exp.Expr) -> str:
        text = _text(operand, dialect)
        return f"({text})" if isinstance(operand, LOOSE) else text

    calls = [each for each in root.find_all(exp.Anonymous) if each.name.lower() in FUNCTIONS]
    for call in reversed(calls):  # the innermost first, because they are operands of the outer ones
        call.replace(exp.Var(this=write_function(call, BACKENDS[dialect], written=written)))


def _text(tree: exp.Expr, dialect: Dialect, *, pretty: bool = False) -> str:
    return tree.sql(dialect=dialect, identify=True, pretty=pretty, copy=False)


def _mark_placeholders(root: exp.Expr) -> None:
    for each in list(root.find_all(exp.Placeholder)):
        each.replace(exp.Var(this=f"\0{each.name}\0"))


def _with_percent(text: str) -> str:
    """PostgreSQL's driver writes a placeholder as %(name)s and therefore a percent sign twice."""
    return re.sub("\0(.*?)\0", r"%(\1)s", text.replace("%", "%%"))
