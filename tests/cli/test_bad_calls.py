"""Whatever is typed: an exit code of the table, no traceback, and a word on what to do."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from swingby.cli import COMMANDS, load_command, main
from swingby.errors import ExitCode
from tests.cli.conftest import FACTS, PROGRAM, SCENARIOS, Run, write

NOBODY = 65534
DAY = ("--as-of", "2024-03-31")
PLAN = "experiment plan program facts --said coaching --outcome revenue --start 2024-03-01 --seed 1 --plan new.json"
#: What is typed, in a folder that holds what `place` makes, and how it must end.
CALLS: dict[str, tuple[int, str]] = {
    "fly": (2, "Try 'swingby"),
    "--fly": (2, "Try 'swingby"),
    "check": (2, "Try 'swingby check"),
    "check program --fly": (2, "Try 'swingby check"),
    "check nowhere": (1, "Check its path"),
    "check empty": (1, "Add program.yaml"),
    "check blank": (1, "Write sections or delete it"),
    "check binary": (1, "Save it as UTF-8"),
    "check facts/activities.csv": (1, "Begin with program:"),
    "check program nowhere": (3, "Name a folder"),
    "check program program/program.yaml": (1, "Name the file after a table"),
    "check program facts extra": (2, "Try 'swingby check"),
    "check folder-named-yaml": (1, "program.yaml"),
    "describe nowhere": (3, "Mend them"),
    "describe program --rule none.such": (3, ""),
    "describe program --width 1": (2, "Try 'swingby describe"),
    "describe program --json --markdown": (2, "exclude each other"),
    "difference program": (2, "Try 'swingby difference"),
    "difference program nowhere": (3, "Mend them"),
    "difference program program --table --markdown": (2, "Choose one"),
    "validate program": (2, "Try 'swingby validate"),
    "validate program nowhere": (3, "Name a folder"),
    "validate program no.duckdb": (3, "check that it is one"),
    "validate program postgresql://nobody@127.0.0.1:1/none": (3, "Check the address"),
    "validate program postgres://:::": (3, "Check the address"),
    "validate program facts --mapping nowhere.yaml": (2, "Try 'swingby validate"),
    "validate program facts --mapping blank/program.yaml": (3, "Write a list under files:"),
    "validate program facts --mapping binary/program.yaml": (3, "Save it as UTF-8"),
    "validate program facts --bad-rows nowhere/bad.csv": (3, "that you may write to"),
    "validate program facts --bad-rows facts": (2, "Try 'swingby validate"),
    "validate program facts --bad-rows /dev/full": (3, "that you may write to"),
    "validate program broken-files": (1, ""),
    "load program facts": (2, "Try 'swingby load"),
    "load program facts nowhere": (3, "Name a folder"),
    "load program nowhere facts": (3, "Name a folder"),
    "load program facts delivery --most-reversed lots": (2, "10%"),
    "load program facts delivery --most-reversed 200%": (2, "between 0% and 100%"),
    "load program facts delivery --mode sometimes": (2, "Try 'swingby load"),
    "load program facts delivery --mode snapshot": (1, "--most-reversed 100%"),
    "load program facts bad-delivery --all-or-nothing": (3, "Mend them"),
    "assess program": (2, "Try 'swingby assess"),
    "assess program facts --as-of 2024-02-30": (2, "2026-03-31"),
    "assess program facts --partner nobody": (3, "Check the name"),
    "assess program facts --known-at soon": (2, "Try 'swingby assess"),
    "assess program facts --to facts": (3, "Name a new folder"),
    "assess program facts --to out --partner acme": (2, "Leave one"),
    "assess program facts --to program/program.yaml": (2, "Try 'swingby assess"),
    "assess program facts --to /dev/full/out": (3, "folder"),
    "assess broken-program facts": (3, "Mend them"),
    "explain program facts": (2, "Try 'swingby explain"),
    "explain program facts nobody": (3, "Check the name"),
    "explain program facts acme --as-of 1999-01-01": (3, "Check the name"),
    "history program facts acme --number glory": (3, ""),
    "history bare facts acme": (3, "--number"),
    "test program nowhere": (3, "Write one"),
    "test program facts/activities.csv": (3, ""),
    "test program binary": (3, "Save it as UTF-8"),
    "test nowhere": (3, "Mend them"),
    "path program facts": (2, "Try 'swingby path"),
    "path program facts acme": (2, "Try 'swingby path"),
    "path program facts --partner nobody": (3, "Check the name"),
    "path program facts --partner acme --to glory": (3, "glory"),
    "path program facts --partner acme --ladder glory": (3, "glory"),
    "path program facts --partner bolt --as-of 2024-03-31 --by 2024-03-30": (3, "still to come"),
    "path program facts --partner acme --least pain": (2, "Try 'swingby path"),
    "path program nowhere --partner acme": (3, "Name a folder"),
    "path broken-program facts --partner acme": (3, "Mend them"),
    "path program facts --partner acme --mapping nowhere.yaml": (2, "Try 'swingby path"),
    "compare": (2, "Try 'swingby compare"),
    "compare program": (2, "OLD NEW FACTS"),
    "compare program facts": (2, "OLD NEW FACTS"),
    "compare program program facts facts": (2, "OLD NEW FACTS"),
    "compare program facts --as-of 2024-03-31 --as-of 2024-03-31": (2, "earlier day"),
    "compare program nowhere facts": (3, "Mend them"),
    "compare program program nowhere": (3, "Name a folder"),
    "compare program renamed facts": (3, "Keep the name of a ladder"),
    "compare program program facts --price seats": (2, "paid_seats=1200"),
    "compare program program facts --price seats=nan": (2, "not an amount"),
    "compare program program facts --price seats=1": (3, "No version has benefits"),
    "compare program program facts --table --json": (2, "Choose one"),
    "compare program program facts --known-at -1": (2, "Try 'swingby compare"),
    "compare program program facts --mapping blank/program.yaml": (3, "Write a list under files:"),
    "backtest program facts": (2, "Try 'swingby backtest"),
    "backtest program facts --against program": (2, "Try 'swingby backtest"),
    "backtest program facts --against nowhere --from 2024-01-01 --to 2024-03-31": (3, "Mend them"),
    "backtest program facts --against program --from 2024-03-31 --to 2024-01-01": (2, "first day first"),
    "backtest program facts --against program --from 2024-03-31 --to soon": (2, "2026-03-31"),
    "backtest program facts --against program --from 2024-03-30 --to 2024-03-30": (3, "Choose a longer span"),
    "backtest program facts --against program --from 2024-01-01 --to 2024-03-31 --known soon": (2, "Try 'swingby"),
    "decide program facts --to out": (2, "Try 'swingby decide"),
    "decide program facts --as-of 2024-03-31": (2, "Try 'swingby decide"),
    "decide program facts --as-of 2024-03-31 --to facts/activities.csv/x.json": (3, "Name another place"),
    "decide program facts --as-of 2024-03-31 --to /dev/full": (3, ""),
    "decide program facts --as-of 2024-03-31 --to dir.json": (3, "Name a file"),
    "decide program facts --as-of 2024-03-31 --to out --known-at 99": (3, "Leave it out"),
    "replay": (2, "Try 'swingby replay"),
    "replay nowhere.json": (3, "Check the path"),
    "decide program facts --as-of 2024-03-31 --to out --mapping nowhere.yaml": (2, "Try 'swingby decide"),
    "replay facts": (3, "Name a file"),
    "replay program/program.yaml": (3, "swingby decide"),
    "init": (2, "Try 'swingby init"),
    "init facts": (3, "Name a new folder"),
    "init program/program.yaml": (3, "Name a new folder"),
    "init program/program.yaml/below": (3, "Name another place"),
    "init new --from none": (3, "There are"),
    "generate": (2, "Try 'swingby generate"),
    "generate program/program.yaml": (3, ""),
    "generate out --partners 0": (2, "Try 'swingby generate"),
    "generate out --archetypes nowhere.yaml": (3, ""),
    "generate out --archetypes facts/activities.csv": (3, ""),
    "completion": (2, "Try 'swingby completion"),
    "completion cmd": (2, "Try 'swingby completion"),
    "serve --port 0": (2, "Try 'swingby serve"),
    "demo --port ninety": (2, "Try 'swingby demo"),
    "backup": (2, "Try 'swingby backup"),
    "backup facts --data new": (3, "empty"),
    "backup out --secrets facts --data new": (3, "empty"),
    "restore": (2, "Try 'swingby restore"),
    "restore nowhere --data new": (3, "swingby backup"),
    "restore facts --data new": (3, "swingby backup"),
    "enablement": (2, ""),
    "enablement check": (2, "Try 'swingby enablement check"),
    "enablement check nowhere": (1, ""),
    "enablement ahead": (2, "Try 'swingby enablement ahead"),
    "enablement ahead nowhere program facts": (3, "Mend them"),
    "enablement moves": (2, "Try 'swingby enablement moves"),
    "enablement changes": (2, "Try 'swingby enablement changes"),
    "enablement changes nowhere nowhere": (3, "Mend them"),
    "evidence": (2, ""),
    "evidence fly": (2, "Try 'swingby evidence"),
    "evidence effect program facts": (2, "Try 'swingby evidence effect"),
    "evidence effect program facts --act nothing --outcome revenue --from 2024-01-01 --to 2024-03-31": (2, "Ask again"),
    "evidence effect program facts --act credentials --where level --outcome revenue --from 2024-01-01 --to 2024-03-31": (
        2,
        "level=advanced",
    ),
    "evidence effect program facts --act credentials --outcome fame --from 2024-01-01 --to 2024-03-31": (
        2,
        "Try 'swingby evidence effect",
    ),
    "evidence effect program facts --act credentials --outcome revenue --from 2024-01-01 --to 2024-03-31 --lots decisions": (
        2,
        "--invited",
    ),
    "evidence effect program facts --act credentials --outcome revenue --from 2024-01-01 --to 2024-03-31": (1, ""),
    "evidence forecast program facts --from 2024-01-02 --to 2024-03-31": (2, "Ask again"),
    "evidence anyway program facts --from 2024-02-01 --to 2024-01-31": (2, "Ask again"),
    "evidence anyway program facts --from 2024-01-01 --to 2024-12-31 --origin nowhere": (2, "Ask again"),
    "evidence anyway program facts --from 2024-01-01 --to 2024-12-31 --within -1": (2, "--within"),
    "evidence gaming program facts --line much --to 2024-03-31": (2, "150000"),
    "evidence gaming program facts --line -5 --to 2024-03-31": (2, "Ask again"),
    "evidence return program facts --act credentials --margin much --from 2024-01-01 --to 2024-03-31": (
        2,
        "0.25..0.35",
    ),
    "evidence return program facts --act credentials --margin 0.4..0.3 --from 2024-01-01 --to 2024-03-31": (
        2,
        "smaller number first",
    ),
    "evidence return program facts --act credentials --margin 0.3 --from 2024-01-01 --to 2024-03-31": (2, "Ask again"),
    "evidence return program facts --act credentials --each 9 --from 2024-01-01 --to 2024-03-31": (1, ""),
    "evidence change program facts --from 2024-01-01 --to 2024-03-31": (2, "Try 'swingby evidence change"),
    "evidence change program facts --against program --from 2024-01-01 --to 2024-03-31": (2, "Ask again"),
    "evidence change program facts --against program --from 2024-01-01 --to 2024-03-31 --known-at 1": (
        2,
        "Leave --known-at out",
    ),
    "evidence change program facts --against program --from 2024-01-01 --to 2024-03-31 --noted rain": (
        2,
        "says nothing of a day",
    ),
    "evidence change program facts --against program --from 2024-01-01 --to 2024-03-31 --noted soon=rain": (
        2,
        "is not a day",
    ),
    "evidence change program facts --against program --from 2024-01-01 --to 2024-03-31 --also activities:kind": (
        2,
        "level=advanced",
    ),
    "evidence exposure nowhere facts --to 2024-03-31": (3, "Mend them"),
    "evidence exposure program nowhere --to 2024-03-31": (3, "Name a folder"),
    "evidence exposure program facts --to 2024-03-31 --html facts": (2, "Try 'swingby evidence exposure"),
    "evidence exposure program facts --to 2024-03-31 --html nowhere/card.html": (3, "Check the path"),
    "evidence staying program facts --from 2024-03-31 --to 2024-01-01": (2, "Ask again"),
    "evidence signs program facts --from 2024-01-01 --to 2024-03-31": (2, "Look at more days"),
    "evidence readiness program facts --from 2024-03-31 --to 2024-01-01": (2, "Ask for more days"),
    "evidence value program facts --from 2024-01-01 --to 2024-03-31 --margin 3": (2, "Ask again"),
    "evidence exposure program facts --to yesterday": (2, "2026-03-31"),
    "evidence experiment program facts --plan facts --registered x": (2, "Try 'swingby evidence experiment"),
    "evidence experiment program facts --plan no.duckdb --registered x": (3, "Name a file"),
    "experiment": (2, ""),
    "experiment plan program facts": (2, "Try 'swingby experiment plan"),
    f"{PLAN} --on 2024-03-01": (2, "Plan again"),
    f"{PLAN} --on 2024-02-29 --where level=x": (2, "--act KIND"),
    f"{PLAN} --on 2024-02-29 --act nothing": (2, "Ask again"),
    f"{PLAN} --on 2024-02-29": (3, "  "),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with good things and bad ones."""
    write(tmp_path / "program", {"program.yaml": PROGRAM})
    write(tmp_path / "program" / "scenarios", {"all.yaml": SCENARIOS})
    write(tmp_path / "broken-program", {"program.yaml": PROGRAM.replace("score: total", "score: totel")})
    header = PROGRAM.strip().splitlines()[0]
    write(tmp_path / "bare", {"program.yaml": f"{header}\nladders: {{level: {{tiers: [{{id: one}}]}}}}\n"})
    write(tmp_path / "renamed", {"program.yaml": PROGRAM.replace("  level:", "  rank:")})
    write(tmp_path / "blank", {"program.yaml": ""})
    write(tmp_path / "facts", FACTS)
    write(tmp_path / "delivery", {"activities.csv": "fact_id,organization,kind,happened_on\nz,acme,visit,2024-03-01\n"})
    write(tmp_path / "bad-delivery", {"activities.csv": "fact_id,organization,kind,happened_on\nz,acme,visit,soon\n"})
    (tmp_path / "binary").mkdir()
    (tmp_path / "binary" / "program.yaml").write_bytes(b"\xff\xfe\x00\xd8")
    write(tmp_path / "broken-files", {"activities.xlsx": "no workbook", "deals.parquet": "none", "surveys.csv.gz": "x"})
    (tmp_path / "folder-named-yaml" / "program.yaml").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    (tmp_path / "dir.json").mkdir()
    (tmp_path / "no.duckdb").write_text("this is no database, however long it may be")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def assert_told(shown: Result, code: int, hint: str) -> None:
    assert shown.exception is None or isinstance(shown.exception, SystemExit), shown.exc_info
    assert (shown.exit_code, "Traceback" in shown.output) == (code, False), shown.output
    assert shown.exit_code in set(ExitCode) - {ExitCode.BROKEN}
    assert hint in shown.output
    last = shown.stderr.rstrip().splitlines()[-1:]
    assert shown.exit_code != ExitCode.UNUSABLE or (last and last[0].startswith("  ")), shown.stderr


@pytest.mark.parametrize("call", CALLS)
def test_a_bad_call_is_told(run: Run, place: Path, call: str) -> None:
    assert_told(run(*call.split()), *CALLS[call])


def test_every_command_is_called_badly() -> None:
    assert {call.split()[0] for call in CALLS} >= set(COMMANDS)


# --- the system says no ---------------------------------------------------------------------------------------------


@contextmanager
def without_rights() -> Iterator[None]:
    """Be somebody who may do nothing; an administrator would be stopped by no permission."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder that everybody reaches, in which things are closed."""
    with tempfile.TemporaryDirectory(dir="/tmp") as made:
        folder = Path(made)
        folder.chmod(0o755)
        for kind, files in (("program", {"program.yaml": PROGRAM}), ("facts", FACTS)):
            write(folder / kind, files)
        for name in ("locked", "program/scenarios"):
            (folder / name).mkdir()
            (folder / name).chmod(0)
        write(folder / "secret", {"program.yaml": PROGRAM, "mapping.yaml": "", "x.json": "{}", "enrolments.csv": "a"})
        for file in (folder / "secret").iterdir():
            file.chmod(0)
        (folder / "fixed").mkdir(mode=0o555)
        yield folder
        for name in ("locked", "program/scenarios", "fixed"):
            (folder / name).chmod(0o755)


FORBIDDEN = {
    "check locked": 1,
    "check locked/below": 1,
    "check secret": 1,
    "describe locked": 3,
    "difference program secret": 3,
    "validate program locked": 3,
    "validate program locked/below": 3,
    "validate program secret": 3,
    "validate program facts --mapping secret/mapping.yaml": 3,
    "validate program facts --bad-rows fixed/bad.csv": 3,
    "load program facts locked": 3,
    "load program locked facts": 3,
    "assess program facts --to fixed/out": 3,
    "path program locked --partner acme": 3,
    "compare program secret facts": 3,
    "compare program program locked": 3,
    "backtest program facts --against locked --from 2024-01-01 --to 2024-03-31": 3,
    "test program": 3,
    "test program locked": 3,
    "decide program facts --as-of 2024-03-31 --to fixed": 3,
    "decide program facts --as-of 2024-03-31 --to fixed/below": 3,
    "decide program facts --as-of 2024-03-31 --to locked/x.json": 3,
    "replay secret/x.json": 3,
    "replay locked/x.json": 3,
    "init fixed/new": 3,
    "init locked": 3,
    "generate fixed/new --partners 3": 3,
    "generate new --archetypes secret/program.yaml": 3,
}


@pytest.mark.slow
@pytest.mark.parametrize("call", FORBIDDEN)
def test_what_is_forbidden_is_told(closed: Path, call: str) -> None:
    for name in COMMANDS:
        load_command(name, entry=COMMANDS[name])
    words = [str(closed / word) if "/" in word or (closed / word).exists() else word for word in call.split()]
    CliRunner().invoke(main, ["validate", str(closed / "program"), str(closed / "facts")])
    with without_rights():
        shown = CliRunner().invoke(main, words)
    assert_told(shown, FORBIDDEN[call], "")
