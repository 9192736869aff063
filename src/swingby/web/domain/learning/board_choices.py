"""Who is shown on a firm's board of people: whoever asked for it, in countries where nobody forbids it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Final

from django.db import IntegrityError, transaction

from swingby.enablement import Catalogue
from swingby.web.clock import now, today
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.learning.boards import count_person
from swingby.web.domain.learning.projects import Place, places_of
from swingby.web.domain.learning.records import learner_of, office_stays
from swingby.web.models import BoardChoice, BoardCount, ForbiddenCountry, Grouping, ShownAs
from swingby.web.permissions import can_switch_boards
from swingby.web.visibility import Actor

_MOST_DRAWS: Final = 50
#: Words that are nobody's name; with a number behind they are somebody's pseudonym until it is taken back.
_SIGNS: Final = ("Anchor", "Beacon", "Comet", "Lantern", "Meteor", "Orbit", "Pebble", "Rudder", "Sextant", "Tide")


def choose_board(firm: str, *, actor: Actor, shown_as: str, catalogue: Catalogue) -> BoardChoice | None:
    """Be shown among the people of the firm, by name or by a pseudonym that is drawn, or not at all from now on.

    Raises
    ------
    RefusedError
        If the person is not linked to the firm's records, works in a country where nobody is shown one by one, or
        asks for something else.
    """
    if shown_as == "none":
        _leave(firm, actor)
        return None
    learner = learner_of(firm, actor.person)
    if learner is None:
        raise RefusedError("Your name is not linked to the firm's records yet. Ask your partner admin.")
    if shown_as not in ShownAs.values:
        raise RefusedError("Choose how you want to be shown.")
    if countries_by_person(firm, [learner.key]).get(learner.key, "") in forbidden_countries(firm):
        raise RefusedError("Your firm shows nobody one by one in your country. The boards of teams go on.")
    _leave(firm, actor)
    choice = _drawn(BoardChoice(organization_id=firm, person_id=actor.person, learner=learner.key, shown_as=shown_as))
    count_person(firm, learner.key, catalogue)
    return choice


def switch_country(firm: str, *, actor: Actor, country: str, is_forbidden: bool) -> None:
    """Say whether people may be shown one by one in a country; what is forbidden vanishes at once.

    Raises
    ------
    NotAllowedError
        If the actor is no admin of the firm.
    RefusedError
        If the firm has no office there.
    """
    if not can_switch_boards(actor, organization=firm):
        raise NotAllowedError("Only a partner admin says where people may be shown one by one.")
    if country not in countries_of(firm):
        raise RefusedError("Choose a country in which the firm has an office.")
    rows = ForbiddenCountry.objects.filter(organization_id=firm, country=country)
    if not is_forbidden:
        rows.delete()
    elif not rows.exists():
        ForbiddenCountry.objects.create(organization_id=firm, country=country, by_id=actor.person, at=now())


def countries_of(firm: str) -> list[str]:
    """The countries of the offices; last the empty word, for people whose country the records do not tell."""
    return [*sorted({place.country for place in places_of(firm).values() if place.country}), ""]


def forbidden_countries(firm: str) -> set[str]:
    """Where nobody is shown one by one."""
    return set(ForbiddenCountry.objects.filter(organization_id=firm).values_list("country", flat=True))


def countries_by_person(firm: str, learners: Collection[str]) -> dict[str, str]:
    """The countries in which people work today; empty where the records tell an office but no country."""
    day, places = today(), places_of(firm)
    return {
        stay.person: places.get(stay.office or "", Place("")).country
        for stay in office_stays(firm, sorted(learners))
        if day in stay.counted
    }


def shown_choices(firm: str) -> list[BoardChoice]:
    """Who may be shown today: people who chose it, who work here, where it is not forbidden."""
    chosen = list(BoardChoice.objects.select_related("person").filter(organization_id=firm).order_by("pk"))
    countries = countries_by_person(firm, [one.learner for one in chosen])
    forbidden = forbidden_countries(firm)
    return [one for one in chosen if one.learner in countries and countries[one.learner] not in forbidden]


def _leave(firm: str, actor: Actor) -> None:
    mine = BoardChoice.objects.filter(organization_id=firm, person_id=actor.person)
    learners = list(mine.values_list("learner", flat=True))
    BoardCount.objects.filter(organization_id=firm, grouping=Grouping.PERSON, key__in=learners).delete()
    mine.delete()


def _drawn(choice: BoardChoice) -> BoardChoice:
    """Keep it under a pseudonym that nobody has and that cannot be told from an earlier one."""
    choice.chosen_at = now()
    for _ in range(_MOST_DRAWS):
        choice.pseudonym = f"{secrets.choice(_SIGNS)} {secrets.randbelow(9_000) + 1_000}"
        try:
            with transaction.atomic():
                choice.save(force_insert=True)
        except IntegrityError:
            continue
        return choice
    raise RefusedError("There is no pseudonym left. Ask whoever runs Swingby.")
