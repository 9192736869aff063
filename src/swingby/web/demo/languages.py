"""Languages of the example firm's people: every fourth said some, and shows them to those who lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction

from swingby.web.domain.learning.board_choices import countries_by_person
from swingby.web.domain.learning.languages import say_languages
from swingby.web.models import Learner
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor

_EVERY: Final = 4
#: What is spoken beside English where somebody works.
_BESIDE: Final[Mapping[str, str]] = {"ca": "fr", "mx": "es", "us": "es"}


def say_example_languages(firm: str) -> None:
    """Who signs in says nothing beforehand: they try the form themselves."""
    own = frozenset({firm})
    with transaction.atomic():
        with open_scope(Scope(partner_orgs=own)):
            people = dict(Learner.objects.filter(organization_id=firm).order_by("key").values_list("key", "person_id"))
            countries = countries_by_person(firm, list(people))
        for nth, key in enumerate([one for one in people if one in countries][::_EVERY]):
            beside = _BESIDE.get(countries[key], "")
            spoken = ["en", beside] if nth % 2 else ["en"]
            with open_scope(Scope(partner_orgs=own, person=people[key])):
                say_languages(firm, actor=Actor(person=people[key]), said=spoken, is_shown=True)
