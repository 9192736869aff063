"""Mails that go out: each is a row before it is sent, so that none is lost and none is sent twice by a repeated job."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.loads import new_key
from swingby.web.models.organizations import Organization
from swingby.web.models.people import Person
from swingby.web.tenancy import Scope, ScopedManager


class MailState(models.TextChoices):
    """Where a mail stands."""

    WAITING = "waiting", "Waits to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    KEPT = "kept", "Kept here"
    FAILED = "failed", "Not sent"


class Mail(models.Model):
    """One mail to one person.

    Names and addresses of the two people, and names of those it tells of, are put in when it is read or sent; the row holds their keys only. So does a
    link that lets somebody in: what it proves is signed at that moment and kept nowhere.
    """

    id = models.TextField(primary_key=True, default=new_key)
    organization = models.ForeignKey(
        Organization, models.PROTECT, db_column="organization", related_name="+", help_text="On whose behalf."
    )
    key = models.TextField(help_text="What it is about. The same key is never posted twice by one organization.")
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="+")
    sent_by = models.ForeignKey(Person, models.PROTECT, db_column="sent_by", null=True, related_name="+")
    subject = models.TextField(max_length=200)
    text = models.TextField(max_length=4000)
    people: ArrayField[list[str], list[str]] = ArrayField(
        models.TextField(), default=list, help_text="Whom the text may name, by their keys."
    )
    path = models.TextField(blank=True, help_text="Where its link leads, inside the application.")
    sealed = models.TextField(blank=True, help_text="The key that the link proves, if it lets somebody in.")
    state = models.TextField(choices=MailState.choices, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)
    posted_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "mails"
        base_manager_name = "objects"
        ordering = ("-posted_at", "-id")
        constraints: ClassVar = [models.UniqueConstraint(fields=("organization", "key"), name="mail_once")]
        indexes: ClassVar = [models.Index(fields=("organization", "-posted_at"), name="mails_newest")]

    def __str__(self) -> str:
        return self.key

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own organizations."""
        return models.Q(organization_id__in=scope.owner_orgs | scope.partner_orgs)
