"""Reading a catalogue: what it says, and everything that is wrong with one, at once and with its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from swingby.enablement import LoadedCatalogue, load_catalogue

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "thornquay"
WORDS = "vendors: {v: Vendor}\nroles: {r: Role}\nlevels: {l: Level}\n"


def load(folder: Path, text: str) -> LoadedCatalogue:
    """A catalogue of one file, with the words that it needs."""
    (folder / "catalogue.yaml").write_text(text, encoding="utf-8")
    (folder / "words.yaml").write_text(WORDS, encoding="utf-8")
    return load_catalogue(folder)


def one(more: str) -> str:
    """One certification with some keys more."""
    return f"certifications:\n  a: {{vendor: v, role: r, level: l, {more}}}\n  b: {{vendor: v, role: r, level: l}}\n"


def test_the_example_has_the_terms_of_its_firm() -> None:
    loaded = load_catalogue(EXAMPLE / "catalogue")
    firm = yaml.load((EXAMPLE / "firm.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 (texts only)
    assert loaded.issues == ()
    assert loaded.catalogue is not None
    expected = {
        f"{vendor}_{role}_{level}": (
            Decimal(terms["hours"]) * Decimal(factor) * Decimal(firm["vendors"][vendor]["factor"]),
            Decimal(terms["pass_rate"]),
            Decimal(terms["fee"]),
            ((int(terms["valid_months"]), "month"),),
        )
        for vendor in firm["vendors"]
        for role, factor in firm["roles"].items()
        for level, terms in firm["levels"].items()
    }
    assert {
        found.code: (found.hours, found.pass_rate, found.fee, found.valid and found.valid.parts)
        for found in loaded.catalogue
    } == expected


WRONG = {
    "code missing": ("certifications: {a: {vendor: v, role: r}}", ["catalogue.yaml:1:21 key-missing"]),
    "vendor unknown": (one("product: p").replace("vendor: v", "vendor: w", 1), ["catalogue.yaml:2:6 word-unknown"]),
    "prerequisite unknown": (one("prerequisites: [c]"), ["catalogue.yaml:2:6 name-unknown"]),
    "one of two unknown": (one("prerequisites: [[b, c]]"), ["catalogue.yaml:2:6 name-unknown"]),
    "stands for itself": (one("counts_as: [a]"), ["catalogue.yaml:2:6 name-self"]),
    "its own prerequisite by others": (
        one("prerequisites: [b]").replace("b: {", "b: {prerequisites: [a], "),
        ["catalogue.yaml:2:6 name-circle", "catalogue.yaml:3:6 name-circle"],
    ),
    "a circle with a way out": (
        one("prerequisites: [[a2, b]]") + "  a2: {vendor: v, role: r, level: l, prerequisites: [a]}\n",
        [],
    ),
    "versions in disorder": (
        one("versions: [{name: x, from: 2025-01-01}, {name: y, from: 2024-01-01}]"),
        ["catalogue.yaml:2:6 steps-order"],
    ),
    "a version that never counts": (
        one("versions: [{name: x, from: 2025-01-01, counts_until: 2025-01-01}]"),
        ["catalogue.yaml:2:48 days-order"],
    ),
    "stops counting before the last exam": (
        one("retired: {exams_until: 2025-02-01, counts_until: 2025-01-01}"),
        ["catalogue.yaml:2:46 days-order"],
    ),
    "grace of what never expires": (one("grace: 30 days"), ["catalogue.yaml:2:6 key-idle"]),
    "counts in no grace": (one("valid: 1 year, counts_in_grace: true"), ["catalogue.yaml:2:6 key-idle"]),
    "a window longer than it holds": (one("valid: 3 months, renewal: 4 months"), ["catalogue.yaml:2:6 window-shape"]),
    "hours below zero": (one("path: [{label: x, hours: -1}]"), ["catalogue.yaml:2:62 number-shape"]),
    "a link that is none": (one("path: [{label: x, link: javascript:x}]"), ["catalogue.yaml:2:61 link-shape"]),
    "a pass rate above one": (one("pass_rate: 68"), ["catalogue.yaml:2:48 number-shape"]),
    "a section nobody knows": ("certificates: {}", ["catalogue.yaml:1:1 section-unknown"]),
    "a fee with a currency": (f"currency: USD\n{one('fee: 1')}", []),
    "no currency": (f"currency: dollars\n{one('')}", ["catalogue.yaml:1:11 currency-shape"]),
    "twice": (one("product: p") + "  a: {vendor: v, role: r, level: l}\n", ["catalogue.yaml:4:3 key-twice"]),
    "empty": ("", ["catalogue.yaml:1:1 file-empty"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_its_place(case: str, tmp_path: Path) -> None:
    text, expected = WRONG[case]
    loaded = load(tmp_path, text)
    assert [f"{issue.location} {issue.code}" for issue in loaded.issues] == expected
    assert (loaded.catalogue is None) == bool(expected)


def test_a_fee_without_a_currency_is_warned_of(tmp_path: Path) -> None:
    loaded = load(tmp_path, one("fee: 1"))
    assert [(str(issue.location), issue.code, issue.level) for issue in loaded.issues] == [
        ("catalogue.yaml:2:6", "currency-missing", "warning")
    ]
    assert loaded.catalogue is not None


def test_all_of_it_is_said_at_once(tmp_path: Path) -> None:
    text = one("prerequisites: [c], grace: 3 days").replace("role: r", "role: x", 1)
    codes = [issue.code for issue in load(tmp_path, text).issues]
    assert codes == ["key-idle", "name-unknown", "word-unknown"]


@pytest.mark.parametrize("place", ["nowhere", "."])
def test_a_place_without_a_catalogue_is_said_to_be_one(place: str, tmp_path: Path) -> None:
    loaded = load_catalogue(tmp_path / place)
    assert [issue.code for issue in loaded.issues] == [{"nowhere": "file-unreadable", ".": "file-missing"}[place]]
    assert loaded.catalogue is None


def test_any_of_several_will_do_for_a_code(tmp_path: Path) -> None:
    loaded = load(tmp_path, one("counts_as: [b]"))
    assert loaded.catalogue is not None
    assert {code: loaded.catalogue.codes_for(code) for code in "ab"} == {"a": {"a"}, "b": {"a", "b"}}
