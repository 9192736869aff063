"""What somebody sets when asking: one setting with its default, and how what was written is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from swingby.web.domain.errors import RefusedError

Sort = Literal["day", "count", "share", "money", "choice", "act", "version", "experiment", "yes", "words"]
LONGEST = 120
#: Numbers larger than these are slips.
MOST_COUNT = 3_650
MOST_MONEY = Decimal("1e12")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that a question needs to know.

    Parameters
    ----------
    default
        What stands in the form at first; of days, ``begin`` and ``end`` mean the usual span.
    choices
        Values with their words.
    least
        The smallest number that makes sense.
    """

    name: str
    label: str
    sort: Sort
    default: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    least: int = 1
    most: int = MOST_COUNT


class SettingsError(RefusedError):
    """What was set cannot be: each name with what is wrong."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__(" ".join(wrong.values()))
        self.wrong = dict(wrong)


def read_settings(settings: Sequence[Setting], written: Mapping[str, str]) -> dict[str, str]:
    """What was written, each in one form, or everything that is wrong with it."""
    values, wrong = {}, {}
    for setting in settings:
        text = written.get(setting.name, "").strip()
        try:
            values[setting.name] = _read(setting, text)
        except RefusedError as error:
            wrong[setting.name] = str(error)
    if wrong:
        raise SettingsError(wrong)
    return values


def _read(setting: Setting, text: str) -> str:
    if not text:
        if setting.optional or setting.sort == "yes":
            return ""
        raise RefusedError(f"{setting.label}: this is missing.")
    if len(text) > LONGEST:
        raise RefusedError(f"{setting.label}: at most {LONGEST} characters.")
    if setting.sort == "day":
        return _day(setting, text)
    if setting.sort in ("count", "share", "money"):
        return _number(setting, text)
    if setting.sort == "choice" and text not in dict(setting.choices):
        raise RefusedError(f"{setting.label}: choose one of the list.")
    return text


def _day(setting: Setting, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise RefusedError(f"{setting.label}: this is no day. Write it as 2026-03-31.") from error


def _number(setting: Setting, text: str) -> str:
    try:
        number = Decimal(text.replace(",", "").removesuffix("%").strip())
    except InvalidOperation as error:
        raise RefusedError(f"{setting.label}: this is no number.") from error
    wrong = next(_wrong(setting, number), None)
    if wrong:
        raise RefusedError(f"{setting.label}: {wrong}")
    return format(number, "f")


def _wrong(setting: Setting, number: Decimal) -> Iterator[str]:
    if not number.is_finite():
        yield "this is no number."
    elif setting.sort == "share" and not 0 < number < 100:  # noqa: PLR2004 (per cent)
        yield "write a number of per cent above 0 and below 100."
    elif setting.sort == "money" and not 0 < number <= MOST_MONEY:
        yield "write an amount above 0."
    elif setting.sort == "count" and (number != int(number) or not setting.least <= number <= setting.most):
        yield f"write a whole number from {setting.least} to {setting.most}."
