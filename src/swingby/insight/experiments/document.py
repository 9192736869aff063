"""A plan as a text that can be kept, and the plan again from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from swingby.errors import SwingbyError
from swingby.insight.effects.question import Act, Outcome
from swingby.insight.experiments.drawing import Balance, Candidate, draw_waves
from swingby.insight.experiments.plan import Design, Drawn, Plan

FORM = 1
#: What is done with the facts, in words that belong to the plan: another analysis would be another plan.
ANALYSIS = (
    "Each partner's outcome by month less its mean before the start; in each month the mean of those whose wave has begun less that of "
    "those who wait, whatever they then did; months weighed by n1 n0 / (n1 + n0); errors by partner (Neyman), Student's with Welch's "
    "degrees of freedom; a 95 % confidence sequence by Robbins' mixture of normals, narrowest at the planned error."
)
STOP = {
    "shown": "Stop at the first month whose range lies above zero.",
    "harm": "Stop at the first month whose range lies below zero.",
    "futility": "Stop at the planned end if neither came before.",
}


def plan_document(plan: Plan) -> str:
    """Write a plan, with its hash, a line for each partner."""
    content = _content(plan)
    partners = ",\n  ".join(map(_line, content.pop("partners")))
    head = {"experiment": FORM, "hash": plan_hash(plan), **content}
    lines = ",\n".join(f" {_line(key)}: {_line(value)}" for key, value in head.items())
    return f'{{\n{lines},\n "partners": [\n  {partners}\n ]\n}}\n'


def plan_hash(plan: Plan) -> str:
    """The SHA-256 of everything in a plan."""
    return _hash(_content(plan))


def read_plan(text: str, *, registered: str) -> Plan:
    """Read a plan, and refuse one that is not what was registered.

    Parameters
    ----------
    text
        What `plan_document` wrote.
    registered
        The hash that was handed to somebody before the start.

    Raises
    ------
    SwingbyError
        ``plan-unreadable``; ``plan-changed`` when the text has another hash than was registered; ``lot-changed`` when a partner
        stands in another wave than the lot drew.
    """
    found = _parsed(text)
    content = {key: value for key, value in found.items() if key not in {"experiment", "hash"}}
    if _hash(content) != f"sha256:{registered.removeprefix('sha256:').strip().lower()}":
        raise SwingbyError(
            code="plan-changed",
            message=f"The plan's hash is {_hash(content)}, not the one that was registered: it was changed since, or is another.",
            hint="Take the file that `swingby experiment plan` wrote, and the hash that was registered with it.",
        )
    try:
        plan = _plan(content)
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(f"Something is missing in it or has the wrong form: {error}.") from error
    _refuse_another_lot(plan)
    return plan


def _refuse_another_lot(plan: Plan) -> None:
    candidates = [one.candidate for one in plan.partners]
    drawn = draw_waves(candidates, waves=plan.design.waves, seed=plan.design.seed)
    moved = [one.candidate.organization for one in plan.partners if drawn[one.candidate.organization] != one.wave]
    if moved:
        raise SwingbyError(
            code="lot-changed",
            message=f"{len(moved)} of {len(plan.partners)} partners stand in another wave than the lot drew, {moved[0]} among them.",
            hint="A lot that somebody mended is none. Plan again, and invite as it falls.",
        )


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable("It is no JSON.") from error
    if not isinstance(found, dict) or found.get("experiment") != FORM:
        raise _unreadable(f'It does not begin with "experiment": {FORM}.')
    return found


def _unreadable(reason: str) -> SwingbyError:
    return SwingbyError(
        code="plan-unreadable",
        message=f"This is not a plan of an experiment that can be read. {reason}",
        hint="Name a file that `swingby experiment plan` wrote.",
    )


def _content(plan: Plan) -> dict[str, Any]:
    design = plan.design
    return {
        "program": {"id": plan.program, "version": plan.version},
        "planned_on": plan.planned_on.isoformat(),
        **({} if plan.position is None else {"position": plan.position}),
        "act": {
            "said": design.act.said,
            "kind": design.act.kind,
            "where": {key: list(some) for key, some in design.act.where.items()},
        },
        "outcome": {"of": str(design.outcome), "won": design.won, "lost": design.lost, "parts": list(design.parts)},
        "waves": {
            "days": [day.isoformat() for day in design.days],
            "every": design.every,
            "before": design.before,
            "seed": design.seed,
        },
        "analysis": ANALYSIS,
        "stop": STOP,
        "power": {"error": _number(plan.error), "smallest": _number(plan.smallest)},
        "known": dict(plan.known),
        "balance": [[one.trait, _number(one.difference)] for one in plan.balance],
        "partners": [
            [one.wave, one.candidate.organization, one.candidate.region, *_numbers(one.candidate)]
            for one in plan.partners
        ],
    }


def _numbers(one: Candidate) -> tuple[str, int, str]:
    return _number(one.size), one.tenure, _number(one.usual)


def _number(value: float) -> str:
    """The shortest text that is read as the same number."""
    return repr(value)


def _plan(content: Mapping[str, Any]) -> Plan:
    act, outcome, waves = content["act"], content["outcome"], content["waves"]
    if content["analysis"] != ANALYSIS or content["stop"] != STOP:
        raise ValueError("it asks for an analysis that this version does not do")
    design = Design(
        act=Act(act["kind"], act["said"], {key: tuple(some) for key, some in act["where"].items()}),
        outcome=Outcome(outcome["of"]),
        start=date.fromisoformat(waves["days"][0]),
        waves=len(waves["days"]),
        every=waves["every"],
        seed=waves["seed"],
        before=waves["before"],
        won=outcome["won"],
        lost=outcome["lost"],
        parts=tuple(outcome["parts"]),
    )
    return Plan(
        design=design,
        program=content["program"]["id"],
        version=content["program"]["version"],
        planned_on=date.fromisoformat(content["planned_on"]),
        known=content["known"],
        error=float(content["power"]["error"]),
        smallest=float(content["power"]["smallest"]),
        partners=tuple(_partner(row) for row in content["partners"]),
        balance=tuple(Balance(trait, float(difference)) for trait, difference in content["balance"]),
        position=content.get("position"),
    )


def _partner(row: list[Any]) -> Drawn:
    wave, organization, region, size, tenure, usual = row
    traits = Candidate(organization=organization, region=region, size=float(size), tenure=tenure, usual=float(usual))
    return Drawn(traits, wave)


def _hash(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode('ascii')).hexdigest()}"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)
