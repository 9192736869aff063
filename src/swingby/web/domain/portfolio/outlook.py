"""What a partner will have lost at its next review if nothing happens, and which promises both sides kept.

The days to come are assessed by the engine with the facts of today: what lapses until then is gone by itself. The
promises of each period are assessed on the period's last day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

from swingby.engine import LiveEngine, Rhythm, Standing, periods_of, rhythm_program, rhythms_of
from swingby.program import Program
from swingby.web.clock import today
from swingby.web.domain.live import AskingMany, CoverageRows, coverage_of, live_engine
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.prospects import keep_risks
from swingby.web.domain.results import kept_gates
from swingby.web.domain.standings import current_position
from swingby.web.jobs import take_waiting_outlooks
from swingby.web.models import Enrolment, PortfolioRow, RhythmPeriod, RhythmState
from swingby.web.models import Standing as StoredStanding
from swingby.web.tenancy import act_for_owner

#: So many periods of each promise are looked at, the one that runs included.
PERIODS = 9
#: So many that wait are answered with one.
MOST_WAITING = 60
_KEPT = (
    *("outlook", "at_risk", "outlook_position", "outlook_on", "kept", "asked", "our_kept", "our_asked"),
    *("rhythms", "missed_kinds", "missed_running"),
)
_PERIOD = ("enrolment", "rhythm", "starts_on")
_OF_PERIOD = ("label", "side", "last_day", "asked", "done", "state")


@dataclass(frozen=True, slots=True)
class PromisedPeriod:
    """One promise in one period, to be looked at on a day."""

    rhythm: Rhythm
    starts_on: date
    last_day: date
    looked_at: date


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is kept of one partner: closed requirements of the next review, and its periods."""

    closed: Sequence[Mapping[str, Any]]
    periods: Sequence[RhythmPeriod]


def promised_periods(program: Program, *, day: date) -> tuple[PromisedPeriod, ...]:
    """Every promise of a program in the periods up to a day."""
    return tuple(
        PromisedPeriod(rhythm, period.start, period.last_day, min(period.last_day, day))
        for rhythm in rhythms_of(program)
        for period in periods_of(program, rhythm, day=day, count=PERIODS)
    )


def look_ahead(
    enrolment: Enrolment,
    program: Program,
    *,
    stored: StoredStanding,
    then: Standing | None,
    promised: Sequence[PromisedPeriod],
    looked: Mapping[date, Standing],
) -> Outlook:
    """Put together what the engine said.

    Parameters
    ----------
    then
        The standing on the last day before the next review at which the tier can be lost.
    looked
        By day the standings that say what was done in each period.
    """
    periods = [
        _period(enrolment, each, looked[each.looked_at]) for each in promised if _counts(each, enrolment, looked)
    ]
    return Outlook(_closed(stored, then, program), periods)


def keep_outlooks(outlooks: Mapping[PortfolioRow, Outlook], *, position: int, day: date) -> None:
    """Store what is known of these partners, in a handful of statements."""
    _keep_periods([period for outlook in outlooks.values() for period in outlook.periods])
    for row, outlook in outlooks.items():
        row.outlook, row.at_risk = [dict(gate) for gate in outlook.closed], len(outlook.closed)
        row.outlook_position, row.outlook_on = position, day
        row.kept, row.asked = _consistency(outlook.periods, side="partner")
        row.our_kept, row.our_asked = _consistency(outlook.periods, side="vendor")
        row.rhythms = _last_due(outlook.periods)
        running = [each["missed"] for each in row.rhythms]
        row.missed_kinds = sum(map(bool, running)) if running else None
        row.missed_running = max(running, default=0)
    keep_risks(outlooks)
    PortfolioRow.objects.bulk_create(
        list(outlooks),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["enrolment"],
        update_fields=list(_KEPT),
    )


def _keep_periods(periods: Sequence[RhythmPeriod]) -> None:
    """Periods that are over seldom change, and most of them are: only what differs is written."""
    stored = RhythmPeriod.objects.filter(enrolment__in={period.enrolment_id for period in periods})
    since = min((period.starts_on for period in periods), default=date.max)
    known = {row[:3]: row[3:] for row in stored.filter(starts_on__gte=since).values_list(*_PERIOD, *_OF_PERIOD)}
    RhythmPeriod.objects.bulk_create(
        (period for period in periods if known.get(_values(period, _PERIOD)) != _values(period, _OF_PERIOD)),
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=list(_PERIOD),
        update_fields=list(_OF_PERIOD),
    )


def _values(period: RhythmPeriod, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(period, "enrolment_id" if name == "enrolment" else name) for name in names)


def refresh_outlooks(enrolments: Sequence[str], *, owner: str) -> None:
    """Bring outlooks up to date that are not, with those that wait in the queue."""
    with act_for_owner(owner):
        wanted = {*enrolments, *take_waiting_outlooks(owner=owner, most=MOST_WAITING)}
        day, position = today(), current_position(owner)
        rows = PortfolioRow.objects.select_related("enrolment__partner").filter(pk__in=wanted).order_by("pk")
        late = [row for row in rows if row.outlook_position < position or row.outlook_on != day]
        by_program: defaultdict[str, list[PortfolioRow]] = defaultdict(list)
        for row in late:
            by_program[row.enrolment.program_id].append(row)
        for program, own in by_program.items():
            _refresh(own, loaded(version_in_force(program, on=day)), position=position, day=day)


def _refresh(rows: Sequence[PortfolioRow], program: Program, *, position: int, day: date) -> None:
    """The outlooks of partners of one program; who has no standing has none."""
    about = AskingMany.about([row.enrolment for row in rows])
    asking = _Asking(about, position, coverage_of(rows[0].owner_id))
    rows = [row for row in rows if row.enrolment_id in asking.stored]
    promised = promised_periods(program, day=day)
    small = rhythm_program(program)
    looked = {each: asking.standings(small, each, of) for each, of in _looked_at(promised, rows).items()}
    last_days = {row.pk: max(row.loses_on - timedelta(days=1), day) for row in rows if row.loses_on}
    ahead = {each: asking.standings(program, each, of) for each, of in _by_day(last_days).items()}
    outlooks = {
        row: look_ahead(
            row.enrolment,
            program,
            stored=asking.stored[row.enrolment_id],
            then=ahead[last_days[row.pk]].get(row.enrolment_id) if row.pk in last_days else None,
            promised=promised,
            looked={each: found[row.enrolment_id] for each, found in looked.items() if row.enrolment_id in found},
        )
        for row in rows
    }
    known = {each.rhythm.name for each in promised}
    RhythmPeriod.objects.filter(enrolment__in=[row.enrolment_id for row in rows]).exclude(rhythm__in=known).delete()
    keep_outlooks(outlooks, position=position, day=day)


def _looked_at(promised: Sequence[PromisedPeriod], rows: Sequence[PortfolioRow]) -> dict[date, set[str]]:
    """On which days periods are looked at, and of which partners: who joined later has no promise in them."""
    starts: dict[date, date] = {}
    for each in promised:
        starts[each.looked_at] = max(each.starts_on, starts.get(each.looked_at, each.starts_on))
    return {day: {row.pk for row in rows if row.enrolment.joined_on <= start} for day, start in starts.items()}


def _by_day(days: Mapping[str, date]) -> dict[date, set[str]]:
    found: defaultdict[date, set[str]] = defaultdict(set)
    for key, day in days.items():
        found[day].add(key)
    return found


@dataclass(frozen=True, slots=True)
class _Asking:
    """Partners whose standings on other days are asked for."""

    about: AskingMany
    position: int
    coverage: CoverageRows

    @property
    def stored(self) -> Mapping[str, StoredStanding]:
        return self.about.before

    def standings(self, program: Program, day: date, of: Collection[str]) -> Mapping[str, Standing]:
        """By enrolment, of some of them."""
        # Days to come lie outside every source's coverage, and are asked for as if nothing more happened.
        engine = _engine_of(program, day, self.coverage if day <= today() else ()) if of else None
        return self.about.only(of).standings(engine, program, as_of=day, position=self.position) if engine else {}


#: An engine keeps the statement of one day; so many are kept. None for a program that one statement cannot answer.
MOST_ENGINES = 64
_engines: dict[tuple[str, date, CoverageRows], LiveEngine | None] = {}


def _engine_of(program: Program, day: date, coverage: CoverageRows) -> LiveEngine | None:
    key = (program.hash, day, coverage)
    if key not in _engines:
        if len(_engines) >= MOST_ENGINES:
            _engines.clear()
        _engines[key] = live_engine(program, coverage)
    return _engines[key]


def _counts(each: PromisedPeriod, enrolment: Enrolment, looked: Mapping[date, Standing]) -> bool:
    return each.looked_at in looked and each.starts_on >= enrolment.joined_on


def _period(enrolment: Enrolment, each: PromisedPeriod, standing: Standing) -> RhythmPeriod:
    found = standing.numbers.get(each.rhythm.number)
    value = found.value if found and found.state == "known" else None
    return RhythmPeriod(
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        enrolment=enrolment,
        rhythm=each.rhythm.name,
        label=each.rhythm.label,
        side=each.rhythm.side,
        starts_on=each.starts_on,
        last_day=each.last_day,
        asked=each.rhythm.at_least,
        done=value,
        state=_state(each, kept=each.rhythm.is_kept(value), known=value is not None),
    )


def _state(each: PromisedPeriod, *, kept: bool, known: bool) -> RhythmState:
    if kept:
        return RhythmState.KEPT
    if not known:
        return RhythmState.UNKNOWN
    return RhythmState.MISSED if each.looked_at == each.last_day else RhythmState.OPEN


def _consistency(periods: Sequence[RhythmPeriod], *, side: str) -> tuple[int, int]:
    over = [each for each in _over(periods, side=side) if each.last_day <= today()]
    return sum(each.state == RhythmState.KEPT for each in over), len(over)


def _over(periods: Sequence[RhythmPeriod], *, side: str) -> list[RhythmPeriod]:
    """Periods of which it is known; one that runs only if it is kept already."""
    return [each for each in periods if each.side == side and each.state in {RhythmState.KEPT, RhythmState.MISSED}]


def _last_due(periods: Sequence[RhythmPeriod]) -> list[dict[str, Any]]:
    """Of each kind of promise of the partner: how often it was kept, and since how many periods it is missed; the longest first."""
    found: defaultdict[str, list[RhythmPeriod]] = defaultdict(list)
    for period in sorted(_over(periods, side="partner"), key=lambda each: each.starts_on):
        found[period.rhythm].append(period)
    kinds = [
        {
            "label": listed[-1].label,
            "kept": sum(each.state == RhythmState.KEPT for each in listed),
            "asked": len(listed),
            "missed": _missed_running(listed),
        }
        for listed in found.values()
    ]
    return sorted(kinds, key=lambda each: (-each["missed"], each["label"]))


def _missed_running(periods: Sequence[RhythmPeriod]) -> int:
    return sum(1 for _ in takewhile(lambda each: each.state == RhythmState.MISSED, reversed(periods)))


def _closed(stored: StoredStanding, then: Standing | None, program: Program) -> list[dict[str, Any]]:
    """What the tier held asks for and will not be met then; the tier of then may be one that nobody has decided on."""
    today_closed = {gate["key"] for gate in stored.result.get("keeps", ()) if gate["state"] == "unmet"}
    return list(_closed_gates(then, program, stored.tier, today_closed)) if then else []


def _closed_gates(then: Standing, program: Program, tier: str, today_closed: set[str]) -> Iterator[dict[str, Any]]:
    for gate in kept_gates(then, program, tier=tier):
        if gate["state"] == "unmet":
            yield {
                "label": gate["label"],
                "words": gate["words"] or gate["note"],
                "now": gate["key"] in today_closed,
                "is_score": gate["is_score"],
                "control": gate["control"],
            }
