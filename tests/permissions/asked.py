"""What the newer operations of the API answer to each actor, in the order of ``ACTORS`` of the routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PROGRAM = {"program": "harbor-program"}
PARTNER = {"partner": "harbor-program-tarn"}
#            anon str  oven opar both memb admn exec fina oper succ mana
OWN_PEOPLE = "401 401 404 404 404 200 200 403 403 403 403 403"
ENROLLED = "401 401 404 404 200 200 200 200 200 200 200 200"
FIRMS = "401 401 404 404 404 200 200 404 404 404 404 404"
FIRMS_TOLD = "401 401 404 404 404 201 201 404 404 404 404 404"
LEADS = "401 401 404 404 404 403 200 404 404 404 404 404"
LEADS_TOLD = "401 401 404 404 404 403 201 404 404 404 404 404"
VENDORS = "401 401 404 404 404 404 404 200 200 200 200 200"
CONSOLE = "401 401 404 404 404 403 403 200 200 200 200 200"
FIRM = {"firm": "tarn"}
PROPOSED = {"word": "agree", "learner": "partner-member-key", "code": "expert"}
RECOMMENDERS = "401 401 404 404 404 403 403 403 403 403 200 200"
REVIEWERS = "401 401 404 404 404 403 403 403 403 403 403 200"
REVIEW, LINE = {"review": "harbor-program-review"}, {"line": "harbor-program-tarn-line-waits"}
APPEAL, OWN_LINE = {"appeal": "harbor-program-tarn-appeal"}, {**PARTNER, **LINE}
EXCEPTION = {"exception": "harbor-program-tarn-exception-granted"}
WANTED = {**PARTNER, "ladder": "badge", "tier": "gold", "first": "2098-01-01", "last": "2098-06-30", "words": "Why."}
HELD = {"act": "hold", "words": "Wait."}
#: The admins of the organization itself are here the leads of its learning.
USERS, INVITED, WAITS = {"organization": "tarn"}, {"invitation": "tarn-open"}, {"invitation": "tarn-waiting"}
HOLDERS = "401 401 404 404 404 200 404 404 404 404 404 404"
BADGE = {"badge": "tarn-partner-member-badge"}
ROWS = "code,certifications,price,currency,expires\n"
SPENT = {"what": "vendor:harbor", "year": 2026, "amount": "5000", "currency": "USD"}
VOUCHER = {"voucher": "tarn-voucher"}
COLLEAGUE = {"person": "partner-finance"}
INVITE = {"email": "new@tarn.test", "name": "New", "role": "partner_member"}

#: Operation -> answers, the words of its address, its body.
ASKED: Mapping[str, tuple[str, Mapping[str, str], Mapping[str, Any] | None]] = {
    "read_guide": (ENROLLED, PROGRAM, None),
    "read_guide_paper": (ENROLLED, PROGRAM, None),
    "list_people": (OWN_PEOPLE, PARTNER, None),
    "list_lapsing": (OWN_PEOPLE, PARTNER, None),
    "list_gone": (OWN_PEOPLE, PARTNER, None),
    "list_certifications": (FIRMS, FIRM, None),
    "list_partner_certifications": (CONSOLE, PARTNER, None),
    "list_program_certifications": (VENDORS, {"organization": "harbor"}, None),
    "read_certification": (LEADS, {**FIRM, "code": "expert"}, None),
    "list_needs": (FIRMS, FIRM, None),
    "read_board": (FIRMS, FIRM, None),
    "read_people_board": (FIRMS, FIRM, None),
    "read_partner_board": (VENDORS, {"organization": "harbor"}, None),
    "list_learning": (LEADS, FIRM, None),
    "answer_learning": (LEADS_TOLD, FIRM, PROPOSED),
    "read_own_learning": (FIRMS, FIRM, None),
    "tell_learning": (FIRMS_TOLD, FIRM, {"word": "want", "code": "expert"}),
    "list_reviews": ("401 401 404 404 403 403 403 200 200 200 200 200", PROGRAM, None),
    "look_for_reviews": ("401 401 404 404 403 403 403 403 403 403 403 202", PROGRAM, {}),
    # A partner has no part in a review as a whole: there is none.
    "read_review": ("401 401 404 404 404 404 404 200 200 200 200 200", REVIEW, None),
    "replay_again": ("401 401 404 404 404 404 404 403 403 403 202 202", REVIEW, {}),
    "list_lines": ("401 401 404 404 404 404 404 200 200 200 200 200", REVIEW, None),
    "approve_many": ("401 401 404 404 404 404 404 403 403 403 403 200", REVIEW, {"lines": [LINE["line"]]}),
    "read_line": (CONSOLE, LINE, None),
    # Success managers may recommend; what they may not decide is refused by the line itself.
    "decide_line": (REVIEWERS, LINE, HELD),
    "list_own_reviews": (OWN_PEOPLE, PARTNER, None),
    "read_own_review": (OWN_PEOPLE, OWN_LINE, None),
    "list_appeals": ("401 401 404 404 403 403 403 200 200 200 200 200", PROGRAM, None),
    "read_appeal": ("401 401 404 404 404 200 200 200 200 200 200 200", APPEAL, None),
    # The appeal came without a file.
    "read_appeal_file": ("401 401 404 404 404 404 404 404 404 404 404 404", APPEAL, None),
    "answer_one": (REVIEWERS, APPEAL, {"answer": "uphold", "words": "It stands."}),
    "list_exceptions": ("401 401 404 404 403 403 403 200 200 200 200 200", PROGRAM, None),
    # Whoever may ask is told that the ladder of this world has no reviews.
    "ask_exception": ("401 401 404 404 403 403 403 403 403 403 422 422", PROGRAM, WANTED),
    # A partner sees that it was granted one, on its own pages; why is the vendor's.
    "read_exception": (CONSOLE, EXCEPTION, None),
    "decide_exception": (REVIEWERS, EXCEPTION, {"act": "end", "words": "It is over."}),
    "list_vouchers": (LEADS, FIRM, None),
    "bring_in_vouchers": (LEADS, FIRM, {"text": ROWS}),
    "give_partner_vouchers": (
        "401 401 404 404 404 404 404 403 403 403 403 200",
        {"organization": "harbor"},
        {"partner": "tarn", "text": ROWS},
    ),
    "say_voucher_budget": (LEADS, USERS, SPENT),
    "read_voucher": (LEADS, {**FIRM, **VOUCHER}, None),
    "give_one": (LEADS, FIRM, {"learner": "partner-admin-key", "code": "expert"}),
    # Its holder is the member; who gives them takes back that of anybody.
    "take_voucher_back": (FIRMS, {**FIRM, **VOUCHER}, {}),
    "list_own_vouchers": (FIRMS, FIRM, None),
    "list_partner_vouchers": (VENDORS, {"organization": "harbor"}, None),
    "list_voucher_budgets": (LEADS, USERS, None),
    # A badge is its holder's own business; to colleagues there is none. What it shows is for the world.
    "list_own_badges": (FIRMS, FIRM, None),
    "list_badges_to_make": (FIRMS, FIRM, None),
    # Nobody of them holds it.
    "make_badge": ("401 401 404 404 404 422 422 404 404 404 404 404", FIRM, {"code": "expert"}),
    "read_own_badge": (HOLDERS, {**FIRM, **BADGE}, None),
    "read_own_badge_file": (HOLDERS, {**FIRM, **BADGE}, None),
    "show_own_badge": (HOLDERS, {**FIRM, **BADGE}, {"with_name": True}),
    "hide_own_badge": (HOLDERS, {**FIRM, **BADGE}, {}),
    "withdraw_own_badge": (HOLDERS, {**FIRM, **BADGE}, {}),
    "list_foreign_badges": (FIRMS, FIRM, None),
    "keep_foreign_badge": ("401 401 404 404 404 422 422 404 404 404 404 404", FIRM, {"text": "a.b.c"}),
    "read_public_badge": ("401 401 200 200 200 200 200 200 200 200 200 200", BADGE, None),
    "list_users": (LEADS, USERS, None),
    "read_user": (LEADS, {**USERS, **COLLEAGUE}, None),
    "change_user": (LEADS, {**USERS, **COLLEAGUE}, {"roles": ["partner_manager"]}),
    "remove_user": (LEADS, {**USERS, **COLLEAGUE}, {}),
    "list_invitations": (LEADS, USERS, None),
    "invite_user": (LEADS_TOLD, USERS, INVITE),
    "invite_again": (LEADS, {**USERS, **INVITED}, {}),
    "withdraw_user": (LEADS, {**USERS, **INVITED}, {}),
    "approve_user": (LEADS, {**USERS, **WAITS}, {}),
    "decline_user": (LEADS, {**USERS, **WAITS}, {}),
    "list_unlinked": (OWN_PEOPLE, PARTNER, None),
}
