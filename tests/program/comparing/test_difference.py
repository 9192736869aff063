"""Two versions of a program are told apart: every change once, at its place, in words, and seen from both sides."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from swingby.program import (
    Change,
    Difference,
    Program,
    as_markdown,
    as_text,
    difference,
    difference_as_table,
    load_texts,
)
from swingby.program.comparing import Rule
from tests.oracle.shares import loaded
from tests.oracle.strategies import Example, examples
from tests.program.scalars import changes, program_of, results_of, rules_of, texts_of

ROOT = Path(__file__).parents[3]
FOLDERS = sorted(
    {path.parent for folder in ("examples", "tests/program") for path in (ROOT / folder).rglob("program.yaml")}
)
#: A key that becomes another key: one word in the file, one thing less and one more in what it says.
TWO_CHANGES = {"otherwise -> otherwisex", "into -> out_of", "out_of -> into"}

OLD = """
program: {id: example, label: Example, version: "1", effective: 2024-01-01, currency: USD}
calendars: {fiscal: {starts: 02-01}}
measures:
  people: {label: People, count: person, of: credentials, where: {level: pro}}
  sales: {label: Sales, sum: amount, of: transactions, over: {last: 12 months}}
points:
  talks: {label: Talks, for_each: activities, where: {kind: talk}, earn: {rate: {by: status, big: 6, small: 4}}, cap: 90, expires: {after: 12 months}}
scores:
  total: {label: Total, sum: [talks]}
ladders:
  level:
    tiers:
      - {id: member, label: Member}
      - id: gold
        label: Gold
        requires: {all: [{score: total, at_least: 40}, {measure: people, at_least: 4}, {decision: plan}]}
    start: member
    promote: {each: month}
    demote: {dates: [02-01, 08-01], grace: 90 days}
benefits:
  discount: {label: Discount, value: {by: level, member: 10%, gold: 20%}}
"""


def program(text: str) -> Program:
    found = load_texts([("program.yaml", text)])
    assert found.program is not None, [str(issue) for issue in found.issues]
    return found.program


def changed(*edits: tuple[str, str], old: str = OLD) -> Difference:
    """The difference that edits of a text make, which is the mirror image of the one they undo."""
    new = old
    for before, after in edits:
        assert new.count(before) == 1, before
        new = new.replace(before, after)
    found = difference(program(old), program(new))
    back = difference(program(new), program(old))
    assert tuple(change.mirrored() for change in back.changes) == found.changes
    assert tuple(change.mirrored() for change in back.texts) == found.texts
    return found


def told(found: Difference) -> list[tuple[str, str, str, str | None, str | None]]:
    return [(change.kind, change.rule, change.part, change.old, change.new) for change in found.changes]


def test_a_program_does_not_differ_from_itself() -> None:
    found = changed()
    assert (found.changes, found.texts, found.says_the_same) == ((), (), True)
    assert as_text(found) == (
        "Example: version 1, from 1 January 2024, and version 1, from 1 January 2024. These say the same.\n"
    )


def test_order_files_and_comments_make_no_difference() -> None:
    head, measures, rest = OLD.partition("measures:\n")
    section, points, tail = rest.partition("points:\n")
    lines = section.splitlines(keepends=True)
    files = [
        ("program.yaml", f"# Moved.\n{head}{points}{tail}"),
        ("measures.yaml", f"# These were in the other file.\n{measures}{''.join(reversed(lines))}"),
    ]
    split = load_texts(files).program
    assert split is not None
    shuffled = OLD.replace(
        "[{score: total, at_least: 40}, {measure: people, at_least: 4}, {decision: plan}]",
        "[{decision: plan}, {measure: people, at_least: 4}, {score: total, at_least: 40}]",
    )
    for other in (split, program(shuffled)):
        found = difference(program(OLD), other)
        assert (found.changes, found.texts) == ((), ())


def test_only_words_changed() -> None:
    found = changed(("label: People,", "label: Professionals, note: all of them,"), ('version: "1"', 'version: "2"'))
    assert found.says_the_same
    assert [(change.path, change.part, change.old, change.new) for change in found.texts] == [
        ("program", "version", "1", "2"),
        ("measures.people", "label", "People", "Professionals"),
        ("measures.people", "note", "not said", "all of them"),
    ]
    assert "These say the same; only words changed that change no result." in as_text(found, width=200)


EDITS = {
    ("at_least: 40", "at_least: 50"): [("changed", "Tier “Gold”", "asks for, Total", "at least 40 points", "at least 50 points")],
    (", {decision: plan}", ""): [
        ("removed", "Tier “Gold”", "asks for", "the latest decision on “plan” is “approved” and in force", None)
    ],
    (", grace: 90 days", ""): [("changed", "Ladder “level”", "moving down, grace", "90 days", "no grace (the default)")],
    ("promote: {each: month}", "promote: {each: quarter}"): [
        ("changed", "Ladder “level”", "moving up, when", "on the first day of every month", "on the first day of every quarter")
    ],
    ("    promote: {each: month}\n", ""): [
        (
            "changed", "Ladder “level”", "moving up, when",
            "on the first day of every month", "every day (the default)",
        )
    ],
    ("demote: {dates: [02-01, 08-01], grace: 90 days}", "demote: [{dates: [02-01, 08-01], grace: 90 days}, {once: {after: 60 days}, keeps: {decision: plan}}]"): [
        (
            "added", "Ladder “level”", "moving down", None,
            ("once, 60 days after joining. A partner keeps its tier if what stands below is met on the day before; otherwise "
            "it moves to the highest lower tier whose requirements it meets, or to none, with effect from that day. "
            "The latest decision on “plan” is “approved” and in force"),
        )
    ],
    ("small: 4", "small: 4, tiny: 1"): [("added", "Points “Talks”", "earns, rate", None, "1 point for “tiny”")],
    ("big: 6", "big: 7"): [("changed", "Points “Talks”", "earns, rate, for “big”", "6 points", "7 points")],
    ("earn: {rate: {by: status, big: 6, small: 4}}", "earn: [40, {rate: 1, of: quantity}]"): [
        ("changed", "Points “Talks”", "earns", "by status; “big”: 6 points; “small”: 4 points; otherwise: none", "40 points plus 1 point for each of its quantity")
    ],
    (", expires: {after: 12 months}", ""): [
        ("changed", "Points “Talks”", "expiry", "12 months after that day", "never (the default)")
    ],
    ("cap: 90,", "cap: 90, cancelled: keep,"): [
        (
            "changed", "Points “Talks”", "if cancelled",
            "what it earned is taken back (the default)", "what it earned is kept",
        )
    ],
    ("{last: 12 months}", "{previous: 4 fiscal quarters}"): [
        ("changed", "Measure “Sales”", "window", "in the last 12 months", "in the last four complete fiscal quarters")
    ],
    ("gold: 20%", "gold: 25%"): [("changed", "Benefit “Discount”", "value, for “gold”", "20 %", "25 %")],
    ("effective: 2024-01-01", "effective: 2025-01-01"): [
        ("changed", "Program", "holds from", "1 January 2024", "1 January 2025")
    ],
    ("currency: USD", "currency: EUR, roll_up: own"): [
        ("changed", "Program", "currency", "USD", "EUR"),
        ("changed", "Program", "who gets an organization's facts", "nearest (the default)", "own"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit[1] or edit[0])
def test_an_edit_is_told_in_words(edit: tuple[str, str]) -> None:
    found = changed(edit)
    assert told(found) == EDITS[edit]
    assert found.texts == ()


def test_tiers_that_change_places_are_one_change() -> None:
    member = "      - {id: member, label: Member}\n"
    swapped = OLD.replace(member, "").replace("    start: member", f"{member}    start: member")
    assert told(difference(program(OLD), program(swapped))) == [
        ("changed", "Ladder “level”", "order", "member and gold", "gold and member")
    ]


def test_rules_and_tiers_that_come_and_go_are_told_whole() -> None:
    found = changed(
        ("  sales:", "  seats: {count: facts, of: subscriptions}\n  sales:"),
        (
            "    start: member",
            "      - {id: elite, label: Elite, requires: {score: total, at_least: 80}}\n    start: member",
        ),
    )
    assert told(found) == [
        ("added", "Tier “Elite”", "", None, "Asks for: Total: at least 80 points"),
        ("added", "Measure “seats”", "", None, "The number of subscriptions held on the day looked at."),
    ]


def test_a_tier_that_is_gone_is_called_what_it_was_called() -> None:
    gold = OLD[OLD.index("      - id: gold") : OLD.index("    start: member")]
    found = changed((gold, ""), (", gold: 20%", ", otherwise: 20%"))
    tier = found.changes[0]
    assert (tier.kind, tier.rule, tier.new_rule) == ("removed", "Tier “Gold”", None)


def test_a_renamed_tier_is_one_change_wherever_it_is_named() -> None:
    found = changed(
        ("id: gold\n        label: Gold", "id: premier\n        was: gold\n        label: Premier"),
        ("gold: 20%", "premier: 20%"),
    )
    assert told(found) == [("renamed", "Tier “Premier”", "", "Gold", "Premier")]
    assert [change.path for change in found.changes] == ["ladders.level.premier"]
    assert "Tier “Premier” was called “Gold” before." in as_text(found)


def test_a_tier_under_another_name_that_says_the_same_was_renamed() -> None:
    found = changed(("id: gold\n", "id: oro\n"), ("gold: 20%", "oro: 20%"))
    assert told(found) == [("renamed", "Tier “Gold”", "", "gold", "oro")]


def test_a_renamed_tier_that_asks_for_more_says_both() -> None:
    found = changed(
        ("id: gold\n        label: Gold", "id: premier\n        was: gold\n        label: Premier"),
        ("gold: 20%", "premier: 20%"),
        ("at_least: 40", "at_least: 60"),
    )
    assert told(found) == [
        ("renamed", "Tier “Premier”", "", "Gold", "Premier"),
        ("changed", "Tier “Premier”", "asks for, Total", "at least 40 points", "at least 60 points"),
    ]


def test_a_rule_under_another_name_was_renamed_wherever_it_is_named() -> None:
    found = changed(("  people: {label: People", "  experts: {label: Experts"), ("measure: people", "measure: experts"))
    assert told(found) == [("renamed", "Measure “Experts”", "", "people", "experts")]
    assert [(change.old_rule, change.new_rule) for change in found.changes] == [
        (Rule("measures.people", "Measure “People”"), Rule("measures.experts", "Measure “Experts”"))
    ]
    assert [(change.path, change.part, change.old, change.new) for change in found.texts] == [
        ("measures.experts", "label", "People", "Experts")
    ]


def test_a_rule_that_says_something_else_under_another_name_is_another_rule() -> None:
    found = changed(
        ("  people: {label: People, count: person", "  experts: {label: People, count: code"),
        ("measure: people", "measure: experts"),
    )
    assert told(found) == [
        ("changed", "Tier “Gold”", "asks for", "“People” is at least 4 (people)", "“People” is at least 4 (experts)"),
        (
            "added",
            "Measure “People”",
            "",
            None,
            "The number of different codes in credentials whose level is “pro”, held on the day looked at.",
        ),
        (
            "removed",
            "Measure “People”",
            "",
            "The number of different people with credentials whose level is “pro”, held on the day looked at.",
            None,
        ),
    ]


def test_what_matters_most_to_partners_comes_first() -> None:
    found = changed(
        ("label: Talks", "label: Speeches"),
        ("currency: USD", "currency: EUR"),
        ("level: pro", "level: expert"),
        ("cap: 90", "cap: 95"),
        ("at_least: 40", "at_least: 50"),
    )
    assert [(change.matter, change.path) for change in (*found.changes, *found.texts)] == [
        ("tiers", "ladders.level.gold"),
        ("points", "points.talks"),
        ("measures", "measures.people"),
        ("program", "program"),
        ("texts", "points.talks"),
    ]


def test_a_change_is_found_at_its_place_in_both() -> None:
    (change,) = changed(
        ("calendars: {fiscal: {starts: 02-01}}\n", "calendars: {fiscal: {starts: 02-01}}\n\n"),
        ("at_least: 40", "at_least: 50"),
    ).changes
    assert [str(change.old_place), str(change.new_place)] == ["program.yaml:17:51", "program.yaml:18:51"]


def test_text_table_and_markdown() -> None:
    found = changed(("at_least: 40", "at_least: 50"))
    head = "Example: version 1, from 1 January 2024, and version 1, from 1 January 2024. 1 change."
    assert as_text(found) == (
        f"{head}\n\nTIERS AND WHAT THEY ASK FOR\n"
        "- Tier “Gold”, asks for, Total: before, at least 40 points; now, at least 50 points.\n"
        "  program.yaml:17 → program.yaml:17\n"
    )
    assert difference_as_table(found, width=200) == (
        "Rule         Part             Old                 New                 Where\n"
        "-----------  ---------------  ------------------  ------------------  ---------------------------------\n"
        "Tier “Gold”  asks for, Total  at least 40 points  at least 50 points  program.yaml:17 → program.yaml:17\n"
    )
    assert as_markdown(found) == (
        f"{head}\n\n## Tiers and what they ask for\n\n| Rule | Part | Old | New | Where |\n| --- | --- | --- | --- | --- |\n"
        "| Tier “Gold” | asks for, Total | at least 40 points | at least 50 points | program.yaml:17 → program.yaml:17 |\n"
    )


# --- every change ---------------------------------------------------------------------------------------------------


def wrong(place: Path, *, every: int) -> list[str]:
    """Changes of one scalar or key that are not told as one change of the right rule, alike from both sides."""
    texts = texts_of(place)
    old = program_of(texts)
    assert old is not None
    found = []
    for change in changes(texts, every=every):
        new = program_of(change.texts)
        if new is None or any(change.what.endswith(known) for known in TWO_CHANGES):
            continue
        forth, back = difference(old, new), difference(new, old)
        all_of = (*forth.changes, *forth.texts)
        if not _is_right(all_of, change.rule, differs=rules_of(old) != rules_of(new)):
            found.append(f"{change.what}: {[(one.path, one.part, one.old, one.new) for one in all_of]}")
        if tuple(one.mirrored() for one in (*back.changes, *back.texts)) != all_of:
            found.append(f"{change.what}: not its own mirror image")
        if results_of(old) == results_of(new) and forth.changes:
            found.append(f"{change.what}: changes no result")
    return found


def _is_right(all_of: tuple[Change, ...], rule: str, *, differs: bool) -> bool:
    if not differs:
        return all_of == ()
    section = rule.partition(".")[0]
    return (
        len(all_of) == 1
        and all_of[0].path.startswith("program" if section == "program" else rule)
        and (all_of[0].old != all_of[0].new)
    )


@pytest.mark.parametrize(("name", "every"), [("data/mechanics", 41), ("describing/rare", 31)])
def test_one_scalar_is_one_change(name: str, every: int) -> None:
    assert wrong(ROOT / "tests/program" / name, every=every) == []


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.parametrize("place", FOLDERS, ids=lambda place: f"{place.parent.name}-{place.name}")
def test_many_scalars_are_one_change_each(place: Path) -> None:
    assert wrong(place, every=37) == []


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("place", FOLDERS, ids=lambda place: f"{place.parent.name}-{place.name}")
def test_every_scalar_is_one_change(place: Path) -> None:
    assert wrong(place, every=1) == []


# --- any two programs -----------------------------------------------------------------------------------------------

QUIET = settings(
    phases=[Phase.generate], deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
NO_WORDS = re.compile(r"None|Decimal|\w\(\w+=|\s{2}|_")


def _apart(one: Example, other: Example) -> None:
    old, new = loaded(one), loaded(other)
    assume(old and new)  # A drawn line may be out of reach.
    assert old
    assert new
    forth, back = difference(old, new), difference(new, old)
    assert tuple(change.mirrored() for change in back.changes) == forth.changes
    assert tuple(change.mirrored() for change in back.texts) == forth.texts
    assert forth.says_the_same == (results_of(old) == results_of(new))
    words = [text for change in forth.changes for text in (change.rule, change.part, change.old, change.new) if text]
    assert [text for text in words if NO_WORDS.search(text)] == []
    assert len(set(forth.changes)) == len(forth.changes)
    assert as_text(forth)
    assert as_markdown(forth).count("\n| ") >= len(forth.changes)


@settings(QUIET, max_examples=3)
@given(examples(), examples())
def test_any_two_programs_are_told_apart(one: Example, other: Example) -> None:
    _apart(one, other)


@pytest.mark.slow
@pytest.mark.proof
@settings(QUIET, max_examples=20)
@given(examples(), examples())
def test_many_pairs_of_programs_are_told_apart(one: Example, other: Example) -> None:
    _apart(one, other)


@pytest.mark.slow
@pytest.mark.long
@settings(QUIET, max_examples=200)
@given(examples(), examples())
def test_very_many_pairs_of_programs_are_told_apart(one: Example, other: Example) -> None:
    _apart(one, other)
