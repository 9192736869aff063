"""Actors who are told like another one, but at some routes: so a new route needs one line, not one for each role."""

from __future__ import annotations

from collections.abc import Mapping

#: Actor -> whose answers it gets, unless a route is named below.
LIKE: Mapping[str, str] = {
    "vendor-admin": "executive",
    "lead": "executive",
    "other-lead": "executive",
    "partner-finance": "partner-member",
    "partner-manager": "partner-admin",
}

#: What is given to a lead of tarn's region as to a success manager, and what nobody else may do.
_AS_SUCCESS = (
    "console:week console:week_act console:nudge console:reports console:report_file console:partner"
    " console:disputes console:dispute console:dispute_file console:registrations console:registration console:new_document console:exceptions console:review_replay console:review_line"
).split()
#: Pages about one partner: to a lead of another region there is no such partner.
_ABOUT_A_PARTNER = (
    "portal:home portal:standing portal:reports portal:new_report portal:edit_report portal:withdraw"
    " portal:report_file portal:tier_reviews portal:tier_review portal:appeal_file portal:changes portal:change"
    " portal:disputes portal:dispute_line portal:dispute portal:dispute_withdraw portal:dispute_file console:dispute"
    " console:dispute_answer console:dispute_cure console:dispute_file"
    " portal:registrations portal:new_registration portal:registration portal:edit_registration portal:registration_act"
    " console:registration console:registration_act"
    " portal:notifications portal:notifications_read portal:notification_settings portal:notification"
    " portal:evidence portal:evidence_card portal:evidence_paper"
    " portal:people portal:scorecard portal:scorecard_number portal:scorecard_record console:scorecard console:scorecard_number"
    " console:scorecard_record portal:guide portal:guide_file portal:benefits console:benefits"
    " portal:confirm_letter portal:points portal:deals console:partner console:new_document console:report_file console:document"
    " console:week_act console:nudge console:review_line console:appeal_answer console:appeal_file console:certifications console:people"
    " console:story_act"
).split()

#: Evidence and money are no business of vendor admins and regional leads, nor the page that quotes evidence: they are told like
#: success managers.
_EVIDENCE = (
    "console:evidence console:evidence_ask console:evidence_card console:evidence_progress console:evidence_paper"
    " console:evidence_decide console:evidence_share console:evidence_withdraw console:glance"
    " console:experiments console:experiment_plan console:experiment console:experiment_progress console:experiment_file"
    " console:experiment_look"
    " console:money console:money_partners console:money_file"
).split()
#: Actor -> route -> the actor whose answers count there.
OTHERWISE: Mapping[str, Mapping[str, str]] = {
    "vendor-admin": {"tokens:tokens": "manager", "tokens:revoke": "manager"}
    | dict.fromkeys(("mail:mails", "mail:mail", "mail:again", "console:orphans"), "operations")
    | dict.fromkeys(_EVIDENCE, "success"),
    "lead": dict.fromkeys((*_AS_SUCCESS, *_EVIDENCE), "success"),
    "other-lead": dict.fromkeys((*_AS_SUCCESS, *_EVIDENCE), "success") | dict.fromkeys(_ABOUT_A_PARTNER, "stranger"),
    "partner-finance": {},
    "partner-manager": dict.fromkeys(
        (
            *("tokens:tokens", "tokens:revoke", "mail:mails", "mail:mail", "mail:again"),
            *("users:users", "users:user", "users:invitation", "users:door", "users:look", "audit:acts"),
            *("users:provider", "users:factor", "learning:board_country", "learning:hours_rule"),
        ),
        "partner-member",
    ),
}


#: What nobody of the table is told: (actor, route, method, first argument) -> answer.
ALONE: Mapping[tuple[str, str, str, tuple[str, ...]], int] = {
    ("vendor-admin", "audit:acts", "get", ("harbor",)): 200,
    ("vendor-admin", "users:users", "get", ("harbor",)): 200,
    ("vendor-admin", "users:provider", "get", ("harbor",)): 200,
    ("vendor-admin", "users:factor", "get", ("harbor",)): 200,
    # Finance registers no deals.
    ("partner-finance", "portal:new_registration", "get", ("harbor-program-tarn",)): 403,
    ("partner-finance", "portal:new_registration", "post", ("harbor-program-tarn",)): 403,
    ("partner-finance", "portal:edit_registration", "get", ("harbor-program-tarn",)): 403,
    ("partner-finance", "portal:edit_registration", "post", ("harbor-program-tarn",)): 403,
    ("partner-finance", "portal:registration_act", "post", ("harbor-program-tarn",)): 403,
    # An exception for a partner of another region.
    ("other-lead", "console:exceptions", "post", ("harbor",)): 404,
    ("other-lead", "firm_stake", "get", ("harbor-program-tarn",)): 404,
    ("other-lead", "firm_stake", "post", ("harbor-program-tarn",)): 404,
    # Finance reads what the programs of its firm are worth.
    ("partner-finance", "firm_file", "get", ()): 200,
    ("vendor-admin", "console:terms", "get", ("harbor",)): 200,
    ("vendor-admin", "console:terms", "post", ("harbor",)): 302,
    # The badge is the member's.
    ("partner-finance", "learning:badge_change", "post", ("tarn",)): 404,
    ("partner-finance", "learning:badge_file", "get", ("tarn",)): 404,
    # The study group is the member's.
    ("partner-finance", "learning:group", "get", ("tarn",)): 404,
    ("partner-finance", "learning:group_calendar", "get", ("tarn",)): 404,
    # The voucher is the member's.
    ("partner-finance", "learning:voucher_act", "post", ("tarn",)): 404,
    # The note is the member's.
    ("partner-finance", "learning:hours_change", "post", ("tarn",)): 404,
    # What a colleague was told is nobody else's.
    ("partner-manager", "portal:notification", "get", ("harbor-program-tarn",)): 404,
    # A vendor has no such door; its admin is told so, all others that they run no users.
    ("vendor-admin", "users:door", "post", ("harbor",)): 404,
}


def told_like(actor: str, route: str) -> str:
    """The actor of the table whose answer this one gets."""
    if actor not in LIKE:
        return actor
    return OTHERWISE[actor].get(route, LIKE[actor])
