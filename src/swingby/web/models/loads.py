"""Files that came in, what became of their rows, and what was decided about what they name."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.organizations import Organization
from swingby.web.models.people import Person
from swingby.web.tenancy import Scope, ScopedManager, two_sided


def new_key() -> str:
    """A key that nobody guesses."""
    return uuid4().hex


class OwnersRow(models.Model):
    """A row that is the program owner's own business."""

    owner = models.ForeignKey(Organization, models.PROTECT, db_column="owner_org", related_name="+")

    class Meta:
        abstract = True

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's."""
        return models.Q(owner_id__in=scope.owner_orgs)


class StoredFile(models.Model):
    """A file as it was sent. Its bytes stand on the disk under their hash; this row says who may have them."""

    id = models.TextField(primary_key=True, default=new_key)
    owner = models.ForeignKey(Organization, models.PROTECT, db_column="owner_org", related_name="+")
    partner = models.ForeignKey(Organization, models.PROTECT, db_column="partner_org", null=True, related_name="+")
    sha256 = models.TextField()
    size = models.BigIntegerField()
    name = models.TextField()
    media_type = models.TextField()
    stored_by = models.ForeignKey(Person, models.PROTECT, db_column="stored_by", null=True, related_name="+")
    stored_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "stored_files"
        base_manager_name = "objects"
        indexes: ClassVar = [models.Index(fields=("owner", "sha256"), name="file_by_content")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's, and those about one's own organizations."""
        return two_sided(scope)


class UploadState(models.TextChoices):
    """Where an upload stands."""

    DESCRIBED = "described", "Columns to look at"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Ready to load"
    LOADING = "loading", "Being loaded"
    LOADED = "loaded", "Loaded"
    ASKING_UNDO = "asking_undo", "Looking at what undo would do"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"
    FAILED = "failed", "Stopped"


class Upload(OwnersRow):
    """One file that operations brings in; it is a batch of the ledger once it is loaded."""

    id = models.TextField(primary_key=True, default=new_key)
    file = models.ForeignKey(StoredFile, models.PROTECT, db_column="file", related_name="+")
    state = models.TextField(choices=UploadState.choices)
    step = models.TextField(blank=True, help_text="What a job is doing now.")
    problem = models.TextField(blank=True)
    mapping = models.TextField(blank=True)
    head: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    unclear: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    known_at = models.BigIntegerField(default=0)
    moves: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    touched: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    issues: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    warnings = models.IntegerField(default=0)
    stopped = models.TextField(blank=True, help_text="Why a snapshot would be stopped, in words.")
    unsure: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    reversal_allowed = models.BooleanField(default=False)
    loads_itself = models.BooleanField(
        default=False, help_text="Loaded as soon as it is checked, unless it is stopped."
    )
    wrong_rows = models.ForeignKey(StoredFile, models.PROTECT, db_column="wrong_rows", null=True, related_name="+")
    held: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    positions: ArrayField[list[int], list[int]] = ArrayField(models.BigIntegerField(), default=list)
    undo: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, db_column="uploaded_by", related_name="+")
    uploaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(Person, models.PROTECT, db_column="loaded_by", null=True, related_name="+")
    loaded_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, db_column="undone_by", null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "uploads"
        base_manager_name = "objects"
        indexes: ClassVar = [models.Index(fields=("owner", "-uploaded_at"), name="uploads_newest")]

    def __str__(self) -> str:
        return self.id


class UploadTable(OwnersRow):
    """What became of the rows of one table in an upload."""

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, models.PROTECT, db_column="upload", related_name="tables")
    table = models.TextField(db_column="table_name")
    source = models.TextField(blank=True)
    mode = models.TextField()
    rows = models.BigIntegerField()
    new = models.BigIntegerField()
    changed = models.BigIntegerField()
    same = models.BigIntegerField()
    wrong = models.BigIntegerField()
    repeated = models.BigIntegerField()
    withdrawn = models.BigIntegerField()
    waiting = models.BigIntegerField()
    vanished = models.BigIntegerField()
    known = models.BigIntegerField()

    objects = ScopedManager()

    class Meta:
        db_table = "upload_tables"
        base_manager_name = "objects"
        ordering = ("table", "id")

    def __str__(self) -> str:
        return f"{self.table} of {self.upload_id}"

    @property
    def unexplained(self) -> int:
        """Rows of which nobody can say what became of them: none, or a mistake of ours."""
        told = self.new + self.changed + self.same + self.wrong + self.repeated + self.withdrawn + self.waiting
        return self.rows - told


class SavedMapping(OwnersRow):
    """How files with these columns are read, as somebody once said it."""

    id = models.BigAutoField(primary_key=True)
    columns: ArrayField[list[str], list[str]] = ArrayField(models.TextField())
    text = models.TextField()
    saved_by = models.ForeignKey(Person, models.PROTECT, db_column="saved_by", related_name="+")
    saved_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "saved_mappings"
        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=("owner", "columns"), name="mapping_once")]

    def __str__(self) -> str:
        return ", ".join(self.columns)


class UnmatchedValue(OwnersRow):
    """A value of an upload that no list knows; it stays until somebody decides, or a later upload knows it."""

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, models.PROTECT, db_column="upload", related_name="unmatched")
    table = models.TextField(db_column="table_name")
    column = models.TextField(db_column="column_name")
    reference = models.TextField()
    value = models.TextField()
    rows = models.BigIntegerField()
    suggestion = models.TextField(blank=True)

    objects = ScopedManager()

    class Meta:
        db_table = "unmatched_values"
        base_manager_name = "objects"
        indexes: ClassVar = [models.Index(fields=("owner", "reference", "value"), name="unmatched_by_value")]

    def __str__(self) -> str:
        return f"{self.column} of {self.table}"


class CureDecision(OwnersRow):
    """What somebody decided about a value: whose other name it is, that it is new, or that it may be passed over."""

    id = models.BigAutoField(primary_key=True)
    reference = models.TextField(help_text="The list that did not know the value.")
    value = models.TextField(help_text="Without capitals and needless spaces.")
    means = models.TextField(blank=True, help_text="What it stands for; nothing when it is passed over.")
    decided_by = models.ForeignKey(Person, models.PROTECT, db_column="decided_by", null=True, related_name="+")
    decided_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "cure_decisions"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("owner", "reference", "value"), name="decided_once"),
        ]

    def __str__(self) -> str:
        return self.reference
