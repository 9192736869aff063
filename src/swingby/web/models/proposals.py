"""Versions of a program on their way: drafts, what they would do, who approved, the letter and who received it."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models

from swingby.web.models.organizations import Organization
from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment, Program, ProgramVersion, TenantRow
from swingby.web.tenancy import Scope, ScopedManager


def new_proposal_key() -> str:
    """A key for a new proposal or comparison."""
    return uuid4().hex


class VersionState(models.TextChoices):
    """How far a version is on its way."""

    DRAFT = "draft", "Draft"
    SHADOW = "shadow", "Tried unseen"
    PREVIEW = "preview", "Shown to partners"
    WAITS = "waits", "Waits for a second approval"
    APPROVED = "approved", "Approved"
    ANNOUNCED = "announced", "Announced"
    EFFECTIVE = "effective", "In force"
    WITHDRAWN = "withdrawn", "Withdrawn"


#: In these, partners see what would change for them.
SHOWN_TO_PARTNERS = (VersionState.PREVIEW, VersionState.ANNOUNCED, VersionState.EFFECTIVE)


def shown_to_partners() -> models.Q:
    """Versions that partners may look at: those that are shown, and what was withdrawn after they had been told of it."""
    return models.Q(state__in=SHOWN_TO_PARTNERS) | models.Q(state=VersionState.WITHDRAWN, published__isnull=False)


class OwnerRow(models.Model):
    """What only the owner of the program sees."""

    owner = models.ForeignKey(Organization, models.PROTECT, db_column="owner_org", related_name="+")

    class Meta:
        abstract = True

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's rows."""
        return models.Q(owner_id__in=scope.owner_orgs)


class ProposedVersion(models.Model):
    """The text of a version before it is published. Its text never changes: other text is another proposal."""

    id = models.TextField(primary_key=True, default=new_proposal_key)
    owner = models.ForeignKey(Organization, models.PROTECT, db_column="owner_org", related_name="+")
    program = models.ForeignKey(Program, models.PROTECT, db_column="program", related_name="proposals")
    version = models.TextField(blank=True, help_text="Empty while the text cannot be read.")
    effective = models.DateField(null=True)
    files: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField()
    scenarios: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    hash = models.TextField()
    is_sound = models.BooleanField(help_text="Whether the text loads without an error.")
    state = models.TextField(choices=VersionState.choices, default=VersionState.DRAFT)
    drafted_by = models.ForeignKey(Person, models.PROTECT, db_column="drafted_by", related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, models.PROTECT, db_column="approved_by", related_name="+", null=True)
    letter = models.TextField(blank=True, max_length=8000)
    withdrawn_because = models.TextField(
        blank=True, max_length=2000, help_text="What partners are told when an announced version is withdrawn."
    )
    effects_at = models.DateTimeField(
        null=True, help_text="When it was last worked out what it changes for each partner."
    )
    published = models.OneToOneField(
        ProgramVersion, models.PROTECT, db_column="published", related_name="proposal", null=True
    )

    objects = ScopedManager()

    class Meta:
        db_table = "proposed_versions"
        base_manager_name = "objects"
        ordering = ("-drafted_at", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("drafted_by")),
                name="approved_by_a_second_person",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("owner", "-drafted_at"), name="proposals_of_owner")]

    def __str__(self) -> str:
        return f"{self.program_id} {self.version} ({self.state})"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's; a partner sees those of its programs once they are shown."""
        enrolled = Enrolment.objects.values("program_id")
        shown = shown_to_partners() & models.Q(program_id__in=enrolled)
        return models.Q(owner_id__in=scope.owner_orgs) | shown


class VersionAct(OwnerRow):
    """What somebody did with a proposed version, and the words to it: only we see them."""

    id = models.BigAutoField(primary_key=True)
    proposed = models.ForeignKey(ProposedVersion, models.PROTECT, db_column="proposed", related_name="acts")
    act = models.TextField()
    at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="+", null=True)
    words = models.TextField(blank=True, max_length=2000)

    objects = ScopedManager()

    class Meta:
        db_table = "version_acts"
        base_manager_name = "objects"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.act} {self.proposed_id}"


class ComparisonKind(models.TextChoices):
    """What a comparison looks at."""

    BACKTEST = "backtest", "All reviews of a span"
    TODAY = "today", "Where everybody stands today"


class ComparisonState(models.TextChoices):
    """How far a comparison is."""

    WAITING = "waiting", "Waits for its turn"
    RUNNING = "running", "Being computed"
    DONE = "done", "Done"
    FAILED = "failed", "Could not be computed"


class VersionComparison(OwnerRow):
    """A comparison of a proposed version with the one in force, computed by a job."""

    id = models.TextField(primary_key=True, default=new_proposal_key)
    proposed = models.ForeignKey(ProposedVersion, models.PROTECT, db_column="proposed", related_name="comparisons")
    kind = models.TextField(choices=ComparisonKind.choices)
    first = models.DateField()
    last = models.DateField()
    prices: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    state = models.TextField(choices=ComparisonState.choices, default=ComparisonState.WAITING)
    progress = models.TextField(blank=True)
    asked_by = models.ForeignKey(Person, models.PROTECT, db_column="asked_by", related_name="+", null=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(null=True)
    engine_version = models.TextField(blank=True)
    summary: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    movers: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)

    objects = ScopedManager()

    class Meta:
        db_table = "version_comparisons"
        base_manager_name = "objects"
        ordering = ("-asked_at", "id")

    def __str__(self) -> str:
        return f"{self.kind} of {self.proposed_id}: {self.state}"


class VersionEffect(TenantRow):
    """What a proposed version would change for one partner today; who has no row stays where it is."""

    id = models.BigAutoField(primary_key=True)
    proposed = models.ForeignKey(ProposedVersion, models.PROTECT, db_column="proposed", related_name="effects")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="+")
    ladder = models.TextField()
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    direction = models.TextField(help_text="up, down, aside, or unknown where facts are missing.")
    why = models.TextField(blank=True)

    objects = ScopedManager()

    class Meta:
        db_table = "version_effects"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("proposed", "enrolment", "ladder"), name="version_effect_once"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.before} to {self.after}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's; a partner's own, once the version is shown to partners."""
        shown = models.Q(partner_id__in=scope.partner_orgs, proposed__in=ProposedVersion.objects.values("pk"))
        return models.Q(owner_id__in=scope.owner_orgs) | shown


class VersionLetter(TenantRow):
    """The letter that announces a version to one partner. It never changes."""

    id = models.BigAutoField(primary_key=True)
    proposed = models.ForeignKey(ProposedVersion, models.PROTECT, db_column="proposed", related_name="letters")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="+")
    text = models.TextField()
    sent_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "version_letters"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("proposed", "enrolment"), name="version_letter_once"),
        ]

    def __str__(self) -> str:
        return f"Letter to {self.enrolment_id} about {self.proposed_id}"


class LetterReceipt(TenantRow):
    """A partner's word that it received a letter."""

    id = models.BigAutoField(primary_key=True)
    letter = models.OneToOneField(VersionLetter, models.PROTECT, db_column="letter", related_name="receipt")
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="+")
    at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "letter_receipts"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"Receipt of {self.letter_id}"
