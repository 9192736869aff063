"""What the pages say and hold, without a browser."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from swingby.web.design.fonts import WEIGHTS, FontFinder
from swingby.web.design.gallery import vendor_samples
from swingby.web.design.gallery.samples import sample_home
from swingby.web.design.gallery.views import PAGES, show
from swingby.web.design.parts import Gate
from swingby.web.portal.home import NextTier

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "src" / "swingby" / "web"
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
STYLES = sorted((WEB / "design" / "static").rglob("*.css"))
NEVER_SAID = re.compile(
    r"\b(enrolments?|facts?|assessments?|known[- ]at|nodes?|score normali[sz]ed|engagement index)\b", re.IGNORECASE
)


def html_of(name: str) -> str:
    request = RequestFactory().get("/gallery/", {"page": name})
    request.user = AnonymousUser()
    return show(request).content.decode()


def words_of(html: str) -> str:
    """What a reader or a screen reader gets: the text and the attributes that are read out."""
    read_out = " ".join(re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', html))
    return re.sub(r"<[^>]*>", " ", html) + read_out


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_inline_style_or_script(name: str) -> None:
    html = html_of(name)
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", html) == []
    # A block of data is no script: nothing in it runs, and no policy needs to allow it.
    assert re.findall(r"<script(?![^>]*\s(?:src=|type=\"application/json\"))", html) == []


@pytest.mark.parametrize("name", PAGES)
def test_page_never_says_the_words_of_the_machine(name: str) -> None:
    assert NEVER_SAID.findall(words_of(html_of(name))) == []


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_labels_lead_somewhere(name: str) -> None:
    html = html_of(name)
    ids = Counter(re.findall(r'\sid="([^"]*)"', html))
    referred = re.findall(r'\s(?:for|aria-labelledby|aria-describedby)="([^"]*)"', html)

    assert [key for key, count in ids.items() if count > 1] == []
    assert {key for keys in referred for key in keys.split()} - set(ids) == set()


@pytest.mark.parametrize("name", PAGES)
def test_page_has_one_first_heading(name: str) -> None:
    assert html_of(name).count("<h1") == 1


def test_polling_asks_with_the_version_that_is_shown() -> None:
    html = html_of("home")
    assert 'hx-get="/gallery/standing/?version=4812"' in html
    assert 'hx-trigger="every 800ms"' in html
    assert "&quot;allowEval&quot;:false" in html or '"allowEval":false' in html
    assert '"includeIndicatorStyles":false' in html


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_never_say_the_words_of_the_machine(path: Path) -> None:
    said = re.findall(r'translate "([^"]*)"|%\}([^{%]*)\{%', path.read_text(encoding="utf-8"))
    assert [words for pair in said for words in pair if NEVER_SAID.search(re.sub(r"<[^>]*>", " ", words))] == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_rule_stands_in_a_layer(path: Path) -> None:
    outside = re.sub(
        r"@font-face \{[^}]*\}|@layer [a-z, ]+;|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    while re.search(r"\{[^{}]*\}", outside):
        outside = re.sub(r"[^{};]*\{[^{}]*\}", lambda block: "LAYER" if "@layer" in block[0] else "", outside)
    assert re.sub(r"LAYER|\s", "", outside) == ""


def test_layers_come_in_the_agreed_order() -> None:
    first = (WEB / "design/static/swingby/css/tokens.css").read_text(encoding="utf-8")
    assert "@layer reset, tokens, base, layout, components, utilities;" in first


def test_count_of_requirements_holds_points_beside_gates() -> None:
    points = Gate(label="Points", state="met")
    tier = NextTier(name="Gold", verdict="", gates=(Gate(label="Plan", state="unmet"),), points=points)
    assert [gate.label for gate in tier.all_gates] == ["Plan", "Points"]


def test_pending_points_are_kept_apart() -> None:
    page = sample_home()
    assert len(page.points.pending) == 2
    assert page.points.pending_points == 40
    assert page.late_promises == 1


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("WaitingReport", "console/pages.py"),
        ("SampledReport", "console/pages.py"),
        ("ReportLine", "portal/pages.py"),
    ],
)
def test_samples_have_the_fields_of_the_application(name: str, file: str) -> None:
    tree = ast.parse((WEB / file).read_text(encoding="utf-8"))
    (found,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    theirs = [
        node.target.id for node in found.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    assert [field.name for field in fields(getattr(vendor_samples, name))] == theirs


def test_fonts_are_served_and_small() -> None:
    finder = FontFinder()
    found = [Path(finder.find(f"swingby/fonts/HankenGrotesk-{weight}.woff2")) for weight in WEIGHTS]

    assert [path.read_bytes()[:4] for path in found] == [b"wOF2"] * 4
    assert all(path.stat().st_size < 30_000 for path in found)
    assert finder.find("swingby/fonts/../../settings.py") is None
    assert finder.find("swingby/fonts/HankenGrotesk-Light.woff2", find_all=True) == []
    assert [name for name, _ in finder.list([])] == [path.name for path in found]
