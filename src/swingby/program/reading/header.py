"""Reading the header of a program."""

from __future__ import annotations

import re
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from swingby.program.model import Header
from swingby.program.reading.nodes import Node
from swingby.program.reading.reader import Fields, Reader
from swingby.program.reading.scalars import COUNT, DAY, TEXT, choice, from_text
from swingby.program.reading.shapes import Construct, Key
from swingby.program.reading.shapes import Literal as LiteralForm

LANGUAGE_VERSIONS: Final = (1,)
_ID_PATTERN: Final = r"[a-z][a-z0-9_-]*"
_CURRENCY_PATTERN: Final = r"[A-Z]{3}"


def _matching(pattern: str, text: str) -> str | None:
    return text if re.fullmatch(pattern, text) else None


PROGRAM_ID: Final = from_text(
    "a program id",
    lambda text: _matching(_ID_PATTERN, text),
    LiteralForm("id", pattern=f"^{_ID_PATTERN}$"),
    hint="Write lower case letters, digits and hyphens.",
    code="name-shape",
)
CURRENCY_CODE: Final = from_text(
    "a currency",
    lambda text: _matching(_CURRENCY_PATTERN, text),
    LiteralForm("currency", pattern=f"^{_CURRENCY_PATTERN}$"),
    hint="Write its three capital letters, as USD.",
    code="currency-shape",
)
ID: Final = Key("id", PROGRAM_ID, "the program's name for machines", required=True)
LABEL: Final = Key("label", TEXT, "the program's name for people", default="the id")
LANGUAGE: Final = Key("language", COUNT, "the version of this language", default="1")
VERSION: Final = Key("version", TEXT, "the version of the program", required=True)
EFFECTIVE: Final = Key("effective", DAY, "the first day on which the version holds", required=True)
CURRENCY: Final = Key("currency", CURRENCY_CODE, "what amounts are converted to", required=True)
ANNOUNCED: Final = Key("announced", DAY, "when partners are told")
SHADOW_FROM: Final = Key("shadow_from", DAY, "from when it is computed beside the version in force")
PROTECTED: Final = Key("protected_through", DAY, "no demotion takes effect up to this day")
TIME_ZONE: Final = Key("time_zone", TEXT, "where days begin and end", default="UTC")
ROLL_UP: Final[Key[Literal["nearest", "own", "tree"]]] = Key(
    "roll_up",
    choice("a way up the tree", ("nearest", "own", "tree")),
    "who gets the facts of an organization: the nearest enrolled at or above it, only itself, or every enrolled one above",
    default="nearest",
)
HEADER_MAP: Final = Construct(
    "program",
    "Who the program is and when it holds.",
    (ID, LABEL, LANGUAGE, VERSION, EFFECTIVE, CURRENCY, ANNOUNCED, SHADOW_FROM, PROTECTED, TIME_ZONE, ROLL_UP),
)


def read_header(node: Node, reader: Reader) -> Header | None:
    """What stands under ``program``."""
    fields = reader.fields(node, HEADER_MAP)
    if fields is None:
        return None
    found, version = fields.get(ID), fields.get(VERSION)
    effective, currency = fields.get(EFFECTIVE), fields.get(CURRENCY)
    if found is None or version is None or effective is None or currency is None:
        return None
    return Header(
        id=found,
        label=fields.get(LABEL) or found,
        language=_language(fields),
        version=version,
        effective=effective,
        currency=currency,
        announced=fields.get(ANNOUNCED),
        shadow_from=fields.get(SHADOW_FROM),
        protected_through=fields.get(PROTECTED),
        time_zone=_time_zone(fields),
        roll_up=fields.get(ROLL_UP) or "nearest",
        location=node.location,
    )


def _language(fields: Fields) -> int:
    language = fields.get(LANGUAGE) or 1
    if language not in LANGUAGE_VERSIONS:
        place = fields.node.get(LANGUAGE.name) or fields.node
        message = f"This release does not read language {language}."
        fields.reader.error(place, "language-unknown", message, "Write language: 1 or use a later release.")
    return language


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _time_zone(fields: Fields) -> str:
    zone = fields.get(TIME_ZONE) or "UTC"
    if not _is_time_zone(zone):
        place = fields.node.get(TIME_ZONE.name) or fields.node
        fields.reader.error(
            place, "time-zone-shape", f'"{zone[:60]}" is not a time zone.', "Write one as Europe/Berlin or UTC."
        )
    return zone
