"""Every address against every actor. A route without a line here fails, and so does a line without a route."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from swingby.web.models import Person
from tests.permissions.entered import ANYBODY, ENTERED, REDIRECT
from tests.permissions.evidence import SETTINGS as ASKED_EFFECT
from tests.permissions.lotted import LOTTED
from tests.permissions.more_actors import ALONE, LIKE, told_like
from tests.permissions.paid import PAID
from tests.permissions.posted import FAILED, SENT, SHARE
from tests.permissions.registered import REGISTERED
from tests.permissions.staked import STAKED
from tests.permissions.storied import STORIED
from tests.permissions.studied import STUDIED
from tests.permissions.timed import TIMED
from tests.permissions.told import OURS, TOLD
from tests.permissions.vouched import VOUCHED

ACTORS = (
    "anonymous",
    "stranger",
    "other-vendor",
    "other-partner",
    "both-programs",
    "partner-member",
    "partner-admin",
    "executive",
    "finance",
    "operations",
    "success",
    "manager",
)


@dataclass(frozen=True, slots=True)
class Route:
    """An address with the answers to the actors, in the order of ``ACTORS``."""

    method: str
    answers: str
    args: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)


ENROLMENT = "harbor-program-tarn"
WAITING, RETURNED = f"{ENROLMENT}-submitted", f"{ENROLMENT}-returned"
WORDS = {"answer": "Please name the customer."}
SHOWN, DRAFT = "harbor-program-preview", "harbor-program-draft"
SPAN = {"first": "2026-01-01", "last": "2026-03-31"}
REVIEW, LINE, APPEAL = ("harbor", "harbor-program-review"), f"{ENROLMENT}-line-waits", f"{ENROLMENT}-appeal"
ASKED = f"{ENROLMENT}-exception-asked"
RECORD, DISPUTE = "harbor-tarn", f"{ENROLMENT}-dispute"
REPORT = {"kind": "plan_reviewed", "happened_on": "2026-03-20"}


#                anon str  oven opar both memb admn exec fina oper succ mana
PARTNERS_PAGE = "302 404 404 404 404 200 200 403 403 403 403 403"
PARTNERS_ACT = "302 404 404 404 404 403 200 403 403 403 403 403"
PARTNERS_DONE = "302 404 404 404 404 403 302 403 403 403 403 403"
CONSOLE_PAGE = "302 404 404 404 404 404 404 200 200 200 200 200"
CONSOLE_REPORTS = "302 404 404 404 404 404 404 403 403 200 200 200"
CONSOLE_CHANGE = "302 404 404 404 404 404 404 403 403 403 403 302"
CONSOLE_DECIDE = "302 404 404 404 404 404 404 403 403 403 302 302"
CONSOLE_LOADS = "302 404 404 404 404 404 404 403 403 200 403 200"
CONSOLE_LOADED = "302 404 404 404 404 404 404 403 403 302 403 302"
CONSOLE_UNREAD = "302 404 404 404 404 404 404 403 403 422 403 422"
CONSOLE_TOO_LATE = "302 404 404 404 404 404 404 403 403 409 403 409"
#: The bytes of the small world's files are not on the disk.
CONSOLE_FILE = "302 404 404 404 404 404 404 403 403 404 403 404"
SHARERS = "302 404 404 404 404 403 302 404 404 404 404 404"
PARTNERS_REFUSED = "302 404 404 404 404 403 422 404 404 404 404 404"
INSIDERS_OF_HARBOR = "302 404 404 404 404 404 404 403 403 403 403 403"
UNBEGUN = "422 422 422 422 422 422 422 422 422 422 422 422"
NOBODY = "404 404 404 404 404 404 404 404 404 404 404 404"
VENDORS_MAIL = "302 404 404 404 404 404 404 403 403 200 403 403"
PARTNERS_MAIL = "302 404 404 404 404 403 200 404 404 404 404 404"
#: A firm's learning: everybody who works there, and what only leads see and do.
FIRMS_PAGE = "302 404 404 404 404 200 200 404 404 404 404 404"
FIRMS_ACT = "302 404 404 404 404 302 302 404 404 404 404 404"
#: Evidence: finance reads what tells of money, operations what is missing; asking is the program manager's.
READINESS_PAGE = "302 404 404 404 404 404 404 200 200 200 403 200"
MONEY_CARD = "302 404 404 404 404 404 404 200 200 403 403 200"
CARD_ASKERS = "302 404 404 404 404 404 404 403 403 403 403 200"
CARD_ACT = "302 404 404 404 404 404 404 403 403 403 403 302"
CONSOLE_LOOKED = "302 404 404 404 404 404 404 403 403 302 403 302"
NO_CARD = "302 404 404 404 404 404 404 403 403 403 403 403"
MONEY, NO_MONEY = ("harbor", "harbor-program-card"), ("harbor", "harbor-program-card-of-shares")
SHARED_CARD = (ENROLMENT, f"{ENROLMENT}-shared")
UPLOAD = ("harbor", "harbor-upload")
CURE = {"reference": "products", "value": "BEACON-9", "act": "pass"}

BADGE = "tarn-partner-member-badge"
TOKEN = {"name": "CRM", "scopes": "facts:write", "days": "90"}

ROUTES: Mapping[str, list[Route]] = {
    "home": [Route("get", "302 403 302 302 302 302 302 302 302 302 302 302")],
    "health": [Route("get", ANYBODY)],
    "metrics": [Route("get", ANYBODY)],  # From this machine; tests/web/console/test_metrics.py asks from elsewhere.
    # Who works for no partner has no such page; one program leads straight on.
    "firm": [Route("get", "302 404 404 302 200 302 302 404 404 404 404 404")],
    "portal:home": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:standing": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:points": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:deals": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:people": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:scorecard": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:scorecard_number": [Route("get", PARTNERS_PAGE, (ENROLMENT, "total"))],
    "portal:scorecard_record": [Route("get", PARTNERS_PAGE, (ENROLMENT, "activities", RECORD))],
    "console:scorecard": [Route("get", CONSOLE_PAGE, ("harbor", ENROLMENT))],
    "console:scorecard_number": [Route("get", CONSOLE_PAGE, ("harbor", ENROLMENT, "total"))],
    "console:scorecard_record": [Route("get", CONSOLE_PAGE, ("harbor", ENROLMENT, "activities", RECORD))],
    "portal:disputes": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:dispute_line": [
        Route("get", PARTNERS_ACT, (ENROLMENT, "plans")),
        Route("post", PARTNERS_DONE, (ENROLMENT, "plans"), {"words": "One is missing."}),
    ],
    "portal:dispute": [Route("get", PARTNERS_PAGE, (ENROLMENT, DISPUTE))],
    "portal:dispute_withdraw": [Route("post", PARTNERS_DONE, (ENROLMENT, DISPUTE))],
    # The case came without a file.
    "portal:dispute_file": [
        Route("get", "302 404 404 404 404 404 404 403 403 403 403 403", (ENROLMENT, DISPUTE)),
    ],
    "console:disputes": [Route("get", CONSOLE_REPORTS, ("harbor",))],
    "console:dispute": [Route("get", CONSOLE_REPORTS, ("harbor", DISPUTE))],
    "console:dispute_answer": [
        Route("post", CONSOLE_DECIDE, ("harbor", DISPUTE), {"answer": "decline", "words": "It is right."}),
    ],
    # Nothing is to be put right yet: the page says so.
    "console:dispute_cure": [Route("post", CONSOLE_LOADED, ("harbor", DISPUTE), {"by": "remove"})],
    "console:dispute_file": [
        Route("get", "302 404 404 404 404 404 404 403 403 404 404 404", ("harbor", DISPUTE)),
    ],
    "portal:reports": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:new_report": [
        Route("get", PARTNERS_ACT, (ENROLMENT,)),
        Route("post", PARTNERS_DONE, (ENROLMENT,), REPORT),
    ],
    "portal:edit_report": [
        Route("get", PARTNERS_ACT, (ENROLMENT, RETURNED)),
        Route("post", PARTNERS_DONE, (ENROLMENT, RETURNED), REPORT),
    ],
    "portal:withdraw": [Route("post", PARTNERS_DONE, (ENROLMENT, WAITING))],
    "portal:report_file": [
        Route("get", "302 404 404 404 404 404 404 403 403 403 403 403", (ENROLMENT, WAITING, "1000001"))
    ],
    "console:overview": [Route("get", CONSOLE_PAGE, ("harbor",))],
    "console:week": [Route("get", "302 404 404 404 404 404 404 403 403 403 200 200", ("harbor",))],
    "console:week_act": [
        Route("post", CONSOLE_DECIDE, ("harbor", ENROLMENT), {"rule": "drops", "deed": "done"}),
    ],
    "console:glance": [Route("get", "302 404 404 404 404 404 404 200 403 403 403 200", ("harbor",))],
    "console:rhythms": [Route("get", CONSOLE_PAGE, ("harbor",))],
    "console:nudge": [
        Route("post", CONSOLE_DECIDE, ("harbor", ENROLMENT), {"rhythm": "partner-example", "text": "A word."})
    ],
    "console:portfolio_file": [Route("get", CONSOLE_PAGE, ("harbor",))],
    "console:portfolio_columns": [
        Route("post", "302 404 404 404 404 404 404 302 302 302 302 302", ("harbor",), {"column": "tier"})
    ],
    "console:operations": [Route("get", CONSOLE_LOADS, ("harbor",))],
    "console:night": [Route("post", CONSOLE_LOADED, ("harbor",))],
    "console:loads": [Route("get", CONSOLE_LOADS, ("harbor",)), Route("post", CONSOLE_UNREAD, ("harbor",))],
    "console:cure": [Route("post", CONSOLE_LOADED, ("harbor",), CURE)],
    "console:upload": [Route("get", CONSOLE_LOADS, UPLOAD)],
    "console:upload_state": [Route("get", CONSOLE_LOADS, UPLOAD)],
    "console:describe_upload": [Route("post", CONSOLE_UNREAD, UPLOAD)],
    "console:check_upload": [Route("post", CONSOLE_LOADED, UPLOAD)],
    "console:load_upload": [Route("post", CONSOLE_LOADED, UPLOAD)],
    "console:undo_upload": [Route("post", CONSOLE_TOO_LATE, UPLOAD)],
    "console:wrong_rows": [Route("get", CONSOLE_FILE, UPLOAD)],
    "console:sent_file": [Route("get", CONSOLE_FILE, UPLOAD)],
    "console:reports": [Route("get", CONSOLE_REPORTS, ("harbor",))],
    "console:accept": [Route("post", CONSOLE_DECIDE, ("harbor", WAITING))],
    "console:return": [Route("post", CONSOLE_DECIDE, ("harbor", WAITING), WORDS)],
    "console:decline": [Route("post", CONSOLE_DECIDE, ("harbor", WAITING), WORDS)],
    "console:confirm": [Route("post", CONSOLE_DECIDE, ("harbor", WAITING))],
    "console:take_back": [Route("post", CONSOLE_DECIDE, ("harbor", WAITING), WORDS)],
    "console:report_file": [
        Route("get", "302 404 404 404 404 404 404 403 403 404 404 404", ("harbor", WAITING, "1000001")),
    ],
    "console:partner": [
        Route("get", CONSOLE_PAGE, ("harbor", ENROLMENT)),
        Route("post", "302 404 404 404 404 404 404 403 403 403 302 302", ("harbor", ENROLMENT), {"text": "A word."}),
    ],
    "console:certifications": [Route("get", CONSOLE_PAGE, ("harbor", ENROLMENT))],
    # Nothing is chosen: the page says so.
    "console:new_document": [
        Route("post", "302 404 404 404 404 404 404 403 403 403 302 302", ("harbor", ENROLMENT)),
    ],
    # The bytes of the small world's files are not on the disk.
    "console:document": [
        Route("get", "302 404 404 404 404 404 404 404 404 404 404 404", ("harbor", "1000001")),
    ],
    "console:versions": [
        Route("get", CONSOLE_PAGE, ("harbor",)),
        # Nothing is chosen: the page says so.
        Route("post", "302 404 404 404 404 404 404 403 403 403 403 422", ("harbor",), {"program": "harbor-program"}),
    ],
    "console:version": [Route("get", CONSOLE_PAGE, ("harbor", DRAFT))],
    "console:version_progress": [Route("get", CONSOLE_PAGE, ("harbor", DRAFT))],
    "console:version_movers": [Route("get", CONSOLE_PAGE, ("harbor", DRAFT))],
    "console:version_compare": [Route("post", CONSOLE_CHANGE, ("harbor", DRAFT), SPAN)],
    "console:version_act": [Route("post", CONSOLE_CHANGE, ("harbor", DRAFT), {"act": "try"})],
    "console:evidence": [Route("get", READINESS_PAGE, ("harbor",))],
    "console:evidence_ask": [
        Route("get", CARD_ASKERS, ("harbor", "effect")),
        Route("get", "302 404 404 404 404 404 404 403 403 200 403 200", ("harbor", "readiness")),
        Route("get", "302 404 404 404 404 404 404 404 404 404 403 404", ("harbor", "no-such-question")),
        Route("post", CARD_ACT, ("harbor", "effect"), ASKED_EFFECT),
        Route("post", "302 404 404 404 404 404 404 403 403 403 403 422", ("harbor", "effect")),
        Route("post", CONSOLE_LOOKED, ("harbor", "readiness"), SPAN),
    ],
    "console:evidence_card": [
        Route("get", MONEY_CARD, MONEY),
        Route("get", "302 404 404 404 404 404 404 200 404 403 403 200", NO_MONEY),
    ],
    "console:evidence_progress": [Route("get", READINESS_PAGE, ("harbor", "harbor-program-readiness"))],
    "console:evidence_paper": [Route("get", MONEY_CARD, MONEY)],
    "console:evidence_decide": [
        Route("post", CARD_ACT, MONEY, {"word": "keep", "by_whom": "An example", "until": "2026-12-31"}),
    ],
    "console:evidence_share": [
        Route("get", CARD_ASKERS, MONEY),
        Route("post", CARD_ACT, MONEY, {"with": "harbor-program-sedge"}),
    ],
    "console:evidence_withdraw": [Route("post", CARD_ACT, MONEY)],
    "portal:evidence": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:evidence_card": [
        Route("get", PARTNERS_PAGE, SHARED_CARD),
        # Withdrawn, shared with somebody else, or no share at all: there is no such page.
        Route("get", NO_CARD, (ENROLMENT, f"{ENROLMENT}-withdrawn")),
        Route("get", NO_CARD, (ENROLMENT, "harbor-program-sedge-north-shared")),
        Route("get", NO_CARD, (ENROLMENT, "harbor-program-card")),
    ],
    "portal:evidence_paper": [
        Route("get", PARTNERS_PAGE, SHARED_CARD),
        Route("get", NO_CARD, (ENROLMENT, f"{ENROLMENT}-withdrawn")),
    ],
    "console:review_list": [Route("get", CONSOLE_PAGE, ("harbor",))],
    "console:review_look": [Route("post", CONSOLE_CHANGE, ("harbor",), {"program": "harbor-program"})],
    "console:review_settings": [Route("post", CONSOLE_CHANGE, ("harbor",), {"program": "harbor-program"})],
    "console:review": [Route("get", CONSOLE_PAGE, REVIEW)],
    "console:review_approve": [Route("post", CONSOLE_CHANGE, REVIEW, {"line": LINE, "act": "approve", "sure": "1"})],
    "console:review_replay": [Route("post", CONSOLE_DECIDE, REVIEW)],
    "console:review_line": [
        Route("get", CONSOLE_PAGE, (*REVIEW, LINE)),
        Route("post", CONSOLE_CHANGE, (*REVIEW, LINE), {"act": "hold", "words": "Wait."}),
        Route("post", CONSOLE_DECIDE, (*REVIEW, LINE), {"act": "recommend", "words": "Wait."}),
    ],
    "console:appeal_answer": [
        Route("post", CONSOLE_CHANGE, ("harbor", APPEAL), {"answer": "uphold", "words": "It stands."})
    ],
    # The appeal came without a file.
    "console:appeal_file": [
        Route("get", "302 404 404 404 404 404 404 404 404 404 404 404", ("harbor", APPEAL)),
    ],
    "console:exceptions": [
        Route("get", CONSOLE_PAGE, ("harbor",)),
        Route("post", CONSOLE_DECIDE, ("harbor",), {"partner": ENROLMENT}),
    ],
    "console:exception": [Route("post", CONSOLE_CHANGE, ("harbor", ASKED), {"act": "grant"})],
    "portal:tier_reviews": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:tier_review": [
        Route("get", PARTNERS_PAGE, (ENROLMENT, LINE)),
        Route("post", PARTNERS_DONE, (ENROLMENT, LINE), {"words": "Look again."}),
    ],
    "portal:appeal_file": [
        Route("get", "302 404 404 404 404 404 404 403 403 403 403 403", (ENROLMENT, f"{ENROLMENT}-line-at_once")),
    ],
    "portal:notifications": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:notifications_read": [Route("post", "302 404 404 404 404 302 302 403 403 403 403 403", (ENROLMENT,))],
    "portal:notification_settings": [
        Route("get", PARTNERS_PAGE, (ENROLMENT,)),
        Route("post", "302 404 404 404 404 302 302 403 403 403 403 403", (ENROLMENT,), {"tier": "digest"}),
    ],
    # Somebody else's does not exist, for colleagues either; a member's role is told of tiers, not of notes.
    "portal:notification": [
        Route("get", "302 404 404 404 404 404 302 403 403 403 403 403", (ENROLMENT, TOLD)),
    ],
    "console:notifications": [Route("get", CONSOLE_PAGE, ("harbor",))],
    "console:notifications_read": [Route("post", "302 404 404 404 404 404 404 302 302 302 302 302", ("harbor",))],
    "console:notification_settings": [
        Route("get", CONSOLE_PAGE, ("harbor",)),
        Route("post", "302 404 404 404 404 404 404 302 302 302 302 302", ("harbor",), {"note": "digest"}),
    ],
    "console:notification": [
        Route("get", "302 404 404 404 404 404 404 404 404 404 404 302", ("harbor", OURS)),
    ],
    "portal:benefits": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "console:benefits": [Route("get", CONSOLE_PAGE, ("harbor", ENROLMENT))],
    "portal:guide": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:guide_file": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:changes": [Route("get", PARTNERS_PAGE, (ENROLMENT,))],
    "portal:change": [
        Route("get", PARTNERS_PAGE, (ENROLMENT, SHOWN)),
        Route("get", "302 404 404 404 404 404 404 403 403 403 403 403", (ENROLMENT, DRAFT)),
    ],
    # A version that is only shown has no letter to confirm.
    "portal:confirm_letter": [
        Route("post", "302 404 404 404 404 403 404 403 403 403 403 403", (ENROLMENT, SHOWN)),
    ],
    # The people of the vendor's side see that the page is there, in their own organization only.
    "tokens:tokens": [
        Route("get", "302 404 404 404 404 404 404 403 403 403 403 200", ("harbor",)),
        Route("get", "302 404 404 404 404 403 200 404 404 404 404 404", ("tarn",)),
        Route("post", "302 404 404 404 404 404 404 403 403 403 403 200", ("harbor",), TOKEN),
        Route("post", "302 404 404 404 404 404 404 403 403 403 403 422", ("harbor",)),
    ],
    "tokens:revoke": [Route("post", "302 404 404 404 404 404 404 403 403 403 403 302", ("harbor", "operations"))],
    # The admins of each side run their own users.
    "users:users": [
        Route("get", INSIDERS_OF_HARBOR, ("harbor",)),
        Route("get", PARTNERS_MAIL, ("tarn",)),
        Route("post", SHARERS, ("tarn",), {"email": "new@tarn.test", "name": "New", "role": "partner_member"}),
        Route("post", PARTNERS_REFUSED, ("tarn",), {"email": "new@tarn.test", "role": "program_manager"}),
    ],
    "users:user": [
        Route("get", PARTNERS_MAIL, ("tarn", "partner-member")),
        Route("post", SHARERS, ("tarn", "partner-member"), {"role": "partner_manager"}),
        # Somebody of another organization is nobody here.
        Route("get", "302 404 404 404 404 403 404 404 404 404 404 404", ("tarn", "manager")),
    ],
    "users:invitation": [
        Route("post", SHARERS, ("tarn", "tarn-open"), {"act": "withdraw"}),
        Route("post", SHARERS, ("tarn", "tarn-waiting"), {"act": "approve"}),
    ],
    "users:door": [
        Route("post", INSIDERS_OF_HARBOR, ("harbor",)),
        Route("post", SHARERS, ("tarn",), {"domains": "tarn.test", "is_open": "on"}),
    ],
    # The issuer cannot be reached, and nothing is written.
    "users:provider": [
        Route("get", INSIDERS_OF_HARBOR, ("harbor",)),
        Route("get", PARTNERS_MAIL, ("tarn",)),
        Route("post", PARTNERS_REFUSED, ("tarn",), {"issuer": "http://127.0.0.1/", "client_id": "x"}),
    ],
    "users:factor": [
        *(Route("get", said, (whose,)) for said, whose in ((INSIDERS_OF_HARBOR, "harbor"), (PARTNERS_MAIL, "tarn"))),
        Route("post", SHARERS, ("tarn",), {"role": "partner_finance"}),
    ],
    "second_factor": [Route("get", REDIRECT)],
    # Signing in through a provider, before anybody is known.
    "provider_way": [Route("get", ANYBODY)],
    "provider_go": [Route("get", NOBODY, ("no-such-domain.test",))],
    "provider_back": [Route("get", UNBEGUN)],
    "console:orphans": [
        Route("get", VENDORS_MAIL, ("harbor",)),
        # This partner has an admin: the page says so.
        Route("post", "302 404 404 404 404 404 404 403 403 302 403 403", ("harbor",), {"partner": ENROLMENT}),
    ],
    # Everybody has accepted them, so the way leads on; only the vendor's admin writes them.
    "terms": [Route("get", REDIRECT), Route("post", REDIRECT)],
    # Nothing of theirs was kept.
    "held": [Route("get", REDIRECT), Route("post", REDIRECT)],
    "console:terms": [
        Route("get", INSIDERS_OF_HARBOR, ("harbor",)),
        Route("post", INSIDERS_OF_HARBOR, ("harbor",), {"text": "Be fair."}),
    ],
    "audit:acts": [
        Route("get", INSIDERS_OF_HARBOR, ("harbor",)),
        Route("get", PARTNERS_MAIL, ("tarn",)),
        Route("post", PARTNERS_MAIL, ("tarn",)),
    ],
    # Looking as a colleague; nobody who looks has nothing to stop.
    "users:look": [Route("post", SHARERS, ("tarn", "partner-member"))],
    "end_looking": [Route("post", REDIRECT)],
    # No such link, and a door that is closed.
    "invited": [Route("get", NOBODY, ("no-such-link",))],
    "join": [Route("get", NOBODY, ("join-tarn",))],
    # Vendors see their partners anyway: they have no such page.
    "sharing:sharing": [
        Route("get", "302 404 404 404 404 403 200 404 404 404 404 404", ("tarn",)),
        Route("post", SHARERS, ("tarn",), {"program": ENROLMENT, "code": "share-sedge"}),
    ],
    "sharing:end": [
        Route("post", SHARERS, ("tarn", str(SHARE))),
        # Its distributor ends it too, on a page of its own.
        Route("post", "302 404 404 302 404 404 404 404 404 404 404 404", ("loom", str(SHARE))),
    ],
    # What a firm knows of its people's learning; to its vendors there is no such page.
    "learning:mine": [Route("get", FIRMS_PAGE, ("tarn",))],
    "learning:tell": [Route("post", FIRMS_ACT, ("tarn",), {"word": "want", "code": "expert"})],
    "learning:languages": [Route("post", FIRMS_ACT, ("tarn",), {"languages": "en", "shown": "yes"})],
    "learning:coverage": [Route("get", FIRMS_PAGE, ("tarn",))],
    "learning:certification": [
        Route("get", PARTNERS_MAIL, ("tarn", "expert")),
        Route("get", "302 404 404 404 404 403 404 404 404 404 404 404", ("tarn", "no-such-code")),
    ],
    "learning:answer": [
        Route("post", SHARERS, ("tarn", "expert"), {"word": "agree", "learner": "partner-member-key"}),
    ],
    "learning:helpers": [Route("get", PARTNERS_MAIL, ("tarn",))],
    "learning:ahead": [Route("get", PARTNERS_MAIL, ("tarn",))],
    # A badge is its holder's own business; to colleagues there is none.
    "learning:badges": [Route("get", FIRMS_PAGE, ("tarn",))],
    "learning:badge_issue": [Route("post", FIRMS_ACT, ("tarn",), {"code": "expert"})],
    "learning:badge_import": [Route("post", FIRMS_ACT, ("tarn",))],
    "learning:badge_change": [
        Route("post", "302 404 404 404 404 302 404 404 404 404 404 404", ("tarn", BADGE), {"act": "name"}),
    ],
    "learning:badge_file": [Route("get", "302 404 404 404 404 200 404 404 404 404 404 404", ("tarn", BADGE))],
    # Whoever has the link sees what its holder shows; of a badge that is not shown nobody sees that there is one.
    "badge": [Route("get", ANYBODY, (BADGE,)), Route("get", NOBODY, ("tarn-partner-admin-badge",))],
    "badge_public_file": [Route("get", ANYBODY, (BADGE,)), Route("get", NOBODY, ("tarn-partner-admin-badge",))],
    "badge_issuer": [Route("get", ANYBODY, ("tarn",)), Route("get", NOBODY, ("nobody",))],
    "badge_list": [Route("get", ANYBODY, ("tarn",)), Route("get", NOBODY, ("nobody",))],
    "badge_key": [
        Route("get", ANYBODY, ("tarn", "tarn-badge-key")),
        Route("get", NOBODY, ("harbor", "tarn-badge-key")),
    ],
    # Boards: the firm's own, and the vendor's of its partners; only the admin says where nobody is shown one by one.
    "learning:boards": [Route("get", FIRMS_PAGE, ("tarn",))],
    "learning:board_choice": [Route("post", FIRMS_ACT, ("tarn",), {"shown_as": "pseudonym"})],
    "learning:board_country": [Route("post", SHARERS, ("tarn",), {"country": "", "word": "forbid"})],
    "console:program_certifications": [Route("get", CONSOLE_PAGE, ("harbor",))],
    "console:boards": [Route("get", CONSOLE_PAGE, ("harbor",))],
    **{name: [Route(*route)] for name, route in STUDIED.items()},
    **{
        name: [Route(*route) for route in routes]
        for name, routes in {**STAKED, **STORIED, **VOUCHED, **TIMED, **PAID, **LOTTED, **REGISTERED}.items()
    },
    "learning:changes": [Route("get", FIRMS_PAGE, ("tarn",))],
    # Admins of either side read the mails of their own organization, and the vendor's operations.
    "mail:mails": [Route("get", VENDORS_MAIL, ("harbor",)), Route("get", PARTNERS_MAIL, ("tarn",))],
    "mail:mail": [
        Route("get", VENDORS_MAIL, ("harbor", SENT)),
        Route("get", PARTNERS_MAIL, ("tarn", FAILED)),
        Route("get", "302 404 404 404 404 403 404 404 404 404 404 404", ("tarn", SENT)),
    ],
    "mail:again": [Route("post", "302 404 404 404 404 403 302 404 404 404 404 404", ("tarn", FAILED))],
    "design:theme": [Route("post", REDIRECT)],
    "design:brand": [Route("get", ANYBODY, ("250",))],
    "design:gallery": [Route("get", ANYBODY)],
    "design:gallery_standing": [Route("get", "204 204 204 204 204 204 204 204 204 204 204 204")],
    **{name: [Route(*route)] for name, route in ENTERED.items()},
}


def _names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _names(pattern.url_patterns, inner)
        else:
            yield f"{prefix}{pattern.name}"


def test_every_route_is_expected() -> None:
    """Those of the API are held by its own description, in ``test_api``."""
    names = {name for name in _names(get_resolver().url_patterns) if not name.startswith("api:")}

    assert names == set(ROUTES)


@pytest.mark.django_db
@pytest.mark.parametrize("actor", [*ACTORS, *(pytest.param(each, marks=pytest.mark.proof) for each in LIKE)])
@pytest.mark.parametrize(
    ("name", "route"),
    [(name, route) for name, routes in ROUTES.items() for route in routes],
    ids=lambda value: value if isinstance(value, str) else value.method,
)
def test_each_route_answers_each_actor_as_expected(name: str, route: Route, actor: str) -> None:
    client = Client()
    if actor != "anonymous":
        client.force_login(Person.objects.get(pk=actor))
    like = told_like(actor, name)
    expected = ALONE.get((actor, name, route.method, route.args[:1])) or int(route.answers.split()[ACTORS.index(like)])
    address = reverse(name, args=route.args)
    answer = client.get(address) if route.method == "get" else client.post(address, dict(route.data))

    assert answer.status_code == expected
    if actor == "anonymous" and name.startswith(
        ("portal:", "console:", "tokens:", "mail:", "sharing:", "users:", "audit:", "learning:")
    ):
        assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "args"),
    [(name, route.args) for name, routes in ROUTES.items() for route in routes if route.method == "post"],
)
def test_no_change_is_made_without_the_token_of_the_form(name: str, args: tuple[str, ...]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Person.objects.get(pk="manager"))

    assert client.post(reverse(name, args=args)).status_code == 403
