"""The rules as a partner program in Swingby's language."""

from __future__ import annotations

from collections.abc import Iterator

from bench.engine_case.rules import LADDER, TIERS, Case, Rule

HEADER = """
program: {id: bench, label: Benchmark, language: 1, version: "1", effective: 2020-02-01, currency: EUR, time_zone: UTC}
calendars: {fiscal: {starts: 02-01}}
"""


def program_text(case: Case) -> str:
    """The whole program as one text of YAML."""
    return "\n".join(_lines(case))


def _lines(case: Case) -> Iterator[str]:
    yield HEADER
    yield "measures:"
    yield from (f"  {rule.name}: {_measure(rule)}" for rule in case.rules if rule.form != "points")
    yield "points:"
    yield from (f"  {rule.name}: {_points(rule)}" for rule in case.points)
    yield "scores:"
    for place, (rules, cap) in enumerate(case.halves, start=1):
        yield f"  half_{place}: {{sum: [{', '.join(rule.name for rule in rules)}], cap: {cap}}}"
    yield f"  total: {{sum: [half_1, half_2], cap: {case.total_cap}}}"
    yield f"ladders:\n  {LADDER}:\n    tiers:"
    for tier, name in enumerate(TIERS):
        yield f"      - id: {name}\n        requires:\n          all:"
        yield f"            - {{score: total, at_least: {case.score_line(tier)}}}"
        for kind, need, rules in case.members(tier):
            items = ", ".join(f"{{{_family(rule)}: {rule.name}, at_least: {rule.line}}}" for rule in rules)
            at_least = f", at_least: {need}" if kind == "count" else ""
            yield f"            - {{{kind}: [{items}]{at_least}}}"


def _family(rule: Rule) -> str:
    return "points" if rule.form == "points" else "measure"


def _measure(rule: Rule) -> str:
    form = {"count": "count: facts", "sum": "sum: quantity", "person": "count: person"}[rule.form]
    return f"{{{form}, of: activities, where: {_where(rule)}, over: {rule.window.words}}}"


def _points(rule: Rule) -> str:
    return (
        f"{{for_each: activities, where: {_where(rule)}, earn: {rule.earn}, cancelled: keep, "
        f"cap: {{at_most: {rule.cap}, per: {rule.per}}}, expires: {{after: 12 months}}}}"
    )


def _where(rule: Rule) -> str:
    kinds = rule.kinds[0] if len(rule.kinds) == 1 else f"[{', '.join(rule.kinds)}]"
    tests = [f"kind: {kinds}"]
    if rule.least_rating is not None:
        tests.append(f"rating: {{at_least: {rule.least_rating}}}")
    if rule.quantity is not None:
        tests.append(f"quantity: {{at_least: {rule.quantity[0]}, at_most: {rule.quantity[1]}}}")
    if rule.status is not None:
        tests.append(f"status: {rule.status}")
    return f"{{{', '.join(tests)}}}"
