"""Writing a firm: the same bytes for a seed, other bytes for another, and bad calls said in words."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from swingby.errors import MisusedError, SwingbyError
from swingby.generation.firm import company_file, generate_firm, read_firm
from tests.generation.firm.written import DESCRIBED, Written

NAMED = {"named": ("--company", "harborline"), "first": ()}
COMMAND = "import sys; from swingby.cli import main; main(['generate', *sys.argv[1:]])"


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def called(folder: Path, *words: str, hash_seed: str = "1") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo" if hash_seed == "2" else "UTC"}
    return subprocess.run(
        [sys.executable, "-c", COMMAND, str(folder), *words],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )


@pytest.mark.slow
def test_one_seed_gives_the_same_bytes_in_every_process(firm: Written, tmp_path: Path) -> None:
    one = called(tmp_path / "one", "--company", "thornquay", hash_seed="1")
    two = called(tmp_path / "two", "--company", "thornquay", hash_seed="2")
    assert (one.returncode, two.returncode) == (0, 0)
    assert one.stdout.splitlines()[0] == f"9 programs in {tmp_path / 'one'}, seed thornquay-2026"
    assert digests(tmp_path / "one") == digests(tmp_path / "two") == digests(firm.folder)


def test_writing_twice_into_a_folder_replaces_the_facts(tmp_path: Path) -> None:
    generate_firm(tmp_path / "used", DESCRIBED, seed="one")
    generate_firm(tmp_path / "used", DESCRIBED, seed="two")
    generate_firm(tmp_path / "fresh", DESCRIBED, seed="two")
    assert digests(tmp_path / "used") == digests(tmp_path / "fresh")


def test_a_company_that_nobody_knows() -> None:
    with pytest.raises(MisusedError) as caught:
        company_file("nowhere")
    assert caught.value.code == "company-unknown"
    assert "harborline and thornquay" in caught.value.hint


def test_examples_are_vendors_or_firms() -> None:
    assert {name: company_file(name).name for name in ("harborline", "thornquay")} == {
        "harborline": "archetypes.yaml",
        "thornquay": "firm.yaml",
    }


@pytest.mark.parametrize("words", [("--partners", "5"), ("--archetypes", "other.yaml")])
def test_options_that_do_not_go_with_a_firm(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = called(tmp_path / "out", "--company", "thornquay", *words)
    assert (ended.returncode, "options-exclusive" in ended.stderr, (tmp_path / "out").exists()) == (2, True, False)


@pytest.mark.parametrize(
    "change",
    [
        ("factor: 1.20", "factor: many"),
        ("seed: thornquay-2026", ""),
        ("opening: 112", "opened: 112"),
        ("offices:", "offices: 5\nother:"),
        ("lapsed: 11", "lapsed: [11"),
    ],
)
def test_a_file_that_does_not_describe_a_firm(tmp_path: Path, change: tuple[str, str]) -> None:
    path = tmp_path / "firm.yaml"
    path.write_text(DESCRIBED.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    with pytest.raises(SwingbyError) as caught:
        read_firm(path)
    assert caught.value.code == "firm"
    with pytest.raises(SwingbyError):
        read_firm(tmp_path / "nowhere.yaml")


def test_figures_that_cannot_all_be_met_are_said_in_words(tmp_path: Path) -> None:
    path = DESCRIBED.with_name("firm.yaml")
    text = path.read_text(encoding="utf-8").replace("opening: 112", "opening: 113", 1)
    (tmp_path / "firm.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SwingbyError) as caught:
        generate_firm(tmp_path / "out", tmp_path / "firm.yaml")
    assert caught.value.code == "firm"
    assert "813" in caught.value.message
    assert not (tmp_path / "out").exists()


def test_a_program_that_is_not_there_is_said_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "firm.yaml").write_bytes(DESCRIBED.read_bytes())
    with pytest.raises(SwingbyError) as caught:
        generate_firm(tmp_path / "out", tmp_path / "firm.yaml")
    assert caught.value.code == "firm"
    assert not (tmp_path / "out").exists()


@pytest.mark.proof
@pytest.mark.slow
def test_a_vendor_by_its_name_is_the_one_that_comes_without(tmp_path: Path) -> None:
    words = ("--partners", "3", "--seed", "same")
    named, first = (called(tmp_path / name, *more, *words) for name, more in NAMED.items())
    assert (named.returncode, first.returncode) == (0, 0)
    assert digests(tmp_path / "named") == digests(tmp_path / "first")
