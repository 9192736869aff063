"""Study groups: what people look for, the groups, who is in them and what they say there."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.learning import OrganizationRow
from swingby.web.models.loads import new_key
from swingby.web.models.people import Person
from swingby.web.tenancy import Scope, ScopedManager


def of_firm(scope: Scope) -> models.Q:
    """Those of the firms that one works for as a partner."""
    return models.Q(organization_id__in=scope.partner_orgs)


def own_or_job(scope: Scope) -> models.Q:
    """One's own; jobs, for which nobody asks, see those of the firm."""
    return of_firm(scope) & models.Q(person_id=scope.person) if scope.person else of_firm(scope)


class StudySharing(OrganizationRow):
    """A firm lets its people study with those of other firms that allow it with the same vendor."""

    vendor = models.TextField(help_text="The vendor's organization.")
    allowed_by = models.ForeignKey(Person, models.PROTECT, db_column="allowed_by", null=True, related_name="+")
    allowed_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "study_sharings"
        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=("organization", "vendor"), name="study_sharing_once")]

    def __str__(self) -> str:
        return f"{self.organization_id} with {self.vendor}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own firms."""
        return of_firm(scope)


class StudyWish(OrganizationRow):
    """What somebody looks for in a group; one at a time, seen by nobody else."""

    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")
    code = models.TextField(blank=True)
    topic = models.TextField(blank=True)
    goal_on = models.DateField()
    level = models.PositiveSmallIntegerField()
    zone = models.TextField()
    days: ArrayField[list[int], list[int]] = ArrayField(models.PositiveSmallIntegerField())
    starts = models.TimeField()
    ends = models.TimeField()
    made_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "study_wishes"
        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=("organization", "person"), name="study_wish_once")]

    def __str__(self) -> str:
        return f"{self.code or self.topic} by {self.goal_on}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own; jobs match those of the firm."""
        return own_or_job(scope)


class StudyCircle(OrganizationRow):
    """A study group as everybody may find it: it names nobody. The firm is the founder's."""

    id = models.TextField(primary_key=True, default=new_key)  # type: ignore[assignment]
    founder = models.ForeignKey(Person, models.PROTECT, db_column="founder", related_name="+")
    vendor = models.TextField(blank=True, help_text="The vendor's organization, for a certification.")
    code = models.TextField(blank=True)
    topic = models.TextField(blank=True)
    goal_on = models.DateField()
    level = models.PositiveSmallIntegerField()
    zone = models.TextField()
    day = models.PositiveSmallIntegerField(help_text="Monday is 0.")
    starts = models.TimeField()
    language = models.TextField()
    most = models.PositiveSmallIntegerField()
    size = models.PositiveSmallIntegerField(default=0)
    is_open = models.BooleanField(default=False, help_text="To other firms that allow it with the vendor.")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "study_circles"
        base_manager_name = "objects"
        ordering = ("goal_on", "id")

    def __str__(self) -> str:
        return f"{self.code or self.topic}: {self.pk}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own firms, and open ones for vendors with whom the own firm allows it."""
        return of_firm(scope) | models.Q(is_open=True, vendor__in=StudySharing.objects.values("vendor"))


class CircleRow(OrganizationRow):
    """What the members of a group see, and nobody else. The firm is that of the person."""

    circle = models.ForeignKey(StudyCircle, models.CASCADE, db_column="circle", related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")

    class Meta:
        abstract = True

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:  # noqa: ARG004 - the seats are those of the open scope
        """Of the groups in which one has a seat."""
        return models.Q(circle_id__in=StudySeat.objects.values("circle_id"))


class StudySeat(OrganizationRow):
    """That somebody is in a group; it opens the group to the person, and nobody else sees it."""

    id = models.TextField(primary_key=True, default=new_key)  # type: ignore[assignment]
    circle = models.ForeignKey(StudyCircle, models.CASCADE, db_column="circle", related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")

    objects = ScopedManager()

    class Meta:
        db_table = "study_seats"
        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=("circle", "person"), name="study_seat_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.circle_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own, of groups that one may still see; jobs those of the firm."""
        return own_or_job(scope) & models.Q(circle_id__in=StudyCircle.objects.values("pk"))


class StudyMember(CircleRow):
    """A member as the others see them."""

    id = models.TextField(primary_key=True, default=new_key)  # type: ignore[assignment]
    joined_at = models.DateTimeField()
    pair = models.PositiveSmallIntegerField(null=True, help_text="Members with the same number are buddies.")
    nudged_on = models.DateField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "study_members"
        base_manager_name = "objects"
        ordering = ("joined_at", "id")
        constraints: ClassVar = [models.UniqueConstraint(fields=("circle", "person"), name="study_member_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.circle_id}"


class StudyCheckIn(CircleRow):
    """One line to the group."""

    id = models.TextField(primary_key=True, default=new_key)  # type: ignore[assignment]
    words = models.TextField(max_length=200)
    made_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "study_checkins"
        base_manager_name = "objects"
        ordering = ("-made_at", "id")

    def __str__(self) -> str:
        return f"{self.person_id}, {self.made_at}"
