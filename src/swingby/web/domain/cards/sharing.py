"""The version for partners: the same answer without names and without what rests on a few, shared by a deliberate act."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from swingby.insight import Card, Count, Picture, Series, Verdict, card_data, card_from
from swingby.web.clock import now
from swingby.web.domain.audit import record_act
from swingby.web.domain.cards.questions import QUESTIONS
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.telling import card_shared
from swingby.web.models import CardEdition, CardShare, CardState, Enrolment, KeptCard, Organization, Side
from swingby.web.permissions import can_ask_for_cards
from swingby.web.visibility import Actor

#: What rests on fewer partners tells of single ones.
BASE = 10
SHORTEST_NAME = 3
#: What takes the largest partner away tells, beside the rest, how large it is.
OF_THE_LARGEST = re.compile(r"\b(?:biggest|largest)\b", re.IGNORECASE)
#: Counts in which those are counted whom an answer is about.
RESTS_ON = re.compile(r"\b(?:partners|customers|began|compare)\b")
NO_PEOPLE = re.compile(r"^(?:left out|of these|months|quarters|deals)")
#: How a sentence tells of a few partners; "2 of 6 months" are none.
A_FEW = re.compile(
    r"(?<![\d,.])[1-9] (?:of [\d,]+ (?!months?\b|quarters?\b)|(?:partners?|ended|stand|stands|just|above|below)\b)"
)


def can_be_shared(row: KeptCard) -> bool:
    """Whether partners may read such a card at all."""
    asked = QUESTIONS.get(row.question)
    return asked is not None and asked.can_be_shared and row.state == CardState.DONE


def partners_card(row: KeptCard) -> Card:
    """The card as partners would read it.

    Raises
    ------
    RefusedError
        Where what is left would still tell of single partners.
    """
    if not can_be_shared(row):
        raise RefusedError("This question tells of single partners or of our own money. Its card stays ours.")
    names = _names(row.owner_id)
    card = without_names(card_from(row.card), names)
    if card.verdict is Verdict.UNANSWERABLE:
        raise RefusedError("A card that answers nothing is not worth a partner's time.")
    return card


def _names(owner: str) -> frozenset[str]:
    rows = Organization.objects.exclude(pk=owner).values_list("name", "pk")
    return frozenset(name for pair in rows for name in pair if len(name) >= SHORTEST_NAME)


def without_names(card: Card, names: Collection[str]) -> Card:
    """The card without what names a partner and without what rests on fewer than ten.

    Raises
    ------
    RefusedError
        Where the answer itself does either.
    """
    few = [count.label for count in card.counts if _is_base(count) and count.number < BASE]
    if few:
        raise RefusedError(f"Fewer than {BASE} stand behind this answer ({', '.join(few)}). Its card stays ours.")
    told = Named(names)
    if any(map(told, (card.question, card.sentence, card.about, card.method))):
        raise RefusedError("The answer itself names a partner. Its card stays ours.")
    if A_FEW.search(card.sentence):
        raise RefusedError(f"The answer itself tells of fewer than {BASE} partners. Its card stays ours.")
    return replace(
        card,
        figures=tuple(one for one in card.figures if not (told(one.label) or _is_few(one.label, one.unit, one.value))),
        picture=_picture(card.picture, told),
        checks=tuple(one for one in card.checks if not told(f"{one.name} {one.words}")),
        counts=tuple(one for one in card.counts if not (told(one.label) or 0 < one.number < BASE)),
        mind=tuple(one for one in card.mind if not told(one)),
        notes=(),
        decision="",
    )


def _is_base(count: Count) -> bool:
    return RESTS_ON.search(count.label) is not None and NO_PEOPLE.search(count.label) is None


def _is_few(label: str, unit: str, value: float) -> bool:
    """A number of partners below ten; a number of months is none."""
    return unit == "count" and "month" not in label and value < BASE


class Named:
    """Whether a text names a partner, or tells of the largest one."""

    def __init__(self, names: Iterable[str]) -> None:
        longest_first = sorted(names, key=len, reverse=True)
        words = "|".join(map(re.escape, longest_first))
        self._pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None

    def __call__(self, text: str) -> bool:
        """Whether it does."""
        return bool(OF_THE_LARGEST.search(text) or (self._pattern and self._pattern.search(text)))


def _picture(picture: Picture | None, told: Named) -> Picture | None:
    if picture is None or told(picture.title) or _shows_few(picture):
        return None
    series = tuple(_until_few(one) for one in picture.series if not told(one.name))
    return replace(picture, series=series) if any(one.marks for one in series) else None


def _shows_few(picture: Picture) -> bool:
    """Whether it counts partners, and somewhere fewer than ten."""
    return picture.unit == "count" and any(0 < mark.y < BASE for mark in picture.marks)


def _until_few(series: Series) -> Series:
    """A curve as far as ten are still looked at."""
    few = [one.x for one in series.at_risk if one.number < BASE]
    if not few:
        return series
    end = min(few)
    return replace(
        series,
        marks=tuple(one for one in series.marks if one.x < end),
        at_risk=tuple(one for one in series.at_risk if one.x < end),
    )


# --- sharing and taking back ---------------------------------------------------------------------------------------------


def share_card(row: KeptCard, *, actor: Actor, enrolments: Sequence[Enrolment]) -> list[CardShare]:
    """Let these partners read the card; who reads it already is left as it is."""
    _check(row, actor)
    if not enrolments:
        raise RefusedError("Choose one partner, or all of them.")
    edition = _edition(row)
    sharing = edition.shares.filter(withdrawn_at=None)
    have = set(sharing.values_list("enrolment_id", flat=True))
    shares = [_share(edition, one, actor=actor) for one in enrolments if one.pk not in have]
    if shares:
        card_shared(edition)
    return shares


def _check(row: KeptCard, actor: Actor) -> None:
    if not can_ask_for_cards(actor, owner=row.owner_id):
        raise NotAllowedError("Program managers share cards with partners.")


def _edition(row: KeptCard) -> CardEdition:
    told = partners_card(row)
    edition, _ = CardEdition.objects.get_or_create(
        kept=row, defaults={"owner_id": row.owner_id, "told": card_data(told), "made_at": now()}
    )
    if card_from(edition.told) != told:
        raise RefusedError(
            "Partners read an older version of this, from before names were added. Ask again and share the new card."
        )
    return edition


def _share(edition: CardEdition, enrolment: Enrolment, *, actor: Actor) -> CardShare:
    share = CardShare.objects.create(
        owner_id=edition.owner_id,
        partner_id=enrolment.partner_id,
        edition=edition,
        enrolment=enrolment,
        shared_by_id=actor.person,
        shared_at=now(),
    )
    record_act(share, side=Side.VENDOR, actor=actor.person, action="card.share", subject=edition.kept_id)
    return share


def withdraw_card(row: KeptCard, *, actor: Actor, share: str = "") -> int:
    """Take one share back, or all of them; the number of partners that no longer read it."""
    _check(row, actor)
    open_ones = CardShare.objects.filter(edition__kept=row, withdrawn_at=None)
    chosen = list(open_ones.filter(pk=share) if share else open_ones)
    if not chosen:
        raise RefusedError("No partner reads this card.")
    for one in chosen:
        CardShare.objects.filter(pk=one.pk).update(withdrawn_at=now())
        record_act(one, side=Side.VENDOR, actor=actor.person, action="card.withdraw", subject=row.pk)
    return len(chosen)
