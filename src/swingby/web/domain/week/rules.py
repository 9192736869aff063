"""The rules of the week, all in this place: what makes a partner a row, what is lost by waiting, and what to say.

A rule reads what is known of one partner (`Known`) and gives a `Matter` or nothing. It names one fact and one date, and
how much is at stake: a share of the partner's worth. What is lost by waiting another week is that share, more the nearer
the day is after which nothing helps; see `loss_of_waiting`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

#: Something that ends within so many days is worth a word now.
AHEAD_DAYS = 90
#: Quiet: no activity of theirs for so long, where there were some before.
QUIET_DAYS, BUSY_BEFORE = 90, 4
#: A promise of the period that runs is worth a word when its end is so near.
PERIOD_ENDS_DAYS = 30
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one partner on a day; counts and days only, nothing that needs the database."""

    enrolment: str
    name: str
    today: date
    tier: str = ""
    worth: Decimal | None = None
    loses_on: date | None = None
    #: What the tier held will miss at that review, in words.
    will_miss: tuple[str, ...] = ()
    #: Certificates that end within AHEAD_DAYS: of how many people, the first day, and how many people hold any.
    lapsing_people: int = 0
    lapses_on: date | None = None
    certified_people: int = 0
    #: The partner's own promises: those missed in the period before, and those open in the one that runs.
    missed: tuple[str, ...] = ()
    missed_on: date | None = None
    open_promises: tuple[str, ...] = ()
    open_until: date | None = None
    #: Activities of the partner: the newest, and how many in the year before the quiet.
    last_activity: date | None = None
    busy_before: int = 0
    #: Reports that wait for us: how many, the first day by which an answer is due.
    waiting_reports: int = 0
    waiting_deals: int = 0
    answer_due: date | None = None
    #: Our own promises that were missed in the period before.
    ours_missed: tuple[str, ...] = ()
    ours_missed_on: date | None = None
    #: Subscriptions of their customers that end within AHEAD_DAYS.
    renewals: int = 0
    renewal_on: date | None = None
    renewal_amount: Decimal | None = None
    last_touch: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Why a partner is worth a word: one fact, one date, what to say, and what hangs on it.

    Attributes
    ----------
    acts_until
        The last day on which acting still helps; None when each day is as late as the next.
    share
        Of the partner's worth, how much is at stake.
    about
        What tells this matter from the next of its rule, so that one that was dealt with stays away and a new one comes.
    """

    rule: str
    fact: str
    on: date
    say: str
    acts_until: date | None
    share: Decimal
    about: str
    amount: Decimal | None = None


Rule = Callable[[Known], Matter | None]


def unanswered(known: Known) -> Matter | None:
    """A report or a registered deal of theirs waits for us, and its answer is late or due tomorrow."""
    due, waiting = known.answer_due, known.waiting_reports + known.waiting_deals
    if not waiting or due is None or due > known.today + timedelta(days=1):
        return None
    what = _waiting_words(known.waiting_reports, known.waiting_deals)
    late = (known.today - due).days
    fact = f"{what} for our answer, {_days(late)} late" if late > 0 else f"{what} for our answer"
    say = "Answer before anything else, then say when they will hear from us next."
    return Matter(
        rule="unanswered", fact=fact, on=due, say=say, acts_until=due, share=Decimal("0.05"), about=due.isoformat()
    )


def _waiting_words(reports: int, deals: int) -> str:
    if reports and deals:
        return f"{reports + deals} reports and registered deals wait"
    one, many = ("report", "reports") if reports else ("registered deal", "registered deals")
    return f"A {one} waits" if reports + deals == 1 else f"{reports + deals} {many} wait"


def drops(known: Known) -> Matter | None:
    """The tier held will be missed at the next review if nothing happens."""
    if known.loses_on is None or not known.will_miss:
        return None
    more = f", and {len(known.will_miss) - 1} more" if len(known.will_miss) > 1 else ""
    return Matter(
        rule="drops",
        fact=f"{known.tier or 'The tier'} is lost at the review if nothing happens: {known.will_miss[0]}{more}",
        on=known.loses_on,
        say=f"Ask who will take care of it, and agree on a day before {_day(known.loses_on)}.",
        acts_until=known.loses_on - timedelta(days=1),
        share=Decimal("0.20"),
        about=known.loses_on.isoformat(),
    )


def lapses(known: Known) -> Matter | None:
    """Certificates of their people end soon."""
    if not known.lapsing_people or known.lapses_on is None:
        return None
    people = "certified person" if max(known.certified_people, known.lapsing_people) == 1 else "certified people"
    verb = "lapses" if known.lapsing_people == 1 else "lapse"
    share = Decimal(known.lapsing_people) / Decimal(max(known.certified_people, known.lapsing_people))
    whole = f" of {known.certified_people}" if known.certified_people > known.lapsing_people else ""
    return Matter(
        rule="lapses",
        fact=f"{known.lapsing_people}{whole} {people} {verb} within {AHEAD_DAYS} days",
        on=known.lapses_on,
        say="Offer dates for the renewal, and ask who of them stays in the role.",
        acts_until=known.lapses_on,
        share=(Decimal("0.15") * share).quantize(Decimal("0.0001")),
        about=known.lapses_on.isoformat(),
    )


def missed(known: Known) -> Matter | None:
    """A promise of theirs was missed, or is open shortly before its period ends."""
    if known.open_promises and known.open_until and known.open_until - known.today <= timedelta(days=PERIOD_ENDS_DAYS):
        what, until = known.open_promises[0], known.open_until
        fact = f"Not done yet: {_lower(what)}"
        say = f"Ask for 30 minutes before {_day(until)}."
        about = until.isoformat()
        return Matter(rule="missed", fact=fact, on=until, say=say, acts_until=until, share=Decimal("0.05"), about=about)
    if known.missed and known.missed_on:
        more = f", and {len(known.missed) - 1} more" if len(known.missed) > 1 else ""
        return Matter(
            rule="missed",
            fact=f"Missed: {_lower(known.missed[0])}{more}",
            on=known.missed_on,
            say="Ask what got in the way, and settle the next day while you talk.",
            acts_until=None,
            share=Decimal("0.05"),
            about=known.missed_on.isoformat(),
        )
    return None


def quiet(known: Known) -> Matter | None:
    """They were busy with us, and are not any more."""
    last = known.last_activity
    if last is None or known.busy_before < BUSY_BEFORE or known.today - last < timedelta(days=QUIET_DAYS):
        return None
    return Matter(
        rule="quiet",
        fact=f"Nothing heard for {_days((known.today - last).days)}, {known.busy_before} activities in the year before",
        on=last,
        say="Call without an agenda: who left, what changed, what do they need from us?",
        acts_until=None,
        share=Decimal("0.10"),
        about=last.isoformat(),
    )


def renews(known: Known) -> Matter | None:
    """Their customers' subscriptions end soon."""
    if not known.renewals or known.renewal_on is None:
        return None
    what = "A customer of theirs renews" if known.renewals == 1 else f"{known.renewals} customers of theirs renew"
    return Matter(
        rule="renews",
        fact=f"{what} within {AHEAD_DAYS} days",
        on=known.renewal_on,
        say="Ask what they hear from the customer, and offer help with the renewal.",
        acts_until=known.renewal_on,
        share=Decimal("0.05"),
        about=known.renewal_on.isoformat(),
        amount=known.renewal_amount,
    )


def owed(known: Known) -> Matter | None:
    """We did not keep a promise of ours."""
    if not known.ours_missed or known.ours_missed_on is None:
        return None
    more = f", and {len(known.ours_missed) - 1} more" if len(known.ours_missed) > 1 else ""
    return Matter(
        rule="owed",
        fact=f"We did not keep: {_lower(known.ours_missed[0])}{more}",
        on=known.ours_missed_on,
        say="Say so before they do, and offer a day.",
        acts_until=None,
        share=Decimal("0.08"),
        about=known.ours_missed_on.isoformat(),
    )


#: All rules, in the order in which they speak when they weigh the same.
RULES: Mapping[str, Rule] = {
    "unanswered": unanswered,
    "drops": drops,
    "lapses": lapses,
    "renews": renews,
    "quiet": quiet,
    "owed": owed,
    "missed": missed,
}


def matters_of(known: Known) -> tuple[Matter, ...]:
    """Everything that the rules say of a partner."""
    said = (rule(known) for rule in RULES.values())
    return tuple(matter for matter in said if matter is not None)


def loss_of_waiting(matter: Matter, *, today: date, worth: Decimal | None, trained: Decimal = Decimal(1)) -> Decimal:
    """What another week of waiting costs, in the currency of the worth.

    The stake is the amount the matter names, else its share of the partner's worth; a partner whose worth is not known
    counts as one, so that such rows keep their order among themselves. A week costs the stake times the week's part of the
    time that is left: all of it when a week or less is left or the day has passed, a twelfth when twelve weeks are left.
    Matters without a last day cost as if four weeks were left.

    Parameters
    ----------
    trained
        How much the reasons for which rows of this rule were put off speak for it; see `trust`.
    """
    stake = matter.amount if matter.amount is not None else matter.share * max(worth or Decimal(0), Decimal(1))
    left = (matter.acts_until - today).days if matter.acts_until else 4 * WEEK_DAYS
    return stake * trained * WEEK_DAYS / max(left, WEEK_DAYS)


def trust(*, acted: int, doubted: int) -> Decimal:
    """How much a rule is believed, from a half to one and a half: by what people did with its rows.

    Acting speaks for a rule. Of the reasons for putting a row off, only those speak against it that are about the rule
    ("it is not so", "it does not matter here", "they know, and act"); waiting and another time say nothing about it. Ten
    rows that were believed half and half stand at the beginning, so that a first word does not tip the order.
    """
    return Decimal("0.5") + Decimal(acted + 5) / Decimal(acted + doubted + 10)


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _day(day: date) -> str:
    return f"{day:%-d %B}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
