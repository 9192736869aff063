"""Sentences, written down from the reference of the language."""

from __future__ import annotations

import pytest

from swingby.errors import SwingbyError
from swingby.program import Line, as_markdown, as_text, describe
from tests.program.reading import loaded

PRELUDE = """
calendars: {fiscal: {starts: 02-01}, membership: {starts: joined}}
tables: {factor: {by: organization.region, emea: 85%, otherwise: 100%}, markets: [de, fr]}
facts: {claims: {columns: {sold_on: date, paid: truth}}}
tracks: {model: {chosen: business_model, otherwise: resell}}
"""
SALES = "measures:\n  sales: {sum: amount, of: transactions, over: {last: 12 months}}\n"
PEOPLE = "measures:\n  people: {label: People, count: person, of: credentials}\n"


def said(rules: str, path: str) -> list[str]:
    """What is said of a rule, items of lists behind a dash."""
    return [text for line in describe(loaded(PRELUDE + rules)).only(path).passages[0].lines for text in _texts(line, 0)]


def _texts(line: Line, depth: int) -> list[str]:
    return [f"{'- ' * depth}{line.text}", *(text for item in line.items for text in _texts(item, depth + 1))]


WINDOWS = {
    "{last: 12 months}": "in the last 12 months",
    "{last: 1 year}": "in the last year",
    "{last: [1 month, 15 days]}": "in the last 1 month and 15 days",
    "{previous: month}": "in the last complete month",
    "{previous: 2 fiscal quarters}": "in the last two complete fiscal quarters",
    "{current: fiscal quarter}": "in the current fiscal quarter so far",
    "{current: 4 quarters}": "in the current quarter so far and the three before it",
    "{current: 2 halves}": "in the current half-year so far and the one before it",
    "{next: 90 days}": "in the next 90 days",
    "{from: 2025-05-01, through: 2025-09-30}": "from 1 May 2025 through 30 September 2025",
    "{from: joined}": "since joining",
    "{from: 2025-02-01}": "since 1 February 2025",
    "ever": "at any time so far",
    "{current: year, not_before: joined}": "in the current year so far, not before joining",
    "{last: 1 month, ago: 20 days}": "in the last month, looked at 20 days earlier",
    "{current: quarter, ago: 1 year}": "in the whole quarter that holds the day 1 year earlier",
}


@pytest.mark.parametrize("window", WINDOWS)
def test_a_window(window: str) -> None:
    rules = f"measures: {{m: {{count: facts, of: deals, over: {window}}}}}"
    assert said(rules, "measures.m") == [f"The number of deals {WINDOWS[window]}."]


FILTERS = {
    "{kind: talk}": "kind is “talk”",
    "{kind: [new, upsell]}": "kind is “new” or “upsell”",
    "{product: {is_not: [trial, internal]}}": "product is not “trial” or “internal”",
    "{amount: {above: 0, at_most: 1000000}}": "amount is more than 0 USD and amount is at most 1,000,000 USD",
    "{quantity: {at_least: 2.5}}": "quantity is at least 2.5",
    "{subscription: {exists: true}}": "subscription is given",
    "{subscription: {exists: false}}": "subscription is not given",
    "{customer.market: {table: markets}}": "the customer's market is in the list “markets”",
    "{happened_on: {within: {last: 6 months}}}": "day is in the last 6 months",
    "{happened_on: {below: {column: customer.won_on, after: 3 years}}}": (
        "day is earlier than 3 years after the customer's won day"
    ),
}


@pytest.mark.parametrize("where", FILTERS)
def test_a_filter(where: str) -> None:
    rules = f"measures: {{m: {{count: facts, of: transactions, over: ever, where: {where}}}}}"
    assert said(rules, "measures.m") == [f"The number of transactions whose {FILTERS[where]} at any time so far."]


NUMBERS = {
    "{count: facts, of: transactions, over: ever, where: {any: [{kind: new}, {quantity: {below: 1}}]}}": (
        "The number of transactions for which either (kind is “new”) or (quantity is less than 1) at any time so far."
    ),
    "{count: person, of: credentials}": "The number of different people with credentials held on the day looked at.",
    "{count: customer, of: subscriptions, when: started, over: {last: 1 year}}": (
        "The number of different customers in subscriptions that started in the last year."
    ),
    "{average: score, of: surveys, over: ever, undefined: 0}": (
        "The average score of surveys at any time so far, 0 where it is undefined."
    ),
    "{sum: amount, of: transactions, over: ever, times: [85%, 2]}": (
        "The total amount of transactions at any time so far, multiplied by 85 % and by 2."
    ),
    "{sum: quantity, of: usage, over: ever, pick: {last: 1, per: customer}}": (
        "The total quantity of usage records at any time so far (of all, first only the latest for each customer)."
    ),
    "{sum: {measure: sales}, each: month, over: {previous: 12 months}}": (
        "The sum of “sales” over each month in the last twelve complete months."
    ),
    "{count: {measure: sales, at_least: 1000}, each: customer}": (
        "The number of customers for which “sales” is at least 1,000 USD."
    ),
    "{ratio: [sales, 100], base: 10}": "“sales” divided by 100 (undefined where the second is below 10).",
    "{growth: [sales, {measure: sales, ago: 12 months}]}": "The growth of “sales” over “sales” as of 12 months earlier.",
    "{difference: [sales, {product: [sales, 2]}]}": "“sales” less (“sales” times 2).",
    "{average: [{measure: sales, weight: 2}, 10]}": "The average of “sales” (weight 2) and 10.",
    "{rank: {measure: sales}, peers: organization.country}": (
        "The place by “sales” among enrolments with the same organization country, 1 being the highest."
    ),
    "{count: month, over: {from: joined}}": "The number of whole months since joining.",
    "{greatest: [sales, 100], cap: 500, round: {to: 10}}": (
        "The largest of “sales” and 100, at most 500, rounded to a multiple of 10, halves away from zero."
    ),
}


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number(number: str) -> None:
    assert said(f"{SALES}  m: {number}\n", "measures.m") == [NUMBERS[number]]


REQUIREMENTS = {
    "{measure: sales, at_least: 250000}": ["Sales: at least 250,000 USD."],
    "{measure: sales, above: {initially: 40, 2025-11-01: 25}}": [
        "Sales: more than 40 USD until 31 October 2025 and 25 USD from 1 November 2025."
    ],
    "{measure: sales, at_least: {by: model, build: 2, otherwise: 3}}": [
        "Sales: at least (by the track “model”: 2 USD for “build” and 3 USD otherwise)."
    ],
    "{measure: sales, at_least: {product: [3, {table: factor}]}}": ["Sales: at least 3 USD times the table “factor”."],
    "{decision: audit, is: [passed, waived], over: {last: 2 years}}": [
        "The latest decision on “audit” is “passed” or “waived”, taken in the last 2 years."
    ],
    "{decision: review}": ["The latest decision on “review” is “approved” and in force."],
    "{track: model, is_not: build}": ["The track “model” is not “build”."],
    "{ladder: level, at_least: gold}": ["The tier held on “level” is gold or higher."],
    "{ladder: level, below: gold}": ["The tier held on “level” is lower than gold, or none."],
    "{column: enrolment.joined_on, at_least: 2025-05-01}": [
        "The enrolment's joining day is no earlier than 1 May 2025."
    ],
    "{count: {measure: sales, above: 0}, each: month, over: {previous: 4 months}, at_least: all}": [
        "In all of the months in the last four complete months “sales” is more than 0 USD."
    ],
    "{count: {measure: sales, above: 0}, each: month, over: {previous: 4 months}, at_least: 3}": [
        "In at least 3 of the months in the last four complete months “sales” is more than 0 USD."
    ],
    "{all: [{decision: a}, {any: [{decision: b}, {decision: c}]}]}": [
        "All of these:",
        "- The latest decision on “a” is “approved” and in force",
        "- At least one of these:",
        "- - The latest decision on “b” is “approved” and in force",
        "- - The latest decision on “c” is “approved” and in force",
    ],
    "{measure: sales, at_most: 5, ago: 1 month}": ["Sales: at most 5 USD, as of 1 month earlier."],
}


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_a_requirement(requirement: str) -> None:
    ladder = "ladders: {level: {tiers: [{id: gold, requires: {measure: sales, at_least: 1}}]}}\n"
    assert said(f"{SALES}{ladder}requirements: {{r: {requirement}}}", "requirements.r") == REQUIREMENTS[requirement]


TAKEN_BACK = "If it is cancelled, what it earned is taken back on that day."
EARNINGS = {
    "{for_each: activities, where: {kind: talk}, earn: 1}": [
        "Each activity whose kind is “talk” earns 1 point.",
        "Counts from the day of the activity and never expires.",
        TAKEN_BACK,
    ],
    "{for_each: transactions, earn: {rate: 20%, of: amount}, cap: [{at_most: 5, per: fact}, {at_most: 20, per: [customer, fiscal quarter]}]}": [
        "Each transaction earns 20 % of its amount.",
        "At most 5 points for each fact.",
        "At most 20 points for each customer and fiscal quarter.",
        "Counts from the day of the transaction and never expires.",
        TAKEN_BACK,
    ],
    "{for_each: deals, earn: [40, {rate: 1, per: 1000, whole: true, of: amount}]}": [
        "Each deal earns 40 points and 1 point for every full 1,000 USD of its amount.",
        "Counts from the day of the deal and never expires.",
        TAKEN_BACK,
    ],
    "{for_each: deals, earn: [40, {rate: 1, of: amount}], times: [2]}": [
        "Each deal earns (40 points and 1 point for each USD of its amount), multiplied by 2.",
        "Counts from the day of the deal and never expires.",
        TAKEN_BACK,
    ],
    "{for_each: subscriptions, earn: 50, expires: {after: 12 months}}": [
        "Each subscription earns 50 points.",
        "Counts from the first day of the subscription and expires 12 months later.",
    ],
    "{for_each: subscriptions, earn: 50}": [
        "Each subscription earns 50 points.",
        "Counts from the first day of the subscription for as long as it and its link to the partner hold.",
    ],
    "{for_each: activities, earn: {rate: {by: kind, talk: 6, visit: 4, otherwise: 0}}, expires: {end_of: year, shift: 1}, cancelled: {within: 6 months}}": [
        "Each activity earns by kind:",
        "- “talk”: 6 points",
        "- “visit”: 4 points",
        "- otherwise: 0 points",
        "Counts from the day of the activity and expires at the end of the year after the one that holds that day.",
        "If it is cancelled, what it earned is taken back if that happens within 6 months, and kept later.",
    ],
    "{based_on: {measure: people}, earn: {rate: 5}, cap: 50}": [
        "Earns 5 points for each of “People”.",
        "At most 50 points.",
        "Worked out again every day.",
    ],
    "{based_on: {measure: people}, earn: {rate: 1, per: 1250, whole: true}, requires: {measure: people, at_least: 2}}": [
        "Earns 1 point for every full 1,250 of “People”.",
        "Only if on the day looked at:",
        "- People: at least 2",
        "Worked out again every day.",
    ],
    "{based_on: {measure: people}, earn: {full: 30, at: 1000}, times: [{table: factor}]}": [
        "Earns 30 points where “People” reaches 1,000, and a share of it below, multiplied by the table “factor”.",
        "Worked out again every day.",
    ],
    "{based_on: {measure: people}, earn: {steps: {0: 1, 1000: 2}}, each: quarter}": [
        "Earns by the highest step that “People” reaches, nothing below the first:",
        "- from 0: 1 point",
        "- from 1,000: 2 points",
        "Worked out once for each quarter that is over.",
        "Counts from the last day of the period and never expires.",
    ],
    "{based_on: {measure: people}, earn: {bands: {0: 30%, 20000: 45%}}}": [
        "Earns a rate of its own on each part of “People”:",
        "- on the part from 0 up to 20,000: 30 %",
        "- on the part from 20,000: 45 %",
        "Worked out again every day.",
    ],
}


@pytest.mark.parametrize("earning", EARNINGS)
def test_an_earning(earning: str) -> None:
    assert said(f"{PEOPLE}points: {{p: {earning}}}", "points.p") == EARNINGS[earning]


ACCOUNTS = """
accounts: {wallet: {unit: mile, expires: {after: 36 months}}, purse: {unit: mile}}
facts: {flights: {label: Flights, columns: {miles: number, carrier: word}}, stays: {label: Hotel nights, columns: {nights: number}}}
"""
FLOWS = {
    "{for_each: flights, earn: {rate: 1, of: miles}, into: wallet}": [
        "Each flight earns 1 point for each of its miles.",
        "Counts from the day of the flight.",
        TAKEN_BACK,
        "Paid into the account “wallet”, which says when it lapses.",
    ],
    "{for_each: stays, earn: 500, into: purse}": [
        "Each Hotel night earns 500 points.",
        "Counts from the day of the Hotel night.",
        TAKEN_BACK,
        "Paid into the account “purse”.",
    ],
    "{for_each: flights, earn: 5, over: {last: 1 month}, where: {carrier: own, miles: {above: 9}}, cancelled: keep, out_of: wallet}": [
        "Each flight whose carrier is “own” and miles are more than 9, in the last month, takes 5 points.",
        "Counts from the day of the flight.",
        "If it is cancelled, what it took stays taken.",
        "Spent from the account “wallet”.",
    ],
    "{for_each: flights, earn: 5, cancelled: {within: 6 months}, out_of: wallet}": [
        "Each flight takes 5 points.",
        "Counts from the day of the flight.",
        "If it is cancelled, what it took is given back if that happens within 6 months, and stays taken later.",
        "Spent from the account “wallet”.",
    ],
    "{for_each: flights, earn: 5, out_of: wallet}": [
        "Each flight takes 5 points.",
        "Counts from the day of the flight.",
        "If it is cancelled, what it took is given back on that day.",
        "Spent from the account “wallet”.",
    ],
}


@pytest.mark.parametrize("earning", FLOWS)
def test_an_earning_into_or_out_of_an_account(earning: str) -> None:
    rules = f"{ACCOUNTS}points: {{p: {earning}}}"
    prelude = PRELUDE.replace("facts: {claims: {columns: {sold_on: date, paid: truth}}}\n", "")
    line = describe(loaded(prelude + rules)).only("points.p").passages[0].lines
    assert [text for item in line for text in _texts(item, 0)] == FLOWS[earning]


def test_facts_are_named_as_in_a_sentence() -> None:
    rules = "facts: {flights: {label: Flights, columns: {miles: number}}}\nmeasures: {m: {sum: miles, of: flights, over: ever}}\n"
    found = describe(loaded(rules)).only("measures.m").passages[0]
    assert [line.text for line in found.lines] == ["The total miles of flights at any time so far."]


LADDER = """
ladders:
  level:
    tiers:
      - {id: member, label: Member}
      - {id: gold, label: Gold, was: premium, requires: {measure: people, at_least: 4}, keeps: {measure: people, at_least: 3}}
    start: member
    promote: {each: month, effective: {after: 1 month}, hold: {end_of: year}, one_step: true}
    demote: [{dates: [02-01, 08-01], grace: 90 days}, {once: {after: 60 days}, keeps: {measure: people, at_least: 1}}]
"""


def test_a_ladder_from_high_to_low_and_its_clocks() -> None:
    ladder = describe(loaded(PEOPLE + LADDER)).only("ladders.level").passages[0]
    assert [(passage.heading, passage.path) for passage in ladder.passages] == [
        ("Gold", "ladders.level.gold"),
        ("Member", "ladders.level.member"),
        ("Moving up and down", ""),
    ]
    gold, member, clocks = ([text for line in passage.lines for text in _texts(line, 0)] for passage in ladder.passages)
    assert gold == [
        "Asks for:",
        "- People: at least 4",
        "Is kept with:",
        "- People: at least 3",
        "Was called “premium” in the version before.",
    ]
    assert member == ["Asks for nothing."]
    assert clocks == [
        (
            "Moving up: on the first day of every month, to the next tier up, if its requirements are met, with effect "
            "from 1 month after the day of the review. What was gained is safe until the end of the year that holds that day."
        ),
        (
            "Moving down: every year on 1 February and 1 August. A partner keeps its tier if what keeps it was met on the "
            "day before or on any day of the 90 days before that (grace); otherwise it moves to the highest lower tier "
            "whose requirements it meets, or to none, with effect from that day."
        ),
        (
            "Moving down: once, 60 days after joining. A partner keeps its tier if what stands below is met on the day "
            "before; otherwise it moves to the highest lower tier whose requirements it meets, or to none, with effect "
            "from that day."
        ),
        "- People: at least 1",
        "Everybody begins as Member.",
    ]


def test_a_ladder_without_clocks_follows_the_day() -> None:
    rules = f"{PEOPLE}ladders: {{level: {{tiers: [{{id: gold, requires: {{measure: people, at_least: 4}}}}]}}}}"
    clocks = describe(loaded(rules)).only("ladders.level").passages[0].passages[-1]
    assert [line.text for line in clocks.lines] == [
        "The tier follows the day: a partner holds the highest tier whose requirements it meets.",
    ]


def test_the_defaults_that_nobody_wrote_are_said() -> None:
    rules = (
        PEOPLE
        + "points: {p: {based_on: {measure: people}, earn: 1}}\nrequirements: {r: {measure: people, at_least: 1}}"
    )
    described = describe(loaded(rules)).passages[-1]
    assert described.heading == "What holds unless a rule says otherwise"
    text = " ".join(line.text for line in described.lines)
    topics = (
        "“At least” and “at most” include", "Nothing is rounded", "A division by 0", "is unknown, not 0", "moves nobody up or down",
        "the organization that employs them", "order of their fact ids", "until it is cancelled", "there is none",
    )  # fmt: skip
    assert [topic for topic in topics if topic not in text] == []
    assert "Equal values share" not in text


def test_two_that_are_called_the_same_are_told_apart() -> None:
    rules = (
        "measures: {a: {label: Plans, count: person, of: credentials}}\n"
        "points: {b: {label: Plans, based_on: {measure: a}, earn: 1}}\nscores: {c: {sum: [a, b]}}"
    )
    assert said(rules, "scores.c") == ["The sum of “Plans” and “Plans (points)”."]


def test_a_rule_that_does_not_exist_is_named_with_the_nearest() -> None:
    description = describe(loaded(PEOPLE))
    with pytest.raises(SwingbyError) as caught:
        description.only("measures.peopel")
    assert (caught.value.code, caught.value.hint) == ("name-unknown", 'Did you mean "measures.people"?')


def test_text_and_markdown_of_one_rule() -> None:
    found = describe(
        loaded(PEOPLE + 'points: {for_people: {label: "5 * #", based_on: {measure: people}, earn: {steps: {1: 5}}}}')
    )
    only = found.only("points.for_people")
    assert as_text(only, width=50) == (
        "EXAMPLE, VERSION 1\n==================\n\n5 * #\n-----\n"
        "Earns by the highest step that “People” reaches,\nnothing below the first:\n- from 1: 5 points\n"
        "Worked out again every day.\n"
    )
    assert as_markdown(only) == (
        "# example, version 1\n\n## 5 \\* \\#\n\nEarns by the highest step that “People” reaches, nothing below the first:"
        "\n\n- from 1: 5 points\n\nWorked out again every day.\n"
    )
