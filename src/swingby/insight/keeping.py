"""A card as plain values that can be kept for years, and the card again from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from swingby.insight.cards import Card, Check, Count, Figure, Mark, Meaning, Picture, Remaining, Result, Series
from swingby.insight.verdicts import Verdict


def card_data(card: Card) -> dict[str, Any]:
    """The card as JSON knows it; `card_from` reads it."""
    data = asdict(card)
    return {**data, "verdict": str(card.verdict), "checks": [_check_data(one) for one in card.checks]}


def _check_data(check: Check) -> dict[str, str]:
    return {"name": check.name, "result": str(check.result), "words": check.words}


def card_from(data: Mapping[str, Any]) -> Card:
    """The card that `card_data` wrote."""
    picture = data["picture"]
    texts = {name: data[name] for name in ("question", "sentence", "about", "method", "decision")}
    return Card(
        **texts,
        verdict=Verdict(data["verdict"]),
        figures=tuple(Figure(**one) for one in data["figures"]),
        picture=None if picture is None else _picture(picture),
        checks=tuple(Check(one["name"], Result(one["result"]), one["words"]) for one in data["checks"]),
        counts=tuple(Count(**one) for one in data["counts"]),
        mind=tuple(data["mind"]),
        notes=tuple(data["notes"]),
    )


def _picture(data: Mapping[str, Any]) -> Picture:
    bounds = data["bounds"]
    told = {**data, "series": tuple(map(_series, data["series"])), "bounds": bounds and (bounds[0], bounds[1])}
    return Picture(**{**told, "places": tuple(data.get("places", ()))})


def _series(data: Mapping[str, Any]) -> Series:
    """A series; one that was kept before series had a meaning is a group where it has a name."""
    marks, at_risk = data["marks"], data["at_risk"]
    meaning = data.get("meaning", Meaning.GROUP if data["name"] else Meaning.FOUND)
    return Series(
        name=data["name"],
        marks=tuple(Mark(**one) for one in marks),
        at_risk=tuple(Remaining(**one) for one in at_risk),
        meaning=Meaning(meaning),
    )


def tells_money(card: Card) -> bool:
    """Whether anything on the card is an amount of money."""
    in_picture = card.picture is not None and card.picture.unit == "money"
    return in_picture or any(figure.unit == "money" for figure in card.figures)
