"""Study groups of the example firm, plainly examples: one for an exam that many are on the way to, one for a topic."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count

from swingby.enablement import Catalogue, EventKind
from swingby.web.clock import today
from swingby.web.domain.study.circles import check_in, found_circle, join_circle
from swingby.web.domain.study.said import Form
from swingby.web.domain.study.usual import usual_for
from swingby.web.models import Learner, LearningEvent, Membership, StudyCircle
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor

#: Who is on the way may have begun so long ago.
LATELY: Final = timedelta(days=365)
EXAM_IN, TOPIC_IN = timedelta(days=56), timedelta(days=84)
TOPIC: Final = "An example: how we estimate, told by those who were wrong"
SAID: Final = (
    "An example: studied 3 hours, step 1 is done.",
    "An example: the practice exam says 68 %. The part on networks is my gap.",
    "An example: I bring questions on networks on the next day.",
)


def found_example_groups(firm: str, catalogue: Catalogue) -> None:
    """Two groups of people who do not sign in; whoever signs in first is in the one for the exam, and may join the other."""
    with transaction.atomic(), open_scope(_of(firm, "")):
        code, people = _on_the_way(firm, catalogue)
        here = Membership.objects.filter(organization_id=firm).order_by("person_id").values_list("person_id", flat=True)
        studying, talking = people[:4] + list(here[:1]), people[4:7]
    if len(people) < len(SAID):
        return
    exam = _founded(firm, studying, catalogue, subject={"code": code}, goal=today() + EXAM_IN, day=1)
    for person, words in zip(studying, SAID, strict=False):
        with transaction.atomic(), open_scope(_of(firm, person)):
            check_in(exam, firm, actor=Actor(person=person), words=words)
    if talking:
        _founded(firm, talking, catalogue, subject={"topic": TOPIC}, goal=today() + TOPIC_IN, day=3)


def _of(firm: str, person: str) -> Scope:
    return Scope(partner_orgs=frozenset({firm}), person=person)


def _on_the_way(firm: str, catalogue: Catalogue) -> tuple[str, list[str]]:
    """The certification that most people lately began to study for, and those of them who do not sign in."""
    begun = LearningEvent.objects.filter(
        organization_id=firm, kind=EventKind.STARTED, day__gt=today() - LATELY, code__in=catalogue.certifications
    )
    first = begun.values("code").annotate(people=Count("learner", distinct=True)).order_by("-people", "code").first()
    if first is None:
        return "", []
    keys = begun.filter(code=first["code"]).values("learner")
    signing_in = Membership.objects.filter(organization_id=firm).values("person_id")
    learners = Learner.objects.filter(organization_id=firm, key__in=keys).exclude(person_id__in=signing_in)
    return first["code"], list(learners.order_by("key").values_list("person_id", flat=True))


def _founded(
    firm: str, people: Iterable[str], catalogue: Catalogue, *, subject: dict[str, str], goal: date, day: int
) -> StudyCircle:
    founder, *others = people
    with transaction.atomic(), open_scope(_of(firm, founder)):
        actor = Actor(person=founder)
        usual = usual_for(firm, actor=actor)
        said = {"goal_on": f"{goal}", "level": "0", "zone": usual.zone, "day": f"{day}", "starts": "16:00", **subject}
        form = Form({name: (word,) for name, word in said.items()} | {"languages": ("en",)})
        circle = found_circle(firm, actor=actor, form=form, catalogue=catalogue)
    for person in others:
        with transaction.atomic(), open_scope(_of(firm, person)):
            join_circle(circle, firm, actor=Actor(person=person))
    return circle
