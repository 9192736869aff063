"""Trying a proposed version: a job compares it with the one in force, over everybody, as if nobody changed behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import swingby
from swingby.engine.replaying import Comparison, Price, backtest, compare_versions
from swingby.errors import SwingbyError
from swingby.facts import FactSet
from swingby.program import Program
from swingby.web.clock import now, today
from swingby.web.domain.comparison_results import money_of, movers_of, summary_of
from swingby.web.domain.decided_tiers import beside, decided_tiers
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.domain.programs import load_files, loaded, version_in_force
from swingby.web.domain.scenario_runs import try_scenarios
from swingby.web.jobs import enqueue_comparison
from swingby.web.models import (
    ComparisonKind,
    ComparisonState,
    Enrolment,
    ProposedVersion,
    VersionComparison,
    VersionEffect,
)
from swingby.web.permissions import can_change_versions
from swingby.web.tenancy import act_for_owner
from swingby.web.visibility import Actor

LONGEST_SPAN = timedelta(days=366 * 5)
#: So many movers stand on the page; the others are in the file.
MOST_SHOWN = 50
UNFINISHED = (ComparisonState.WAITING, ComparisonState.RUNNING)


def ask_for_comparison(
    proposed: ProposedVersion,
    *,
    actor: Actor,
    kind: ComparisonKind,
    first: date,
    last: date,
    prices: Mapping[str, str] | None = None,
) -> VersionComparison:
    """Enqueue a comparison; one that waits for the same already is that one."""
    if not can_change_versions(actor, owner=proposed.owner_id):
        raise NotAllowedError("Your role cannot change the program.")
    if not proposed.is_sound:
        raise RefusedError("The text holds mistakes. Mend them and upload it anew.")
    _check_span(first, last)
    kept = {name: text.strip() for name, text in (prices or {}).items() if text.strip()}
    _check_prices(proposed, kept)
    asked = {"kind": kind, "first": first, "last": last, "prices": kept}
    waiting = proposed.comparisons.filter(state=ComparisonState.WAITING, **asked).first()
    if waiting is not None:
        return waiting
    comparison = VersionComparison.objects.create(
        owner_id=proposed.owner_id, proposed=proposed, asked_by_id=actor.person, asked_at=now(), **asked
    )
    enqueue_comparison(owner=proposed.owner_id, comparison=comparison.pk)
    return comparison


def _check_span(first: date, last: date) -> None:
    if first > last:
        raise RefusedError("The first day comes after the last one. Exchange them.")
    if last > today():
        raise RefusedError("The last day is still to come. Choose today or an earlier day.")
    if last - first > LONGEST_SPAN:
        raise RefusedError("This is longer than five years. Choose a later first day.")


def _check_prices(proposed: ProposedVersion, prices: Mapping[str, str]) -> None:
    known = load_files(proposed.files)
    unknown = sorted(set(prices) - set(known.benefits))
    if unknown:
        raise RefusedError(f"There is no benefit {', '.join(unknown)} in this version.")
    for benefit, text in prices.items():
        of = price_of(benefit, text).of
        if isinstance(of, str) and of not in known.measures:
            raise RefusedError(
                f"{benefit}: {text} is neither an amount nor a measure. Write 1200, or the id of a measure."
            )


def price_of(benefit: str, text: str) -> Price:
    """A price as somebody wrote it: an amount for each, or the id of a measure of which the benefit is a share."""
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return Price(benefit, text)
    return Price(benefit, amount) if amount.is_finite() else Price(benefit, text)


# --- the job ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Work:
    """What a comparison needs, read in one transaction; it is computed outside of any."""

    comparison: VersionComparison
    new: Program
    against: Program
    facts: FactSet
    old_facts: FactSet | None
    position: int


def compute_comparison(key: str, *, owner: str) -> None:
    """Compute a comparison that is not finished yet; a second run finds it done."""
    work = _begin(key, owner=owner)
    if work is None:
        return
    try:
        tried = try_scenarios(
            work.new, work.comparison.proposed.scenarios, told=lambda text: _tell(work.comparison, text)
        )
        found = _compared(work)
        _finish(work, found, {"scenarios": tried})
    except SwingbyError as error:
        _fail(work.comparison, f"{error.message} {error.hint}".strip())
    except Exception:
        # Shown instead of a progress that never ends; who runs the application finds the rest in the worker's log.
        _fail(
            work.comparison,
            "It broke off. Ask for it again; if it breaks off again, tell whoever runs this application.",
        )
        raise
    finally:
        for facts in (work.facts, work.old_facts):
            if facts is not None:
                facts.close()


def _begin(key: str, *, owner: str) -> _Work | None:
    with act_for_owner(owner):
        comparison = VersionComparison.objects.select_related("proposed").get(pk=key)
        if VersionComparison.objects.filter(pk=key, state__in=UNFINISHED).update(state=ComparisonState.RUNNING) != 1:
            return None
        try:
            against = loaded(version_in_force(comparison.proposed.program_id, on=today()))
        except RefusedError as error:
            VersionComparison.objects.filter(pk=key).update(
                state=ComparisonState.FAILED, progress=str(error), finished_at=now()
            )
            return None
        new = load_files(comparison.proposed.files)
        same = (against.kinds, against.facts) == (new.kinds, new.facts)
        facts = bring_facts(owner, new)
        old_facts = None if same else bring_facts(owner, against)
        return _Work(comparison, new, against, facts, old_facts, facts.latest_position)


def _tell(comparison: VersionComparison, text: str) -> None:
    """Say how far it is, in a transaction of its own, so that the page sees it at once."""
    with act_for_owner(comparison.owner_id):
        VersionComparison.objects.filter(pk=comparison.pk).update(progress=text)


def _compared(work: _Work) -> Comparison:
    comparison = work.comparison
    prices = [price_of(benefit, text) for benefit, text in sorted(comparison.prices.items())]
    options: dict[str, Any] = {
        "prices": prices,
        "old_facts": work.old_facts,
        "progress": lambda text: _tell(comparison, f"Standings: {text}"),
    }
    if comparison.kind == ComparisonKind.TODAY:
        return compare_versions(work.against, work.new, work.facts, as_of=comparison.last, **options)
    return backtest(
        work.new, work.facts, against=work.against, first=comparison.first, last=comparison.last, known="now", **options
    )


def _finish(work: _Work, found: Comparison, more: Mapping[str, Any]) -> None:
    comparison = work.comparison
    money = money_of(work.against, work.old_facts or work.facts, found)
    movers = movers_of(found, (work.against, work.new), money)
    summary = {
        **summary_of(found, (work.against, work.new)),
        **_start(work, found),
        **more,
        "money": money.label if money else "",
        "movers": movers[:MOST_SHOWN],
        "moving": len(movers),
    }
    with act_for_owner(comparison.owner_id):
        done = VersionComparison.objects.filter(pk=comparison.pk, state=ComparisonState.RUNNING).update(
            state=ComparisonState.DONE,
            progress="",
            finished_at=now(),
            position=work.position,
            engine_version=swingby.__version__,
            summary=summary,
            movers=movers,
        )
        if done and comparison.kind == ComparisonKind.TODAY:
            _keep_effects(comparison, movers, found.not_compared)
            ProposedVersion.objects.filter(pk=comparison.proposed_id).update(effects_at=now())


def _start(work: _Work, found: Comparison) -> dict[str, Any]:
    """Which tiers partners hold where it begins, by the last look at the facts: decisions of people are taken out then."""
    side = found.old
    decided = decided_tiers(work.against, work.old_facts or work.facts, begins=side.replayed_from, on=side.day)
    return beside(found, (work.against, work.new), decided)


def _fail(comparison: VersionComparison, reason: str) -> None:
    with act_for_owner(comparison.owner_id):
        VersionComparison.objects.filter(pk=comparison.pk).update(
            state=ComparisonState.FAILED, progress=reason, finished_at=now()
        )


def _keep_effects(comparison: VersionComparison, movers: list[dict[str, Any]], unknown: tuple[str, ...]) -> None:
    """What each partner would see, in the place of what was computed before."""
    partners = dict(Enrolment.objects.filter(program_id=comparison.proposed.program_id).values_list("pk", "partner_id"))
    whose = {"owner_id": comparison.owner_id, "proposed": comparison.proposed}
    VersionEffect.objects.filter(proposed=comparison.proposed).delete()
    moved = [
        VersionEffect(
            **whose,
            partner_id=partners[row["enrolment"]],
            enrolment_id=row["enrolment"],
            ladder=row["ladder"],
            before=row["old"],
            after=row["new"],
            direction=row["direction"],
            why=row["why"],
        )
        for row in movers
        if row["enrolment"] in partners
    ]
    missing = [
        VersionEffect(**whose, partner_id=partners[key], enrolment_id=key, ladder="", direction="unknown")
        for key in unknown
        if key in partners
    ]
    VersionEffect.objects.bulk_create([*moved, *missing], batch_size=1000)
