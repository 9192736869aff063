"""Cards of evidence: asked, computed once and kept as they were; what was decided on them; what partners are shown."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from swingby.web.models.loads import OwnersRow, new_key
from swingby.web.models.organizations import Organization
from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment, Program, TenantRow
from swingby.web.tenancy import Scope, ScopedManager


class CardState(models.TextChoices):
    """How far a card is."""

    WAITING = "waiting", "Waits for its turn"
    RUNNING = "running", "Being computed"
    DONE = "done", "Done"
    FAILED = "failed", "Could not be computed"


class CardWord(models.TextChoices):
    """What a decision may say."""

    STOP = "stop", "Stop"
    KEEP = "keep", "Keep"
    CHANGE = "change", "Change"
    TEST = "test", "Test"


class KeptCard(OwnersRow):
    """A question with its settings, and the card that answered it; once it is done, the answer never changes."""

    id = models.TextField(primary_key=True, default=new_key)
    program = models.ForeignKey(Program, models.PROTECT, db_column="program", related_name="cards")
    question = models.TextField(help_text="Which question, such as effect.")
    settings: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    state = models.TextField(choices=CardState.choices, default=CardState.WAITING)
    progress = models.TextField(blank=True)
    asked_by = models.ForeignKey(Person, models.PROTECT, db_column="asked_by", related_name="+", null=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(null=True)
    program_version = models.TextField(blank=True)
    program_hash = models.TextField(blank=True)
    method_version = models.TextField(blank=True, help_text="The version of Swingby that computed it.")
    words = models.TextField(blank=True, help_text="The question as a person asks it.")
    verdict = models.TextField(blank=True)
    sentence = models.TextField(blank=True)
    tells_money = models.BooleanField(default=False)
    card: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    acts: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    decision = models.TextField(choices=CardWord.choices, blank=True, help_text="The newest one, for lists.")
    decision_by = models.TextField(blank=True)
    decision_until = models.DateField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "kept_cards"
        base_manager_name = "objects"
        ordering = ("-asked_at", "id")
        indexes: ClassVar = [models.Index(fields=("owner", "-asked_at"), name="cards_of_owner")]

    def __str__(self) -> str:
        return f"{self.question} of {self.program_id}: {self.state}"


class CardDecision(OwnersRow):
    """What somebody decided on a card, who does it, until when. A later one stands beside it, never in its place."""

    id = models.BigAutoField(primary_key=True)
    card = models.ForeignKey(KeptCard, models.PROTECT, db_column="card", related_name="decisions")
    word = models.TextField(choices=CardWord.choices)
    by_whom = models.TextField(max_length=120)
    until = models.DateField()
    words = models.TextField(blank=True, max_length=2000)
    decided_by = models.ForeignKey(Person, models.PROTECT, db_column="decided_by", related_name="+")
    decided_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "card_decisions"
        base_manager_name = "objects"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.word} until {self.until}"


class CardEdition(models.Model):
    """A card as partners read it: without names of partners and without what rests on fewer than ten."""

    id = models.TextField(primary_key=True, default=new_key)
    owner = models.ForeignKey(Organization, models.PROTECT, db_column="owner_org", related_name="+")
    kept = models.OneToOneField(KeptCard, models.PROTECT, db_column="card", related_name="edition")
    told: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "card_editions"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"edition of {self.kept_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's; a partner sees those that are shared with it."""
        return models.Q(owner_id__in=scope.owner_orgs) | models.Q(pk__in=CardShare.objects.values("edition_id"))


class CardShare(TenantRow):
    """That one partner may read an edition, until that is withdrawn."""

    id = models.TextField(primary_key=True, default=new_key)
    edition = models.ForeignKey(CardEdition, models.PROTECT, db_column="edition", related_name="shares")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="card_shares")
    shared_by = models.ForeignKey(Person, models.PROTECT, db_column="shared_by", related_name="+")
    shared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "card_shares"
        base_manager_name = "objects"
        ordering = ("-shared_at", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("edition", "enrolment"), condition=models.Q(withdrawn_at=None), name="card_shared_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} with {self.partner_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's; the partner's own while it is not withdrawn."""
        own = models.Q(partner_id__in=scope.partner_orgs, withdrawn_at=None)
        return models.Q(owner_id__in=scope.owner_orgs) | own
