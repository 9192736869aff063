"""Who reads which names: a table for every page of boards and badges, generated from the routes.

A page about people that is new fails here until it says whom it shows to whom.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from swingby.web.domain.learning.boards import count_boards, count_partner_boards
from swingby.web.models import BoardChoice, Grouping, Learner, Person
from tests.permissions.cast import PEOPLE
from tests.permissions.test_routes import ROUTES, Route
from tests.web.acting import acting
from tests.web.enablement.firm import FIRM, certify, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
#: What a page of this sort is called: boards, badges, and what may come.
ABOUT_PEOPLE = re.compile(r"board|badge|stor(?:y|ies)|stage|wall|group")
ACTORS = [cast.key for cast in PEOPLE]
TARN = ["partner-admin", "partner-manager", "partner-member", "partner-finance"]
#: Of regional leads only the one who looks after the firm.
VENDORS = ("manager", "second-manager", "success", "operations", "finance", "executive", "vendor-admin", "lead")
#: Ten colleagues ask to be shown, half of them by a pseudonym.
NAMED = tuple(f"Named Example {letter}" for letter in "abcde")
UNNAMED = tuple(f"Unnamed Example {letter}" for letter in "abcde")
#: One colleague asked for nothing.
SILENT = "Silent Example"
EVERYBODY = {*NAMED, *UNNAMED, SILENT}


@dataclass(frozen=True, slots=True)
class Audience:
    """Which names a page shows to whom; to everybody who is not named, none."""

    shows: frozenset[str] = frozenset()
    to: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)


NOBODY = Audience()
AUDIENCES: Mapping[str, tuple[Audience, ...]] = {
    "learning:boards": (
        *(Audience(query={"of": grouping}) for grouping in Grouping if grouping != Grouping.PERSON),
        Audience(frozenset(NAMED), tuple(TARN), {"of": Grouping.PERSON}),
    ),
    "console:boards": tuple(Audience(query={"of": grouping}) for grouping in Grouping),
    # What is inside a study group its members read, who they are included; here the member, and the colleague who is silent.
    "learning:groups": (NOBODY,),
    "learning:group": (Audience(frozenset({SILENT}), ("partner-member",)),),
    "learning:group_calendar": (NOBODY,),
    # A story is read by whom its teller chose, under the name only where the teller said so.
    "learning:wall": (Audience(frozenset({NAMED[0], NAMED[1]}), tuple(TARN)),),
    "learning:story": (Audience(frozenset({NAMED[0]}), tuple(TARN)),),
    "learning:story_tell": (NOBODY,),
    "console:stories": (Audience(frozenset({NAMED[1]}), VENDORS),),
    # A badge is read by its holder, and by the world as far as the holder says; none of these people made one.
    "learning:badges": (NOBODY,),
    "learning:badge_file": (NOBODY,),
    "badge": (NOBODY,),
    "badge_public_file": (NOBODY,),
    "badge_issuer": (NOBODY,),
    "badge_list": (NOBODY,),
    "badge_key": (NOBODY,),
}


def _pages() -> Iterator[tuple[str, Route]]:
    for name, routes in ROUTES.items():
        if ABOUT_PEOPLE.search(name):
            yield from ((name, route) for route in routes if route.method == "get")


def test_every_page_about_people_says_who_reads_whom() -> None:
    assert {name for name, _ in _pages()} == set(AUDIENCES)


@pytest.fixture
def ten_who_asked() -> None:
    """Eleven colleagues in one office, each certified once, of whom ten ask to be shown."""
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM board_counts WHERE organization = %s", [FIRM])
    for nth, name in enumerate(sorted(EVERYBODY)):
        key = f"colleague-{nth}"
        Person.objects.create_user(f"{key}@tarn.test", name=name, key=key)
        for owner in (FIRM, "harbor"):
            employ(key, owner=owner)
            certify(key, "basics", owner=owner)
        with of_the_firm():
            Learner.objects.create(organization_id=FIRM, key=key, person_id=key)
        if name == SILENT:
            _sit_down(key)
        else:
            _ask(key, shown_as="name" if name in NAMED else "pseudonym", nth=nth)
        if name in (NAMED[0], NAMED[1], SILENT):
            _tell(key, shown_to="vendor" if name == NAMED[1] else "firm", is_named=name != SILENT)
    count_boards(FIRM)
    count_partner_boards("harbor")


def _sit_down(key: str) -> None:
    """Take a place in the study group of the small world."""
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('swingby.person', %s, true)", [key])
        for table, more, value in (("study_seats", "", ""), ("study_members", ", joined_at", ", now()")):
            cursor.execute(
                f"INSERT INTO {table} (id, organization, circle, person{more})"
                f" VALUES (%s, %s, 'tarn-circle', %s{value})",
                [key, FIRM, key],
            )


def _tell(key: str, *, shown_to: str, is_named: bool) -> None:
    """A story on the wall; the first takes the place of that of the small world, whose page is read."""
    story = "tarn-story" if key == "colleague-0" else f"story-of-{key}"
    with of_the_firm(), connection.cursor() as cursor:
        if key == "colleague-0":
            cursor.execute("DELETE FROM thanks WHERE story = 'tarn-story'")
            cursor.execute("DELETE FROM stories WHERE id = 'tarn-story'")
            cursor.execute("DELETE FROM story_tellers WHERE story = 'tarn-story'")
        cursor.execute("SELECT set_config('swingby.person', %s, true)", [key])
        cursor.execute(
            "INSERT INTO story_tellers (organization, story, person, code) VALUES (%s, %s, %s, 'basics')",
            [FIRM, story, key],
        )
        cursor.execute(
            "INSERT INTO stories (id, owner_org, partner_org, person, code, label, office, why, learned, plan, shown_to,"
            " stays, state, edition, is_welcome, answer, told_at) VALUES (%s, 'harbor', %s, %s, 'basics', 'Basics',"
            " 'north', 'Why', 'Learned', 'Plan', %s, false, 'draft', 1, false, '', now())",
            [story, FIRM, key if is_named else None, shown_to],
        )
        cursor.execute("SELECT set_config('swingby.person', '', true)")
        cursor.execute("UPDATE stories SET state = 'accepted', accepted_at = now() WHERE id = %s", [story])


def _ask(key: str, *, shown_as: str, nth: int) -> None:
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('swingby.person', %s, true)", [key])
        cursor.execute(
            "INSERT INTO board_choices (organization, person, learner, shown_as, pseudonym, chosen_at)"
            " VALUES (%s, %s, %s, %s, %s, now())",
            [FIRM, key, key, shown_as, f"Tide {nth}"],
        )


def names_in(actor: str, name: str, route: Route, query: Mapping[str, str]) -> frozenset[str]:
    """Which of the colleagues somebody reads on a page."""
    client = Client()
    client.force_login(Person.objects.get(pk=actor))
    body = client.get(reverse(name, args=route.args), query).content.decode()
    return frozenset(one for one in EVERYBODY if one in body)


@pytest.mark.usefixtures("ten_who_asked")
@pytest.mark.parametrize(("name", "route"), list(_pages()), ids=lambda value: value if isinstance(value, str) else "")
def test_nobody_reads_a_name_beyond_its_audience(name: str, route: Route) -> None:
    read = {
        (actor, *audience.query.values()): names_in(actor, name, route, audience.query)
        for audience in AUDIENCES[name]
        for actor in ACTORS
    }
    expected = {
        (actor, *audience.query.values()): audience.shows if actor in audience.to else frozenset()
        for audience in AUDIENCES[name]
        for actor in ACTORS
    }
    assert read == expected


@pytest.mark.usefixtures("ten_who_asked")
def test_with_nine_who_asked_nobody_reads_any_name() -> None:
    with acting("partner-member"):
        BoardChoice.objects.filter(organization_id=FIRM, person_id="partner-member").delete()
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute("UPDATE fact_employments SET ends_on = '2026-03-01' WHERE person LIKE 'colleague-%%'")
        cursor.execute(
            "UPDATE fact_employments SET ends_on = NULL WHERE person = ANY (%s)",
            [[f"colleague-{nth}" for nth in range(9)]],
        )
    (route,) = ROUTES["learning:boards"]
    read = {actor: names_in(actor, "learning:boards", route, {"of": Grouping.PERSON}) for actor in ACTORS}
    assert read == dict.fromkeys(ACTORS, frozenset())
    assert key_of("partner-member") not in EVERYBODY
