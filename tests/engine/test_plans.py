"""What holds for every plan: rules are rows, the scope is data, numbers are bound or typed, few steps run in Python."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from sqlglot import exp

from swingby.engine import compile_program
from swingby.engine.assessing import plan_for
from swingby.engine.compiling import Plan
from swingby.engine.plan import ArrayStep, DataStep, QueryStep
from swingby.engine.setting import Setting
from swingby.engine.walk import HELD
from swingby.program import Program, load, load_text
from swingby.program.walk import kinds_read

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = [*sorted(ROOT.glob("examples/published/*")), ROOT / "examples/harborline/program"]
PROGRAMS = [folder for folder in EXAMPLES if (folder / "program.yaml").exists()]
ENGINE = ROOT / "src/swingby/engine"
HEADER = "program: {id: tried, language: 1, version: '1', effective: 2020-01-01, currency: USD}\n"
DAY, ANOTHER, JOINED = date(2025, 6, 30), date(2025, 5, 31), date(2024, 8, 31)

#: Steps that run in Python on small results, and where they are made. A new one needs a line here and its reason on
#: the page about plans.
ARRAY_STEPS = {"steps/ladders.py": 1, "steps/accounts.py": 1, "steps/assigned.py": 1}
#: The values that statements take from outside.
PLACEHOLDERS = {"known_at", "first_day", "last_day"}


def made(program: Program, day: date = DAY, *, chosen: tuple[str, ...] | None = None) -> Plan:
    """The plan of a program for one day."""
    setting = Setting(asked=(day,), restricted=False, incomplete=lambda *_: False, chosen=chosen, cohorts=(JOINED,))
    return plan_for(compile_program(program), setting)


def read(body: str) -> Program:
    """A program from its body."""
    loaded = load_text(HEADER + body)
    assert loaded.program is not None, [str(issue) for issue in loaded.issues]
    return loaded.program


@cache
def example(folder: Path) -> Program:
    """An example's program."""
    found = load(folder).program
    assert found is not None
    return found


@cache
def planned(folder: Path) -> Plan:
    """The plan of an example; tests only look at it."""
    return made(example(folder))


def queries(plan: Plan) -> list[QueryStep]:
    """The steps that the backend computes."""
    return [step for step in plan.steps if isinstance(step, QueryStep)]


def texts(plan: Plan) -> list[tuple[str, str]]:
    """Their names and texts."""
    return [(step.name, step.query.sql()) for step in queries(plan)]


# --- rules are rows -------------------------------------------------------------------------------------------------

FORMS = {
    "numbers of facts": "measures:\n  n{i}: {{count: facts, of: activities, where: {{kind: k{i}}}, over: {{last: {m} months}}}}\n",
    "numbers of people": "measures:\n  n{i}: {{count: person, of: credentials, where: {{level: l{i}}}}}\n",
    "sums of deals": "measures:\n  n{i}: {{sum: amount, of: deals, where: {{stage: s{i}}}, over: {{last: {m} months}}}}\n",
    "entries": (
        "points:\n  n{i}: {{for_each: activities, where: {{kind: k{i}}}, earn: {i}, cap: {{at_most: {m}, per: quarter}}, "
        "expires: {{after: {m} months}}}}\n"
    ),
    "recomputed points": "points:\n  n{i}: {{based_on: {{count: facts, of: activities, where: {{kind: k{i}}}, over: ever}}, earn: {{rate: {m}}}, cap: {i}}}\n",
    "requirements": "requirements:\n  n{i}: {{count: facts, of: activities, where: {{kind: k{i}}}, over: ever, at_least: {m}}}\n",
    "decisions": "requirements:\n  n{i}: {{decision: topic{i}}}\n",
}


@cache
def many(form: str, count: int) -> Plan:
    """The plan of a program with so many rules of one form."""
    section, line = FORMS[form].split("\n", 1)
    rules = "".join(line.format(i=number, m=number % 24 + 1) for number in range(1, count + 1))
    return made(read(f"{section}\n{rules}"))


@pytest.mark.parametrize("form", FORMS)
def test_more_rules_make_no_more_statements(form: str) -> None:
    few, more = many(form, 10), many(form, 60)
    assert [step.name for step in few.steps] == [step.name for step in more.steps]


@pytest.mark.parametrize("form", FORMS)
def test_more_rules_make_no_more_aggregates_and_scans(form: str) -> None:
    few, more = many(form, 10), many(form, 60)
    assert counted(few, exp.AggFunc) == counted(more, exp.AggFunc)
    assert counted(few, exp.Table) == counted(more, exp.Table)


def counted(plan: Plan, kind: type[exp.Expr]) -> list[int]:
    """How often each statement holds such a node."""
    return [sum(1 for _ in step.query.find_all(kind)) for step in queries(plan)]


def test_a_kind_of_facts_is_scanned_once_for_all_numbers_of_one_shape() -> None:
    plan = many("numbers of facts", 60)
    assert (
        sum(table.name == "fact_activities" for step in queries(plan) for table in step.query.find_all(exp.Table)) == 1
    )


# --- the scope is data ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: str(folder.relative_to(ROOT / "examples").parts[1]))
def test_the_asked_day_and_the_partners_are_rows_and_not_text(folder: Path) -> None:
    program = example(folder)
    of_all, chosen = texts(planned(folder)), texts(made(program, ANOTHER, chosen=("acme",)))
    assert [text for text in chosen if text[0] != "scope"] == [text for text in of_all if text[0] != "scope"]
    assert chosen == texts(made(program, chosen=("bolt", "crate")))


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: str(folder.relative_to(ROOT / "examples").parts[1]))
def test_statements_take_only_the_bound_values_of_the_list(folder: Path) -> None:
    found = {str(item.this) for step in queries(planned(folder)) for item in step.query.find_all(exp.Placeholder)}
    assert found == PLACEHOLDERS


# --- bound values ---------------------------------------------------------------------------------------------------

PLANTED = """
tables: {share: {by: organization.region, emea: 0.8765432, otherwise: 1}}
measures:
  visits: {count: facts, of: activities, where: {kind: "it's; DROP TABLE x --", rating: {at_least: 3.1415926}}, over: {last: 17 months}}
  rare: {ratio: [visits, {sum: quantity, of: activities, over: ever}], base: 7654321, undefined: 0.7071067}
  capped: {sum: [visits, rare], cap: 271828.1828}
points:
  entries: {for_each: activities, earn: {rate: 1.6180339, of: quantity}, times: [0.5772156], cap: {at_most: 98765.4321, per: quarter}, round: {to: 0.05}}
  full: {based_on: {measure: visits}, earn: {full: 31.4159, at: 2.7182818}}
  steps: {based_on: {measure: visits}, earn: {steps: {1.4142135: 9.8696044}}, cap: 55.5555}
  bands: {based_on: {measure: visits}, earn: {bands: {0: 0.1234567, 7.7777: 0.7654321}}}
scores: {total: {average: [{points: entries, weight: 0.3141592}, full], cap: 123.456789}}
requirements:
  line: {score: total, at_least: 44.4444}
  dated: {score: total, at_least: {initially: 66.6666, 2021-01-01: 77.7777}}
  region: {measure: visits, at_least: {product: [88.8888, {table: share}]}}
"""


def bare(plan: Plan) -> list[str]:
    """Numbers with decimals that stand in a statement without a type."""
    return [
        literal.this
        for step in queries(plan)
        for literal in step.query.find_all(exp.Literal)
        if not literal.is_string and "." in literal.this and not is_typed(literal)
    ]


def is_typed(literal: exp.Literal) -> bool:
    """Whether a literal is cast to a decimal, or is the step of a rounding, which is written by its own function."""
    around = literal.parent.parent if isinstance(literal.parent, exp.Neg) else literal.parent
    if isinstance(around, exp.Anonymous):
        return around.name == "round_to"
    return isinstance(around, exp.Cast) and around.to.is_type("decimal")


def test_no_number_stands_bare_in_a_statement() -> None:
    assert bare(made(read(PLANTED))) == []


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: str(folder.relative_to(ROOT / "examples").parts[1]))
def test_no_number_of_an_example_stands_bare_in_a_statement(folder: Path) -> None:
    assert bare(planned(folder)) == []


def test_words_are_text_literals_or_rows() -> None:
    plan = made(read(PLANTED))
    rows = [cell for step in plan.steps if isinstance(step, DataStep) for row in step.rows for cell in row]
    literals = [item.this for step in queries(plan) for item in step.query.find_all(exp.Literal) if item.is_string]
    assert [word for word in [*rows, *literals] if isinstance(word, str) and "DROP" in word] == [
        "it's; DROP TABLE x --"
    ]
    assert not any(isinstance(node, exp.Drop) for step in queries(plan) for node in step.query.walk())


@pytest.mark.parametrize("folder", [None, *PROGRAMS], ids=lambda folder: folder.parts[-1] if folder else "planted")
def test_small_tables_hold_exact_cells(folder: Path | None) -> None:
    plan = planned(folder) if folder else made(read(PLANTED))
    cells = (cell for step in plan.steps if isinstance(step, DataStep) for row in step.rows for cell in row)
    assert {type(cell) for cell in cells} <= {str, int, bool, Decimal, date, type(None)}


def test_nothing_is_a_binary_fraction() -> None:
    casts = (cast for step in queries(made(read(PLANTED))) for cast in step.query.find_all(exp.Cast))
    assert [cast.sql() for cast in casts if cast.to.is_type("double", "float")] == []


# --- array steps ----------------------------------------------------------------------------------------------------


def calls(path: Path, name: str) -> int:
    """How often a module calls something of this name."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return sum(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name for node in nodes
    )


def test_array_steps_come_from_the_closed_list() -> None:
    found = {path.relative_to(ENGINE).as_posix(): calls(path, ArrayStep.__name__) for path in ENGINE.rglob("*.py")}
    assert {module: times for module, times in found.items() if times} == ARRAY_STEPS


def array_steps(plan: Plan) -> list[ArrayStep]:
    """The steps that run in Python."""
    return [step for step in plan.steps if isinstance(step, ArrayStep)]


def test_only_a_ladder_with_clocks_needs_an_array_step() -> None:
    tiers = "tiers: [{id: low}, {id: high, requires: {decision: agreed}}]"
    assert array_steps(made(read(f"ladders: {{level: {{{tiers}}}}}"))) == []
    walked = array_steps(made(read(f"ladders: {{level: {{{tiers}, start: low, promote: {{each: month}}}}}}")))
    assert [step.columns for step in walked] == [HELD]


def test_an_array_step_reads_small_results_and_no_facts() -> None:
    found = {
        table.name
        for folder in PROGRAMS
        for step in array_steps(planned(folder))
        for query in step.reads.values()
        for table in query.find_all(exp.Table)
    }
    assert found
    assert not any(name.startswith("fact_") for name in found)


# --- order ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: str(folder.relative_to(ROOT / "examples").parts[1]))
def test_every_step_reads_only_what_stands_before_it(folder: Path) -> None:
    seen: set[str] = set()
    for step in planned(folder).steps:
        assert {name for name in tables(step) if not name.startswith(("fact_", "ref_"))} <= seen
        assert step.name not in seen
        seen.add(step.name)


def tables(step: DataStep | QueryStep | ArrayStep) -> Iterable[str]:
    """The relations that a step reads."""
    trees = (
        [step.query] if isinstance(step, QueryStep) else [*step.reads.values()] if isinstance(step, ArrayStep) else []
    )
    return (table.name for tree in trees for table in tree.find_all(exp.Table))


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: folder.name)
def test_plans_read_no_facts_of_kinds_that_rules_are_said_not_to_read(folder: Path) -> None:
    program = example(folder)
    named = {table.name for step in queries(planned(folder)) for table in step.query.find_all(exp.Table)}
    kinds = {name.removeprefix("fact_") for name in named if name.startswith("fact_")}
    assert kinds
    assert kinds <= kinds_read(program)
