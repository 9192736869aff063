"""Keys of other systems to the API, and the answers that are kept so that a repeated request changes nothing."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.organizations import Organization
from swingby.web.models.people import Person
from swingby.web.tenancy import Scope, ScopedManager


class TokenScope(models.TextChoices):
    """What a token may be used for; never more than the person who made it may do."""

    PROGRAMS_READ = "programs:read", "Read programs and their versions"
    PARTNERS_READ = "partners:read", "Read partners, standings, points history, scorecards and benefits"
    REPORTS_READ = "reports:read", "Read activity reports"
    REPORTS_WRITE = "reports:write", "Send activity reports and decide on them"
    NOTES_READ = "notes:read", "Read notes"
    NOTES_WRITE = "notes:write", "Write notes"
    EVIDENCE_READ = "evidence:read", "Read cards of evidence"
    FACTS_READ = "facts:read", "Read what happened and how complete it is"
    FACTS_WRITE = "facts:write", "Send what happened"
    DISPUTES_READ = "disputes:read", "Read disputes"
    DISPUTES_WRITE = "disputes:write", "Open, withdraw and answer disputes"
    REGISTRATIONS_READ = "registrations:read", "Read deal registrations"
    REGISTRATIONS_WRITE = "registrations:write", "Register deals, answer and withdraw registrations"
    NOTIFICATIONS_READ = "notifications:read", "Read notifications"
    NOTIFICATIONS_WRITE = "notifications:write", "Mark notifications as read"
    PEOPLE_READ = "people:read", "Read who works for a partner and what they hold"
    BADGES_READ = "badges:read", "Read one's own badges, and those that are shown"
    BADGES_WRITE = "badges:write", "Make, show and withdraw one's own badges"
    VOUCHERS_READ = "vouchers:read", "Read vouchers for exams, and the codes of one's own"
    VOUCHERS_WRITE = "vouchers:write", "Bring in vouchers, give them, take them back, say budgets"
    USERS_READ = "users:read", "Read who works with the organization here and who is on the way"
    USERS_WRITE = "users:write", "Invite people, answer who asks to join, change roles and end access"
    LEARNING_READ = "learning:read", "Read what people learn and which certifications are needed"
    LEARNING_WRITE = "learning:write", "Propose certifications, accept and decline them"
    REVIEWS_READ = "reviews:read", "Read reviews of tiers and appeals"
    REVIEWS_WRITE = "reviews:write", "Decide reviews, appeal and answer appeals"


class ApiToken(models.Model):
    """A key of another system. Only the SHA-256 of it is kept: it acts for its maker at one organization."""

    id = models.TextField(primary_key=True, help_text="The part of the token that everybody may read.")
    organization = models.ForeignKey(Organization, models.PROTECT, db_column="organization", related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")
    name = models.TextField(max_length=80)
    hash = models.TextField(unique=True)
    scopes: ArrayField[list[str], list[str]] = ArrayField(models.TextField(choices=TokenScope.choices))
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "api_tokens"
        base_manager_name = "objects"
        ordering = ("-made_at", "id")
        indexes: ClassVar = [models.Index(fields=("organization", "-made_at"), name="tokens_of_organization")]

    def __str__(self) -> str:
        return self.id

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own organizations, and the one that is presented."""
        presented = models.Q(hash=scope.token) if scope.token else models.Q()
        return models.Q(organization_id__in=scope.owner_orgs | scope.partner_orgs) | presented


class KeptAnswer(models.Model):
    """The answer to a request that came with an idempotency key, for a day."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.PROTECT, db_column="organization", related_name="+")
    token = models.ForeignKey(ApiToken, models.CASCADE, db_column="token", related_name="+")
    route = models.TextField(help_text="Method and address.")
    key = models.TextField()
    request_hash = models.TextField()
    status = models.PositiveSmallIntegerField()
    headers: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    body = models.TextField()
    kept_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "kept_answers"
        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=("token", "route", "key"), name="answer_once")]
        indexes: ClassVar = [models.Index(fields=("token", "kept_at"), name="answers_by_age")]

    def __str__(self) -> str:
        return f"{self.route}: {self.status}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own organizations."""
        return models.Q(organization_id__in=scope.owner_orgs | scope.partner_orgs)
