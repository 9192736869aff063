"""Languages: said once, matched by study groups, and shown to those who lead only where the person wants it."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from swingby.web.enablement.finding_parts import HelpersPage
from swingby.web.enablement.parts import MyPathPage
from swingby.web.enablement.study_parts import GroupsPage
from swingby.web.models import SpokenLanguages, StudyWish
from tests.web.acting import acting, signed_in
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, certify, employ, key_of

pytestmark = pytest.mark.django_db
MEI = key_of(MEMBER)
WISH = {
    "code": "basics", "goal_on": "2026-06-30", "level": "0", "zone": "America/Chicago", "days": ["1"],
    "starts": "17:00", "ends": "20:00",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_said_anything_yet() -> None:
    for person in (MEMBER, LEAD, ADMIN, "partner-finance"):
        with acting(person):
            SpokenLanguages.objects.filter(person_id=person).delete()
            StudyWish.objects.filter(person_id=person).delete()
    employ(MEI)
    certify(MEI, "basics")


def say(*languages: str, shown: bool = False, person: str = MEMBER) -> list[str]:
    said = {"languages": list(languages), **({"shown": "yes"} if shown else {})}
    answer = signed_in(person).post(reverse("learning:languages", args=[FIRM]), said)
    assert (answer.status_code, answer["Location"]) == (302, reverse("learning:mine", args=[FIRM]))
    return [str(message) for message in get_messages(answer.wsgi_request)]


def wish(*languages: str, person: str = MEMBER, **said: object) -> list[str]:
    answer = signed_in(person).post(
        reverse("learning:study_wish", args=[FIRM]), {**WISH, "languages": list(languages), **said}
    )
    return [str(message) for message in get_messages(answer.wsgi_request)]


def mine(person: str = MEMBER) -> tuple[list[str], bool]:
    page = signed_in(person).get(reverse("learning:mine", args=[FIRM])).context["page"]
    assert isinstance(page, MyPathPage)
    return [one.value for one in page.languages if one.chosen], page.shows_languages


def helpers(person: str = LEAD, **asked: str) -> HelpersPage:
    page = signed_in(person).get(reverse("learning:helpers", args=[FIRM]), asked).context["page"]
    assert isinstance(page, HelpersPage)
    return page


def heard(**asked: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(line.name, line.languages) for line in helpers(**asked).lines if line.name == "Partner-member"]


def test_what_is_said_is_seen_by_nobody_else_before_it_is_shown() -> None:
    assert say("fr", "en") == ["Noted."]
    assert mine() == (["en", "fr"], False)
    assert heard() == [("Partner-member", ())]
    assert [choice.value for choice in helpers().languages] == [""]
    with acting(LEAD):
        assert not SpokenLanguages.objects.filter(person_id=MEMBER).exists()


def test_who_shows_them_is_found_by_them_until_they_are_hidden_again() -> None:
    say("fr", "en", shown=True)
    assert heard() == heard(language="fr") == [("Partner-member", ("English", "French"))]
    assert [(one.value, one.label) for one in helpers().languages] == [
        ("", "Any language"), ("en", "English"), ("fr", "French")
    ]  # fmt: skip
    assert heard(language="de") == heard(language="fr", place="south") == []
    assert heard(language="fr", code="basics") == [("Partner-member", ("English", "French"))]
    say("fr", "en")
    assert heard(language="fr") == []


def test_colleagues_and_vendors_see_none_of_it() -> None:
    say("fr", shown=True)
    for person in ("partner-finance", "manager"):
        with acting(person):
            assert not SpokenLanguages.objects.filter(person_id=MEMBER).exists()
    assert signed_in(MEMBER).get(reverse("learning:helpers", args=[FIRM])).status_code == 403


def test_an_admin_who_looks_as_somebody_does_not_read_them() -> None:
    say("fr")
    client = signed_in(ADMIN)
    client.post(reverse("users:look", args=[FIRM, MEMBER]))
    page = client.get(reverse("learning:mine", args=[FIRM])).context["page"]
    assert (page.languages, page.shows_languages) == ((), False)
    client.post(reverse("learning:languages", args=[FIRM]), {"languages": "de", "shown": "yes"})
    assert mine() == (["fr"], False)


def test_a_wish_and_my_path_say_the_same() -> None:
    say("en", shown=True)
    assert wish("de", "fr") == ["Noted. Below is what fits. Nobody else sees what you look for."]
    assert mine() == (["de", "fr"], True), "whether they are shown stays as it was"
    say("it")
    page = signed_in(MEMBER).get(reverse("learning:groups", args=[FIRM])).context["page"]
    assert [one.value for one in page.form.languages if one.chosen] == ["it"]


def test_groups_are_matched_by_what_is_said_today() -> None:
    founded = {**WISH, "code": "expert", "day": "1", "starts": "17:30", "languages": "fr", "most": "8"}
    signed_in(LEAD).post(reverse("learning:group_found", args=[FIRM]), founded)
    wish("en", code="expert")
    assert french_group() == ("It speaks none of your languages.",)
    say("en", "fr")
    assert french_group() == ()


def french_group() -> tuple[str, ...]:
    """What stands in the way of the member and the group that speaks French."""
    page = signed_in(MEMBER).get(reverse("learning:groups", args=[FIRM])).context["page"]
    assert isinstance(page, GroupsPage)
    (line,) = (line for line in page.matches if line.language == "French")
    return line.obstacles


def test_who_looks_for_a_group_keeps_a_language() -> None:
    wish("en")
    refusal = "You look for a study group: keep at least one language, or look for none any more."
    assert say() == [refusal]
    assert mine() == (["en"], False)
    signed_in(MEMBER).post(reverse("learning:study_wish", args=[FIRM]), {"act": "drop"})
    assert (say(), mine()) == (["Noted."], ([], False))


@pytest.mark.parametrize("said", [("xx",), ("\0",), ("x" * 5_000,), ()])
def test_what_is_no_language_is_none(said: tuple[str, ...]) -> None:
    assert (say(*said, shown=True), mine()) == (["Noted."], ([], False))
