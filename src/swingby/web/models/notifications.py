"""What people are told: a row for each person and each thing that happened, and how each wants to hear of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.notes import Side
from swingby.web.models.people import Person
from swingby.web.models.programs import TenantRow
from swingby.web.tenancy import Scope, ScopedManager


class NotificationKind(models.TextChoices):
    """What a notification is about, as the settings name it."""

    REPORT_ACCEPTED = "report_accepted", "A report of ours is accepted"
    REPORT_BACK = "report_back", "A report of ours comes back or is declined"
    REVIEW = "review", "A review proposes something about us or is decided"
    APPEAL_ANSWERED = "appeal_answered", "An appeal of ours is answered"
    EXCEPTION = "exception", "We hold a tier by exception, or it ends"
    TIER = "tier", "Our tier moves"
    VERSION = "version", "New rules are announced"
    REGISTRATION = "registration", "A deal registration of ours is answered, or its protection ends soon"
    NUDGE = "nudge", "A word about a promise of ours"
    NOTE = "note", "A note is shared with us"
    DOCUMENT = "document", "A document is shared with us"
    EVIDENCE = "evidence", "A card of evidence is shared with us"
    MEMBER = "member", "Somebody joins us"
    CERTIFICATE = "certificate", "A certificate of mine lapses or can be renewed"
    LEARNING_WEEK = "learning_week", "What lapses among us, once a week"
    STUDY = "study", "My study groups: a buddy is silent, a group that fits me"
    STORY = "story", "Stories: an invitation to tell mine, thanks for it, new ones"
    STORY_WAITS = "story_waits", "A story of somebody waits for a yes of ours"
    VOUCHER = "voucher", "A voucher for an exam is given to me or expires"
    BOARD = "board", "My office, my team or I change places on a board"
    REPORT_IN = "report_in", "A partner reports an activity"
    REGISTRATION_IN = "registration_in", "A partner registers a deal or asks for longer protection"
    REVIEW_OPEN = "review_open", "A review is open"
    REVIEW_BOOK = "review_book", "A review moves a partner of your book"
    APPEAL_IN = "appeal_in", "A partner appeals"
    EXCEPTION_ASKED = "exception_asked", "An exception waits for a second person"
    APPROVAL_ASKED = "approval_asked", "A version waits for a second approval"
    PARTNER_BOARD = "partner_board", "Partners change places on a board"


class Way(models.TextChoices):
    """How somebody wants to hear of a kind."""

    PAGE = "page", "On the page"
    MAIL = "mail", "On the page and by mail at once"
    DIGEST = "digest", "On the page and in one mail a day"
    NONE = "none", "Not at all"


class Notification(TenantRow):
    """One thing that one person should know, in a sentence that names nobody."""

    id = models.TextField(primary_key=True)
    side = models.TextField(choices=Side.choices, help_text="As whose side the person is told.")
    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")
    kind = models.TextField(choices=NotificationKind.choices)
    words = models.TextField(max_length=300)
    path = models.TextField(blank=True, help_text="Where it leads, inside the application.")
    made_by = models.ForeignKey(Person, models.SET_NULL, db_column="made_by", null=True, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    digested_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "notifications"
        base_manager_name = "objects"
        ordering = ("-at", "id")
        indexes: ClassVar = [
            models.Index(fields=("person", "-at", "id"), name="notifications_newest"),
            models.Index(fields=("person",), condition=models.Q(read_at=None), name="notifications_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own, as long as one works for the side that was told."""
        sides = models.Q(side=Side.VENDOR, owner_id__in=scope.owner_orgs) | models.Q(
            side=Side.PARTNER, partner_id__in=scope.partner_orgs
        )
        return models.Q(person_id=scope.person) & sides


class NotificationChoice(TenantRow):
    """How a person wants to hear of a kind, where that is not as usual.

    It holds for one vendor and one partner; for the vendor's own people the vendor stands on both sides.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")
    kind = models.TextField(choices=NotificationKind.choices)
    way = models.TextField(choices=Way.choices)

    objects = ScopedManager()

    class Meta:
        db_table = "notification_choices"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("owner", "partner", "person", "kind"), name="notification_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.way}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own."""
        sides = models.Q(owner_id__in=scope.owner_orgs) | models.Q(partner_id__in=scope.partner_orgs)
        return models.Q(person_id=scope.person) & sides
