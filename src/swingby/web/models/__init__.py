"""The tables of the web application: what there is, not what happens."""

from swingby.web.models.aftermaths import AftermathState, KeptAftermath
from swingby.web.models.audit import AuditEntry
from swingby.web.models.badges import Badge, BadgeKey, ForeignBadge
from swingby.web.models.boards import (
    BoardChoice,
    BoardCount,
    BoardPeriod,
    ForbiddenCountry,
    Grouping,
    PartnerBoardCount,
    ShownAs,
)
from swingby.web.models.cards import CardDecision, CardEdition, CardShare, CardState, CardWord, KeptCard
from swingby.web.models.covering import CoverageCount, CoveragePortion, PartnerCoverage, RegionCoverage
from swingby.web.models.disputes import TO_CURE, Dispute, DisputeState
from swingby.web.models.experiments import Experiment, ExperimentPlan
from swingby.web.models.invitations import OPEN_STATES, Invitation, InvitationState
from swingby.web.models.languages import SpokenLanguages
from swingby.web.models.learning import CertificationCatalogue, CertificationNeed, Learner, LearningEvent
from swingby.web.models.loads import (
    CureDecision,
    SavedMapping,
    StoredFile,
    UnmatchedValue,
    Upload,
    UploadState,
    UploadTable,
)
from swingby.web.models.mails import Mail, MailState
from swingby.web.models.nightly import Disagreement, NightlyRun
from swingby.web.models.notes import Audience, Note, Side
from swingby.web.models.notifications import Notification, NotificationChoice, NotificationKind, Way
from swingby.web.models.nudges import Nudge
from swingby.web.models.organizations import PARTNER_ROLES, VENDOR_ROLES, Membership, Organization, Role
from swingby.web.models.people import Person
from swingby.web.models.portfolio import ConsoleView, PortfolioRow, RhythmPeriod, RhythmState
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
from swingby.web.models.prospects import PointsHistory, Prospect
from swingby.web.models.providers import IdentityProvider, ProviderIdentity
from swingby.web.models.registrations import (
    DealOutcome,
    DealProgress,
    DealRegistration,
    DeclineReason,
    RegistrationState,
)
from swingby.web.models.reports import ActivityReport, ReportFile, ReportState
from swingby.web.models.reviews import (
    Appeal,
    AppealState,
    ExceptionState,
    LineState,
    Review,
    ReviewAct,
    ReviewLine,
    TierException,
)
from swingby.web.models.scorecards import Scorecard, ScorecardLine
from swingby.web.models.sharing import Doorway, MatchAct, StandingShare
from swingby.web.models.stakes import Stake
from swingby.web.models.standings import Standing, StandingRequirement
from swingby.web.models.stories import MODERATORS, ShownTo, Story, StoryState, StoryTeller, Thanks
from swingby.web.models.study import StudyCheckIn, StudyCircle, StudyMember, StudySeat, StudySharing, StudyWish
from swingby.web.models.study_hours import StudyHours, StudyRule
from swingby.web.models.terms import TermsAcceptance, TermsVersion
from swingby.web.models.tokens import ApiToken, KeptAnswer, TokenScope
from swingby.web.models.visits import PartnerDocument, PartnerVisit
from swingby.web.models.vouchers import (
    GIVEABLE,
    VOUCHER_GIVERS,
    Voucher,
    VoucherBudget,
    VoucherCode,
    VoucherState,
)
from swingby.web.models.week import PutOff, WeekAct, WeekDeed

__all__ = [
    "GIVEABLE",
    "MODERATORS",
    "OPEN_STATES",
    "PARTNER_ROLES",
    "TO_CURE",
    "VENDOR_ROLES",
    "VOUCHER_GIVERS",
    "ActivityReport",
    "AftermathState",
    "ApiToken",
    "Appeal",
    "AppealState",
    "Audience",
    "AuditEntry",
    "Badge",
    "BadgeKey",
    "BoardChoice",
    "BoardCount",
    "BoardPeriod",
    "CardDecision",
    "CardEdition",
    "CardShare",
    "CardState",
    "CardWord",
    "CertificationCatalogue",
    "CertificationNeed",
    "ComparisonKind",
    "ComparisonState",
    "ConsoleView",
    "CoverageCount",
    "CoveragePortion",
    "CureDecision",
    "DealOutcome",
    "DealProgress",
    "DealRegistration",
    "DeclineReason",
    "Disagreement",
    "Dispute",
    "DisputeState",
    "Doorway",
    "Enrolment",
    "ExceptionState",
    "Experiment",
    "ExperimentPlan",
    "ForbiddenCountry",
    "ForeignBadge",
    "Grouping",
    "IdentityProvider",
    "Invitation",
    "InvitationState",
    "KeptAftermath",
    "KeptAnswer",
    "KeptCard",
    "Learner",
    "LearningEvent",
    "LetterReceipt",
    "LineState",
    "Mail",
    "MailState",
    "MatchAct",
    "Membership",
    "NightlyRun",
    "Note",
    "Notification",
    "NotificationChoice",
    "NotificationKind",
    "Nudge",
    "Organization",
    "PartnerBoardCount",
    "PartnerCoverage",
    "PartnerDocument",
    "PartnerVisit",
    "Person",
    "PointsHistory",
    "PortfolioRow",
    "Program",
    "ProgramVersion",
    "ProposedVersion",
    "Prospect",
    "ProviderIdentity",
    "PutOff",
    "RegionCoverage",
    "RegistrationState",
    "ReportFile",
    "ReportState",
    "Review",
    "ReviewAct",
    "ReviewLine",
    "RhythmPeriod",
    "RhythmState",
    "Role",
    "SavedMapping",
    "Scorecard",
    "ScorecardLine",
    "ShownAs",
    "ShownTo",
    "Side",
    "SpokenLanguages",
    "Stake",
    "Standing",
    "StandingRequirement",
    "StandingShare",
    "StoredFile",
    "Story",
    "StoryState",
    "StoryTeller",
    "StudyCheckIn",
    "StudyCircle",
    "StudyHours",
    "StudyMember",
    "StudyRule",
    "StudySeat",
    "StudySharing",
    "StudyWish",
    "TenantRow",
    "TermsAcceptance",
    "TermsVersion",
    "Thanks",
    "TierException",
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
    "Voucher",
    "VoucherBudget",
    "VoucherCode",
    "VoucherState",
    "Way",
    "WeekAct",
    "WeekDeed",
]
