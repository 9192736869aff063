"""The questions that can be asked in the application: in whose words, with which settings, and what they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from swingby.insight import Outcome
from swingby.web.domain.cards.settings import Setting

READINESS = "readiness"
FIRST = Setting(name="first", label="From", sort="day", default="begin", hint="It begins a month.")
LAST = Setting(name="last", label="To", sort="day", default="end", hint="The last day that counts.")
PART = Setting(
    name="part",
    label="Whose deals count",
    sort="choice",
    optional=True,
    default="seller",
    choices=(
        ("", "Everybody with a part in a deal"),
        ("seller", "Who sold it"),
        ("source", "Who brought it"),
        ("deliverer", "Who delivered it"),
    ),
    hint="Otherwise a deal also counts for a partner whose part had nothing to do with its size.",
)
ACT = Setting(
    name="act",
    label="What partners did",
    sort="act",
    hint="The list comes from your records: how many partners began with it, and how many never did.",
)
SAID = Setting(
    name="said",
    label="How the card calls it",
    sort="words",
    optional=True,
    hint="As in a sentence: the first advanced engineer. Left empty, it is called as in the list.",
)
OUTCOME = Setting(
    name="outcome",
    label="What it should have raised",
    sort="choice",
    default=str(Outcome.DEAL_SIZE),
    choices=(
        (str(Outcome.DEAL_SIZE), "The size of deals"),
        (str(Outcome.WIN_RATE), "How many deals are won"),
        (str(Outcome.REVENUE), "Revenue"),
        (str(Outcome.ANY_SALE), "Months with a sale"),
    ),
)
PAYS_BY = Setting(**{name: getattr(OUTCOME, name) for name in ("name", "label", "sort", "default")}, choices=OUTCOME.choices[:3])  # fmt: skip
EXPERIMENT = Setting(name="experiment", label="Which experiment", sort="experiment", hint="Those that are planned.")
ADJUSTED = Setting(
    name="adjusted",
    label="Compare partners of the same size, age, number of deals and region",
    sort="yes",
    hint="Left out, they are compared with everybody who had not done it yet.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question on the page where one chooses.

    Parameters
    ----------
    label, lead
        What a person asks, and what the answer says.
    settings
        What is to be set.
    can_be_shared
        Whether a partner may read the answer: one that names partners, or tells of a few, stays ours.
    """

    key: str
    label: str
    lead: str
    icon: str
    settings: tuple[Setting, ...]
    can_be_shared: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its settings."""
        return tuple(setting.name for setting in self.settings)


_ALL = (
    Asked(
        key="effect",
        label="Did it work?",
        lead="Whether something that partners did raised deal size, win rate or revenue, beyond what they would have done anyway.",
        icon="trending-up",
        settings=(ACT, SAID, OUTCOME, FIRST, LAST, PART, ADJUSTED),
        can_be_shared=True,
    ),
    Asked(
        key="experiment",
        label="What does the lot show?",
        lead="What partners that were drawn by lot gained over those that wait, as often as you like, and whether to go on.",
        icon="dices",
        settings=(
            EXPERIMENT,
            replace(
                LAST, optional=True, default="", hint="Left empty, up to the last whole month in which a deal is known."
            ),
        ),
        can_be_shared=True,
    ),
    Asked(
        key="return",
        label="Does it pay?",
        lead="What it adds to margin against what it costs in fees, discounts and time.",
        icon="scale",
        settings=(
            ACT,
            SAID,
            PAYS_BY,
            FIRST,
            LAST,
            PART,
            Setting(
                name="margin",
                label="Of revenue stays, per cent",
                sort="share",
                optional=True,
                hint="Left empty, it is read from the lines of won deals.",
            ),
            Setting(
                name="each",
                label="What each partner that did it cost",
                sort="money",
                optional=True,
                hint="Fees and the like. Left empty, none.",
            ),
            Setting(
                name="granted",
                label="Share of their sales that is granted for it, per cent",
                sort="share",
                optional=True,
                hint="A discount or funds. Left empty, none.",
            ),
            Setting(
                name="hours", label="Hours that each spent on it", sort="count", optional=True, hint="Left empty, none."
            ),
            Setting(
                name="hour", label="What an hour costs", sort="money", optional=True, hint="Needed where hours are."
            ),
        ),
    ),
    Asked(
        key="change",
        label="What did the new version do?",
        lead="What its rules alone would have moved, what partners did since, and what else changed.",
        icon="file-diff",
        settings=(
            Setting(name="version", label="Which version", sort="version", hint="It is held against the one before."),
            OUTCOME,
            FIRST,
            LAST,
            PART,
            Setting(
                name="line",
                label="A line of sales in a year that it draws",
                sort="money",
                optional=True,
                hint="Left empty, no line is looked at.",
            ),
        ),
        can_be_shared=True,
    ),
    Asked(
        key="anyway",
        label="Would we have won it anyway?",
        lead="How often partners win deals that direct sales would have lost, against direct deals that were like them.",
        icon="handshake",
        settings=(
            FIRST,
            LAST,
            PART,
            Setting(
                name="origin",
                label="The column that says where a deal came from",
                sort="words",
                optional=True,
                hint="As your program calls it in its deals. Left empty, the answer is never more than not shown.",
            ),
            Setting(
                name="within",
                label="A partner came in within, days",
                sort="count",
                default="7",
                least=0,
                most=90,
                hint="One that came later came to a deal that was under way, and does not count.",
            ),
        ),
    ),
    Asked(
        key="exposure",
        label="How exposed are we?",
        lead="How much hangs on a few partners, and whose agreement ends soon.",
        icon="users",
        settings=(
            LAST,
            Setting(name="years", label="Years looked at", sort="count", default="3", most=20, hint="Three are usual."),
            Setting(
                name="soon",
                label="An agreement ends soon within, months",
                sort="count",
                default="12",
                least=0,
                most=120,
                hint="Twelve are usual.",
            ),
            PART,
        ),
    ),
    Asked(
        key="staying",
        label="Do they stay?",
        lead="How long partners or customers stay, and whether something goes with staying longer.",
        icon="hourglass",
        settings=(
            Setting(
                name="of",
                label="Who stays",
                sort="choice",
                default="customers",
                choices=(("customers", "Customers, subscribed"), ("partners", "Partners, in the program")),
            ),
            FIRST,
            LAST,
            Setting(
                name="by",
                label="Apart by",
                sort="choice",
                optional=True,
                choices=(
                    ("", "All together"),
                    ("region", "Region"),
                    ("country", "Country"),
                    ("agreement", "With and without an agreement"),
                ),
                hint="What is known on the first day.",
            ),
        ),
        can_be_shared=True,
    ),
    Asked(
        key="signs",
        label="Who will stay?",
        lead="Which early sign tells which customers stay, chosen among earlier ones and judged on later ones.",
        icon="eye",
        settings=(
            FIRST,
            LAST,
            Setting(name="within", label="Signs of the first days", sort="count", default="60", hint="60 are usual."),
            Setting(
                name="horizon",
                label="Who stayed is known after, days",
                sort="count",
                default="395",
                least=2,
                hint="395 lie just beyond a yearly renewal.",
            ),
        ),
        can_be_shared=True,
    ),
    Asked(
        key="value",
        label="What are partners worth?",
        lead="What partners will bring, and how far such a forecast was off before.",
        icon="gem",
        settings=(
            FIRST,
            LAST,
            Setting(name="months", label="Months ahead", sort="count", default="12", most=60, hint="Twelve are usual."),
            Setting(
                name="margin",
                label="Of revenue stays, per cent",
                sort="share",
                optional=True,
                hint="Left empty, revenue is told.",
            ),
            Setting(
                name="discount",
                label="What a year of waiting costs, per cent",
                sort="share",
                default="10",
                hint="10 are usual.",
            ),
            Setting(
                name="manner",
                label="How they buy",
                sort="choice",
                default="any-day",
                choices=(
                    ("any-day", "On any day"),
                    ("monthly", "At most once a month"),
                    ("quarterly", "At most once a quarter"),
                    ("yearly", "At most once a year"),
                    ("contract", "By contracts that are renewed each year"),
                ),
                hint="It says which models are tried.",
            ),
            PART,
        ),
    ),
    Asked(
        key="forecast",
        label="What comes next?",
        lead="What partners will win in the next months, with the same months of a year before beside it.",
        icon="chart-line",
        settings=(
            FIRST,
            LAST,
            Setting(
                name="months", label="Months ahead", sort="count", default="3", most=12, hint="A quarter is usual."
            ),
            PART,
        ),
    ),
    Asked(
        key="gaming",
        label="Was a line reached by its last days?",
        lead="Who ended just above it, and what of the last days did not last. A sign is a reason to ask, and no proof.",
        icon="flag",
        settings=(
            Setting(name="line", label="What had to be won in the year", sort="money", hint="As 150000."),
            LAST,
            Setting(
                name="late", label="Last days for deals", sort="count", default="5", most=90, hint="Five are usual."
            ),
            PART,
        ),
    ),
)
QUESTIONS: Mapping[str, Asked] = {asked.key: asked for asked in _ALL}
LOOK = Asked(
    key=READINESS,
    label="Which questions can your data answer?",
    lead="What is there for each question, what is missing, and since when.",
    icon="list-checks",
    settings=(FIRST, LAST),
)


def question_of(key: str) -> Asked | None:
    """The question with this key, readiness among them."""
    return LOOK if key == READINESS else QUESTIONS.get(key)


#: The check of readiness that stands behind a question: by outcome where there is one.
_BY_OUTCOME = {
    str(Outcome.DEAL_SIZE): "effect on deal size",
    str(Outcome.WIN_RATE): "effect on win rate",
    str(Outcome.REVENUE): "effect on revenue",
    str(Outcome.ANY_SALE): "effect on revenue",
}
_CHECKS = {
    "anyway": "won without a partner",
    "exposure": "exposure",
    "forecast": "next quarter",
    "signs": "early signs of staying",
}


def check_behind(question: str, settings: Mapping[str, str]) -> str:
    """Which line of readiness says whether a question can be asked; empty where none does."""
    if question == "effect":
        return _BY_OUTCOME[settings["outcome"]]
    if question == "staying":
        return f"how long {settings['of']} stay"
    return _CHECKS.get(question, "")
