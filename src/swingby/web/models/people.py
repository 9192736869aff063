"""People who sign in. Names and mail addresses stand here and nowhere else, so that they can be erased."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


def new_person_key() -> str:
    """A key that says nothing about its person."""
    return f"p-{uuid4().hex}"


class PersonManager(BaseUserManager["Person"]):
    """Makes people with a hashed password."""

    def create_user(self, email: str, *, name: str, password: str | None = None, key: str | None = None) -> Person:
        """Store a person; without a password nobody can sign in as them."""
        person = self.model(id=key or new_person_key(), email=email.strip().lower(), name=name)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """One human being, whatever organizations they work for."""

    id = models.TextField(primary_key=True, default=new_person_key)
    email = models.EmailField(unique=True)
    name = models.TextField()
    is_active = models.BooleanField(default=True)
    session_round = models.PositiveIntegerField(default=0, help_text="Raised to end all sessions at once.")

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        db_table = "people"

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session is held to at each request: the password, and the round of sessions."""
        said = f"{self.password}/{self.session_round}"
        return salted_hmac("swingby.web.people", said, secret=secret, algorithm="sha256").hexdigest()
