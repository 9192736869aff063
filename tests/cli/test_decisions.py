"""``swingby decide`` and ``swingby replay``: a review is settled, time goes on, and it still proves itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from swingby.cli import main
from swingby.errors import ExitCode
from tests.cli.conftest import FACTS, PROGRAM, Run, write

DAY = ("--as-of", "2024-03-31")
FILE = "reviews/tried-2024-03-31.json"
Swingby = Callable[..., Result]


@pytest.fixture
def swingby(run: Run, program: Path, facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command where the folders ``program`` and ``facts`` are."""
    assert {program.parent, facts.parent} == {tmp_path}
    monkeypatch.chdir(tmp_path)
    return run


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with program, facts and one decision, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("settled")
    write(folder / "program", {"program.yaml": PROGRAM})
    write(folder / "facts", FACTS)
    words = ["decide", folder / "program", folder / "facts", *DAY, "--to", folder / "reviews"]
    assert CliRunner().invoke(main, [str(word) for word in words]).exit_code == 0
    return folder


@pytest.fixture
def decision(swingby: Swingby, settled: Path, tmp_path: Path) -> Path:
    shutil.copytree(settled / "reviews", tmp_path / "reviews")
    return tmp_path / FILE


def replayed(swingby: Swingby, *words: object) -> tuple[int, dict[str, Any]]:
    shown = swingby("replay", FILE, *words, "--json")
    return shown.exit_code, json.loads(shown.stdout)


def add(
    tmp_path: Path, name: str, *rows: str, header: str = "fact_id,organization,kind,happened_on,recorded_at"
) -> None:
    write(tmp_path / "facts", {name: "\n".join([header, *rows, ""])})


def codes(found: dict[str, Any]) -> list[str]:
    return [cause["code"] for cause in found["causes"]]


# --- settling -------------------------------------------------------------------------------------------------------


def test_a_review_is_kept_with_what_it_rests_on(swingby: Swingby, tmp_path: Path) -> None:
    shown = swingby("decide", "program", "facts", *DAY, "--to", "reviews")
    found = json.loads((tmp_path / FILE).read_text())
    assert (shown.exit_code, shown.stdout.splitlines()) == (
        0,
        [
            "Tried 1 on 2024-03-31: 2 partners, as known on 2024-02-05 00:00 UTC (position 5)",
            f"Kept as {FILE}",
        ],
    )
    assert list(found) == [
        *("decision", "hash", "places", "program", "engine", "as_of", "partners", "known_at", "facts"),
        *("tiers", "requirements", "numbers", "tracks", "accounts", "texts"),
    ]
    assert found["places"] == {"program": "../program", "facts": "../facts"}
    assert {table["table"]: (table["rows"], table["is_fact"]) for table in found["facts"]} == {
        "activities": (5, True),
        "credentials": (1, True),
        "employments": (1, True),
        "enrolments": (2, False),
        "organizations": (2, False),
    }
    assert "\n".join(found["texts"]["program.yaml"]) == PROGRAM
    assert [(row["enrolment"], row["tier"]) for row in found["tiers"]] == [("acme", "gold"), ("bolt", "member")]
    bolt = {row["path"]: row for row in found["requirements"] if row["enrolment"] == "bolt"}
    assert bolt["gold.1"] == {
        "enrolment": "bolt",
        "ladder": "level",
        "path": "gold.1",
        "kind": "number",
        "name": "total",
        "label": "Points at least 30",
        "result": "unmet",
        "value": "10",
        "line": "30",
        "gap": "20",
    }


def test_every_row_is_a_line(decision: Path) -> None:
    found = json.loads(decision.read_text())
    lines = decision.read_text().splitlines()
    rows = [row for section in ("tiers", "requirements", "numbers") for row in found[section]]
    assert sum('"enrolment"' in line for line in lines) == len(rows)


def test_the_same_review_twice_changes_nothing(swingby: Swingby, decision: Path) -> None:
    before = (decision.read_bytes(), decision.stat().st_mtime_ns)
    shown = swingby("decide", "program", "facts", *DAY, "--to", FILE, "--json")
    found = json.loads(shown.stdout)
    assert (shown.exit_code, found["is_new"], found["partners"], found["file"]) == (0, False, 2, FILE)
    assert (decision.read_bytes(), decision.stat().st_mtime_ns) == before
    assert [path.name for path in decision.parent.iterdir()] == [decision.name]


def test_another_review_never_takes_its_place(swingby: Swingby, decision: Path, tmp_path: Path) -> None:
    before = decision.read_bytes()
    add(tmp_path, "activities.2.csv", "b2,bolt,visit,2024-02-02,2024-04-01T08:00:00Z")
    shown = swingby("decide", "program", "facts", *DAY, "--to", "reviews")
    assert (shown.exit_code, shown.stderr.split(":")[0]) == (ExitCode.UNUSABLE, "error [decision-exists]")
    assert decision.read_bytes() == before
    assert [path.name for path in decision.parent.iterdir()] == [decision.name]


def test_a_decision_about_some_partners_has_a_name_of_its_own(swingby: Swingby, decision: Path) -> None:
    shown = swingby("decide", "program", "facts", *DAY, "--partner", "bolt", "--to", "reviews", "--json")
    file = Path(json.loads(shown.stdout)["file"])
    found = json.loads(file.read_text())
    assert (found["partners"], {row["enrolment"] for row in found["numbers"]}) == (["bolt"], {"bolt"})
    assert file.name == f"tried-2024-03-31-{found['hash'][7:15]}.json"
    assert swingby("replay", file).stdout.splitlines()[1] == "same"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--partner", "nobody"), "partner-unknown"),
        (("--known-at", "99"), "position-unknown"),
    ],
    ids=str,
)
def test_what_cannot_be_settled_is_told(swingby: Swingby, tmp_path: Path, words: tuple[str, ...], code: str) -> None:
    shown = swingby("decide", "program", "facts", *DAY, *words, "--to", "reviews")
    assert (shown.exit_code, shown.stderr.split("]")[0]) == (ExitCode.UNUSABLE, f"error [{code}")
    assert not (tmp_path / "reviews").exists()


def test_a_review_needs_its_day(swingby: Swingby) -> None:
    assert swingby("decide", "program", "facts", "--to", "reviews").exit_code == ExitCode.MISUSED


def test_a_day_that_is_not_over_is_told(swingby: Swingby) -> None:
    shown = swingby("decide", "program", "facts", "--as-of", "2999-01-01", "--to", "reviews")
    assert (shown.exit_code, "2999-01-01 is not over" in shown.stderr) == (0, True)


def test_facts_that_are_dated_ahead_are_not_known_yet(swingby: Swingby, tmp_path: Path) -> None:
    add(tmp_path, "activities.2.csv", "f1,bolt,visit,2024-02-02,2999-01-01T00:00:00Z")
    swingby("decide", "program", "facts", *DAY, "--to", "reviews")
    add(tmp_path, "activities.3.csv", "f2,bolt,visit,2024-02-03,2998-01-01T00:00:00Z")
    code, found = replayed(swingby)
    assert (code, found["same"], found["causes"], found["late"]) == (0, True, [], {"activities": 2})


def test_an_address_is_kept_without_name_and_password() -> None:
    from swingby.cli.decision_files import places_from

    address = "postgresql://ann:secret@db.example:5432/facts?password=other"
    kept = places_from(Path("reviews"), program=Path("program"), facts=address, mapping=None)
    assert kept == {"program": "../program", "facts": "postgresql://db.example:5432/facts"}


# --- replaying ------------------------------------------------------------------------------------------------------


def test_a_decision_comes_out_again(swingby: Swingby, decision: Path) -> None:
    shown = swingby("replay", FILE)
    assert (shown.exit_code, shown.stdout.splitlines()) == (
        0,
        [
            "Tried 1 on 2024-03-31: 2 partners, 14 rows, as known on 2024-02-05 00:00 UTC (position 5)",
            "same",
        ],
    )


def test_a_late_fact_counts_from_the_next_review_on(swingby: Swingby, decision: Path, tmp_path: Path) -> None:
    add(
        tmp_path,
        "activities.2.csv",
        "b2,bolt,visit,2024-02-02,2024-04-01T08:00:00Z",
        "b3,bolt,visit,2024-02-03,2024-04-01T08:00:00Z",
    )
    code, found = replayed(swingby, "--late")
    assert (code, found["same"], codes(found), found["late"]) == (0, True, [], {"activities": 2})
    assert [
        (row["enrolment"], row["what"], row["name"], row["was"], row["now"]) for row in found["late_differences"]
    ] == [
        ("bolt", "requirement", "level gold.1", "result unmet, value 10, gap 20", "result met, value 30, gap 0"),
        ("bolt", "number", "total", "value 10", "value 30"),
        ("bolt", "number", "visited", "value 10", "value 30"),
    ]
    shown = swingby("replay", FILE)
    assert shown.stdout.splitlines()[1:] == [
        "same",
        "  note: Facts that came or were taken back since (2 of activities) count from the next review on.",
    ]


def test_a_correction_afterwards_leaves_the_decision(swingby: Swingby, decision: Path, tmp_path: Path) -> None:
    header = "fact_id,organization,kind,happened_on,recorded_at,reverses"
    add(tmp_path, "activities.2.csv", "a9,acme,call,2024-02-01,2024-04-01T08:00:00Z,a1", header=header)
    code, found = replayed(swingby)
    assert (code, found["same"], codes(found)) == (0, True, [])


def test_a_file_with_earlier_rows_renumbers_positions_and_is_noticed(
    swingby: Swingby, decision: Path, tmp_path: Path
) -> None:
    add(tmp_path, "activities.2.csv", "x1,acme,call,2024-01-10,2024-01-11T08:00:00Z")
    code, found = replayed(swingby)
    assert (code, found["same"], codes(found), found["position"]) == (0, True, ["facts"], 6)
    assert found["causes"][0]["message"] == (
        "What was known by 2024-02-05 00:00:00 UTC was written anew: activities: 5 rows then, 6 now."
    )
    assert swingby("replay", FILE, "--strict").exit_code == ExitCode.NEGATIVE


def test_a_past_that_was_written_anew_changes_it(swingby: Swingby, decision: Path, tmp_path: Path) -> None:
    add(tmp_path, "activities.2.csv", "b2,bolt,visit,2024-02-02,2024-02-02T08:00:00Z")
    shown = swingby("replay", FILE)
    assert (shown.exit_code, [line.rstrip() for line in shown.stdout.splitlines()[1:]]) == (
        1,
        [
            "changed, because",
            "  What was known by 2024-02-05 00:00:00 UTC was written anew: activities: 5 rows then, 6 now.",
            "",
            "Row by row:",
            "partner  what         which               was               is",
            "-------  -----------  ------------------  ----------------  ----------------",
            "bolt     requirement  Points at least 30  value 10, gap 20  value 20, gap 10",
            "bolt     number       total               value 10          value 20",
            "bolt     number       visited             value 10          value 20",
        ],
    )


def test_a_row_that_was_edited_is_noticed(swingby: Swingby, decision: Path, tmp_path: Path) -> None:
    write(tmp_path / "facts", {"activities.csv": FACTS["activities.csv"].replace("b1,bolt,visit", "b1,bolt,call")})
    code, found = replayed(swingby)
    assert (code, codes(found)) == (1, ["facts"])
    assert "activities: 5 rows, not the same ones" in found["causes"][0]["message"]


def test_the_same_id_from_another_source_later_is_no_other_past(
    swingby: Swingby, decision: Path, tmp_path: Path
) -> None:
    header = "fact_id,source,organization,kind,happened_on,recorded_at"
    add(tmp_path, "activities.2.csv", "a1,crm,acme,visit,2024-02-01,2024-05-01T08:00:00Z", header=header)
    code, found = replayed(swingby)
    assert (code, codes(found), found["late"]) == (0, [], {"activities": 1})


def test_a_partner_who_joins_later_is_no_part_of_it(swingby: Swingby, decision: Path, tmp_path: Path) -> None:
    write(
        tmp_path / "facts",
        {
            "enrolments.csv": FACTS["enrolments.csv"] + "cove,cove,2024-06-01\n",
            "organizations.csv": FACTS["organizations.csv"] + "cove,Cove\n",
        },
    )
    code, found = replayed(swingby)
    assert (code, found["same"], codes(found)) == (0, True, ["references"])


def test_a_partner_who_is_entered_afterwards_changes_it(swingby: Swingby, decision: Path, tmp_path: Path) -> None:
    write(tmp_path / "facts", {"enrolments.csv": "enrolment,organization,joined_on\nbolt,bolt,2024-01-01\n"})
    code, found = replayed(swingby)
    gone = {row["enrolment"] for row in found["differences"] if row["now"] is None}
    assert (code, codes(found), gone) == (1, ["references"], {"acme"})


@pytest.mark.parametrize(
    ("before", "after", "likeness"),
    [
        ("measures:", "# What is counted.\nmeasures:", "meaning"),
        ("label: Visits", "label: Calls", "rules"),
        ("earn: 10", "earn: 20", "nothing"),
        ("earn: 10", "earnn: 20", "unreadable"),
    ],
)
def test_a_program_that_was_edited_is_told_apart(
    swingby: Swingby, decision: Path, tmp_path: Path, before: str, after: str, likeness: str
) -> None:
    write(tmp_path / "program", {"program.yaml": PROGRAM.replace(before, after)})
    code, found = replayed(swingby)
    assert (code, found["same"], found["program"]) == (0, True, likeness)
    assert swingby("replay", FILE, "--strict").exit_code == (1 if likeness in {"nothing", "unreadable"} else 0)


def test_another_program_is_held_against_it(swingby: Swingby, decision: Path, tmp_path: Path) -> None:
    write(tmp_path / "next", {"program.yaml": PROGRAM.replace("earn: 10", "earn: 20")})
    code, found = replayed(swingby, "--program", "next")
    assert (code, codes(found)) == (1, ["program"])
    assert [(row["enrolment"], row["name"]) for row in found["differences"]] == [
        ("bolt", "level gold.1"),
        ("bolt", "total"),
        ("bolt", "visited"),
    ]


def test_a_program_that_reads_more_columns_is_no_other_past(swingby: Swingby, decision: Path, tmp_path: Path) -> None:
    more = PROGRAM.replace("measures:", "facts: {activities: {columns: {venue: word}}}\nmeasures:", 1)
    write(tmp_path / "next", {"program.yaml": more.replace("earn: 10", "earn: 20")})
    header = "fact_id,organization,kind,happened_on,venue"
    rows = FACTS["activities.csv"].splitlines()[1:]
    add(tmp_path, "activities.csv", *(f"{row},office" for row in rows), header=header)
    _, found = replayed(swingby, "--program", "next")
    assert codes(found) == ["program"]


def test_everything_may_move_together(swingby: Swingby, decision: Path, tmp_path: Path) -> None:
    (tmp_path / "moved").mkdir()
    for name in ("program", "facts", "reviews"):
        (tmp_path / name).rename(tmp_path / "moved" / name)
    shown = swingby("replay", f"moved/{FILE}", "--json")
    assert (shown.exit_code, json.loads(shown.stdout)["program"]) == (0, "text")


def test_facts_that_moved_are_asked_for(swingby: Swingby, decision: Path, tmp_path: Path) -> None:
    (tmp_path / "facts").rename(tmp_path / "elsewhere")
    shown = swingby("replay", FILE)
    assert (shown.exit_code, shown.stderr.split("]")[0]) == (ExitCode.UNUSABLE, "error [facts-moved")
    (tmp_path / "program").rename(tmp_path / "away")
    code, found = replayed(swingby, "--facts", "elsewhere")
    assert (code, found["same"], found["program"]) == (0, True, "missing")


def test_facts_are_read_through_the_mapping_of_then(swingby: Swingby, tmp_path: Path) -> None:
    visits = tmp_path / "facts" / "activities.csv"
    visits.rename(tmp_path / "facts" / "calls.csv")
    columns = "{fact_id: fact_id, organization: organization, kind: kind, happened_on: happened_on}"
    write(tmp_path, {"m.yaml": f"files: [{{read: calls.csv, as: activities, columns: {columns}}}]\n"})
    assert swingby("decide", "program", "facts", *DAY, "--to", "reviews", "--mapping", "m.yaml").exit_code == 0
    code, found = replayed(swingby)
    assert (code, found["same"], found["causes"]) == (0, True, [])
    (tmp_path / "m.yaml").rename(tmp_path / "n.yaml")
    shown = swingby("replay", FILE)
    assert (shown.exit_code, shown.stderr) == (
        ExitCode.UNUSABLE,
        "error [mapping-moved]: The mapping is no longer at m.yaml.\n  Say where with --mapping.\n",
    )
    code, found = replayed(swingby, "--mapping", "n.yaml")
    assert (code, found["same"]) == (0, True)


def test_an_altered_decision_is_found_out(swingby: Swingby, decision: Path) -> None:
    decision.write_text(decision.read_text().replace('"value": "10"', '"value": "30"'))
    code, found = replayed(swingby)
    assert (code, codes(found)) == (1, ["file"])
    assert [(row["name"], row["was"], row["now"]) for row in found["differences"]] == [
        ("level gold.1", "value 30", "value 10"),
        ("total", "value 30", "value 10"),
        ("visited", "value 30", "value 10"),
    ]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "decision-unreadable", "line 1"),
        ("[]", "decision-unreadable", '"decision": 1'),
        ("{}", "decision-unreadable", '"decision": 1'),
        ('{"decision": true}', "decision-unreadable", '"decision": 1'),
        ('{"decision": 2}', "decision-newer", "form 2"),
        ('{"decision": 1}', "decision-unreadable", "program is not a mapping"),
        ("[" * 100_000, "decision-unreadable", "nesting"),
        ("\ud800", "decision-unreadable", "no text"),
    ],
)
def test_what_is_no_decision_is_told(swingby: Swingby, tmp_path: Path, text: str, code: str, said: str) -> None:
    (tmp_path / "x.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    shown = swingby("replay", "x.json")
    assert (shown.exit_code, shown.stderr.split("]")[0], said in shown.stderr) == (3, f"error [{code}", True)


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ('"tier": "gold"', '"tier": 7', "tiers[0].tier is not a text"),
        ('"value": "30"', '"value": 30', "requirements[1].value is not a number as text"),
        ('"value": "30"', '"value": "NaN"', "requirements[1].value is not a number as text"),
        ('"as_of": "2024-03-31"', '"as_of": "31.3."', "as_of is not a day"),
        ('"result": "met"', '"result": "yes"', "requirements[0].result is not one of met, unmet, unknown"),
        ("05T00:00:00.000000Z", "05T00:00:00", "known_at.recorded_at is not a time with its offset"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(
    swingby: Swingby, decision: Path, before: str, after: str, place: str
) -> None:
    text = decision.read_text()
    assert before in text
    decision.write_text(text.replace(before, after, 1))
    shown = swingby("replay", FILE)
    assert (shown.exit_code, f"{place}." in shown.stderr) == (3, True)
