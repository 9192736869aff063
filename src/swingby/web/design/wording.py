"""Numbers, amounts and states as words of the reader's language."""

from datetime import date
from decimal import Decimal

from django.utils import formats
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from swingby.web.design.parts import Gate, LineState, State
from swingby.web.rounding import short, short_beside, short_line

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"

STATE_WORDS: dict[State, str | LazyText] = {
    "met": gettext_lazy("Met"),
    "unmet": gettext_lazy("Not yet"),
    "unknown": gettext_lazy("Not known yet"),
    "aside": gettext_lazy("Not needed"),
}
STATE_ICONS: dict[State, str] = {"met": "check", "unmet": "lock", "unknown": "circle-question-mark", "aside": "minus"}

LINE_WORDS: dict[LineState, str | LazyText] = {
    "counted": "",
    "pending": gettext_lazy("waits for checking, usually 2 days"),
    "returned": gettext_lazy("returned to you for correction"),
    "declined": gettext_lazy("declined"),
    "expired": gettext_lazy("expired"),
    "reversed": gettext_lazy("taken back"),
}


def number_words(value: Decimal | int | None, unit: str = "") -> str:
    """A number without trailing zeros, with its unit; a dash when it is not known."""
    if value is None:
        return "\N{EN DASH}"
    text = formats.number_format(plain(Decimal(value)), use_l10n=True, force_grouping=True).replace("-", MINUS)
    if not unit:
        return text
    return f"{text}{NO_BREAK}%" if unit == "%" else f"{unit}{NO_BREAK}{text}"


def ratio_words(value: Decimal | None) -> str:
    """A number with two decimals, so that those of a column stand under one another."""
    if value is None:
        return number_words(None)
    return formats.number_format(value, decimal_pos=2, use_l10n=True, force_grouping=True).replace("-", MINUS)


def figure_words(value: Decimal | None, unit: str = "") -> str:
    """A number short enough for a tile: to a hundredth, from a thousand on whole, from a million on with a word for the size."""
    for size, word in ((Decimal(10) ** 12, _("T")), (Decimal(10) ** 9, _("B")), (Decimal(10) ** 6, _("M"))):
        if value is not None and abs(value) >= size:
            return f"{number_words(round(value / size, 2), unit)}{NO_BREAK}{word}"
    if value is not None:
        value = round(value, 0 if abs(value) >= 1000 else 2)  # noqa: PLR2004 (as said)
    return number_words(value, unit)


def signed_words(value: Decimal | None) -> str:
    """A number with its sign, so that what was earned and what was taken read apart."""
    if value is None:
        return ""
    return f"+{number_words(short(value))}" if value > 0 else number_words(short(value))


def day_words(day: date) -> str:
    """A day without its year, as the reader's language writes it."""
    return formats.date_format(day, "MONTH_DAY_FORMAT")


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


def amount_words(gate: Gate) -> str:
    """What is held beside what is asked: "2 of 3", "54 %, needs 60 %", "12, at most 10"."""
    if gate.threshold is None:
        return number_words(short(gate.value), gate.unit) if gate.value is not None else ""
    if gate.value is None:
        return asked_words(gate, number_words(short_line(gate.threshold), gate.unit))
    value, threshold = (number_words(each, gate.unit) for each in short_beside(gate.value, gate.threshold))
    beside = {
        "at_most": _("%(value)s, at most %(threshold)s"),
        "below": _("%(value)s, less than %(threshold)s"),
        "above": _("%(value)s, more than %(threshold)s"),
    }
    usual = _("%(value)s, needs %(threshold)s") if gate.unit == "%" else _("%(value)s of %(threshold)s")
    return beside.get(gate.comparison, usual) % {"value": value, "threshold": threshold}


def asked_words(gate: Gate, threshold: str) -> str:
    """What is asked when what is held is not known."""
    words = {
        "at_most": _("at most %(threshold)s"),
        "below": _("less than %(threshold)s"),
        "above": _("more than %(threshold)s"),
    }
    if gate.comparison in words:
        return words[gate.comparison] % {"threshold": threshold}
    return _("needs %(threshold)s") % {"threshold": threshold}


def initials_of(name: str) -> str:
    """The first letters of the first and last word of a name."""
    words = name.split()
    ends = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in ends).upper()
