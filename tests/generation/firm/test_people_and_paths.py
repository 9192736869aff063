"""Who is where, what the 72 paths take, who holds them and which ones open deals ask for."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from tests.generation.firm.written import TODAY, Written, held, rows, span

ROLES = ("engineering", "sales", "support")
ADVANCED = {
    "harborline": 6,
    "orrinstack": 12,
    "quaysign": 3,
    "tessaline": 6,
    "brinefield": 1,
    "spindlehaven": 3,
    "cobaltmere": 14,
}


def test_people_by_office_and_role(firm: Written) -> None:
    here = Counter((row["office"], row["role"]) for row in firm.own("employments") if span(row, "office").holds(TODAY))
    offices = ("chicago", "toronto", "austin", "seattle", "monterrey")
    assert {office: [here[office, role] for role in ROLES] for office in offices} == {
        "chicago": [55, 16, 15],
        "toronto": [46, 13, 13],
        "austin": [37, 10, 11],
        "seattle": [32, 9, 8],
        "monterrey": [22, 6, 7],
    }
    assert ([sum(here[office, role] for office in offices) for role in ROLES], here.total()) == ([192, 54, 54], 300)


def test_every_office_has_its_lead_and_the_firm_its_alliances_lead(firm: Written) -> None:
    names = {row["person"]: row["name"] for row in rows(firm.folder, "names")}
    posts = {
        (row["kind"], row["office"], names[row["person"]])
        for row in firm.own("employments")
        if row["kind"] != "employee"
    }
    assert posts == {
        ("office_lead", "chicago", "Dana Whitfield"),
        ("office_lead", "toronto", "Luc Tremblay"),
        ("office_lead", "austin", "Priya Raman"),
        ("office_lead", "seattle", "Marcus Oyelaran"),
        ("office_lead", "monterrey", "Sofia Herrera"),
        ("alliances_lead", "chicago", "Noor Ballard"),
    }
    assert "Mei Chen" in names.values()
    assert len(set(names.values())) == len(names)


def test_names_stand_in_one_table_only(firm: Written) -> None:
    names = {row["name"] for row in rows(firm.folder, "names")}
    spread = [
        (path.name, name)
        for path in sorted(firm.folder.glob("facts/**/*.csv"))
        for name in names
        if name in path.read_text(encoding="utf-8")
    ]
    assert spread == []


def test_three_people_moved_office_with_their_credentials(firm: Written) -> None:
    starts = Counter(stint.person for stint in firm.stints())
    moved = {
        person: sorted((stint.starts_on, stint.of) for stint in firm.stints() if stint.person == person)
        for person in starts
        if starts[person] > 1
    }
    assert sorted((last[0].isoformat(), first[1], last[1]) for first, last in moved.values()) == [
        ("2026-02-02", "toronto", "austin"),
        ("2026-02-16", "chicago", "monterrey"),
        ("2026-03-02", "seattle", "chicago"),
    ]


def test_seventy_two_paths_with_their_hours(firm: Written) -> None:
    paths = {row["code"]: row for row in firm.own("learning_paths")}
    hours = {code: Decimal(row["hours"]) for code, row in paths.items()}
    assert len(paths) == 72
    assert [hours[f"harborline_engineering_{level}"] for level in ("fundamentals", "intermediate", "advanced")] == [
        14,
        45,
        110,
    ]
    assert [hours[f"orrinstack_{role}_advanced"] for role in ROLES] == [132, 66, Decimal("105.6")]
    assert {(row["level"], row["pass_rate"]) for row in paths.values()} == {
        ("fundamentals", "0.86"),
        ("intermediate", "0.68"),
        ("advanced", "0.52"),
    }


def test_812_credentials_on_51_paths_of_which_nine_others_are_wanted(firm: Written) -> None:
    found = held(firm, TODAY)
    paths = {row["code"] for row in firm.own("learning_paths")}
    empty = paths - {item.of for item in found}
    assert (len(found), len({(item.person, item.of) for item in found}), len(paths - empty), len(empty)) == (
        812,
        812,
        51,
        21,
    )
    open_ = {row["deal"] for row in firm.own("deals")} - {
        row["deal"] for row in firm.own("deals") if row["stage"] in {"won", "lost"}
    }
    wanted = {row["code"] for row in firm.own("deal_demands") if row["deal"] in open_}
    assert (len(open_), sorted(wanted & empty)) == (
        40,
        [
            "brinefield_sales_intermediate",
            "brinefield_support_advanced",
            "brinefield_support_intermediate",
            "quaysign_sales_intermediate",
            "quaysign_support_advanced",
            "spindlehaven_support_advanced",
            "wrenlight_engineering_advanced",
            "wrenlight_engineering_intermediate",
            "wrenlight_support_fundamentals",
        ],
    )


def test_advanced_engineers_by_vendor(firm: Written) -> None:
    found = Counter(item.of.split("_")[0] for item in held(firm, TODAY) if item.of.endswith("_engineering_advanced"))
    assert found == ADVANCED


def test_31_people_with_advanced_were_on_no_project_for_twelve_months(firm: Written) -> None:
    holders = {item.person for item in held(firm, TODAY) if item.of.endswith("_advanced")}
    since = TODAY.replace(year=2025)
    busy = {row["person"] for row in firm.own("assignments") if span(row, "project").ends_on > since}
    assert len(holders - busy) == 31


def test_nobody_holds_a_level_without_those_below_it(firm: Written) -> None:
    found = {(item.person, *item.of.rsplit("_", 1)) for item in held(firm, TODAY)}
    below = {"intermediate": "fundamentals", "advanced": "intermediate"}
    alone = [item for item in found if item[2] in below and (item[0], item[1], below[item[2]]) not in found]
    assert alone == []


def test_exams_follow_the_pass_rates(firm: Written) -> None:
    sat = Counter((row["code"].rsplit("_", 1)[1], row["outcome"]) for row in firm.own("attempts"))
    rates = {
        level: round(Decimal(sat[level, "passed"]) / (sat[level, "passed"] + sat[level, "failed"]), 2)
        for level in ("fundamentals", "intermediate", "advanced")
    }
    assert rates == {
        "fundamentals": Decimal("0.86"),
        "intermediate": Decimal("0.68"),
        "advanced": Decimal("0.52"),
    }


def test_what_is_passed_is_earned_on_the_same_day_and_the_other_way_round(firm: Written) -> None:
    passed = Counter(
        (row["person"], row["code"], row["happened_on"]) for row in firm.own("attempts") if row["outcome"] == "passed"
    )
    stints = firm.stints()
    earned = Counter(
        (item.person, item.of, item.starts_on.isoformat())
        for item in firm.credentials()
        if item.starts_on.year >= 2024
        and any(stint.person == item.person and stint.holds(item.starts_on) for stint in stints)
    )
    assert passed == earned


def test_exams_booked_and_vouchers(firm: Written) -> None:
    ahead = [row for row in firm.own("exams_booked") if row["ends_on"] > TODAY.isoformat()]
    vouchers = firm.own("vouchers")
    left = [row for row in vouchers if row["ends_on"] > TODAY.isoformat()]
    lapsed = [row for row in vouchers if row["ends_on"] <= TODAY.isoformat() and row["outcome"] != "used"]
    used = {row["voucher"] for row in firm.own("attempts") if row["voucher"]}
    assert (len(ahead), len(left), len(lapsed)) == (38, 26, 17)
    assert {row["voucher"] for row in vouchers if row["outcome"] == "used"} == used


def test_nothing_is_known_after_the_demonstration_day(firm: Written) -> None:
    late = [
        (path.parent.name, path.stem, row["fact_id"])
        for path in sorted(firm.folder.glob("facts/*/*.csv"))
        for row in rows(path.parent, path.stem)
        if row.get("recorded_at", "") > f"{TODAY}T23:59:59Z" or row.get("happened_on", "") > TODAY.isoformat()
    ]
    assert late == []


def test_everything_that_people_do_they_do_while_they_work_here(firm: Written) -> None:
    stints = defaultdict(list)
    for stint in firm.stints():
        stints[stint.person].append(stint)
    done = [
        (name, row["person"], date.fromisoformat(row.get("happened_on") or row["starts_on"]))
        for name in ("attempts", "study_hours", "study_invitations", "assignments")
        for row in firm.own(name)
    ]
    assert [item for item in done if not any(stint.holds(item[2]) for stint in stints[item[1]])] == []


def test_people_learn_for_their_own_role(firm: Written) -> None:
    roles = {row["person"]: row["role"] for row in firm.own("employments")}
    named = [*firm.own("credentials"), *firm.own("attempts"), *firm.own("exams_booked"), *firm.own("study_invitations")]
    assert [row for row in named if row["code"].split("_")[1] != roles[row["person"]]] == []


def test_a_renewal_is_the_same_credential_and_ends_later(firm: Written) -> None:
    with (firm.folder / "facts/enablement/credentials.csv").open(encoding="utf-8", newline="") as file:
        found = {row["fact_id"]: row for row in csv.DictReader(file)}
    renewals = [(found[row["reverses"]], row) for row in found.values() if row["reverses"]]
    assert len(renewals) > 100
    same = ("person", "code", "starts_on")
    wrong = [
        new["fact_id"]
        for old, new in renewals
        if [old[name] for name in same] != [new[name] for name in same]
        or not old["ends_on"] < new["ends_on"]
        or not old["recorded_at"] < new["recorded_at"] < f"{old['ends_on']}T00:00:00Z"
    ]
    assert wrong == []
