"""The same in pandas: everything in memory, merged and grouped; no gate."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.engine_case.rules import AS_OF, KNOWN_AT, LADDER, TIERS, TOTAL, Case
from bench.engine_case.tables import BRANCHES, HALVES, LEAVES, RULES, branch_rows, half_rows, leaf_rows, rule_rows

#: Quantities as whole numbers of their eighth place: pandas has no decimals that add up quickly.
UNITS = 10**8
READ = "organization kind person quantity rating status happened_on cancelled_on position reversed_position".split()


def prepare(data: Path, case: Case) -> tuple[Path, Case]:
    """Load the libraries."""
    importlib.import_module("pandas")
    importlib.import_module("pyarrow.parquet")
    return data, case


def run(ready: tuple[Path, Case], target: Path) -> None:
    """From the files to the files."""
    pd: Any = importlib.import_module("pandas")
    data, case = ready
    enrolled = _enrolled(pd, data)
    numbers = _numbers(pd, case, _known(pd, data, case, enrolled))
    _write(pd, case, enrolled, numbers, target)


def _frame(pd: Any, columns: str, rows: Iterable[Sequence[object]]) -> Any:
    return pd.DataFrame(list(rows), columns=columns.split())


def _enrolled(pd: Any, data: Path) -> Any:
    found = pd.read_parquet(data / "enrolments.parquet", dtype_backend="pyarrow")
    ended = found.ended_on
    found = found[(found.joined_on <= AS_OF) & (ended.isna() | (ended > AS_OF))]
    return found[["enrolment", "organization"]].reset_index(drop=True).rename_axis("e").reset_index()


def _known(pd: Any, data: Path, case: Case, enrolled: Any) -> Any:
    """The activities in any window, with the partner's number and quantities as whole numbers (exact below 2^53)."""
    first = min(rule.window.start for rule in case.rules)
    end = max(rule.window.end for rule in case.rules)
    facts = pd.read_parquet(
        data / "activities.parquet",
        columns=READ,
        dtype_backend="pyarrow",
        filters=[("happened_on", ">=", first), ("happened_on", "<", end), ("position", "<=", KNOWN_AT)],
    )
    reversed_ = facts.reversed_position
    facts = facts[reversed_.isna() | (reversed_ > KNOWN_AT)].merge(enrolled[["organization", "e"]], on="organization")
    return pd.DataFrame(
        {
            "e": facts.e.astype("int64"),
            "kind": facts.kind.astype("category"),
            "person": facts.person,
            "amount": (facts.quantity.astype("float64[pyarrow]") * UNITS).round().astype("int64"),
            "stars": facts.rating.astype("float64[pyarrow]").astype("int64"),
            "status": facts.status.astype("category"),
            "day": facts.happened_on.astype("datetime64[s]"),
            "lasts": facts.cancelled_on.isna() | (facts.cancelled_on > AS_OF),
        }
    )


def _numbers(pd: Any, case: Case, facts: Any) -> Any:
    """The value of every number that has facts: one pass over the slice of each kind, rule by rule."""
    slices = dict(iter(facts.groupby("kind", observed=True)))
    rules = _frame(pd, RULES, rule_rows(case))
    found = [_value(pd, slices, rows) for _, rows in rules.groupby("number")]
    numbers = pd.concat([item for item in found if item is not None], ignore_index=True)
    return pd.concat([numbers, _total(pd, case, numbers)], ignore_index=True)


def _value(pd: Any, slices: dict[str, Any], rows: Any) -> Any:
    parts = [_matching(pd, slices[rule.kind], rule) for rule in rows.itertuples() if rule.kind in slices]
    if not parts:
        return None
    rule, facts = rows.iloc[0], pd.concat(parts)
    match rule.form:
        case "count":
            value = facts.groupby("e").size() * UNITS
        case "sum":
            value = facts.groupby("e").amount.sum()
        case "person":
            value = facts.drop_duplicates(["e", "person"]).groupby("e").size() * UNITS
        case _:
            month = facts.day.dt.year * 12 + facts.day.dt.month
            bucket = month if rule.per == "month" else (month - 2) // 3
            counted = facts.groupby(["e", bucket.rename("bucket")]).size()
            value = (counted * rule.earn).clip(upper=rule.cap).groupby("e").sum() * UNITS
    return value.rename("value").reset_index().assign(number=rule.number)


def _matching(pd: Any, facts: Any, rule: Any) -> Any:
    inside = (facts.day >= pd.Timestamp(rule.s)) & (facts.day < pd.Timestamp(rule.t))
    inside &= facts.stars >= rule.least_rating
    inside &= (facts.amount >= rule.low * UNITS) & (facts.amount <= rule.high * UNITS)
    if rule.status:
        inside &= facts.status == rule.status
    return facts[inside if rule.points else inside & facts.lasts]


def _total(pd: Any, case: Case, numbers: Any) -> Any:
    halves = _frame(pd, HALVES, half_rows(case))
    by_half = numbers.merge(halves, on="number").groupby(["half", "e"]).agg({"value": "sum", "cap": "first"})
    held = by_half.value.clip(upper=by_half.cap * UNITS).groupby("e").sum().clip(upper=case.total_cap * UNITS)
    return held.rename("value").reset_index().assign(number=TOTAL)


def _write(pd: Any, case: Case, enrolled: Any, numbers: Any, target: Path) -> None:
    leaves, groups = _frame(pd, LEAVES, leaf_rows(case)), _frame(pd, BRANCHES, branch_rows(case))
    answers = leaves.merge(enrolled[["e"]], how="cross").merge(numbers, on=["number", "e"], how="left")
    answers["value"] = answers.value.fillna(0).astype("int64")
    answers["line"] *= UNITS
    answers["met"] = answers.value >= answers.line
    answers["gap"] = (answers.line - answers.value).clip(lower=0)
    met = answers.groupby(["e", "tier", "place"]).met.sum().reset_index()
    met = met.merge(groups, on=["tier", "place"], how="left")
    met["met"] = met.met >= met.need.fillna(1)
    tiers = met.groupby(["e", "tier"]).met.all().reset_index()
    tiers["path"] = tiers.tier.map(dict(enumerate(TIERS)))
    columns = ["e", "path", "value", "line", "gap", "met"]
    rows = pd.concat(
        [item.reindex(columns=columns) for item in (answers, met[met.path.notna()], tiers)], ignore_index=True
    )
    _write_requirements(rows, enrolled, target)
    held = tiers[tiers.met].groupby("e").tier.max().map(dict(enumerate(TIERS)))
    standings = enrolled.assign(as_of=AS_OF, ladder=LADDER, tier=enrolled.e.map(held))
    (target / "standings").mkdir(parents=True, exist_ok=True)
    standings[["enrolment", "as_of", "ladder", "tier"]].to_parquet(target / "standings/1.parquet", index=False)


def _write_requirements(rows: Any, enrolled: Any, target: Path) -> None:
    pa: Any = importlib.import_module("pyarrow")
    pc: Any = importlib.import_module("pyarrow.compute")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    names = pa.array(enrolled.enrolment)
    whole = {name: pa.array(rows[name], type=pa.int64(), from_pandas=True) for name in ("value", "line", "gap")}
    eighth = pa.scalar(Decimal(1).scaleb(-8), pa.decimal128(9, 8))
    table = pa.table(
        {
            "enrolment": names.take(pa.array(rows.e)),
            "as_of": pa.repeat(pa.scalar(AS_OF), len(rows)),
            "ladder": pa.repeat(pa.scalar(LADDER), len(rows)),
            "path": pa.array(rows.path),
            **{name: pc.multiply(found.cast(pa.decimal128(19, 0)), eighth) for name, found in whole.items()},
            "result": pa.array(rows.met.map({True: "met", False: "unmet"})),
        }
    )
    (target / "requirements").mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, target / "requirements/1.parquet")
