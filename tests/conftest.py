"""No test is skipped silently: every reason is printed, and continuous integration takes none but those by design.

The browser of all browser tests is opened here as well.
"""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.order import ByGroup, arrange
from tests.turns import out_of_turn, told

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from xdist.remote import Producer
    from xdist.scheduler import Scheduling

BY_DESIGN = "by design: "
"""How the reason of a skip begins that holds on every machine, such as a feature that one backend does not have."""

_reasons: dict[str, str] = {}


def pytest_configure(config: pytest.Config) -> None:
    """Give all processes of a run one folder for the databases that each of them copies."""
    from tests.web.made_databases import SHARED

    if SHARED in os.environ:
        return
    folder = tempfile.mkdtemp(prefix="swingby-tests-")
    Path(folder).chmod(0o755)
    os.environ[SHARED] = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    arrange(items)
    left = set(out_of_turn(items))
    if left:
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=list(left))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "Scheduling | None":
    return ByGroup(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_finish() -> None:
    """Leave what is imported and collected out of the search for garbage, and search as seldom as the product does."""
    if "django" in sys.modules:
        from tests.web.static_files import look_once

        look_once()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _judge(report, item.nodeid)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _judge(report, collector.nodeid)
    return report


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A real browser, closed after each module: a second one cannot run beside it, nor Django's own queries."""
    from playwright.sync_api import sync_playwright

    executable = os.environ.get("SWINGBY_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("no Chromium: install it or name it in SWINGBY_CHROMIUM")
    with sync_playwright() as player:
        switches = ["--no-sandbox", "--disable-background-networking"]
        browser = player.chromium.launch(executable_path=executable, args=switches)
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _reasons:
        terminalreporter.section("skipped, and why")
    for name, reason in _reasons.items():
        terminalreporter.line(f"{name}: {reason}")
    if told():
        terminalreporter.line(told())


def _judge(report: pytest.TestReport | pytest.CollectReport, name: str) -> None:
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = _reason(report)
    _reasons[name] = reason
    if os.environ.get("CI", "").lower() == "true" and not reason.startswith(BY_DESIGN):
        report.outcome = "failed"
        report.longrepr = f"{name} was skipped in continuous integration, where nothing may be missing: {reason}"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
