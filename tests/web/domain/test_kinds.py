from __future__ import annotations

from swingby.program import Program, load_text
from swingby.web.domain.queries.kinds import ReportableKind, reportable_kinds

HEADER = 'program: {id: example, label: Example, language: 1, version: "1", effective: 2025-01-01, currency: USD}\n'


def _program(text: str) -> Program:
    loaded = load_text(HEADER + text)
    assert loaded.errors == ()
    assert loaded.program is not None
    return loaded.program


def test_a_kind_takes_the_words_of_the_rule_that_counts_it_alone() -> None:
    program = _program(
        "points:\n  p: {for_each: activities, where: {kind: plan_reviewed}, earn: 20, label: Plan reviewed}\n"
    )

    assert reportable_kinds(program) == (ReportableKind("plan_reviewed", "Plan reviewed"),)


def test_kinds_that_share_a_rule_are_offered_each_in_plain_words() -> None:
    program = _program(
        "points:\n  p: {for_each: activities, where: {kind: [talk, photo_sent]}, earn: 2, label: Advocacy}\n"
    )

    assert reportable_kinds(program) == (ReportableKind("photo_sent", "Photo sent"), ReportableKind("talk", "Talk"))


def test_a_kind_is_found_through_the_measure_that_points_are_based_on() -> None:
    program = _program(
        "measures:\n"
        "  m: {count: facts, of: activities, where: {kind: webinar}, over: {last: 12 months}}\n"
        "points:\n  p: {based_on: {measure: m}, earn: {rate: 5}, label: Webinars}\n"
    )

    assert reportable_kinds(program) == (ReportableKind("webinar", "Webinars"),)


def test_an_outcome_is_not_offered_because_nobody_does_it() -> None:
    program = _program(
        "measures:\n"
        "  m: {count: facts, of: activities, where: {kind: customer_new}, over: {last: 12 months}, control: outcome}\n"
        "points:\n  p: {based_on: {measure: m}, earn: {rate: 5}}\n"
    )

    assert reportable_kinds(program) == ()


def test_what_no_points_rule_counts_is_not_offered() -> None:
    program = _program(
        "measures:\n  m: {count: facts, of: activities, where: {kind: lunch}, over: {last: 12 months}}\n"
    )

    assert reportable_kinds(program) == ()
