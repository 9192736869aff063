"""Cards for the eye: the picture, the page and the paper say what the card says, and nothing of a name becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from swingby.insight import (
    Card,
    Check,
    Count,
    Figure,
    Mark,
    Picture,
    Remaining,
    Result,
    Series,
    Verdict,
    card_page,
    card_paper,
    check_heading,
)
from swingby.insight.showing.chart import NARROW, WIDE, Frame, chart, nice_steps

SVG = "{http://www.w3.org/2000/svg}"
CURVES = Picture(
    title="Who stays",
    x="months since joining",
    y="share still enrolled",
    series=(
        Series("with <b>", (Mark(0, 1, 1, 1), Mark(5, 0.8, 0.6, 0.9)), (Remaining(0, 40), Remaining(5, 30))),
        Series("without", (Mark(0, 1, 1, 1), Mark(3, 0.7, 0.5, 0.85)), (Remaining(0, 50), Remaining(5, 20))),
    ),
    unit="share",
    band="95 of 100",
    form="steps",
    bounds=(0, 1),
)
POINTS = Picture(
    title="Around the act",
    x="months since",
    y="change",
    series=(Series("", tuple(Mark(x, 0.02 * x, 0.02 * x - 0.05, 0.02 * x + 0.05) for x in range(-3, 4))),),
    unit="points",
    band="all at once",
    begins_at=-0.5,
)
CARD = Card(
    question="Do partners <script> stay?",
    verdict=Verdict.SUGGESTED,
    sentence="They may & they may not.",
    figures=(Figure("Stay a year", 0.8, "share", 0.6, 0.9), Figure("Worth", 1.2e6, "money", currency="USD")),
    picture=CURVES,
    checks=(Check("leads", Result.FAILED, "It rang."), Check("slope", Result.NOT_RUN, "Too few.")),
    counts=(Count("partners", 1200),),
    about="All.",
    method="Kaplan and Meier (1958).",
    mind=("Another year.",),
    decision="Wait.",
    notes=("A note.",),
)


class Reader(HTMLParser):
    """Reads a page as a browser would: the text by the element it stands in, and every element that was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.text: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def drawn(picture: Picture, frame: Frame) -> ET.Element:
    return ET.fromstring(chart(picture, frame))  # noqa: S314 (our own text)


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@pytest.mark.parametrize("picture", [CURVES, POINTS])
def test_a_picture_is_named_and_described(picture: Picture, frame: Frame) -> None:
    root = drawn(picture, frame)
    ids = {part.get("id"): part.text for part in root if part.get("id")}
    named = [ids[one] for one in (root.get("aria-labelledby") or "").split()]
    assert named[0] == picture.title
    assert (named[1] or "").startswith(f"{picture.y} by {picture.x}. ")


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@pytest.mark.parametrize("picture", [CURVES, POINTS])
def test_everything_lies_inside_the_picture(picture: Picture, frame: Frame) -> None:
    root = drawn(picture, frame)
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    for text in root.iter(f"{SVG}text"):
        x, y, letters = float(text.get("x") or 0), float(text.get("y") or 0), 6.2 * len(text.text or "")
        left = {"middle": x - letters / 2, "end": x - letters}.get(text.get("text-anchor") or "start", x)
        assert left >= -1, text.text
        assert left + letters <= width + 1, text.text
        assert 0 < y <= height
    for circle in root.iter(f"{SVG}circle"):
        assert 0 < float(circle.get("cx") or 0) < width


def test_a_point_is_drawn_for_each_mark_with_its_range() -> None:
    root = drawn(POINTS, WIDE)
    assert len(list(root.iter(f"{SVG}circle"))) == 7
    assert [part.get("class") for part in root].count("reach s0") == 7
    assert [part.get("class") for part in root].count("begins") == 1


def test_curves_have_a_legend_and_the_numbers_at_risk() -> None:
    words = [part.text for part in drawn(CURVES, WIDE).iter(f"{SVG}text")]
    assert words[:2] == ["with <b>", "without"]
    assert words[words.index("still looked at") + 1 :] == ["40", "30", "50", "20"]


def test_curves_differ_by_more_than_colour() -> None:
    lines = [part for part in drawn(CURVES, WIDE) if (part.get("class") or "").startswith("line")]
    assert {part.get("stroke-dasharray") for part in lines} == {None, "7 3"}


def test_round_numbers_are_chosen_for_any_span() -> None:
    assert nice_steps(0, 1, 6) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert nice_steps(-3e6, 1.1e7, 5) == [0, 5e6, 1e7]
    assert all(1 <= len(nice_steps(0, 10**power, 6)) <= 7 for power in range(-9, 9))


def test_a_page_needs_nothing_else_and_holds_no_foreign_markup() -> None:
    reader = read(card_page(CARD))
    assert reader.addresses == []
    assert {"script", "b", "link", "img"} & set(reader.opened) == set()
    assert "Do partners <script> stay?" in reader.text


def test_a_page_says_all_that_the_card_says() -> None:
    text = " ".join(read(card_page(CARD, about_data="Program: x.")).text).replace("\xa0", " ")
    said = [CARD.question, str(CARD.verdict), CARD.sentence, CARD.decision, CARD.method, *CARD.notes, *CARD.mind]
    said += [part for check in CARD.checks for part in (check_heading(check), check.words)]
    said += ["Stay a year", "80 % (60 % to 90 %)", "USD 1.2 million", "1,200", "Program: x."]
    assert [words for words in said if words not in text] == []


def test_the_numbers_of_the_picture_stand_in_a_table() -> None:
    page = card_page(CARD)
    rows = re.findall(r"<tr>(?:<td[^>]*>[^<]*</td>)+</tr>", page[page.index("The numbers of the picture") :])
    assert [re.findall(r">([^<>]*)</td>", row) for row in rows] == [
        ["with &lt;b&gt;", "0", "100\xa0%", "", ""],
        ["with &lt;b&gt;", "5", "80\xa0%", "60\xa0%", "90\xa0%"],
        ["without", "0", "100\xa0%", "", ""],
        ["without", "3", "70\xa0%", "50\xa0%", "85\xa0%"],
    ]


def test_a_refusal_is_a_page_without_a_picture() -> None:
    refused = replace(CARD, picture=None, figures=(), checks=(), counts=(), about="", method="", mind=(), notes=())
    opened = read(card_page(refused)).opened
    assert {"svg", "table", "ul"} & set(opened) == set()


@pytest.mark.parametrize("picture", [CURVES, POINTS, None])
def test_paper_is_the_same_each_time(picture: Picture | None) -> None:
    card = replace(CARD, picture=picture)
    first = card_paper(card)
    assert first.startswith(b"%PDF-")
    assert first == card_paper(card)
