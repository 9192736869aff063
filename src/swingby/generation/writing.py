"""Writes tables as files: CSV as the systems of an example would, or Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from swingby.generation.columns import Column, Table, cents, days, texts
from swingby.generation.drawing import Stream
from swingby.generation.mess import STAMPED, stamped
from swingby.generation.partners import Block

#: Folders of files that a mapping translates, and how their distributors write days and numbers, in order.
LEARNING, ACCOUNTS, POINT_OF_SALE = "learning", "crm", "point-of-sale"
DAY_PATTERNS = ("%-m/%-d/%Y", "%d.%m.%Y", "%Y/%m/%d")


@dataclass(frozen=True, slots=True)
class File:
    """A table as a file of text, named without its ending."""

    path: str
    table: Table
    delimiter: str = ","
    encoding: str = "utf-8"


def as_exports(block: Block, table: Table) -> Iterator[File]:
    """The files of text in which a table of a block arrives; some as other systems write them."""
    if table.name == "credentials":
        yield _completions(block, table)
    elif table.name == "customers":
        yield _accounts(block, table)
    elif table.name == "point_of_sale":
        yield from _reports(block, table)
    elif table.name == STAMPED and not table.part:
        share = block.company["mess"]["stamped"]
        yield from (File(path_of(part), part) for part in stamped(block.stream("stamps"), table, share))
    else:
        yield File(path_of(table), table)


def path_of(table: Table) -> str:
    """The name of a table's file."""
    return f"{table.name}.{table.part}" if table.part else table.name


def _completions(block: Block, table: Table) -> File:
    """Certificates as a learning system lists them: by mail, some private, with American days."""
    share = block.company["mess"]["private_mail"]
    private = Stream(block.seed, block.number, "mails").chance(np.full(table.rows, share))
    person, start, end = (table.columns[name] for name in ("person", "starts_on", "ends_on"))
    address = [f"p{block.prefix}{number}" for number in person.values.tolist()]
    work = table.columns["mail_domain"].values
    mails = [
        f"{who}@{'post' if own else at}.example" for who, own, at in zip(address, private.tolist(), work, strict=True)
    ]
    columns = {
        "Certificate No": table.columns["fact_id"], "Learner Email": texts(mails), "Course": table.columns["code"],
        "Passed On": days(start.values, DAY_PATTERNS[0]), "Expires": days(end.values, DAY_PATTERNS[0]),
        "Entered": table.columns["recorded_at"],
    }  # fmt: skip
    return File(f"{LEARNING}/completions", Table("credentials", columns))


def _accounts(block: Block, table: Table) -> File:
    """Customers as a CRM of German make exports them: Windows letters, semicolons, names that look like formulas."""
    names = [str(name) for name in table.columns["name"].values]
    names = [name if nth % 9 else name.replace("o", "ö", 1) for nth, name in enumerate(names)]
    for nth in range(min(len(names), block.company["mess"]["formulas"])):
        names[nth] = f"{'=+@'[nth % 3]}{names[nth]}"
    columns = {
        "Account": table.columns["customer"], "Account Name": texts(names), "Land": table.columns["country"],
        "Segment": table.columns["market"], "Kunde seit": days(table.columns["won_on"].values, DAY_PATTERNS[1]),
    }  # fmt: skip
    return File(f"{ACCOUNTS}/accounts", Table("customers", columns), ";", "cp1252")


def _reports(block: Block, table: Table) -> Iterator[File]:
    """What each distributor reports, in its own way of writing."""
    for nth, distributor in enumerate(block.company["distributors"]):
        rows = table.take(np.flatnonzero(table.columns["distributor"].values == distributor["key"]))
        comma = nth == 1
        paid, listed = (cents(rows.columns[name].values, comma=comma) for name in ("amount", "list_amount"))
        columns: dict[str, Column] = {
            "Line": rows.columns["fact_id"], "Invoice": rows.columns["invoice"], "Reseller": rows.columns["reseller"],
            "SKU": rows.columns["product"], "Ship Date": days(rows.columns["happened_on"].values, DAY_PATTERNS[nth % 3]),
            "Qty": cents(rows.columns["quantity"].values, comma=comma), "Extended": paid, "List": listed,
            "Currency": rows.columns["currency"], "Reported": rows.columns["recorded_at"],
        }  # fmt: skip
        short = distributor["key"].split("-")[0]
        how = (";", "cp1252") if comma else (",", "utf-8")
        yield File(f"{POINT_OF_SALE}/{short}", Table("point_of_sale", columns), *how)


def write_text(folder: Path, file: File, *, suffix: str = "") -> int:
    """Write a file of text, and return its rows."""
    path = folder / f"{file.path}{suffix}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    options = f"FORMAT csv, HEADER, DELIMITER '{file.delimiter}'"
    _copy(file.table, path, options)
    if file.encoding != "utf-8":
        path.write_bytes(path.read_bytes().decode("utf-8").encode(file.encoding, errors="replace"))
    return file.table.rows


def write_parquet(folder: Path, table: Table, *, part: str) -> int:
    """Write a part of a table into the folder of its name, and return its rows."""
    path = folder / table.name / f"{part}{table.part and '-' + table.part}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    _copy(table, path, "FORMAT parquet, COMPRESSION zstd")
    return table.rows


def _copy(table: Table, path: Path, options: str) -> None:
    shown = [(name, column) for name, column in table.columns.items() if name not in table.hidden]
    listed = ", ".join(f"{column.written(_quoted(name))} AS {_quoted(name)}" for name, column in shown)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.register("rows", {name: column.values for name, column in shown})
        connection.execute(f"COPY (SELECT {listed} FROM rows) TO {_literal(path)} ({options})")


def _quoted(name: str) -> str:
    return f'"{name}"'


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
