"""What a customer's file probably is: its table, its columns, how its days and numbers are written.

A guess is only a proposal, shown to a person who knows the file. What is not clear is left open: a day such as
03/04/2025 without any that says which part is the month is never decided here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from swingby.facts.contracts import TableContract
from swingby.facts.files import table_name
from swingby.facts.heads import Head
from swingby.facts.mapping import ColumnMapping, FileMapping
from swingby.facts.records import plain_name
from swingby.facts.translation import SERIAL, NumberFormat, date_pattern, number_format

#: What exports call our columns; the first that a file has counts.
SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "fact_id": ("id", "record_id", "external_id", "activity_id", "certificate_no", "opportunity_id", "line_id"),
    "happened_on": (
        "date",
        "ship_date",
        "day",
        "activity_date",
        "completed_at",
        "completed_on",
        "close_date",
        "invoice_date",
    ),
    "cancelled_on": ("cancelled_at", "cancellation_date"),
    "starts_on": ("start", "start_date", "issued_on", "issue_date", "valid_from", "hire_date", "completed_at"),
    "ends_on": ("end", "end_date", "expires", "expires_on", "expiry_date", "valid_to", "valid_until", "leave_date"),
    "joined_on": ("join_date", "joined", "start_date", "member_since"),
    "ended_on": ("end_date", "left_on"),
    "organization": ("partner", "partner_id", "account", "account_id", "company", "partner_account", "partner_name"),
    "reseller": ("reseller_name", "sold_by", "dealer", "partner_name"),
    "distributor": ("distributor_id", "distributor_name", "disti"),
    "person": ("email", "learner_email", "mail", "e_mail", "employee", "employee_id", "user", "contact"),
    "mail": ("email", "e_mail", "mail_address", "email_address"),
    "customer": ("customer_id", "end_customer", "client", "account_name"),
    "deal": ("opportunity_id", "deal_id", "opportunity", "deal_registration"),
    "code": ("course", "exam", "certification", "certificate", "course_code", "exam_code"),
    "kind": ("type", "activity", "activity_type", "category"),
    "stage": ("status", "deal_stage", "opportunity_stage"),
    "status": ("state",),
    "amount": ("value", "extended", "extended_amount", "revenue", "net_amount", "total", "price"),
    "currency": ("currency_code", "curr", "iso_code"),
    "list_amount": ("list_price",),
    "quantity": ("qty", "count", "units", "hours"),
    "product": ("sku", "item", "product_code", "part_number", "article"),
    "invoice": ("invoice_no", "invoice_number", "document_no"),
    "name": ("partner_name", "account_name", "company_name", "title"),
    "country": ("country_code",),
    "source": ("system",),
    "recorded_at": ("created_at", "created_on", "last_modified"),
}
_DATES: Final = ("DD.MM.YYYY", "MM/DD/YYYY", "DD/MM/YYYY", "DD-MM-YYYY", "YYYY/MM/DD", "DD-MON-YYYY", "MON D, YYYY")
_NUMBERS: Final = ("1,234.56", "1.234,56", "1 234,56", "1234,56")
_PLAIN_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)( ?%)?")
_TIME: Final = r"(?:[T ,]+\d{1,2}:\d{2}.*)?"
_SERIAL: Final = re.compile(r"[34]\d{4}(\.\d+)?")
_HEADER_LINES: Final = 20
#: Names as alike as this are taken for the same word.
_ALIKE: Final = 0.86
_MOSTLY: Final = 0.8


@dataclass(frozen=True, slots=True)
class Guess:
    """A proposal for one file.

    Attributes
    ----------
    mapping
        How it could be read.
    unclear
        Columns with days that could be read in two ways.
    missing
        Columns that every row must fill and that no column of the file seems to hold.
    """

    mapping: FileMapping
    unclear: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def guess_mapping(
    head: Head, tables: Mapping[str, TableContract], *, name: str, table: str | None = None
) -> Guess | None:
    """Propose how a file is read; None when it looks like no table at all.

    Parameters
    ----------
    head
        The file's first rows.
    tables
        Those of a program.
    name
        What the file is called; a file named after a table is one.
    table
        The table, when somebody said it.
    """
    named = table or table_name(Path(name).name.split(".")[0])
    chosen = [tables[named]] if named in tables else list(tables.values())
    found = max(((_fit(head, each), -place) for place, each in enumerate(chosen)), default=None)
    if found is None or (found[0][0] <= 0 and named not in tables):
        return None
    contract, line = chosen[-found[1]], found[0][2]
    columns = _columns(head.names(line), contract)
    dates, unclear = _dates(head, line, contract, columns)
    plan = FileMapping(
        read="*",
        table=contract.name,
        columns=tuple(ColumnMapping(ours, (head.rows[line - 1][place].strip(),)) for ours, place in columns.items()),
        sheet=head.sheet if len(head.sheets) > 1 else None,
        header_line=line if line > 1 else None,
        dates=dates,
        numbers=_numbers(head, line, contract, columns),
    )
    return Guess(plan, unclear, tuple(each for each in contract.required if each not in columns))


def _fit(head: Head, contract: TableContract) -> tuple[int, int, int]:
    """How well a table fits, best first: filled required columns weigh most; with the line of the header."""
    scored = []
    for line in range(1, min(_HEADER_LINES, len(head.rows)) + 1):
        columns = _columns(head.names(line), contract)
        required = sum(each in columns for each in contract.required)
        complete = required == len(contract.required)
        scored.append((required * 2 + len(columns) + 2 * complete if required else 0, -line))
    best = max(scored, default=(0, -1))
    return best[0], best[1], -best[1]


def _columns(names: Sequence[str], contract: TableContract) -> dict[str, int]:
    """Our column -> the place of theirs; exact names first, then what exports say, then names that look alike."""
    found: dict[str, int] = {}
    wanted = (*contract.required, *(ours for ours in contract.readable if ours not in (*contract.required, "fact_id")))
    for tells in (_same, _synonym, _alike):
        for ours in (*wanted, "fact_id") if contract.kind is not None else wanted:
            if ours not in found:
                place = tells(ours, names, set(found.values()))
                if place is not None:
                    found[ours] = place
    return {ours: found[ours] for ours in contract.readable if ours in found and ours != "reverses"}


def _same(ours: str, names: Sequence[str], taken: Collection[int]) -> int | None:
    return _first((ours,), names, taken)


def _synonym(ours: str, names: Sequence[str], taken: Collection[int]) -> int | None:
    return _first(SYNONYMS.get(ours, ()), names, taken)


def _first(words: Iterable[str], names: Sequence[str], taken: Collection[int]) -> int | None:
    places = (names.index(word) for word in words if word in names)
    return next((place for place in places if place not in taken), None)


def _alike(ours: str, names: Sequence[str], taken: Collection[int]) -> int | None:
    scored = [
        (SequenceMatcher(None, ours, name).ratio(), -place)
        for place, name in enumerate(names)
        if name and place not in taken
    ]
    best = max(scored, default=(0.0, 0))
    return -best[1] if best[0] >= _ALIKE else None


def _typed(contract: TableContract, columns: Mapping[str, int], types: Collection[str]) -> dict[str, int]:
    known = {column.name: column.type for column in contract.columns}
    return {ours: place for ours, place in columns.items() if known.get(ours) in types}


def _dates(
    head: Head, line: int, contract: TableContract, columns: Mapping[str, int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The patterns of days, and the columns of which two ways of reading fit."""
    patterns: dict[str, None] = {}
    unclear = []
    for ours, place in _typed(contract, columns, ("date",)).items():
        texts = [text for text in head.values(line, place) if not _PLAIN_DAY.fullmatch(text)]
        if not texts:
            continue
        fitting = [each for each in _DATES if _mostly(_is_day(text, each) for text in texts)]
        if _mostly(_SERIAL.fullmatch(text) is not None for text in texts):
            fitting = [SERIAL]
        if len(fitting) == 1:
            patterns[fitting[0]] = None
        elif fitting:
            unclear.append(ours)
    settled = [ours for ours in unclear if not any("/" in each for each in patterns)]
    return tuple(patterns), tuple(settled)


def _is_day(text: str, pattern: str) -> bool:
    """Whether a text is a day of a pattern, with a month and a day that there may be."""
    parts: list[str] = re.findall(r"YYYY|MON|MM|DD|D", pattern)
    match = re.fullmatch((date_pattern(pattern) or "") + _TIME, text, re.IGNORECASE)
    most = {"MM": 12, "DD": 31, "D": 31}
    return match is not None and all(
        int(match[place]) <= most.get(each, 9999) for place, each in enumerate(parts, 1) if each != "MON"
    )


def _mostly(found: Iterable[bool]) -> bool:
    """Nearly all: a file may hold bad rows, and is still what it is."""
    listed = list(found)
    return sum(listed) >= _MOSTLY * len(listed)


def _numbers(head: Head, line: int, contract: TableContract, columns: Mapping[str, int]) -> NumberFormat:
    """How numbers are written; plainly, unless all that are not plain agree on another way."""
    numeric = _typed(contract, columns, ("number", "amount", "percent")).values()
    texts = [text for place in numeric for text in head.values(line, place) if not _PLAIN_NUMBER.fullmatch(text)]
    units = _units(texts)
    bare = [_without(text, units) for text in texts]
    for example in _NUMBERS if texts else ():
        found = number_format(example, units)
        if found is not None and _mostly(_fits(text, found) for text in bare):
            return found
    return number_format("1234.56", units) or NumberFormat()


def _units(texts: Iterable[str]) -> tuple[str, ...]:
    """Currency signs and codes that stand beside numbers."""
    found = (re.match(r"[-(]?([$€£¥]|[A-Z]{3}) ?\d|.*\d ?([$€£¥]|[A-Z]{3})\)?$", text) for text in texts)
    return tuple(dict.fromkeys(match[1] or match[2] for match in found if match))


def _without(text: str, units: Iterable[str]) -> str:
    for unit in units:
        text = text.replace(unit, "")
    return text.strip(" -+()%")


def _fits(text: str, how: NumberFormat) -> bool:
    mark, point = re.escape(how.thousands), re.escape(how.point)
    grouped = rf"\d{{1,3}}({mark}\d{{3}})+|\d+" if how.thousands else r"\d+"
    return re.fullmatch(rf"({grouped})({point}\d*)?", text) is not None


def known_names(mapping: FileMapping) -> frozenset[str]:
    """The names of a file's columns that a mapping reads; a file that has them all is one of the same kind."""
    return frozenset(plain_name(source) for each in mapping.columns for source in each.sources)
