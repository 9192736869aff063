"""A few stories on the wall of the example firm, plainly examples: one that waits, one without a name, one with thanks."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.db import transaction

from swingby.enablement import Catalogue
from swingby.web.clock import now
from swingby.web.domain.stories.answering import thank_for
from swingby.web.domain.stories.telling import Told, audiences_of, held_certifications, keep_story
from swingby.web.models import Learner, Membership, ShownTo, Story, StoryState
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor

_EXAMPLE: Final = Told(why="", learned="", plan="", shown_to=ShownTo.FIRM, is_named=True, stays=False)
TOLD: Final = (
    replace(
        _EXAMPLE,
        why="An example: a customer asked something that nobody in our office could answer.",
        learned="An example: to size a system by its busiest hour instead of by its average.",
        plan="An example: in the design review of next month, and with whoever wants to join.",
    ),
    replace(
        _EXAMPLE,
        why="An example: two colleagues studied for it on Tuesdays and had a seat left.",
        learned="An example: to read the error before changing the setting.",
        plan="An example: on call, so that the same alarm does not wake us twice.",
        shown_to=ShownTo.VENDOR,
    ),
    replace(
        _EXAMPLE,
        why="An example: I failed it once and wanted to know why.",
        learned="An example: the part that I had skipped because it looked easy.",
        plan="An example: I help whoever books this exam.",
        is_named=False,
    ),
    replace(
        _EXAMPLE,
        why="An example: my first certification here; it gave the first weeks a shape.",
        learned="An example: the words that customers use for what we build.",
        plan="An example: in the workshop in spring.",
        stays=True,
    ),
)


def tell_example_stories(firm: str, catalogue: Catalogue) -> None:
    """Some tell what they learned; those who sign in thank the first; the last story waits for a yes."""
    own = Scope(partner_orgs=frozenset({firm}))
    with transaction.atomic():
        with open_scope(own):
            here = set(Membership.objects.filter(organization_id=firm).values_list("person_id", flat=True))
            learners = list(Learner.objects.filter(organization_id=firm).select_related("person").order_by("key"))
        tellers = [_actor(row) for row in learners if row.person_id not in here]
        rows = [
            row
            for told, part in zip(TOLD, _parts(tellers), strict=False)
            if (row := _first(firm, part, told, catalogue))
        ]
        for row in rows[:1]:
            _thank(row, sorted(here))


def _actor(row: Learner) -> Actor:
    return Actor(person=row.person_id, name=row.person.name)


def _parts(tellers: list[Actor]) -> list[list[Actor]]:
    """One stretch of the people for each story."""
    step = max(1, len(tellers) // len(TOLD))
    return [tellers[start : start + step] for start in range(0, len(tellers), step)]


def _first(firm: str, people: list[Actor], told: Told, catalogue: Catalogue) -> Story | None:
    """The story of the first who holds something."""
    for actor in people:
        with open_scope(Scope(partner_orgs=frozenset({firm}), person=actor.person)):
            held = held_certifications(firm, actor=actor, catalogue=catalogue)
            if held:
                offered = audiences_of(firm, held[0])
                said = told if told.shown_to in offered else replace(told, shown_to=ShownTo.FIRM)
                waits = told is TOLD[-1]
                row = keep_story(firm, held[0].code, actor=actor, told=said, catalogue=catalogue, is_sent=waits)
                return row if waits else _accepted(row)
    return None


def _accepted(row: Story) -> Story:
    with open_scope(Scope(partner_orgs=frozenset({row.partner_id}))):
        Story.objects.filter(pk=row.pk).update(state=StoryState.ACCEPTED, accepted_at=now())
        return Story.objects.get(pk=row.pk)


def _thank(row: Story, people: list[str]) -> None:
    for person in people:
        with open_scope(Scope(partner_orgs=frozenset({row.partner_id}), person=person)):
            thank_for(row, row.partner_id, actor=Actor(person=person))
