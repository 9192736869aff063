"""What the pages about the second factor show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    """One role: whether it needs a second factor, and who of those that hold it has one."""

    value: str
    label: str
    people: int
    protected: int
    chosen: bool

    @property
    def lacking(self) -> int:
        """How many have to set one up."""
        return self.people - self.protected


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorPage:
    """The rule of one organization."""

    url: str
    users_url: str
    lines: tuple[RoleLine, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage:
    """What somebody has to do before going on."""

    organization: str
    passkey_url: str
    app_url: str
    sign_out: str
