"""A card as one HTML file that needs nothing else: no script, no font, no address."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from swingby.insight.cards import Card, Check, Picture
from swingby.insight.showing.chart import NARROW, WIDE, chart
from swingby.insight.showing.markup import Markup, element
from swingby.insight.showing.meanings import colour_rules
from swingby.insight.showing.saying import (
    RESULT_WORDS,
    VERDICT_WORDS,
    amount_words,
    check_heading,
    figure_words,
    kept_together,
    place_of,
    range_words,
)
from swingby.insight.verdicts import Verdict

CLASSES = {
    Verdict.SHOWN: "shown",
    Verdict.SUGGESTED: "suggested",
    Verdict.NOT_SHOWN: "not-shown",
    Verdict.UNANSWERABLE: "unanswerable",
}
#: What the people who decide fill in.
TO_FILL_IN = ("You decide: stop, keep, change or test", "By whom", "Until when")


def card_page(card: Card, *, about_data: str = "") -> str:
    """The card as a whole page.

    Parameters
    ----------
    card
        Any card, refusals too.
    about_data
        A line at the end: of which program and which facts it is.
    """
    rules = files("swingby.insight.showing").joinpath("card.css").read_text(encoding="utf-8")
    style = Markup("\n".join([rules.rstrip(), *colour_rules(".chart"), ""]))
    head = element(
        "head",
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", card.question),
        element("style", style),
    )
    body = element("body", element("main", element("article", *_parts(card, about_data))))
    return f"<!doctype html>\n{element('html', head, Markup(kept_together(body)), lang='en')}\n"


def card_picture(picture: Picture, *, key: str = "picture") -> Markup:
    """The picture alone, wide and narrow, with its numbers as a table: for a page that has its own style.

    ``key`` tells the titles of this picture from those of others on the page.
    """
    return Markup(kept_together(_picture(picture, key=key)))


def _parts(card: Card, about_data: str) -> Iterator[Markup]:
    yield element("h1", card.question)
    yield element(
        "p",
        element("span", str(card.verdict), class_=f"verdict {CLASSES[card.verdict]}"),
        element("span", VERDICT_WORDS[card.verdict], class_="meant"),
    )
    yield element("p", card.sentence, class_="sentence")
    if card.decision:
        yield _decision(card)
    if card.picture is not None and card.picture.marks:
        yield _picture(card.picture)
    if card.figures:
        yield element("h2", "Figures")
        yield element("table", *_figure_rows(card), class_="figures")
        yield element("p", range_words(card), class_="small")
    if card.checks:
        yield element("h2", "What was checked")
        yield element("ul", *map(_check, card.checks), class_="checks")
    yield from _list("What would change our mind", card.mind)
    yield from _basis(card)
    if about_data:
        yield element("p", about_data, class_="small")


def _decision(card: Card) -> Markup:
    fields = (element("div", element("dt", name), element("dd", Markup("&nbsp;"))) for name in TO_FILL_IN)
    said = element("p", element("strong", "Decision. "), card.decision)
    return element("section", said, element("dl", *fields), class_="decision")


def _figure_rows(card: Card) -> Iterator[Markup]:
    for figure in card.figures:
        number = element("td", figure_words(figure), class_="number")
        yield element("tr", element("th", figure.label, scope="row"), number)


def _check(check: Check) -> Markup:
    kind = str(check.result).replace(" ", "-")
    return element(
        "li",
        element("strong", check_heading(check)),
        element("span", RESULT_WORDS[check.result].lower(), class_=kind),
        element("p", check.words),
    )


def _list(title: str, lines: tuple[str, ...]) -> Iterator[Markup]:
    if lines:
        yield element("h2", title)
        yield element("ul", *(element("li", line) for line in lines))


def _basis(card: Card) -> Iterator[Markup]:
    if card.counts or card.about or card.method or card.notes:
        yield element("h2", "What it rests on")
    if card.about:
        yield element("p", "About: ", card.about)
    if card.method:
        yield element("p", "Method: ", card.method)
    for note in card.notes:
        yield element("p", note)
    if card.counts:
        rows = (
            element("tr", element("th", one.label, scope="row"), element("td", f"{one.number:,}", class_="number"))
            for one in card.counts
        )
        yield element("table", *rows)


def _picture(picture: Picture, *, key: str = "picture") -> Markup:
    caption = element("figcaption", picture.title, element("span", f"{picture.y}; {picture.band}"))
    both = (chart(picture, frame, key=key) for frame in (WIDE, NARROW))
    return element("figure", caption, *both, _numbers(picture))


def _numbers(picture: Picture) -> Markup:
    """The picture as a table, for those who cannot see it and those who want the digits."""
    has_names = any(one.name for one in picture.series)
    heads = [*(["of"] if has_names else []), picture.x, picture.y, "from", "to"]
    rows = [
        element(
            "tr",
            *(element("td", cell, class_="number" if nth >= has_names else None) for nth, cell in enumerate(cells)),
        )
        for cells in _cells(picture, has_names=has_names)
    ]
    head = element(
        "thead",
        element(
            "tr",
            *(
                element("th", one, scope="col", class_="number" if nth >= has_names else None)
                for nth, one in enumerate(heads)
            ),
        ),
    )
    table = element("div", element("table", head, element("tbody", *rows)), class_="scroll")
    return element("details", element("summary", "The numbers of the picture"), table)


def _cells(picture: Picture, *, has_names: bool) -> Iterator[list[str]]:
    for one in picture.series:
        for mark in one.marks:
            ends = [mark.low, mark.high] if mark.low != mark.high else [None, None]
            numbers = [amount_words(mark.y, picture.unit, picture.currency)]
            numbers += ["" if end is None else amount_words(end, picture.unit, picture.currency) for end in ends]
            yield [*([one.name] if has_names else []), place_of(picture, mark.x), *numbers]
