"""The stage: what people say once they are certified, who may read it, and who thanked them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.learning import OrganizationRow
from swingby.web.models.loads import new_key
from swingby.web.models.organizations import Membership, Role
from swingby.web.models.people import Person
from swingby.web.models.programs import TenantRow
from swingby.web.models.study import StudySharing, own_or_job
from swingby.web.tenancy import Scope, ScopedManager


class ShownTo(models.TextChoices):
    """Who may read a story once it is accepted."""

    FIRM = "firm", "Our firm"
    VENDOR = "vendor", "Our firm and the vendor"
    PROGRAM = "program", "Everybody in the vendor's program, where both firms allow it"


class StoryState(models.TextChoices):
    """Where a story is."""

    DRAFT = "draft", "Draft"
    WAITING = "waiting", "Waits for a yes"
    RETURNED = "returned", "Came back"
    ACCEPTED = "accepted", "On the wall"


#: Who reads and answers what waits in a firm.
MODERATORS = (Role.PARTNER_ADMIN, Role.PARTNER_MANAGER)


class Story(TenantRow):
    """Why somebody took a certification, what was learned, and for what it will be used.

    The owner is the vendor; the firm itself, where the firm is in no program of the vendor.
    """

    id = models.TextField(primary_key=True, default=new_key)
    person = models.ForeignKey(
        Person, models.PROTECT, db_column="person", null=True, related_name="+", help_text="Whom it names, if anybody."
    )
    code = models.TextField()
    label = models.TextField(help_text="The certification as the firm called it.")
    office = models.TextField(blank=True, help_text="Empty where it would give away who it is.")
    why = models.TextField(blank=True)
    learned = models.TextField(blank=True)
    plan = models.TextField(blank=True)
    shown_to = models.TextField(choices=ShownTo.choices)
    stays = models.BooleanField(default=False, help_text="With the firm alone, when its teller leaves.")
    state = models.TextField(choices=StoryState.choices)
    edition = models.PositiveIntegerField(
        default=0, help_text="How often it was written; an answer names the one it read."
    )
    is_welcome = models.BooleanField(default=False, help_text="The vendor lets its whole program read it.")
    answer = models.TextField(blank=True, help_text="Why it came back.")
    told_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "stories"
        base_manager_name = "objects"
        ordering = ("-accepted_at", "id")
        indexes: ClassVar = [models.Index(fields=("partner", "-accepted_at"), name="stories_newest")]

    def __str__(self) -> str:
        return f"{self.pk} about {self.code}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own; of one's firm what is accepted, to moderators what was sent; beyond it as its teller said."""
        led = Membership.objects.filter(person_id=scope.person, role__in=MODERATORS).values("organization_id")
        sent = ~models.Q(state=StoryState.DRAFT) & models.Q(partner_id__in=led)
        accepted = models.Q(state=StoryState.ACCEPTED)
        at_firm = models.Q(partner_id__in=scope.partner_orgs) & (accepted | sent)
        at_vendor = models.Q(owner_id__in=scope.owner_orgs) & ~models.Q(shown_to=ShownTo.FIRM)
        elsewhere = models.Q(
            shown_to=ShownTo.PROGRAM, is_welcome=True, owner_id__in=StudySharing.objects.values("vendor")
        )
        told = models.Q(pk__in=StoryTeller.objects.values("story_id"))
        return told | at_firm | (accepted & (at_vendor | elsewhere))


class StoryTeller(OrganizationRow):
    """Whose a story is; apart from it, because a story may name nobody. One for each certification of a person."""

    # Who told it goes after the story, which only its teller may delete.
    story = models.OneToOneField(Story, models.DO_NOTHING, db_column="story", related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")
    code = models.TextField()

    objects = ScopedManager()

    class Meta:
        db_table = "story_tellers"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("organization", "person", "code"), name="story_of_person_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} told {self.story_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own; jobs those of the firm."""
        return own_or_job(scope)


class Thanks(OrganizationRow):
    """Somebody thanks for a story, once; taking it back deletes it. The organization is the reader's."""

    story = models.ForeignKey(Story, models.CASCADE, db_column="story", related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")
    at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "thanks"
        base_manager_name = "objects"
        ordering = ("id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("story", "person"), name="thanks_once")]

    def __str__(self) -> str:
        return f"{self.person_id} thanks for {self.story_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own, and those for one's own stories; jobs those of the organization."""
        own = models.Q(organization_id__in=scope.owner_orgs | scope.partner_orgs)
        mine = own & models.Q(person_id=scope.person) if scope.person else own
        return mine | models.Q(story_id__in=StoryTeller.objects.values("story_id"))
