"""What the pages about an identity provider show."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPage:
    """How an organization's provider is connected."""

    url: str
    users_url: str
    callback: str
    is_connected: bool
    said: dict[str, str] = field(default_factory=dict)
    is_required: bool = False
    known: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayPage:
    """One step of signing in through a provider."""

    title: str
    lead: str
    step: str = ""
    email: str = ""
    link: str = ""
    button: str = ""
    problem: str = ""
