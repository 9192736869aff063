"""The people of the small world."""

from __future__ import annotations

from dataclasses import dataclass

from swingby.web.models import Role


@dataclass(frozen=True, slots=True)
class Cast:
    """One person of the play: who, where, in which role."""

    key: str
    organization: str | None
    role: Role | None
    regions: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.key}@example.test"


PEOPLE = (
    Cast("manager", "harbor", Role.PROGRAM_MANAGER),
    Cast("second-manager", "harbor", Role.PROGRAM_MANAGER),
    Cast("success", "harbor", Role.SUCCESS_MANAGER),
    Cast("operations", "harbor", Role.OPERATIONS),
    Cast("finance", "harbor", Role.FINANCE),
    Cast("executive", "harbor", Role.EXECUTIVE),
    Cast("other-vendor", "quay", Role.PROGRAM_MANAGER),
    Cast("partner-admin", "tarn", Role.PARTNER_ADMIN),
    Cast("partner-manager", "tarn", Role.PARTNER_MANAGER),
    Cast("partner-member", "tarn", Role.PARTNER_MEMBER),
    Cast("other-partner", "loom", Role.PARTNER_ADMIN),
    Cast("both-programs", "sedge", Role.PARTNER_ADMIN),
    Cast("vendor-admin", "harbor", Role.VENDOR_ADMIN),
    Cast("lead", "harbor", Role.REGIONAL_LEAD, ("emea",)),
    Cast("other-lead", "harbor", Role.REGIONAL_LEAD, ("apac",)),
    Cast("partner-finance", "tarn", Role.PARTNER_FINANCE),
    Cast("stranger", None, None),
)
