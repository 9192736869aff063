"""Fill what lies ahead on the partner's home page: deals, next steps, what is owed, what is at risk, whom to congratulate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.web.clock import now, today
from swingby.web.domain.mending_words import mending_words
from swingby.web.domain.queries.partner_facts import (
    Credential,
    Gained,
    OpenDeal,
    gained_credentials,
    lapsing_credentials,
    names_of,
    open_deals,
)
from swingby.web.domain.queries.registrations import live_registrations
from swingby.web.models import (
    Appeal,
    AppealState,
    DealRegistration,
    Enrolment,
    Prospect,
    ReportState,
    RhythmPeriod,
    RhythmState,
    Side,
)
from swingby.web.permissions import can_report_activity
from swingby.web.portal.home import Action, Cheer, DealLine, Promise, Risk
from swingby.web.portal.registration_words import detail_words, state_words
from swingby.web.rounding import short
from swingby.web.visibility import Actor

ONE_DAY = timedelta(days=1)
MOST_STEPS = 3
MOST_REGISTERED = 5
#: Where one of several ways is enough, the nearest is named behind this.
NEAREST = "Nearest: "
MOST_OWED = 5
MOST_PRODUCTS = 2
#: A promise that was missed is named until so many days after its period.
MISSED_DAYS = 92
Kept = Mapping[str, Any]


# --- deals ------------------------------------------------------------------------------------------------------------


def deal_lines(enrolment: Enrolment) -> tuple[tuple[DealLine, ...], int]:
    """Registered deals first, then those under way with the newest news; and how many are under way in the records."""
    deals, total = open_deals(enrolment)
    registered = live_registrations(enrolment, most=MOST_REGISTERED)
    known = {each.deal for each in registered}
    return (*map(_registered, registered), *(_deal(deal) for deal in deals if deal.deal not in known)), total


def _registered(registration: DealRegistration) -> DealLine:
    """A registered deal with what its protection comes to."""
    detail = detail_words(registration)
    return DealLine(
        name=registration.customer,
        stage="",
        day=registration.registered_at.date(),
        product=registration.products,
        amount=None if registration.amount is None else registration.amount.quantize(Decimal(1)),
        currency=registration.currency,
        url=reverse("portal:registration", args=[registration.enrolment_id, registration.pk]),
        protection=f"{state_words(registration)[0]}, {detail}" if detail else state_words(registration)[0],
    )


def _deal(deal: OpenDeal) -> DealLine:
    """Who buys, else what; the key of the deal is only a reference, unless nothing else tells it from others."""
    products = ", ".join(words_of(each) for each in deal.products[:MOST_PRODUCTS])
    more = len(deal.products) - MOST_PRODUCTS
    what = f"{products} and {more} more" if more > 0 else products
    known = deal.customer or what
    return DealLine(
        name=known or _("Deal %(key)s, customer not named") % {"key": deal.deal},
        stage=words_of(deal.stage),
        day=deal.day,
        product=what if deal.customer else "",
        amount=None if deal.amount is None else deal.amount.quantize(Decimal(1)),
        currency=deal.currency,
        reference=deal.deal if known else "",
    )


def words_of(word: str) -> str:
    """A word of the program as a person writes it."""
    return word.replace("_", " ").capitalize()


# --- worth doing next -------------------------------------------------------------------------------------------------


def steps_that_keep(prospect: Prospect | None, *, enrolment: Enrolment, tier: str) -> tuple[Action, ...]:
    """What the partner can do to keep its tier: first what is missing now, then what will be at the review."""
    if prospect is None or prospect.loses_on is None:
        return ()
    own = [gate for gate in prospect.closing if gate.get("control") != "outcome"]
    unlocks = f"Keeps {tier} at the review of {prospect.loses_on:%-d %B %Y}"
    href = reverse("portal:scorecard", args=[enrolment.pk])
    return tuple(
        Action(title=_missing_words(gate), unlocks=unlocks, icon="shield-check", href=href)
        for gate in sorted(own, key=lambda gate: not gate["now"])[:MOST_STEPS]
    )


def _missing_words(gate: Kept) -> str:
    """What is missing; where there are several ways, the nearest of them."""
    if gate["words"].startswith(NEAREST):
        return str(gate["words"].removeprefix(NEAREST))
    return f"{gate['label']}: {gate['words']}" if gate["words"] else str(gate["label"])


def report_door(enrolment: Enrolment, *, actor: Actor) -> str:
    """Where the reader reports an activity; nothing for who may not."""
    may = can_report_activity(actor, lineage=enrolment.partner.lineage)
    return reverse("portal:new_report", args=[enrolment.pk]) if may else ""


def steps_worth_doing(path: Kept, *, enrolment: Enrolment, actor: Actor) -> tuple[Action, ...]:
    """The first steps of the way to the next tier, as the engine verified it."""
    steps: Sequence[Kept] = path.get("steps", ())[:MOST_STEPS]
    names = (
        names_of((key for step in steps for key in step["people"]), enrolment=enrolment, actor=actor) if steps else {}
    )
    report_url = report_door(enrolment, actor=actor)
    return tuple(_step(step, names, report_url) for step in steps)


def _step(step: Kept, names: Mapping[str, str], report_url: str) -> Action:
    word = step["word"].replace("_", " ")
    label = f"{step['label']} ({word})" if word else step["label"]
    return Action(
        title=f"{label}: {'one more' if step['count'] == 1 else str(step['count']) + ' more'}",
        who=people_words(step["people"], names),
        effort=_hours_words(step["hours"]),
        ready_by=date.fromisoformat(step["ready_on"]),
        unlocks=f"Opens: {'; '.join(step['unlocks'])}" if step["unlocks"] else "",
        points=Decimal(step["points"]) if step["points"] else None,
        icon="target",
        href="" if step["people"] else report_url,
    )


def people_words(people: Sequence[str], names: Mapping[str, str]) -> str:
    """Who, by name where the name is known to the reader."""
    known = [names[key] for key in people if key in names]
    others = len(people) - len(known)
    if not others:
        return ", ".join(known)
    words = "one of your people" if others == 1 else f"{others} of your people"
    return ", ".join([*known, words]) if known else words[:1].upper() + words[1:]


def _hours_words(hours: str | None) -> str:
    if hours is None:
        return ""
    return "1 hour" if hours == "1" else f"{Decimal(hours):,f} hours"


def path_words(path: Kept, *, tier: str, shown: int) -> str:
    """What else the way needs, and when a review looks at it."""
    said = list(_path_words(path, tier=tier, shown=shown))
    return " ".join(said)


def _path_words(path: Kept, *, tier: str, shown: int) -> Iterator[str]:
    if not path.get("verified"):
        return
    more = len(path["steps"]) - shown
    if more > 0:
        yield f"{more} more {'step' if more == 1 else 'steps'} after these."
    needed = [*path["depends_on"], *path["blocked_by"]]
    if needed:
        yield f"It {'also ' if path['steps'] else ''}depends on: {'; '.join(needed)}."
    if path["review_on"] and path["outlook"] in {"path", "conditional"}:
        yield f"The review of {date.fromisoformat(path['review_on']):%-d %B %Y} can give {tier}."
    elif path["outlook"] == "none" and path["earliest"]:
        yield f"No review before {date.fromisoformat(path['earliest']):%-d %B %Y} can give {tier}."


# --- what we owe you --------------------------------------------------------------------------------------------------


def owed(enrolment: Enrolment) -> tuple[Promise, ...]:
    """What the vendor is late with first, then what is due, the next first."""
    found = [*_late_answers(enrolment), *_open_appeals(enrolment), *_our_rhythms(enrolment)]
    return tuple(sorted(found, key=lambda each: (-each.days_late, each.due or date.max))[:MOST_OWED])


def _who(enrolment: Enrolment) -> str:
    return enrolment.success_manager.name if enrolment.success_manager else ""


def _late_answers(enrolment: Enrolment) -> Iterator[Promise]:
    late = enrolment.reports.filter(state=ReportState.SUBMITTED, answer_due__lt=now()).order_by("answer_due")
    for report in late[:MOST_OWED]:
        due = report.answer_due or now()
        yield Promise(
            what=f"Answer on your report of {report.happened_on:%-d %B}",
            owner=_who(enrolment),
            days_late=max((now() - due).days, 1),
        )


def _open_appeals(enrolment: Enrolment) -> Iterator[Promise]:
    for appeal in Appeal.objects.filter(line__enrolment=enrolment, state=AppealState.FILED)[:MOST_OWED]:
        due = appeal.answer_due.date()
        yield Promise(what="Answer on your appeal", days_late=max((today() - due).days, 0), due=due)


def _our_rhythms(enrolment: Enrolment) -> Iterator[Promise]:
    """The newest period of each promise that the vendor has not kept."""
    rows = RhythmPeriod.objects.filter(enrolment=enrolment, side=Side.VENDOR, starts_on__lte=today())
    missed_since = today() - timedelta(days=MISSED_DAYS)
    for row in rows.filter(last_day__gte=missed_since).order_by("rhythm", "-starts_on"):
        if row.state not in {RhythmState.OPEN, RhythmState.MISSED}:
            continue
        yield Promise(
            what=row.label,
            detail=_period_words(row),
            owner=_who(enrolment),
            days_late=(today() - row.last_day).days if row.state == RhythmState.MISSED else 0,
            due=row.last_day,
        )


def _period_words(row: RhythmPeriod) -> str:
    if row.state == RhythmState.OPEN:
        return f"{_plain(row.done)} of {_plain(row.asked)} so far."
    return f"For {row.starts_on:%-d %B %Y} to {row.last_day:%-d %B %Y}."


def _plain(value: Decimal | None) -> str:
    return f"{short(value or Decimal(0)).normalize():,f}"


# --- at risk, and whom to congratulate --------------------------------------------------------------------------------


def risks(enrolment: Enrolment, *, actor: Actor, prospect: Prospect | None) -> tuple[Risk, ...]:
    """What the tier will miss when it can be lost next, then credentials that end soon."""
    lapsing, total = lapsing_credentials(enrolment)
    names = names_of((each.person for each in lapsing), enrolment=enrolment, actor=actor) if lapsing else {}
    found = [*_closing(prospect), *(_lapse(each, names) for each in lapsing)]
    if total > len(lapsing):
        found.append(Risk(what=f"{total - len(lapsing)} more credentials end within three months"))
    return tuple(found)


def risk_words(prospect: Prospect | None, *, tier: str, held: str) -> str:
    """When the tier is lost and until when that can be mended, said once for all that is missing for it."""
    if words := mending_words(prospect, tier=tier, held=held, said_to=Side.PARTNER):
        return words
    if prospect is None or prospect.loses_on is None or not prospect.closing:
        return ""
    return f"The review of {prospect.loses_on:%-d %B %Y} decides whether you keep {tier}."


def _closing(prospect: Prospect | None) -> Iterator[Risk]:
    if prospect is None or prospect.loses_on is None:
        return
    for gate in prospect.closing:
        when = "Missing now." if gate["now"] else "Met today, and missing then if nothing happens."
        yield Risk(what=_missing_words(gate), detail=when)


def _lapse(credential: Credential, names: Mapping[str, str]) -> Risk:
    last_day = credential.ends_on - ONE_DAY if credential.ends_on else None
    return Risk(what=credential.label, detail=people_words([credential.person], names), last_day=last_day)


def cheers(enrolment: Enrolment, *, actor: Actor) -> tuple[Cheer, ...]:
    """Who gained a credential lately."""
    gained = gained_credentials(enrolment)
    names = (
        names_of((key for each in gained for key in each.people), enrolment=enrolment, actor=actor) if gained else {}
    )
    return tuple(_cheer(each, names) for each in gained)


def _cheer(gained: Gained, names: Mapping[str, str]) -> Cheer:
    return Cheer(who=people_words(gained.people, names), what=gained.label, day=gained.newest)
