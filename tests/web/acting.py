"""Acting as one of the people of the small world."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.test import Client

from swingby.web.models import Enrolment, Person
from swingby.web.tenancy import open_scope
from swingby.web.visibility import Actor, actor_of, visible_to

ENROLMENT = "harbor-program-tarn"


@contextmanager
def acting(person: str) -> Iterator[Actor]:
    """Do something in this person's scope."""
    with transaction.atomic():
        actor = actor_of(person, name=person.capitalize())
        with open_scope(visible_to(actor)):
            yield actor


def signed_in(person: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=person))
    return client


def the_enrolment(key: str = ENROLMENT) -> Enrolment:
    return Enrolment.objects.select_related("partner", "owner", "program").get(pk=key)
