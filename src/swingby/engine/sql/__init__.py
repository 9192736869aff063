"""SQL: statements in one readable grammar, lowered exactly to DuckDB, PostgreSQL and Spark, and run there."""

from swingby.engine.sql.backends import DIALECTS, Dialect
from swingby.engine.sql.connections import Connection, Parameters, Statement
from swingby.engine.sql.lowering import Prepared, lower, prepare
from swingby.engine.sql.on_duckdb import DuckDB, open_duckdb
from swingby.engine.sql.shapes import average, median
from swingby.engine.sql.statements import Part, all_of, any_of, predicate, statement
from swingby.engine.sql.values import (
    Column,
    Kind,
    Value,
    bound,
    column,
    columns,
    day,
    literal,
    name,
    quantity,
    text,
    values,
    whole,
)

__all__ = [
    "DIALECTS",
    "Column",
    "Connection",
    "Dialect",
    "DuckDB",
    "Kind",
    "Parameters",
    "Part",
    "Prepared",
    "Statement",
    "Value",
    "all_of",
    "any_of",
    "average",
    "bound",
    "column",
    "columns",
    "day",
    "literal",
    "lower",
    "median",
    "name",
    "open_duckdb",
    "predicate",
    "prepare",
    "quantity",
    "statement",
    "text",
    "values",
    "whole",
]
