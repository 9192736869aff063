"""``swingby explain``: one standing taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path

import click

from swingby.cli.inputs import (
    PARTNER,
    as_of_option,
    day_or_today,
    facts_argument,
    json_option,
    mapping_option,
    program_argument,
    read_facts,
    read_program,
)
from swingby.cli.printing import number_text, print_json
from swingby.cli.progress import progress
from swingby.engine import (
    Bearing,
    Mending,
    NextReviews,
    Promotion,
    RequirementRow,
    Standing,
    TierStanding,
    assess,
    bearings,
    decided_promotions,
    gap_words,
    mendings,
)


@dataclass(frozen=True, slots=True)
class Explained(Standing):
    """A standing, and by ladder when it can next rise and fall, what is to be mended to keep the tier, and what is given already."""

    next_reviews: Mapping[str, NextReviews] = field(default_factory=dict)
    mending: Mapping[str, Mending] = field(default_factory=dict)
    promotions: Mapping[str, Promotion] = field(default_factory=dict)


_MARKS = {"met": "✓", "unmet": "✗", "unknown": "?"}


@click.command("explain")
@program_argument
@facts_argument
@click.argument("partner", type=PARTNER)
@mapping_option
@as_of_option
@json_option
def command(
    program_path: Path, facts_path: str, partner: str, mapping: Path | None, as_of: date | None, as_json: bool
) -> None:
    """Say why PARTNER (the id of an enrolment) stands where it stands: requirements, values and gaps, then all numbers."""
    program = read_program(program_path)
    day = day_or_today(as_of, program)
    facts = read_facts(facts_path, program, mapping=mapping)
    with progress("Computing standings"):
        found = assess(program, facts, as_of=day, enrolments=[partner])
        standing = found.standing(partner)
        mending = mendings(found, facts, partner)
        promotions = decided_promotions(found, facts, partner)
    reviews = found.next_reviews(partner)
    if as_json:
        told = {each.name: getattr(standing, each.name) for each in fields(standing)}
        print_json(Explained(**told, next_reviews=reviews, mending=mending, promotions=promotions))
        return
    click.echo(f"{partner} on {day}, {program.header.label} {program.header.version}")
    _print_tracks(standing)
    for name, tier in standing.tiers.items():
        _print_ladder(
            name, tier, reviews[name], [*_given_lines(promotions.get(name)), *_mending_lines(mending.get(name))]
        )
    _print_numbers(standing)
    _print_accounts(standing)


def _print_tracks(standing: Standing) -> None:
    for name, word in standing.tracks.items():
        click.echo(f"{name}: {word}")


def _print_ladder(name: str, tier: TierStanding, reviews: NextReviews, ahead: Iterable[str]) -> None:
    click.echo(f"\n{name}: {tier.tier or 'none'}" + (f", since {tier.since}" if tier.since else ""))
    if tier.is_incomplete:
        click.echo(f"  incomplete: facts are missing; earned on the day is {tier.earned or 'none'} or more")
    elif tier.earned != tier.tier:
        click.echo(f"  earned on the day: {tier.earned or 'none'}; the tier held changes at a review")
    if tier.hold_until:
        click.echo(f"  held until {tier.hold_until}")
    for line in ahead:
        click.echo(f"  {line}")
    for what, on in (("promotion", reviews.promotion), ("demotion", reviews.demotion)):
        if on and tier.since:
            click.echo(f"  next {what}: {on}")
    for tier_id, rows in tier.rows.items():
        if rows:
            click.echo(f"  {tier_id}")
        borne = bearings((row.path, row.kind, row.result) for row in rows)
        for row in rows:
            mark, note = _marked(row, borne[row.path])
            click.echo(f"    {'  ' * row.path.count('.')}{mark} {_row(row)}{note}")


def _given_lines(given: Promotion | None) -> Iterator[str]:
    if given:
        yield f"given at the review of {given.decided_on}: {given.tier} from {given.holds_from}"


def _mending_lines(mending: Mending | None) -> Iterator[str]:
    """Since when what keeps the tier is not met, until when that can be mended, and what comes then."""
    if mending is None:
        return
    since = f"since {mending.missed_since}" if mending.missed_since else "for more than a year"
    met = "is met again" if mending.is_met else f"has not been met {since}"
    yield f"what keeps {mending.tier} {met}"
    if mending.kept_on:
        yield f"kept at the review of {mending.kept_on} by its grace: last met on {mending.last_met}"
    then = f"{mending.then or 'none'} from {mending.holds_from}"
    if mending.lost_on and mending.mend_until is None:
        yield f"lost at the review of {mending.lost_on}: {then}"
    if mending.mend_until:
        enough = "one day is enough" if mending.has_grace else "on that day"
        yield f"can be mended until {mending.mend_until}, {enough}; if not, {then}"


def _marked(row: RequirementRow, bearing: Bearing) -> tuple[str, str]:
    """The mark of a requirement, and what is to be said behind it."""
    if bearing == "not needed" and row.result != "met":
        return "–", ", not needed"
    if bearing == "must not" and row.result != "unknown":
        return ("✗", ", must not be so") if row.result == "met" else ("✓", ", not so, as asked")
    gap = gap_words(row.gap, row.test, is_place=row.is_place) if row.result == "unmet" else ""
    return _MARKS[row.result], f", {gap}" if gap else ""


def _row(row: RequirementRow) -> str:
    if row.kind != "number":
        return row.heading or row.label
    return f"{row.label}: {number_text(row.value)}{_asked(row)}"


_TESTS = {"at_least": "at least", "above": "more than", "at_most": "at most", "below": "less than", "is": "exactly"}


def _asked(row: RequirementRow) -> str:
    """What is asked for, where words of the program's own do not say it."""
    line = number_text(row.line)
    if row.line is None or row.test not in _TESTS or line.replace(",", "") in row.label.replace(",", ""):
        return ""
    return f" ({_TESTS[row.test]} {line})"


def _print_numbers(standing: Standing) -> None:
    click.echo("\nnumbers")
    for name, number in sorted(standing.numbers.items()):
        note = "" if number.state == "known" else f" ({number.state})"
        click.echo(f"  {name}: {number_text(number.value)}{note}")


def _print_accounts(standing: Standing) -> None:
    for name, account in standing.accounts.items():
        shown = ((what, getattr(account, what)) for what in ("opened", "used", "expired"))
        parts = ", ".join(f"{what} {number_text(amount)}" for what, amount in shown)
        click.echo(f"\n{name}: {number_text(account.balance)} ({parts})")
        for lot in account.lots:
            until = f" until {lot.expires}" if lot.expires else ""
            click.echo(f"  {number_text(lot.left)} of {number_text(lot.amount)} from {lot.opens}{until}")
