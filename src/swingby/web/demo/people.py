"""The invented people of an example, how they sign in, and what they reported: read from its ``people.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import swingby
from swingby.web.domain.organizations import give_role
from swingby.web.models import Organization, Person, Role

PEOPLE_FILE = "people.yaml"


@dataclass(frozen=True, slots=True)
class Login:
    """One invented person; ``at`` is the name of a partner, None for the vendor's people.

    ``partners`` is how many partners a success manager looks after, ``regions`` those of a regional lead.
    """

    name: str
    email: str
    role: Role
    at: str | None
    partners: int = 0
    regions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The person's key."""
        return f"p-{self.name.lower().replace(' ', '-')}"


@dataclass(frozen=True, slots=True)
class Reported:
    """An activity that waits for checking when the demonstration begins."""

    by: str
    kind: str
    days_ago: int
    details: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredDeal:
    """A deal that is registered when the demonstration begins, and approved where it says by whom and for how long."""

    by: str
    customer: str
    words: str
    website: str = ""
    amount: int | None = None
    currency: str = ""
    approved_by: str = ""
    protected_days: int = 0


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, the vendor's name and the password of all."""

    vendor: str
    password: str
    logins: tuple[Login, ...]
    reports: tuple[Reported, ...]
    deals: tuple[RegisteredDeal, ...] = ()

    def login(self, name: str) -> Login:
        """The person of that name."""
        return next(login for login in self.logins if login.name == name)


def read_cast(folder: Path, *, example: str) -> Cast:
    """Read the people of an example from its folder, or from the examples that this checkout ships."""
    shipped = Path(swingby.__file__).parents[2] / "examples" / example
    file = next(place / PEOPLE_FILE for place in (folder, shipped) if (place / PEOPLE_FILE).exists())
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Cast(
        vendor=said["vendor"],
        password=said["password"],
        logins=tuple(_login(row) for row in said["people"]),
        reports=tuple(Reported(**row) for row in said["reports"]),
        deals=tuple(RegisteredDeal(**row) for row in said.get("deals", ())),
    )


def _login(row: Mapping[str, Any]) -> Login:
    return Login(
        row["name"],
        row["email"],
        Role(row["role"]),
        row.get("at"),
        row.get("partners", 0),
        tuple(row.get("regions", ())),
    )


def invite(login: Login, *, organization: Organization, hashed: str) -> Person:
    """Store a person with its role; needs a scope that holds the organization.

    ``hashed`` is the password as it is stored: one for all, because hashing is slow on purpose.
    """
    known = {"email": login.email, "name": login.name, "password": hashed}
    person, _ = Person.objects.get_or_create(id=login.key, defaults=known)
    give_role(person, organization=organization.pk, role=login.role, regions=login.regions)
    return person


def describe(cast: Cast) -> list[str]:
    """How to sign in, one line for each person."""
    width = max(len(login.email) for login in cast.logins)
    lines = [
        f"  {login.email:<{width}}  {login.name}, {login.role.label.lower()}{' at ' + login.at if login.at else ''}"
        for login in cast.logins
    ]
    return ["Sign in as one of these invented people:", *lines, f"  The password of all is {cast.password}"]
