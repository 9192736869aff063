"""What one would write by hand in Polars to win: lazy frames on the streaming engine, the same shape as in DuckDB."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.engine_case.rules import AS_OF, KNOWN_AT, LADDER, TIERS, TOTAL, Case
from bench.engine_case.tables import BRANCHES, HALVES, LEAVES, RULES, branch_rows, half_rows, leaf_rows, rule_rows

#: Quantities as whole numbers of their eighth place, because sums of decimals are slower.
UNITS = 10**8


def prepare(data: Path, case: Case) -> tuple[Path, Case]:
    """Load the library."""
    importlib.import_module("polars")
    return data, case


def run(ready: tuple[Path, Case], target: Path) -> None:
    """From the files to the files."""
    pl: Any = importlib.import_module("polars")
    data, case = ready
    enrolled = _enrolled(pl, data)
    values = _values(pl, data, case, enrolled.lazy())
    write_results(pl, case, enrolled, values, target)


def _enrolled(pl: Any, data: Path) -> Any:
    found = pl.scan_parquet(data / "enrolments.parquet").filter(
        (pl.col("joined_on") <= AS_OF) & (pl.col("ended_on").is_null() | (pl.col("ended_on") > AS_OF))
    )
    return found.select("enrolment", "organization").with_row_index("e").collect()


def _values(pl: Any, data: Path, case: Case, enrolled: Any) -> Any:
    """The value of every number that has facts: number, e, value."""
    rules = frame(pl, RULES, rule_rows(case))
    plain = _matching(pl, data, enrolled, rules.filter(pl.col("form") != "person"))
    month = pl.col("happened_on").dt.year() * 12 + pl.col("happened_on").dt.month().cast(pl.Int32)
    bucket = (
        pl.when(~pl.col("points"))
        .then(0)
        .when(pl.col("per") == "month")
        .then(month)
        .otherwise((month - 2) // 3)
        .cast(pl.Int32)
    )
    sums = (
        plain.with_columns(bucket=bucket)
        .group_by("number", "e", "bucket")
        .agg(
            n=pl.len().cast(pl.Int64),
            amount=pl.col("amount").sum(),
            form=pl.first("form"),
            earn=pl.first("earn"),
            cap=pl.first("cap"),
        )
        .with_columns(
            value=pl.when(pl.col("form") == "count")
            .then(pl.col("n") * UNITS)
            .when(pl.col("form") == "sum")
            .then(pl.col("amount"))
            .otherwise(pl.min_horizontal(pl.col("n") * pl.col("earn"), pl.col("cap")) * UNITS)
        )
        .group_by("number", "e")
        .agg(pl.col("value").sum())
    )
    people = (
        _matching(pl, data, enrolled, rules.filter(pl.col("form") == "person"))
        .select("number", "e", "person")
        .unique()
        .group_by("number", "e")
        .agg(value=pl.len().cast(pl.Int64) * UNITS)
    )
    numbers = pl.concat(pl.collect_all([sums, people], engine="streaming"))
    return pl.concat([numbers, _total(pl, case, numbers.lazy()).collect(engine="streaming")])


def _matching(pl: Any, data: Path, enrolled: Any, rules: Any) -> Any:
    """The activities that rules look at, once for each rule."""
    first, end = rules["s"].min(), rules["t"].max()
    day, reversed_ = pl.col("happened_on"), pl.col("reversed_position")
    return (
        pl.scan_parquet(data / "activities.parquet")
        .filter((day >= first) & (day < end) & (pl.col("position") <= KNOWN_AT))
        .filter(reversed_.is_null() | (reversed_ > KNOWN_AT))
        .with_columns(amount=(pl.col("quantity") * UNITS).cast(pl.Int64), stars=pl.col("rating").cast(pl.Int64))
        .join(enrolled, on="organization")
        .join(rules.lazy(), on="kind")
        .filter(
            (day >= pl.col("s"))
            & (day < pl.col("t"))
            & (pl.col("stars") >= pl.col("least_rating"))
            & (pl.col("amount") >= pl.col("low") * UNITS)
            & (pl.col("amount") <= pl.col("high") * UNITS)
            & ((pl.col("status") == pl.col("status_right")) | (pl.col("status_right") == ""))
            & (pl.col("points") | pl.col("cancelled_on").is_null() | (pl.col("cancelled_on") > AS_OF))
        )
    )


def _total(pl: Any, case: Case, numbers: Any) -> Any:
    halves = frame(pl, HALVES, half_rows(case)).lazy()
    by_half = numbers.join(halves, on="number").group_by("half", "e").agg(pl.col("value").sum(), cap=pl.first("cap"))
    held = by_half.with_columns(value=pl.min_horizontal(pl.col("value"), pl.col("cap") * UNITS))
    total = held.group_by("e").agg(pl.col("value").sum())
    limited = pl.min_horizontal(pl.col("value"), pl.lit(case.total_cap * UNITS))
    return total.select(pl.lit(TOTAL, dtype=pl.Int64).alias("number"), "e", limited.alias("value"))


def write_results(pl: Any, case: Case, enrolled: Any, values: Any, target: Path) -> None:
    """Answer every requirement of every partner and write the rows."""
    leaves, groups = frame(pl, LEAVES, leaf_rows(case)), frame(pl, BRANCHES, branch_rows(case))
    value = pl.col("value").fill_null(0)
    answers = (
        leaves.lazy()
        .join(enrolled.select("e").lazy(), how="cross")
        .join(values.lazy(), on=["number", "e"], how="left")
        .with_columns(value=value, line=pl.col("line") * UNITS)
        .with_columns(met=pl.col("value") >= pl.col("line"))
        .collect(engine="streaming")
    )
    met = (
        answers.lazy()
        .group_by("e", "tier", "place")
        .agg(pl.col("met").sum())
        .join(groups.lazy(), on=["tier", "place"], how="left")
        .with_columns(met=pl.col("met") >= pl.col("need").fill_null(1))
        .collect(engine="streaming")
    )
    tiers = met.group_by("e", "tier").agg(pl.col("met").all())
    names = enrolled.select("e", "enrolment")
    _write_requirements(pl, (answers, met, tiers), names, target)
    held = tiers.filter("met").group_by("e").agg(pl.col("tier").max())
    words = pl.DataFrame(
        {"tier": list(range(len(TIERS))), "name": list(TIERS)}, schema={"tier": pl.Int64, "name": pl.String}
    )
    standings = names.join(held, on="e", how="left").join(words, on="tier", how="left")
    (target / "standings").mkdir(parents=True, exist_ok=True)
    standings.select("enrolment", *_fixed(pl), tier="name").write_parquet(target / "standings/1.parquet")


def _write_requirements(pl: Any, frames: tuple[Any, Any, Any], names: Any, target: Path) -> None:
    answers, met, tiers = frames
    nothing = {name: pl.lit(None, dtype=pl.Int64) for name in ("value", "line", "gap")}
    gap = pl.max_horizontal(pl.col("line") - pl.col("value"), 0)
    path = pl.col("tier").replace_strict(list(range(len(TIERS))), list(TIERS), return_dtype=pl.String)
    columns = ("e", "path", "value", "line", "gap", "met")
    rows = pl.concat(
        [
            answers.lazy().with_columns(gap=gap).select(columns),
            met.lazy().filter(pl.col("path").is_not_null()).with_columns(**nothing).select(columns),
            tiers.lazy().with_columns(path=path, **nothing).select(columns),
        ]
    )
    (target / "requirements").mkdir(parents=True, exist_ok=True)
    rows.join(names.lazy(), on="e").select(
        "enrolment",
        *_fixed(pl),
        "path",
        *(_quantity(pl, name) for name in ("value", "line", "gap")),
        result=pl.when("met").then(pl.lit("met")).otherwise(pl.lit("unmet")),
    ).sink_parquet(target / "requirements/1.parquet", engine="streaming")


def _quantity(pl: Any, name: str) -> Any:
    return (pl.col(name).cast(pl.Decimal(28, 8)) / UNITS).cast(pl.Decimal(18, 8)).alias(name)


def _fixed(pl: Any) -> tuple[Any, Any]:
    return pl.lit(AS_OF).alias("as_of"), pl.lit(LADDER).alias("ladder")


def frame(pl: Any, columns: str, rows: Iterable[Sequence[object]]) -> Any:
    """A small table."""
    return pl.DataFrame(list(rows), schema=columns.split(), orient="row")
