"""The tables of the web application: what there is, not what happens."""

from swingby.web.models.audit import AuditEntry
from swingby.web.models.loads import (
    CureDecision,
    SavedMapping,
    StoredFile,
    UnmatchedValue,
    Upload,
    UploadState,
    UploadTable,
)
from swingby.web.models.notes import Audience, Note, Side
from swingby.web.models.organizations import PARTNER_ROLES, VENDOR_ROLES, Membership, Organization, Role
from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment, Program, ProgramVersion, TenantRow
from swingby.web.models.proposals import (
    ComparisonKind,
    ComparisonState,
    LetterReceipt,
    ProposedVersion,
    VersionAct,
    VersionComparison,
    VersionEffect,
    VersionLetter,
    VersionState,
)
from swingby.web.models.reports import ActivityReport, ReportFile, ReportState
from swingby.web.models.standings import Standing, StandingRequirement
from swingby.web.models.tokens import ApiToken, KeptAnswer, TokenScope

__all__ = [
    "PARTNER_ROLES",
    "VENDOR_ROLES",
    "ActivityReport",
    "ApiToken",
    "Audience",
    "AuditEntry",
    "ComparisonKind",
    "ComparisonState",
    "CureDecision",
    "Enrolment",
    "KeptAnswer",
    "LetterReceipt",
    "Membership",
    "Note",
    "Organization",
    "Person",
    "Program",
    "ProgramVersion",
    "ProposedVersion",
    "ReportFile",
    "ReportState",
    "Role",
    "SavedMapping",
    "Side",
    "Standing",
    "StandingRequirement",
    "StoredFile",
    "TenantRow",
    "TokenScope",
    "UnmatchedValue",
    "Upload",
    "UploadState",
    "UploadTable",
    "VersionAct",
    "VersionComparison",
    "VersionEffect",
    "VersionLetter",
    "VersionState",
]
