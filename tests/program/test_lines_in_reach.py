"""Lines of shares and ratios: what can never be reached, and what only looks so."""

from __future__ import annotations

from tests.program.reading import codes, issues


def test_a_ratio_that_may_pass_one_is_only_warned_about() -> None:
    rules = (
        "measures:\n  a: {sum: amount, of: deals, over: ever}\n  b: {greatest: amount, of: targets}\n"
        "  cover: {ratio: [a, b]}\nrequirements: {r: {measure: cover, at_least: 70}}\n"
    )
    assert issues(rules) == [
        (
            "program.yaml:6:19: warning: [line-out-of-reach] cover is a ratio; 70 means 70 to 1. "
            "Write 70% if a share is meant."
        )
    ]


def test_things_that_are_counted_twice_make_a_share_too() -> None:
    rules = (
        "measures:\n"
        "  acquired: {count: customer, of: subscriptions, when: started, over: {last: 3 years}}\n"
        "  kept: {count: {all: [{measure: acquired, at_least: 1}, {count: facts, of: subscriptions, at_least: 1}]}, each: customer}\n"
        "  retention: {ratio: [kept, acquired]}\n"
        "requirements: {r: {measure: retention, at_least: 70}}\n"
    )
    assert codes(rules) == ["line-out-of-reach"]
