"""From a statement to the SQL text of one backend."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from swingby.engine.sql.backends import BACKENDS, Dialect
from swingby.engine.sql.house import FUNCTIONS, write_function
from swingby.errors import SwingbyError


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement as one backend's text, with the names of the values that it needs."""

    text: str
    parameters: tuple[str, ...]
    dialect: Dialect


def prepare(expression: exp.Expr, dialect: Dialect) -> Prepared:
    """A statement made ready once, to be run many times."""
    names = {each.name: None for each in expression.find_all(exp.Placeholder)}
    return Prepared(lower(expression, dialect), tuple(names), dialect)


def lower(expression: exp.Expr, dialect: Dialect, *, pretty: bool = False) -> str:
    """The SQL text of a statement for one backend; the same statement always gives the same text.

    Raises
    ------
    SwingbyError
        ``sql-function`` for a house function that is called wrongly, ``sql-inexact`` for an operation that the
        backends compute differently.
    """
    _refuse_inexact(expression)
    tree = _without_house_functions(expression, dialect)
    return _with_percent(tree, pretty=pretty) if dialect == "postgres" else _text(tree, dialect, pretty=pretty)


_INEXACT: Mapping[type[exp.Expr], str] = {
    exp.Div: "ratio(n, d)",
    exp.IntDiv: "floor_units(x, per)",
    exp.Round: "round_to(x, step)",
    exp.Avg: "the average shape",
    exp.Median: "the median shape",
    exp.PercentileCont: "the median shape",
    exp.Quantile: "the median shape",
}


def _refuse_inexact(expression: exp.Expr) -> None:
    for each in expression.walk():
        instead = _INEXACT.get(type(each))
        if instead is None and _is_float(each):
            instead = "a DECIMAL"
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


def _without_house_functions(expression: exp.Expr, dialect: Dialect) -> exp.Expr:
    root = exp.Tuple(expressions=[expression.copy()])
    for each in list(root.find_all(exp.EQ)):
        if isinstance(each.expression, exp.Any) and isinstance(each.expression.this.unnest(), exp.Placeholder):
            each.replace(exp.Anonymous(this="one_of", expressions=[each.this, each.expression.this.unnest()]))
    calls = [each for each in root.find_all(exp.Anonymous) if each.name.lower() in FUNCTIONS]
    for call in reversed(calls):  # the innermost first, because outer ones repeat their operands
        call.replace(write_function(call, BACKENDS[dialect]))
    tree: exp.Expr = root.expressions[0]
    tree.pop()
    return tree


def _text(tree: exp.Expr, dialect: Dialect, *, pretty: bool) -> str:
    return tree.sql(dialect=dialect, identify=True, pretty=pretty)


def _with_percent(tree: exp.Expr, *, pretty: bool) -> str:
    """PostgreSQL's driver writes a placeholder as %(name)s and therefore a percent sign twice."""
    for each in list(tree.find_all(exp.Placeholder)):
        each.replace(exp.Var(this=f"\0{each.name}\0"))
    return re.sub("\0(.*?)\0", r"%(\1)s", _text(tree, "postgres", pretty=pretty).replace("%", "%%"))
