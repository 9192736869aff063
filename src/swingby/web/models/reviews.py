"""Reviews of a program's days: who would move, what people decided, appeals, and tiers by exception."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from swingby.web.models.loads import OwnersRow, StoredFile, new_key
from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment, Program, ProgramVersion, TenantRow
from swingby.web.tenancy import Scope, ScopedManager


class Review(OwnersRow):
    """One review day of one ladder, as it was worked out: on which rules, and on what was known."""

    id = models.TextField(primary_key=True, default=new_key)
    program = models.ForeignKey(Program, models.PROTECT, db_column="program", related_name="reviews")
    program_version = models.ForeignKey(ProgramVersion, models.PROTECT, db_column="program_version", related_name="+")
    program_hash = models.TextField()
    engine_version = models.TextField()
    position = models.BigIntegerField()
    ladder = models.TextField()
    ladder_label = models.TextField()
    on = models.DateField(db_column="on_day")
    looked_at = models.DateField()
    lowers = models.BooleanField()
    partners = models.IntegerField()
    opened_at = models.DateTimeField()
    near: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    document = models.TextField(help_text="The standings it was decided by, as `swingby decide` writes them.")
    replayed_at = models.DateTimeField(null=True)
    replay = models.TextField(blank=True)

    objects = ScopedManager()

    class Meta:
        db_table = "reviews"
        base_manager_name = "objects"
        ordering = ("-on", "ladder")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("program", "ladder", "on"), name="review_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ladder} on {self.on}"


class LineState(models.TextChoices):
    """What became of a partner's line."""

    WAITS = "waits", "Waits for a decision"
    NOTICE = "notice", "Told, may still mend it"
    UNDECIDED = "undecided", "Cannot be decided"
    AT_ONCE = "at_once", "Took effect at once"
    APPROVED = "approved", "Approved"
    HELD = "held", "Held"
    PROTECTED = "protected", "Protected"
    MENDED = "mended", "Mended in time"
    OVERTAKEN = "overtaken", "Overtaken"
    OVERTURNED = "overturned", "Overturned"


class ReviewLine(TenantRow):
    """One partner in a review: from which tier to which, and by which requirements."""

    id = models.TextField(primary_key=True, default=new_key)
    review = models.ForeignKey(Review, models.PROTECT, db_column="review", related_name="lines")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="review_lines")
    ladder = models.TextField(help_text="With the cell, where tiers are held by cell.")
    ladder_label = models.TextField()
    on = models.DateField(db_column="on_day")
    direction = models.TextField(help_text="up, down, or stay where nothing can be decided.")
    before = models.TextField(blank=True)
    before_label = models.TextField()
    before_rank = models.IntegerField()
    after = models.TextField(blank=True)
    after_label = models.TextField()
    after_rank = models.IntegerField()
    holds_from = models.DateField(help_text="From when the outcome holds.")
    requirements: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    is_near = models.BooleanField(default=False)
    state = models.TextField(choices=LineState.choices)
    mend_until = models.DateField(null=True)
    protected_until = models.DateField(null=True)
    told = models.TextField(blank=True, max_length=2000, help_text="What the partner reads.")
    decided_at = models.DateTimeField(null=True)
    waiting_fact = models.TextField(blank=True)
    outcome_fact = models.TextField(blank=True)

    objects = ScopedManager()

    class Meta:
        db_table = "review_lines"
        base_manager_name = "objects"
        ordering = ("direction", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("review", "enrolment", "ladder"), name="review_line_once"),
        ]
        indexes: ClassVar = [models.Index(fields=("enrolment", "-on"), name="review_lines_of_partner")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.before} to {self.after} ({self.state})"


class ReviewAct(OwnersRow):
    """What somebody of ours did with a line or an exception, and why: only we see it."""

    id = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(ReviewLine, models.PROTECT, db_column="line", related_name="acts", null=True)
    exception = models.ForeignKey(
        "TierException", models.PROTECT, db_column="exception", related_name="acts", null=True
    )
    act = models.TextField()
    at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="+", null=True)
    words = models.TextField(blank=True, max_length=2000)

    objects = ScopedManager()

    class Meta:
        db_table = "review_acts"
        base_manager_name = "objects"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.act} {self.line_id or self.exception_id}"

    @staticmethod
    def inside_region(scope: Scope) -> models.Q:
        """For a regional lead: acts about lines and exceptions of the region."""
        about = models.Q(line__in=ReviewLine.objects.all()) | models.Q(exception__in=TierException.objects.all())
        return ~models.Q(owner_id__in=scope.limited_owners) | about


class AppealState(models.TextChoices):
    """What became of an appeal."""

    FILED = "filed", "Waits for an answer"
    UPHELD = "upheld", "The decision stands"
    OVERTURNED = "overturned", "The decision is overturned"


class Appeal(TenantRow):
    """A partner's appeal against a line: once, with words and perhaps a file; and the answer."""

    id = models.TextField(primary_key=True, default=new_key)
    line = models.OneToOneField(ReviewLine, models.PROTECT, db_column="line", related_name="appeal")
    state = models.TextField(choices=AppealState.choices, default=AppealState.FILED)
    words = models.TextField(max_length=4000)
    file = models.ForeignKey(StoredFile, models.PROTECT, db_column="file", related_name="+", null=True)
    filed_by = models.ForeignKey(Person, models.PROTECT, db_column="filed_by", related_name="+")
    filed_at = models.DateTimeField()
    answer_due = models.DateTimeField()
    answer = models.TextField(blank=True, max_length=4000)
    answered_by = models.ForeignKey(Person, models.PROTECT, db_column="answered_by", related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "appeals"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.line_id}: {self.state}"


class ExceptionState(models.TextChoices):
    """What became of a tier by exception."""

    ASKED = "asked", "Waits for a second person"
    GRANTED = "granted", "Granted"
    DECLINED = "declined", "Declined"
    ENDED = "ended", "Ended early"


#: In these, the partner sees it.
SHOWN_EXCEPTIONS = (ExceptionState.GRANTED, ExceptionState.ENDED)


class TierException(TenantRow):
    """A tier that is granted until a day, whatever the requirements say; by two people."""

    id = models.TextField(primary_key=True, default=new_key)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="exceptions")
    ladder = models.TextField()
    ladder_label = models.TextField()
    tier = models.TextField()
    tier_label = models.TextField()
    tier_rank = models.IntegerField()
    first = models.DateField()
    until = models.DateField(help_text="The first day on which it no longer counts.")
    state = models.TextField(choices=ExceptionState.choices, default=ExceptionState.ASKED)
    asked_by = models.ForeignKey(Person, models.PROTECT, db_column="asked_by", related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, db_column="decided_by", related_name="+", null=True)
    fact = models.TextField(blank=True)

    objects = ScopedManager()

    class Meta:
        db_table = "tier_exceptions"
        base_manager_name = "objects"
        ordering = ("until", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="exception_by_a_second_person",
            ),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("until")), name="exception_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.tier} until {self.until}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's; a partner's own once it is granted."""
        granted = models.Q(partner_id__in=scope.partner_orgs, state__in=SHOWN_EXCEPTIONS)
        return models.Q(owner_id__in=scope.owner_orgs) | granted
