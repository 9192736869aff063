"""What somebody sets when planning an experiment, and the design that this makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from secrets import randbelow

from swingby.insight import Act, Design, Outcome
from swingby.values import add_months
from swingby.web.clock import today
from swingby.web.domain.cards.answering import act_of
from swingby.web.domain.cards.questions import ACT, OUTCOME, PART
from swingby.web.domain.cards.settings import Setting, SettingsError, read_settings

MOST_SEED = 999_999_999
MOST_WAVES, MOST_MONTHS_BETWEEN, MOST_MONTHS_BEFORE = 12, 24, 36
#: Less than so many days before the first of a month is too late to invite anybody for it.
TO_INVITE = 14
BY_ITSELF = ("", "Nothing: it comes to them by itself")
START = Setting(
    name="start",
    label="The first wave begins on",
    sort="day",
    default="start",
    hint="The first day of a month to come.",
)
SEED = Setting(
    name="seed",
    label="Seed of the lot",
    sort="count",
    optional=True,
    least=0,
    most=MOST_SEED,
    hint="A number that nobody can choose, such as that of a lottery on a day agreed before. Left empty, it is drawn when you send this.",
)
PLANNED: tuple[Setting, ...] = (
    replace(
        ACT,
        label="What partners are invited to do",
        optional=True,
        hint="Who did it already takes no part. The list comes from your records.",
    ),
    Setting(
        name="said",
        label="How the card calls it",
        sort="words",
        optional=True,
        hint="As in a sentence: the new onboarding. Needed where it comes by itself.",
    ),
    replace(OUTCOME, label="What it should raise"),
    START,
    Setting(
        name="waves", label="Waves", sort="count", default="2", least=2, most=MOST_WAVES, hint="Two are usual: drawn, and waiting."
    ),
    Setting(
        name="every",
        label="Months between two waves",
        sort="count",
        default="6",
        most=MOST_MONTHS_BETWEEN,
        hint="When the last wave begins nobody waits any more, and the comparison ends.",
    ),
    Setting(
        name="before",
        label="Months before that are held against it",
        sort="count",
        default="12",
        most=MOST_MONTHS_BEFORE,
        hint="Twelve are usual. Who was not in the program in all of them takes no part.",
    ),
    PART,
    SEED,
)  # fmt: skip
NAMES = tuple(setting.name for setting in PLANNED)


def usual_start() -> date:
    """The first month that leaves time to invite."""
    day = today()
    coming = add_months(day.replace(day=1), 1)
    return coming if (coming - day).days >= TO_INVITE else add_months(coming, 1)


def read_design(written: Mapping[str, str]) -> dict[str, str]:
    """What was written, each in one form; a seed that was left empty is drawn.

    Raises
    ------
    SettingsError
        With what is wrong, by name of the setting.
    """
    settings = read_settings(PLANNED, written)
    wrong = _wrong(settings)
    if wrong:
        raise SettingsError(wrong)
    return {**settings, "seed": settings["seed"] or str(randbelow(MOST_SEED + 1))}


def _wrong(settings: Mapping[str, str]) -> dict[str, str]:
    wrong, start = {}, date.fromisoformat(settings["start"])
    if start.day != 1:
        wrong["start"] = f"{START.label}: it begins a month. Write {start.replace(day=1)} or another first day."
    elif start <= today():
        wrong["start"] = (
            f"{START.label}: this day has come. A plan is made before anybody can look; choose a month to come."
        )
    if not settings["act"] and not settings["said"]:
        wrong["said"] = "How the card calls it: what comes to partners by itself has to be named."
    return wrong


def design_of(settings: Mapping[str, str]) -> Design:
    """The design that settings make."""
    return Design(
        act=act_of(settings) if settings["act"] else Act("", settings["said"], {}),
        outcome=Outcome(settings["outcome"]),
        start=date.fromisoformat(settings["start"]),
        waves=int(settings["waves"]),
        every=int(settings["every"]),
        seed=int(settings["seed"]),
        before=int(settings["before"]),
        parts=(settings["part"],) if settings["part"] else (),
    )
