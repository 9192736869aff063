"""The invented people of the demonstration and how they sign in."""

from __future__ import annotations

from dataclasses import dataclass

from swingby.web.domain.organizations import give_role
from swingby.web.models import Organization, Person, Role

#: An example's password: the demonstration listens on this machine only.
PASSWORD = "once-around-the-moon"  # noqa: S105

VENDOR = "harborline"


@dataclass(frozen=True, slots=True)
class Login:
    """One invented person: ``organization`` is a name; the vendor's people have None."""

    name: str
    role: Role
    organization: str | None = None

    @property
    def email(self) -> str:
        """An address under a domain that can never exist."""
        company = (self.organization or VENDOR).split()[0].lower()
        return f"{self.name.lower().replace(' ', '.')}@{company}.example"

    @property
    def key(self) -> str:
        """The person's key."""
        return f"p-{self.name.lower().replace(' ', '-')}"


LOGINS = (
    Login("Priya Anand", Role.PARTNER_ADMIN, "Tarnwick Labs"),
    Login("Jonas Adeyemi", Role.PARTNER_MANAGER, "Sedgerow Consulting"),
    Login("Ines Halvorsen", Role.PROGRAM_MANAGER),
    Login("Ana Ruiz", Role.SUCCESS_MANAGER),
    Login("Marguerite Osei", Role.EXECUTIVE),
)


def invite(login: Login, *, organization: Organization) -> Person:
    """Store a person of the demonstration with its role; needs a scope that holds the organization."""
    person = Person.objects.filter(pk=login.key).first()
    if person is None:
        person = Person.objects.create_user(login.email, name=login.name, password=PASSWORD, key=login.key)
    give_role(person, organization=organization.pk, role=login.role)
    return person


def describe_logins() -> list[str]:
    """How to sign in, one line for each person."""
    width = max(len(login.email) for login in LOGINS)
    lines = [
        f"  {login.email:<{width}}  {login.name}, {login.role.label.lower()}"
        f"{' at ' + login.organization if login.organization else ''}"
        for login in LOGINS
    ]
    return ["Sign in as one of these invented people:", *lines, f"  The password of all is {PASSWORD}"]
