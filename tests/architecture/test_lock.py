"""The locks hold every requirement with hashes, agree with each other, and name no place to get them from."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.repository import ROOT
from tools.relock import LOCKS

FOLDER = ROOT / "requirements"
ENTRY = re.compile(r"^(?P<name>[a-z0-9-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;]+)(?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    return {found["name"]: found["version"] for found in ENTRY.finditer((FOLDER / f"{name}.lock").read_text())}


def wanted(path: Path) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line]


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_locked_at_a_version_it_takes(name: str) -> None:
    versions = locked(name)
    asked = [requirement for source in LOCKS[name] for requirement in wanted(FOLDER / f"{source}.in")]
    refused = [str(one) for one in asked if not one.specifier.contains(versions.get(canonicalize_name(one.name), "0"))]
    missing = [str(one) for one in asked if canonicalize_name(one.name) not in versions]
    assert (refused, missing) == ([], [])


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_has_hashes_and_no_address_stands_beside_it(name: str) -> None:
    text = (FOLDER / f"{name}.lock").read_text(encoding="utf-8")
    assert [found["name"] for found in ENTRY.finditer(text) if "--hash=sha256:" not in found["rest"]] == []
    assert [line for line in text.splitlines() if "://" in line or line.startswith("-")] == []


@pytest.mark.parametrize("name", ["app", "build"])
def test_the_narrow_locks_agree_with_the_wide_one(name: str) -> None:
    everything = locked("all")
    assert {package: version for package, version in locked(name).items() if everything.get(package) != version} == {}


def test_every_file_of_requirements_is_in_a_lock() -> None:
    assert sorted(LOCKS["all"]) == sorted(path.stem for path in FOLDER.glob("*.in"))
