"""Stories of the small world: one in each state, for each audience, with thanks; and the routes of the stage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from swingby.web.models import ShownTo, Story, StoryState, StoryTeller, Thanks
from swingby.web.tenancy import Scope, open_scope

MOMENT = datetime(2026, 3, 20, 9, tzinfo=UTC)
#: Key, firm, vendor, who told it, certification, whether it names them, audience, state, whether the vendor said yes.
STORIES: Final = (
    ("tarn-story", "tarn", "harbor", "partner-member", "expert", True, ShownTo.PROGRAM, StoryState.ACCEPTED, True),
    ("tarn-waiting", "tarn", "harbor", "partner-member", "basics", False, ShownTo.FIRM, StoryState.WAITING, False),
    ("tarn-draft", "tarn", "harbor", "partner-admin", "expert", True, ShownTo.PROGRAM, StoryState.DRAFT, False),
    ("tarn-returned", "tarn", "tarn", "partner-admin", "basics", False, ShownTo.FIRM, StoryState.RETURNED, False),
    ("tarn-asked", "tarn", "harbor", "partner-manager", "expert", True, ShownTo.PROGRAM, StoryState.ACCEPTED, False),
    ("sedge-story", "sedge", "harbor", "both-programs", "expert", True, ShownTo.VENDOR, StoryState.ACCEPTED, False),
    ("sedge-waiting", "sedge", "harbor", "both-programs", "basics", False, ShownTo.VENDOR, StoryState.WAITING, False),
    ("loom-story", "loom", "quay", "other-partner", "expert", True, ShownTo.FIRM, StoryState.ACCEPTED, False),
)
#: Who thanks for what: story, person, organization.
THANKED: Final = (
    ("tarn-story", "partner-admin", "tarn"),
    ("tarn-story", "both-programs", "sedge"),
    ("tarn-story", "manager", "harbor"),
    ("loom-story", "other-partner", "loom"),
)
TARN = ("tarn", "tarn-story")

#                    anon str  oven opar both memb admn exec fina oper succ mana
FIRMS_PAGE: Final = "302 404 404 404 404 200 200 404 404 404 404 404"
EVERYBODY_THERE: Final = "302 404 404 404 404 302 302 404 404 404 404 404"
VENDORS_PAGE: Final = "302 404 404 404 404 404 404 200 200 200 200 200"
VENDORS_ACT: Final = "302 404 404 404 404 404 404 302 302 302 302 302"
STORIED: Final[Mapping[str, tuple[tuple[Any, ...], ...]]] = {
    "learning:wall": (("get", FIRMS_PAGE, ("tarn",)),),
    "learning:story": (("get", FIRMS_PAGE, TARN),),
    # Nobody in the small world holds a certification by its facts, and so is led back to the wall.
    "learning:story_tell": (
        ("get", EVERYBODY_THERE, ("tarn", "basics")),
        ("post", EVERYBODY_THERE, ("tarn", "basics"), {"why": "Example", "act": "keep"}),
    ),
    "learning:story_act": (
        ("post", EVERYBODY_THERE, TARN, {"act": "thank"}),
        ("post", "302 404 404 404 404 403 302 404 404 404 404 404", TARN, {"act": "return", "answer": "Example"}),
    ),
    "console:stories": (("get", VENDORS_PAGE, ("harbor",)),),
    "console:story_act": (
        ("post", VENDORS_ACT, ("harbor", "tarn-story"), {"act": "thank"}),
        (
            "post",
            "302 404 404 404 404 404 404 403 403 403 403 302",
            ("harbor", "tarn-asked"),
            {"act": "welcome", "edition": "0"},
        ),
    ),
}


def tell_stories() -> None:
    """Every story with its teller, answered, and thanked for; needs people, enrolments and what firms allow."""
    for key, firm, owner, person, code, is_named, shown_to, state, is_welcome in STORIES:
        own = frozenset({firm})
        with open_scope(Scope(partner_orgs=own, person=person)):
            StoryTeller.objects.create(organization_id=firm, story_id=key, person_id=person, code=code)
            Story(
                id=key,
                owner_id=owner,
                partner_id=firm,
                person_id=person if is_named else None,
                code=code,
                label=f"{owner.capitalize()} {code.capitalize()}",
                why=f"Why of {key}",
                learned="What an example learns",
                plan="For what an example uses it",
                shown_to=shown_to,
                state=StoryState.DRAFT,
                told_at=MOMENT,
            ).save(force_insert=True)
        accepted_at = MOMENT if state == StoryState.ACCEPTED else None
        with open_scope(Scope(partner_orgs=own)):
            Story.objects.filter(pk=key).update(state=state, is_welcome=is_welcome, accepted_at=accepted_at)
    for story, person, organization in THANKED:
        own = frozenset({organization})
        scope = (
            Scope(owner_orgs=own, person=person) if organization == "harbor" else Scope(partner_orgs=own, person=person)
        )
        with open_scope(scope):
            Thanks.objects.create(organization_id=organization, story_id=story, person_id=person, at=MOMENT)
