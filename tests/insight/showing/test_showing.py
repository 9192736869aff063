"""Cards for the eye: the picture, the page and the paper say what the card says, and nothing of a name becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest

from swingby.insight import (
    Card,
    Check,
    Count,
    Figure,
    Mark,
    Meaning,
    Picture,
    Remaining,
    Result,
    Series,
    Verdict,
    card_page,
    card_paper,
    check_heading,
)
from swingby.insight.showing.chart import NARROW, WIDE, Frame, chart, nice_steps, ticks_of
from swingby.insight.showing.meanings import STYLES, Style, colour_rules, styles_of

SVG = "{http://www.w3.org/2000/svg}"
CURVES = Picture(
    title="Who stays",
    x="months since joining",
    y="share still enrolled",
    series=(
        Series(
            "with <b>", (Mark(0, 1, 1, 1), Mark(5, 0.8, 0.6, 0.9)), (Remaining(0, 40), Remaining(5, 30)), Meaning.GROUP
        ),
        Series(
            "without", (Mark(0, 1, 1, 1), Mark(3, 0.7, 0.5, 0.85)), (Remaining(0, 50), Remaining(5, 20)), Meaning.GROUP
        ),
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
SIGNS = Picture(
    title="How well each sign tells",
    x="what each tenth of all the customers that were looked at did first",
    y="how often it tells which",
    series=(
        Series("found", tuple(Mark(x, 0.6, 0.5, 0.7) for x in (1, 2)), meaning=Meaning.FOUND),
        Series("held against", tuple(Mark(x, 0.6, 0.5, 0.7) for x in (1, 2)), meaning=Meaning.COMPARED),
    ),
    unit="share",
    band="95 of 100",
    form="line",
    bounds=(0, 1),
    places=("kick off", f"a sign with a name {'far ' * 30}too long"),
    nothing=0.5,
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
@pytest.mark.parametrize("picture", [CURVES, POINTS, SIGNS])
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
    assert [part.get("class") for part in root].count("reach found") == 7
    assert [part.get("class") for part in root].count("begins") == 1


def test_curves_have_a_legend_and_the_numbers_at_risk() -> None:
    words = [part.text for part in drawn(CURVES, WIDE).iter(f"{SVG}text")]
    assert words[:2] == ["with <b>", "without"]
    assert words[words.index("still looked at") + 1 :] == ["40", "30", "50", "20"]


def test_curves_differ_by_more_than_colour() -> None:
    lines = [part for part in drawn(CURVES, WIDE) if (part.get("class") or "").startswith("line")]
    assert {part.get("stroke-dasharray") for part in lines} == {None, "7 3"}


def test_one_meaning_has_one_colour_whatever_stands_beside_it() -> None:
    found, compared = Series("a", (Mark(0, 1, 1, 1),)), Series("b", (Mark(0, 1, 1, 1),), meaning=Meaning.COMPARED)
    north, south = (Series(name, (), meaning=Meaning.GROUP) for name in ("north", "south"))
    assert [one.name for one in styles_of([found, compared])] == ["found", "compared"]
    assert [one.name for one in styles_of([compared, found])] == ["compared", "found"]
    assert [one.name for one in styles_of([north, found, south])] == ["group-1", "found", "group-2"]
    every = [style for some in STYLES.values() for style in some]
    assert len({style.light for style in every}) == len({style.dark for style in every}) == len(every)


@pytest.mark.parametrize("style", [style for some in STYLES.values() for style in some], ids=lambda style: style.name)
def test_marks_are_seen_on_every_ground(style: Style) -> None:
    """On white and on the darkest and the lightest ground of pages; three times is what graphics need."""
    assert min(contrast(style.light, ground) for ground in ("#ffffff", "#f6f7f9")) >= 3
    assert min(contrast(style.dark, ground) for ground in ("#11141b", "#191d26")) >= 3


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as the guidelines for web content define it."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_application_has_the_colours_that_files_have() -> None:
    sheet = files("swingby.web.design").joinpath("static/swingby/css/evidence.css").read_text(encoding="utf-8")
    lines = {line.strip() for line in sheet.splitlines()}
    assert [rule for rule in colour_rules(".evidence-picture") if rule not in lines] == []


def test_the_page_alone_has_a_rule_for_each_colour() -> None:
    page = card_page(CARD)
    assert [rule for rule in colour_rules(".chart") if rule not in page] == []


def test_ranges_at_the_same_place_stand_beside_each_other() -> None:
    root = drawn(SIGNS, WIDE)
    across = [float(part.get("cx") or 0) for part in root.iter(f"{SVG}circle")]
    assert [round(across[nth + 2] - across[nth], 1) for nth in (0, 1)] == [7.0, 7.0]


def test_places_with_a_name_are_named_below_and_in_the_table() -> None:
    words = [part.text or "" for part in drawn(SIGNS, NARROW).iter(f"{SVG}text")]
    assert "1  kick off" in words
    assert [word[:24] for word in words if word.endswith("…")] == ["2  a sign with a name fa"]
    assert "50 %" in words
    assert card_page(replace(CARD, picture=SIGNS)).count(">kick off</td>") == 2


def test_what_the_axis_says_goes_on_in_a_second_line() -> None:
    words = [part.text or "" for part in drawn(SIGNS, NARROW).iter(f"{SVG}text")]
    first = next(nth for nth, word in enumerate(words) if word.startswith("what each"))
    assert " ".join(words[first : first + 2]) == SIGNS.x


@pytest.mark.parametrize(
    ("places", "labels"),
    [
        ([*range(-8, 0), *range(1, 9)], [-6, -3, 3, 6]),
        ([0, 6, 12, 18, 24, 30, 36, 42, 48], [0, 12, 24, 36, 48]),
        ([2.5, 3.5, 4.5], [2.5, 3.5, 4.5]),
        ([7], [7]),
    ],
)
def test_labels_stand_evenly(places: list[float], labels: list[float]) -> None:
    picture = replace(POINTS, series=(Series("", tuple(Mark(x, 1, 1, 1) for x in places)),))
    assert ticks_of(picture, NARROW) == labels


def test_half_a_partner_is_no_label() -> None:
    picture = replace(POINTS, unit="count", series=(Series("", (Mark(0, 2, 2, 2), Mark(1, 0, 0, 0))),))
    words = [part.text for part in drawn(picture, WIDE).iter(f"{SVG}text")]
    assert words[:3] == ["0", "1", "2"]


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


def test_brackets_are_explained_where_there_are_any() -> None:
    ranged, plain = CARD, replace(CARD, figures=CARD.figures[1:])
    assert [("In brackets:" in card_page(one)) for one in (ranged, plain)] == [True, False]


def test_who_decides_nothing_is_asked_for_no_decision() -> None:
    assert [("By whom" in card_page(one)) for one in (CARD, replace(CARD, decision=""))] == [True, False]


@pytest.mark.parametrize("picture", [CURVES, POINTS, SIGNS, None])
def test_paper_is_the_same_each_time(picture: Picture | None) -> None:
    card = replace(CARD, picture=picture, decision="" if picture is None else CARD.decision)
    first = card_paper(card)
    assert first.startswith(b"%PDF-")
    assert first == card_paper(card)
