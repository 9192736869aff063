"""Row-level security of a firm's learning: records, badges, boards, study groups and stories."""

from __future__ import annotations

from collections.abc import Mapping

from swingby.web.policy_parts import OWN_ORGANIZATION, OWNER_SIDE, PARTNER_SIDE, PARTNERS, PERSON
from swingby.web.tenancy import TOKEN_SETTING

#: What a firm keeps of its people's learning; a failed exam is the person's own.
OWN_FAILURE = f"({OWN_ORGANIZATION} AND (kind <> 'failed' OR told_by = {PERSON}))"
LEARNING_POLICIES: Mapping[str, Mapping[str, str]] = {
    "certification_catalogues": {"SELECT": OWN_ORGANIZATION, "INSERT": OWN_ORGANIZATION},
    "learners": {"SELECT": OWN_ORGANIZATION, "INSERT": OWN_ORGANIZATION},
    "learning_events": {"SELECT": OWN_FAILURE, "INSERT": OWN_FAILURE},
    "certification_needs": {"SELECT": OWN_ORGANIZATION, "INSERT": OWN_ORGANIZATION, "UPDATE": OWN_ORGANIZATION},
}

#: A badge is the holder's own; jobs, for which nobody asks, see all of their organization. Who presents its key sees a
#: public one, and who presents the key of a key the row that holds its public half.
PRESENTED_ID = f"id = (SELECT NULLIF(current_setting('{TOKEN_SETTING}', true), ''))"
OWN_BADGE = f"({OWN_ORGANIZATION} AND ({PERSON} IS NULL OR person = {PERSON}))"
OWN_PAPER = f"({OWN_ORGANIZATION} AND person = {PERSON})"
BADGE_POLICIES: Mapping[str, Mapping[str, str]] = {
    "badge_keys": {
        "SELECT": f"({OWN_ORGANIZATION} OR {PRESENTED_ID})",
        "INSERT": OWN_ORGANIZATION,
        "UPDATE": OWN_ORGANIZATION,
    },
    "badges": {
        "SELECT": f"({OWN_BADGE} OR ({PRESENTED_ID} AND is_public))",
        "INSERT": OWN_PAPER,
        "UPDATE": OWN_BADGE,
    },
    "foreign_badges": {"SELECT": OWN_PAPER, "INSERT": OWN_PAPER, "DELETE": OWN_PAPER},
}

#: A board's figures are the firm's, and a vendor's own; that somebody is shown is the person's own word.
BOARD_POLICIES: Mapping[str, Mapping[str, str]] = {
    "board_counts": {"SELECT": OWN_ORGANIZATION, "INSERT": OWN_ORGANIZATION, "DELETE": OWN_ORGANIZATION},
    "partner_board_counts": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE, "DELETE": OWNER_SIDE},
    "board_choices": {"SELECT": OWN_ORGANIZATION, "INSERT": OWN_PAPER, "UPDATE": OWN_PAPER, "DELETE": OWN_PAPER},
    "board_countries": {"SELECT": OWN_ORGANIZATION, "INSERT": OWN_ORGANIZATION, "DELETE": OWN_ORGANIZATION},
}

#: What was counted of a firm is the firm's, of partners the vendor's.
_KEPT = ("SELECT", "INSERT", "UPDATE", "DELETE")
COVERING_POLICIES: Mapping[str, Mapping[str, str]] = {
    "coverage_counts": {"SELECT": OWN_ORGANIZATION, "INSERT": OWN_ORGANIZATION, "DELETE": OWN_ORGANIZATION},
    "coverage_portions": dict.fromkeys(_KEPT, OWN_ORGANIZATION),
    "partner_coverages": dict.fromkeys(_KEPT, OWNER_SIDE),
}
REGION_SUM_POLICIES: Mapping[str, Mapping[str, str]] = {"region_coverages": dict.fromkeys(_KEPT, OWNER_SIDE)}

#: Study groups are found by everybody of the firm, and by other firms where both allow it; who is in one and what is said
#: there is seen from a seat alone. Jobs, for which nobody asks, look from the seats of their firm.
OF_FIRM = f"organization = ANY ({PARTNERS})"
OWN_STUDY = f"({OF_FIRM} AND person = {PERSON})"
OWN_OR_JOB = f"({OF_FIRM} AND ({PERSON} IS NULL OR person = {PERSON}))"
ALLOWED_VENDOR = "EXISTS (SELECT 1 FROM study_sharings s WHERE s.vendor = study_circles.vendor)"
FOUND_CIRCLE = f"({OF_FIRM} OR (is_open AND {ALLOWED_VENDOR}))"
SEEN_CIRCLE = "EXISTS (SELECT 1 FROM study_circles c WHERE c.id = circle)"
HAS_SEAT = "EXISTS (SELECT 1 FROM study_seats s WHERE s.circle = {table}.circle)"
OWN_CIRCLE = f"EXISTS (SELECT 1 FROM study_circles c WHERE c.id = circle AND c.organization = ANY ({PARTNERS}))"
SEATED = {table: HAS_SEAT.format(table=table) for table in ("study_members", "study_checkins")}
STUDY_POLICIES: Mapping[str, Mapping[str, str]] = {
    "study_sharings": dict.fromkeys(("SELECT", "INSERT", "DELETE"), OF_FIRM),
    "study_wishes": {"SELECT": OWN_OR_JOB, "INSERT": OWN_STUDY, "DELETE": OWN_OR_JOB},
    "study_circles": {
        "SELECT": FOUND_CIRCLE,
        "INSERT": f"({OF_FIRM} AND founder = {PERSON} AND (NOT is_open OR {ALLOWED_VENDOR}))",
        "UPDATE": FOUND_CIRCLE,
    },
    "study_seats": {
        "SELECT": f"({OWN_OR_JOB} AND {SEEN_CIRCLE})",
        "INSERT": f"({OWN_STUDY} AND {SEEN_CIRCLE})",
        "DELETE": OWN_OR_JOB,
    },
    "study_members": {
        "SELECT": SEATED["study_members"],
        "INSERT": f"({OWN_STUDY} AND {SEATED['study_members']})",
        "UPDATE": SEATED["study_members"],
        # Once a firm allows it no more, a job of the firm whose group it is lets the others go.
        "DELETE": f"({OWN_OR_JOB} OR ({PERSON} IS NULL AND {OWN_CIRCLE}))",
    },
    "study_checkins": {
        "SELECT": SEATED["study_checkins"],
        "INSERT": f"({OWN_STUDY} AND {SEATED['study_checkins']})",
        "DELETE": OWN_OR_JOB,
    },
}

#: A story is read by whom its teller chose, once a moderator of the firm accepted it; by the whole program only where the
#: vendor and both firms say yes. Whose it is stands apart, and only the teller sees it; jobs see those of their firm.
TOLD = "EXISTS (SELECT 1 FROM story_tellers t WHERE t.story = {story})"
OWN_TOLD = (
    "EXISTS (SELECT 1 FROM story_tellers t WHERE t.story = stories.id"
    f" AND t.organization = stories.partner_org AND t.person = {PERSON})"
)
MODERATES = (
    f"({PARTNER_SIDE} AND EXISTS (SELECT 1 FROM memberships m WHERE m.organization = stories.partner_org"
    f" AND m.person = {PERSON} AND m.role IN ('partner_admin', 'partner_manager')))"
)
READ_BEYOND = (
    f"(({OWNER_SIDE} AND shown_to <> 'firm') OR (shown_to = 'program' AND is_welcome"
    " AND EXISTS (SELECT 1 FROM study_sharings s WHERE s.vendor = stories.owner_org)))"
)
READ_STORY = (
    f"({TOLD.format(story='stories.id')} OR ({MODERATES} AND state <> 'draft')"
    f" OR (state = 'accepted' AND ({PARTNER_SIDE} OR {READ_BEYOND})))"
)
OFFERED_AUDIENCE = (
    "(shown_to = 'firm' OR (EXISTS (SELECT 1 FROM enrolments e WHERE e.owner_org = stories.owner_org"
    " AND e.partner_org = stories.partner_org) AND (shown_to = 'vendor' OR EXISTS (SELECT 1 FROM study_sharings s"
    " WHERE s.vendor = stories.owner_org AND s.organization = stories.partner_org))))"
)
TELLING = (
    f"({OWN_TOLD} AND {PARTNER_SIDE} AND state IN ('draft', 'waiting') AND NOT is_welcome"
    f" AND (person IS NULL OR person = {PERSON}) AND {OFFERED_AUDIENCE})"
)
WELCOMING = f"({OWNER_SIDE} AND state = 'accepted' AND shown_to = 'program')"
ANSWERED_STORY = (
    f"({TELLING} OR ({MODERATES} AND state IN ('returned', 'accepted') AND NOT is_welcome) OR {WELCOMING}"
    f" OR ({PERSON} IS NULL AND {TOLD.format(story='stories.id')}))"
)
THANKED = TOLD.format(story="thanks.story")
STORY_POLICIES: Mapping[str, Mapping[str, str]] = {
    "stories": {
        "SELECT": READ_STORY,
        "INSERT": TELLING,
        "UPDATE": f"({TOLD.format(story='stories.id')} OR ({MODERATES} AND state <> 'draft') OR {WELCOMING})",
        "DELETE": TOLD.format(story="stories.id"),
    },
    "story_tellers": {"SELECT": OWN_OR_JOB, "INSERT": OWN_STUDY, "DELETE": OWN_OR_JOB},
    "thanks": {
        "SELECT": f"({OWN_BADGE} OR {THANKED})",
        "INSERT": (
            f"({OWN_PAPER} AND EXISTS (SELECT 1 FROM stories s WHERE s.id = thanks.story AND s.state = 'accepted'))"
        ),
        "DELETE": f"({OWN_BADGE} OR {THANKED})",
    },
}

#: A vendor sees which of its vouchers are given and used, never by whom: code and holder stand apart, seen in the firm by
#: the holder, who gives vouchers, and jobs. Codes are brought in by who gives them: the firm, or the vendor to a partner.
GIVES = (
    "EXISTS (SELECT 1 FROM memberships m WHERE m.organization = {table}.partner_org"
    f" AND m.person = {PERSON} AND m.role IN ('partner_admin', 'partner_manager'))"
)
BOUGHT = f"({PARTNER_SIDE} AND owner_org = partner_org AND {GIVES})"
TO_A_PARTNER = (
    f"({OWNER_SIDE} AND EXISTS (SELECT 1 FROM enrolments e WHERE e.owner_org = vouchers.owner_org"
    " AND e.partner_org = vouchers.partner_org))"
)
KNOWN_CODE = f"({PARTNER_SIDE} AND ({PERSON} IS NULL OR person = {PERSON} OR {GIVES.format(table='voucher_codes')}))"
HELD_VOUCHER = f"({PARTNER_SIDE} AND EXISTS (SELECT 1 FROM voucher_codes c WHERE c.voucher = vouchers.id))"
VOUCHER_POLICIES: Mapping[str, Mapping[str, str]] = {
    "voucher_budgets": {"SELECT": OWN_ORGANIZATION, "INSERT": OWN_ORGANIZATION, "UPDATE": OWN_ORGANIZATION},
    "vouchers": {
        "SELECT": f"({OWNER_SIDE} OR {HELD_VOUCHER})",
        "INSERT": f"(({BOUGHT.format(table='vouchers')} OR {TO_A_PARTNER}) AND state = 'free')",
        "UPDATE": HELD_VOUCHER,
    },
    "voucher_codes": {
        "SELECT": KNOWN_CODE,
        "INSERT": (
            f"(({BOUGHT.format(table='voucher_codes')} OR ({OWNER_SIDE} AND owner_org <> partner_org))"
            " AND person IS NULL)"
        ),
        "UPDATE": KNOWN_CODE,
    },
}

LEADS = (
    "EXISTS (SELECT 1 FROM memberships m WHERE m.organization = {table}.organization"
    f" AND m.person = {PERSON} AND m.role IN ('partner_admin', 'partner_manager'))"
)
#: Languages are the person's own word: matching reads them, and who leads learning those that are shown.
LANGUAGE_POLICIES: Mapping[str, Mapping[str, str]] = {
    "spoken_languages": {
        "SELECT": f"({OWN_OR_JOB} OR ({OF_FIRM} AND is_shown AND {LEADS.format(table='spoken_languages')}))",
        **dict.fromkeys(("INSERT", "UPDATE", "DELETE"), OWN_STUDY),
    },
}

#: Hours of study are the person's own; who leads learning reads them where the firm says so, and jobs add them up.
READ_HOURS = (
    f"({OF_FIRM} AND {LEADS.format(table='study_hours')}"
    " AND EXISTS (SELECT 1 FROM study_rules r WHERE r.organization = study_hours.organization AND r.shown_from <= study_hours.day))"
)
HOUR_POLICIES: Mapping[str, Mapping[str, str]] = {
    "study_rules": dict.fromkeys(("SELECT", "INSERT", "UPDATE"), OF_FIRM),
    "study_hours": {
        "SELECT": f"({OWN_OR_JOB} OR {READ_HOURS})",
        **dict.fromkeys(("INSERT", "UPDATE", "DELETE"), OWN_STUDY),
    },
}
