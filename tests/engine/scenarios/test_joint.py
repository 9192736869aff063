"""Scenarios run together say what each says by itself, whatever they have in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from swingby.engine.scenarios import Outcome, read_scenarios, run_scenario, run_scenarios
from swingby.engine.scenarios.joint import is_shareable
from swingby.engine.scenarios.worlds import Rows
from swingby.errors import BrokenError, SwingbyError
from swingby.facts import FactSet, from_rows
from swingby.program import Program, load_text

HEADER = "program: {id: p, version: '1', effective: 2025-01-01, currency: USD}\n"
RULES = """
tables: {kind: [new, old]}
measures:
  sales: {by: kind, sum: amount, of: transactions, over: {last: 12 months}}
  all_sales: {sum: amount, of: transactions, over: {last: 12 months}}
  buyers: {count: customer, of: transactions, over: {last: 12 months}}
points: {visits: {for_each: activities, earn: {rate: 1, of: quantity}, cap: {at_most: 10, per: month}}}
scores: {total: {sum: [visits, all_sales]}}
ladders: {level: {tiers: [{id: low}, {id: high, requires: {all: [{score: total, at_least: 5}, {measure: buyers, at_least: 1}]}}]}}
"""
SCENARIOS = """
- {name: sells, facts: {transactions: {kind: new, customer: k, amount: 7}}, as_of: 2025-03-01,
   expect: {measures: {all_sales: 7, buyers: 1}, scores: {total: 7}, tiers: {level: high}}}
- {name: sells to the same, facts: {transactions: [{kind: old, customer: k, amount: 4}]}, as_of: 2025-03-01,
   expect: {measures: {all_sales: 4, sales: {new: 0, old: 4}}, tiers: {level: low}}}
- {name: expects too much, facts: {activities: [{kind: visit, quantity: [8, 9]}]}, as_of: 2025-04-01, expect: {points: {visits: 17}}}
- {name: set by hand, given: {visits: 5, buyers: 1}, as_of: 2025-03-01, expect: {scores: {total: 5}, tiers: {level: high}}}
- {name: set otherwise, given: {visits: {2025-03-02: 4}, buyers: 1}, timeline: {2025-03-01: {points: {visits: undefined}}, 2025-03-02: {scores: {total: 4}}}}
- {name: one cell, given: {sales: {new: 3}}, facts: {transactions: {kind: old, amount: 2}}, as_of: 2025-03-01, expect: {measures: {sales: {new: 3, old: 2}}}}
- {name: every cell, given: {sales: {new: 3, old: 1}}, as_of: 2025-03-01, expect: {measures: {sales: {new: 3, old: 1}}}}
- {name: every cell otherwise, given: {sales: {new: 4, old: 0}}, as_of: 2025-03-02, expect: {measures: {sales: {new: 4, old: 0}}}}
- {name: taken back, facts: {transactions: [{fact_id: f, kind: new, amount: 9}, {reverses: f, recorded_at: 2025-03-05T00:00:00}]},
   as_of: 2025-03-01, expect: {measures: {all_sales: 0}}}
- {name: known then, like: taken back, known_at: 2025-03-02, as_of: 2025-03-01, expect: {measures: {all_sales: 9}}}
- {name: two partners, partners: {other: {}}, facts: {transactions: {organization: other, amount: 3}}, as_of: 2025-03-01,
   expect: {partner: {measures: {all_sales: 0}}, other: {measures: {all_sales: 3}}}}
- {name: uncovered, facts: {coverage: {kind: transactions, source: crm, complete_from: 2025-02-01}}, as_of: 2025-03-01,
   expect: {measures: {all_sales: incomplete}}}
- {name: a bad row, facts: {transactions: {kind: new, amount: 5, happened_on: 1900-01-01}}, as_of: 2025-03-01, expect: {measures: {all_sales: 5}}}
- {name: no such number, given: {nothing: 1}, as_of: 2025-03-01, expect: {measures: {all_sales: 5}}}
- {name: not yet a partner, partner: {joined_on: 2025-06-01}, as_of: 2025-03-01, expect: {measures: {all_sales: 0}}}
"""


def program(rules: str = RULES) -> Program:
    """A program from its rules."""
    loaded = load_text(HEADER + rules)
    assert loaded.program is not None, [str(issue) for issue in loaded.issues]
    return loaded.program


def shown(outcome: Outcome) -> tuple[object, ...]:
    """All that an outcome says; two errors are the same when they say the same."""
    error = outcome.error and (outcome.error.code, str(outcome.error))
    return outcome.scenario, outcome.checked, outcome.differences, dict(outcome.standings), error


def together(folder: Path, rules: str, text: str) -> list[Outcome]:
    """The outcomes of a joint run, each of which is what the scenario says by itself."""
    (folder / "all.yaml").write_text(text, encoding="utf-8")
    scenarios, issues = read_scenarios(folder)
    assert issues == []
    alone = []
    for scenario in scenarios:
        try:
            alone.append(run_scenario(program(rules), scenario, from_rows))
        except SwingbyError as error:
            alone.append(Outcome(scenario, 0, (), error=error))
    steps: list[int] = []
    found = run_scenarios(program(rules), scenarios, from_rows, told=steps.append)
    assert [shown(outcome) for outcome in found] == [shown(outcome) for outcome in alone]
    assert sum(steps) == len(scenarios)
    return found


@pytest.mark.proof
def test_together_is_what_each_is_alone(tmp_path: Path) -> None:
    found = together(tmp_path, RULES, SCENARIOS)
    assert [outcome.scenario.name for outcome in found if not outcome.passed] == [
        "expects too much", "a bad row", "no such number", "not yet a partner",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "shares"),
    [
        (RULES, True),
        ("measures: {n: {count: facts, of: activities, where: {status: done}, over: ever}}", True),
        ("measures: {n: {count: facts, of: activities, where: {person: ada}, over: ever}}", False),
        ("tables: {customer: [k]}\nmeasures: {n: {by: customer, sum: amount, of: transactions, over: ever}}", False),
        ("facts: {trials: {columns: {person: word}}}\nmeasures: {n: {count: facts, of: trials, over: ever}}", False),
        ("facts: {demands: {columns: {code: id}}}\nmeasures: {n: {count: code, of: demands, over: ever}}", True),
        (
            (
                "facts: {subs: {shape: state, columns: {member: id}}, trials: {columns: {member: word}}}\n"
                "measures: {n: {sum: quantity, of: usage, over: ever, credit: {through: subs, matching: member}}}"
            ),
            False,
        ),
        ("measures: {n: {sum: amount, of: transactions, over: ever}, place: {rank: {measure: n}}}", False),
    ],
)
def test_a_program_that_looks_at_others_is_not_shared(rules: str, *, shares: bool) -> None:
    assert is_shareable(program(rules)) is shares


def test_what_is_an_id_here_and_a_word_there_is_one_thing_together_too(tmp_path: Path) -> None:
    """``code`` is a word of credentials, the key of their types, and an id of demands; ``product`` likewise."""
    rules = """
facts: {demands: {columns: {code: id, product: id, people: number}}}
measures:
  wanted: {count: {all: [{count: facts, of: demands, over: ever, at_least: 1}, {count: person, of: credentials, at_most: 0}]}, each: code}
  held: {count: {all: [{count: facts, of: demands, over: ever, at_least: 1}, {count: person, of: credentials, at_least: 1}]}, each: code}
  advanced: {count: person, of: credentials, where: {level: advanced}}
  suites: {count: facts, of: demands, over: ever, where: {product.family: suite}}
"""
    tables = "credential_types: {code: a, level: advanced}, products: {product: p, family: suite}"
    asked = "as_of: 2025-03-01, expect: {measures:"
    scenarios = f"""
- {{name: held, facts: {{{tables}, demands: {{code: a, product: p}}, credentials: {{person: ann, code: a}}}},
   {asked} {{wanted: 0, held: 1, advanced: 1, suites: 1}}}}}}
- {{name: not held, facts: {{{tables}, demands: {{code: [a, b], product: q}}, credentials: {{person: ann, code: b}}}},
   {asked} {{wanted: 1, held: 1, advanced: 0, suites: 0}}}}}}
"""
    assert [outcome.passed for outcome in together(tmp_path, rules, scenarios)] == [True, True]


def test_benefits_are_expected_as_numbers_words_and_none(tmp_path: Path) -> None:
    rules = """
tables: {region: [emea, apac], words: {by: level, low: mail, otherwise: phone}}
facts: {transactions: {columns: {region: word}}}
measures:
  total: {sum: amount, of: transactions, over: ever}
  regional: {by: region, count: facts, of: transactions, over: ever}
tracks: {model: {cases: [{is: reseller, requires: {column: organization.country, is: NO}}], otherwise: agency}}
ladders:
  level: {tiers: [{id: low}, {id: high, requires: {measure: total, at_least: 5}}]}
  badge: {by: region, tiers: [{id: holder, requires: {measure: regional, at_least: 1}}]}
benefits:
  discount: {value: {by: level, high: {initially: 10%, 2025-03-02: 12.5%}}}
  support: {value: {table: words}}
  manager: {value: {by: [model, level], reseller: {high: true, otherwise: false}, otherwise: 3}}
  both: {value: {product: [{benefit: discount}, 2]}}
  place: {value: {by: badge, holder: first_page, otherwise: search_only}}
"""
    scenarios = """
- name: high
  partner: {country: NO}
  facts: {transactions: {amount: 5, region: emea, happened_on: 2025-02-01}}
  timeline:
    2025-03-01:
      tiers: {level: high}
      benefits: {discount: 10%, support: phone, manager: true, both: 0.2, place: {emea: first_page, apac: search_only}}
    2025-03-02: {benefits: {discount: 0.125, both: 25%}}
- {name: low, as_of: 2025-03-01, expect: {benefits: {discount: none, support: mail, manager: 3, both: none}}}
- name: two partners
  partners: {other: {country: NO}}
  as_of: 2025-03-01
  expect: {partner: {benefits: {manager: 3}}, other: {benefits: {manager: false}}}
- {name: wrong, as_of: 2025-03-01, expect: {benefits: {support: phone, discount: 5%, gift: yes}}}
"""
    *right, wrong = together(tmp_path, rules, scenarios)
    assert [(outcome.passed, outcome.checked) for outcome in right] == [(True, 9), (True, 4), (True, 2)]
    assert [(item.what, item.expected, item.found) for item in wrong.differences] == [
        ("benefits.support", "phone", "mail"),
        ("benefits.discount", "5%", "none"),
        ("benefits.gift", "yes", "nothing of that name"),
    ]


def test_a_failure_that_nobody_foresaw_is_told_of_its_scenario_alone(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(SCENARIOS.replace("name: one cell", "name: fails"), encoding="utf-8")
    scenarios, _ = read_scenarios(tmp_path)
    cell = next(scenario for scenario in scenarios if scenario.name == "fails")

    def make(tables: Rows, program: Program) -> FactSet:
        """Facts, but not of the scenario that sells for two."""
        if any(str(row.get("amount")) == "2" for row in tables.get("transactions", ())):
            raise RuntimeError("Table has no column\nand more")
        return from_rows(tables, program)

    def excuse(failure: Exception) -> SwingbyError:
        return BrokenError(code="unexpected", message=f"It failed: {failure}", hint="Report it.")

    usual = {outcome.scenario.name: shown(outcome) for outcome in run_scenarios(program(), scenarios, from_rows)}
    found = {outcome.scenario.name: outcome for outcome in run_scenarios(program(), scenarios, make, excuse=excuse)}
    broken = found.pop("fails")
    assert str(broken.error) == f"{cell.location}: fails: It failed: Table has no column\nand more Report it."
    assert {name: shown(outcome) for name, outcome in found.items()} == {
        name: told for name, told in usual.items() if name != "fails"
    }
    with pytest.raises(RuntimeError):
        run_scenarios(program(), scenarios, make)
