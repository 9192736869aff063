"""A published version with its rules and files; one that this release cannot read; and a very large one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from swingby.program import describe
from swingby.web.console.published_parts import PublishedPage, chapters_of
from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.gallery.guide_samples import sample_program, sample_text

FILE = """\
points:
  plans: {for_each: activities, where: {kind: plan_reviewed}, earn: 20, cap: {at_most: 20, per: fiscal quarter}}
  training: {for_each: activities, where: {kind: training_completed}, earn: 4, label: Training completed}
"""


def published_page() -> PublishedPage:
    """The version in force."""
    return PublishedPage(
        program="Harborline Partner Success",
        version="2.1",
        effective=date(2025, 11, 1),
        published_at=datetime(2025, 9, 1, 9, 30, tzinfo=UTC),
        is_in_force=True,
        chapters=chapters_of(describe(sample_program(sample_text()))),
        files=(("points.yaml", FILE),),
        file_url="#",
        versions_url="/gallery/?page=versions",
    )


def unread_page() -> PublishedPage:
    """A version that this release cannot read."""
    refused = "program.yaml:4: There is no rule of this name. Take it out, or write its name as it is declared."
    return replace(published_page(), chapters=(), refused=refused, is_in_force=False)


def large_page() -> PublishedPage:
    """Long names and long lines."""
    files = ((f"{LONG_WORD}.yaml", f"# {LONG_WORD * 4}\n" * 20),)
    return replace(published_page(), program=LONG_NAME, version=LONG_WORD, files=files)


PAGES: dict[str, Callable[[], PublishedPage]] = {
    "published": published_page,
    "published-unread": unread_page,
    "published-large": large_page,
}
