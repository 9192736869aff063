"""Writes a whole example: its facts block by block, the program beside it, and what translates messy files."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from swingby.errors import SwingbyError
from swingby.generation.archetypes import Company, read_company
from swingby.generation.blocks import draw_tables
from swingby.generation.calendar import months_of
from swingby.generation.catalogue import catalogue_tables
from swingby.generation.money import draw_rates
from swingby.generation.partners import draw_block
from swingby.generation.writing import (
    ACCOUNTS,
    LEARNING,
    POINT_OF_SALE,
    File,
    as_exports,
    path_of,
    write_parquet,
    write_text,
)
from swingby.program import FACT_KINDS, NAME_TABLES, REFERENCE_TABLES

Format = Literal["csv", "parquet"]
#: Companies of the size of the file that are drawn together; what a block holds fits into memory.
COMPANIES_IN_A_BLOCK = 5
#: From more partners on, files are Parquet unless said otherwise.
TEXT_UP_TO = 4000
#: Files beside the archetypes that belong to the example.
BESIDE = ("program", "versions", "mapping.yaml")


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written: rows by table, and for how many partners."""

    folder: Path
    seed: str
    partners: int
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Order:
    """What one process needs to write a block."""

    archetypes: Path
    truth: bool
    seed: str
    folder: Path
    written: Format
    number: int
    first: int
    sizes: tuple[int, ...]
    only: bool


#: The example companies of a source tree; an installation without it names its own.
EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def generate_example(
    folder: Path,
    *,
    archetypes: Path | None = None,
    seed: str | None = None,
    partners: int | None = None,
    activities: int | None = None,
    truth: bool = True,
    written: Format | None = None,
    processes: int | None = None,
) -> Summary:
    """Write an example company to a folder; the same seed gives the same bytes, with any number of processes.

    Parameters
    ----------
    archetypes
        The company's file; the first company of the source tree's examples by default. The program, its versions and the
        mapping that stand beside it are copied.
    seed
        Another seed than the company's own.
    partners
        Another number of partners, in the same proportions.
    activities
        About so many activities, in place of a number of partners.
    truth
        False plants no effects.
    written
        ``csv``, with the mess of several systems, or ``parquet``, plain tables; by size by default.
    processes
        How many blocks are drawn at a time; by default one for each processor.

    Raises
    ------
    SwingbyError
        ``archetypes`` when that file cannot be read.
    """
    described = archetypes or _first_company()
    company = read_company(described, truth=truth)
    count = partners or (max(1, round(activities / company["activities_each"])) if activities else company.size)
    form: Format = written or ("csv" if count <= TEXT_UP_TO else "parquet")
    _make_room(folder)
    orders = [
        Order(described, truth, seed or company.seed, folder, form, number, first, sizes, count <= _block_size(company))
        for number, (first, sizes) in enumerate(_blocks(company, count))
    ]
    rows = Counter(_write_catalogue(company, orders[0]))
    for written_rows in _each(orders, processes or os.cpu_count() or 1):
        rows.update(written_rows)
    _copy_beside(described.parent, folder, form)
    return Summary(folder, orders[0].seed, count, dict(sorted(rows.items())))


def _first_company() -> Path:
    found = sorted(EXAMPLES.glob("*/archetypes.yaml"))
    if not found:
        raise SwingbyError(
            code="archetypes",
            message=f"There is no example company under {EXAMPLES}.",
            hint="Name a file of archetypes.",
        )
    return found[0]


def _block_size(company: Company) -> int:
    return COMPANIES_IN_A_BLOCK * company.size


def _blocks(company: Company, count: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """First partner and sizes of each block: whole companies, the last one perhaps a part."""
    for first in range(0, count, _block_size(company)):
        here = min(_block_size(company), count - first)
        whole, rest = divmod(here, company.size)
        yield first, (*[company.size] * whole, *([rest] if rest else []))


def _each(orders: list[Order], processes: int) -> Iterator[Mapping[str, int]]:
    """Write the blocks, several at a time if there are several."""
    if len(orders) == 1 or processes == 1:
        yield from map(_write_block, orders)
        return
    # A process that was forked would share the threads of the database.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(processes, len(orders)), mp_context=context) as pool:
        yield from pool.map(_write_block, orders)


def _write_block(order: Order) -> Mapping[str, int]:
    company = read_company(order.archetypes, truth=order.truth)
    block = draw_block(company, order.seed, order.number, order.first, order.sizes)
    rates = draw_rates(company, block.months, order.seed)
    rows: Counter[str] = Counter()
    part = f"part-{order.number:04}"
    for table in draw_tables(block, rates):
        if order.written == "parquet":
            if table.name != "mails" and table.part != "typed":
                rows[table.name] += write_parquet(order.folder, table, part=part)
            continue
        for file in as_exports(block, table):
            rows[table.name] += write_text(order.folder, file, suffix="" if order.only else f".{part}")
    return rows


def _write_catalogue(company: Company, order: Order) -> Mapping[str, int]:
    months = months_of(company)
    rows: Counter[str] = Counter()
    for table in catalogue_tables(company, months, draw_rates(company, months, order.seed)):
        if order.written == "parquet":
            rows[table.name] += write_parquet(order.folder, table, part="part")
        else:
            rows[table.name] += write_text(order.folder, File(path_of(table), table))
    return rows


def _make_room(folder: Path) -> None:
    """Take away what an earlier run wrote; anything else in the folder stays."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = [*FACT_KINDS, *REFERENCE_TABLES, *NAME_TABLES]
    for path in sorted(folder.iterdir()):
        ours = path.name.split(".")[0] in tables and path.suffix == ".csv"
        if path.is_dir() and path.name in {*tables, *BESIDE, ACCOUNTS, LEARNING, POINT_OF_SALE}:
            shutil.rmtree(path)
        elif path.is_file() and (ours or path.name in BESIDE):
            path.unlink()


def _copy_beside(source: Path, folder: Path, written: Format) -> None:
    for name in BESIDE:
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name)
        elif (source / name).is_file() and written == "csv":
            shutil.copy(source / name, folder / name)
