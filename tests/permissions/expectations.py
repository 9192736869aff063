"""Who should see and write which rows, said a second time and without SQL.

Every table of the catalogue stands in ``EXPECTED`` or on the exception list of ``swingby.web.policies``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from swingby.web.tenancy import Scope
from tests.permissions.deal_rows import DEALS, deal_read, either_reads, shared_in_region
from tests.permissions.hour_rows import hours_read, languages_read
from tests.permissions.registered_rows import appeal_filed, deal_registered, progress_told, registration_changed
from tests.permissions.vouched_rows import code_brought_in, code_known, voucher_brought_in, voucher_held, voucher_seen

Row = Mapping[str, Any]
Tables = Mapping[str, list[Row]]
Predicate = Callable[[Row, Scope, Tables], bool]


@dataclass(frozen=True, slots=True)
class Expected:
    """Which rows a scope sees, may add (as they are), change (leaving them as they are) and delete."""

    sees: Predicate
    inserts: Predicate
    updates: Predicate
    deletes: Predicate


def never(row: Row, scope: Scope, tables: Tables) -> bool:
    return False


def owner(row: Row, scope: Scope, tables: Tables) -> bool:
    return row["owner_org"] in scope.owner_orgs


def partner(row: Row, scope: Scope, tables: Tables) -> bool:
    return row["partner_org"] in scope.partner_orgs


def either(row: Row, scope: Scope, tables: Tables) -> bool:
    return owner(row, scope, tables) or partner(row, scope, tables)


def _finds(item: Row, scope: Scope, tables: Tables) -> bool:
    """Whether this enrolment is seen, and so what hangs on it."""
    return enrolment_seen(item, scope, tables) and not held_from_region("enrolments", item, scope, tables)


def enrolled(row: Row, scope: Scope, tables: Tables) -> bool:
    """The owner, and every partner enrolled with it."""
    pairs = {(item["owner_org"], item["partner_org"]) for item in tables["enrolments"]}
    return owner(row, scope, tables) or any((row["owner_org"], mine) in pairs for mine in scope.partner_orgs)


def enrolled_in_program(row: Row, scope: Scope, tables: Tables) -> bool:
    program = row.get("program", row.get("id"))
    mine = [item for item in tables["enrolments"] if _finds(item, scope, tables)]
    return owner(row, scope, tables) or any(item["program"] == program for item in mine)


def organization_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    own = scope.owner_orgs | scope.partner_orgs
    related = [item for item in tables["enrolments"] if _finds(item, scope, tables)]
    return (
        not own.isdisjoint(row["lineage"])
        or row["registered_by"] in scope.owner_orgs
        or any(row["id"] in (item["owner_org"], item["partner_org"]) for item in related)
    )


def organization_written(row: Row, scope: Scope, tables: Tables) -> bool:
    return row["registered_by"] in scope.owner_orgs


def member_of_mine(row: Row, scope: Scope, tables: Tables) -> bool:
    return row["organization"] in scope.owner_orgs | scope.partner_orgs


def membership_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    return row["person"] == scope.person or member_of_mine(row, scope, tables)


def report_submitted(row: Row, scope: Scope, tables: Tables) -> bool:
    mine = partner(row, scope, tables) and row["state"] in {"submitted", "withdrawn"}
    return owner(row, scope, tables) or mine


def report_changed(row: Row, scope: Scope, tables: Tables) -> bool:
    """A partner may touch what waits; what was returned only by submitting it again."""
    mine = partner(row, scope, tables) and row["state"] == "submitted"
    return owner(row, scope, tables) or mine


def own_side(row: Row, scope: Scope, tables: Tables) -> bool:
    vendor = owner(row, scope, tables) and row["side"] == "vendor"
    return vendor or (partner(row, scope, tables) and row["side"] == "partner")


def note_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    shared = row["audience"] == "shared" and either(row, scope, tables)
    return shared or own_side(row, scope, tables)


def act_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    return owner(row, scope, tables) or own_side(row, scope, tables)


_SHOWN = {"preview", "announced", "effective"}


def version_shown(row: Row, scope: Scope, tables: Tables) -> bool:
    """The owner; a partner in the program once the version is shown, also when it was withdrawn after it was published."""
    enrolled_in = enrolled_in_program(row, scope, tables)
    return owner(row, scope, tables) or ((row["state"] in _SHOWN or bool(row["published"])) and enrolled_in)


def effect_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    """The owner; the partner concerned once the version is shown."""
    told = {item["id"]: item["state"] in _SHOWN or item["published"] for item in tables["proposed_versions"]}
    return owner(row, scope, tables) or (partner(row, scope, tables) and bool(told[row["proposed"]]))


def token_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    """Who works for its organization, and who presents it."""
    return member_of_mine(row, scope, tables) or row["hash"] == scope.token


def provider_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    """Who works there, and who asks for one of its mail domains."""
    return member_of_mine(row, scope, tables) or scope.token in row["domains"]


def doorway_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    """Who works there, and who presents one of its codes."""
    return member_of_mine(row, scope, tables) or scope.token in {row["join_code"], row["share_code"]}


def distributor(row: Row, scope: Scope, tables: Tables) -> bool:
    return row["distributor"] in scope.partner_orgs


def share_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    return either(row, scope, tables) or distributor(row, scope, tables)


def share_ended(row: Row, scope: Scope, tables: Tables) -> bool:
    return partner(row, scope, tables) or distributor(row, scope, tables)


def terms_read(row: Row, scope: Scope, tables: Tables) -> bool:
    """The owner, and everybody in one of its programs."""
    mine = [item for item in tables["enrolments"] if _finds(item, scope, tables)]
    return owner(row, scope, tables) or any(item["owner_org"] == row["owner_org"] for item in mine)


def own_acceptance(row: Row, scope: Scope, tables: Tables) -> bool:
    return bool(row["person"] == scope.person)


def acceptance_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    return owner(row, scope, tables) or own_acceptance(row, scope, tables)


def own_failure(row: Row, scope: Scope, tables: Tables) -> bool:
    """What one's firm knows of its people; that somebody failed only that person."""
    return member_of_mine(row, scope, tables) and (row["kind"] != "failed" or row["told_by"] == scope.person)


def own_paper(row: Row, scope: Scope, tables: Tables) -> bool:
    """One's own, as long as one works there."""
    return member_of_mine(row, scope, tables) and row["person"] == scope.person


def badge_changed(row: Row, scope: Scope, tables: Tables) -> bool:
    """One's own; jobs, which nobody runs, those of everybody."""
    return member_of_mine(row, scope, tables) and scope.person in {"", row["person"]}


def badge_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    """As changed, and the whole world a public one whose key it has."""
    return badge_changed(row, scope, tables) or (row["is_public"] and row["id"] == scope.token)


def badge_key_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    return member_of_mine(row, scope, tables) or row["id"] == scope.token


def own_study(row: Row, scope: Scope, tables: Tables) -> bool:
    """One's own, at a firm for which one works."""
    return row["organization"] in scope.partner_orgs and row["person"] == scope.person


def study_or_job(row: Row, scope: Scope, tables: Tables) -> bool:
    """One's own; jobs, which nobody runs, those of everybody in the firm."""
    return row["organization"] in scope.partner_orgs and scope.person in {"", row["person"]}


def sharing_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    return row["organization"] in scope.partner_orgs


def circle_found(row: Row, scope: Scope, tables: Tables) -> bool:
    """Those of the firm, and open ones where the own firm allows it with the vendor."""
    allowed = {one["vendor"] for one in tables["study_sharings"] if one["organization"] in scope.partner_orgs}
    return row["organization"] in scope.partner_orgs or (row["is_open"] and row["vendor"] in allowed)


def circle_founded(row: Row, scope: Scope, tables: Tables) -> bool:
    return row["organization"] in scope.partner_orgs and row["founder"] == scope.person


def seated(row: Row, scope: Scope, tables: Tables) -> bool:
    """What stands in groups in which one has a seat; for jobs those in which the firm has one."""
    return any(study_or_job(seat, scope, tables) for seat in tables["study_seats"] if seat["circle"] == row["circle"])


def own_and_seated(row: Row, scope: Scope, tables: Tables) -> bool:
    return own_study(row, scope, tables) and seated(row, scope, tables)


def _tellers(story: str, tables: Tables) -> list[Row]:
    return [one for one in tables["story_tellers"] if one["story"] == story]


def told(row: Row, scope: Scope, tables: Tables) -> bool:
    """One's own stories; jobs those of the firm."""
    return any(study_or_job(one, scope, tables) for one in _tellers(row["id"], tables))


def moderates(row: Row, scope: Scope, tables: Tables) -> bool:
    """What was sent, to who answers it in the firm."""
    leads = {"partner_admin", "partner_manager"}
    posts = [one for one in tables["memberships"] if one["person"] == scope.person and one["role"] in leads]
    own = row["partner_org"] in scope.partner_orgs and any(one["organization"] == row["partner_org"] for one in posts)
    return own and row["state"] != "draft"


def story_read(row: Row, scope: Scope, tables: Tables) -> bool:
    """One's own, what one answers, and what is accepted as far as its teller and the vendor let it be read."""
    allowed = {one["vendor"] for one in tables["study_sharings"] if one["organization"] in scope.partner_orgs}
    at_vendor = owner(row, scope, tables) and row["shown_to"] != "firm"
    elsewhere = row["shown_to"] == "program" and row["is_welcome"] and row["owner_org"] in allowed
    accepted = row["state"] == "accepted" and (partner(row, scope, tables) or at_vendor or elsewhere)
    return accepted or told(row, scope, tables) or moderates(row, scope, tables)


def story_told(row: Row, scope: Scope, tables: Tables) -> bool:
    """The teller, what nobody answered yet."""
    mine = any(own_study(one, scope, tables) for one in _tellers(row["id"], tables))
    return mine and row["state"] in {"draft", "waiting"} and row["person"] in {None, scope.person}


def story_changed(row: Row, scope: Scope, tables: Tables) -> bool:
    """The teller before the answer, who answers after it, the vendor what its program may read; jobs of the firm."""
    answered = moderates(row, scope, tables) and row["state"] != "waiting" and not row["is_welcome"]
    asked = owner(row, scope, tables) and row["state"] == "accepted" and row["shown_to"] == "program"
    job = scope.person == "" and told(row, scope, tables)
    return story_told(row, scope, tables) or answered or asked or job


def thanks_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    """One's own, and those for one's own stories; jobs those of the organization."""
    own = member_of_mine(row, scope, tables) and scope.person in {"", row["person"]}
    return own or told({"id": row["story"]}, scope, tables)


def thanks_given(row: Row, scope: Scope, tables: Tables) -> bool:
    story = next(one for one in tables["stories"] if one["id"] == row["story"])
    read = story_read(story, scope, tables) and not held_from_region("stories", story, scope, tables)
    return own_paper(row, scope, tables) and read and story["state"] == "accepted"


def enrolment_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    """Both sides, and the distributor with whom the partner shares where it stands."""
    return either(row, scope, tables) or row["id"] in scope.shared_enrolments


def standing_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    return either(row, scope, tables) or row["enrolment"] in scope.shared_enrolments


def card_shared(row: Row, scope: Scope, tables: Tables) -> bool:
    """The owner; the partner concerned until it is withdrawn."""
    return owner(row, scope, tables) or (partner(row, scope, tables) and row["withdrawn_at"] is None)


def edition_read(row: Row, scope: Scope, tables: Tables) -> bool:
    """The owner; partners with whom it is shared."""
    shares = [share for share in tables["card_shares"] if share["edition"] == row["id"]]
    reads = any(
        card_shared(share, scope, tables) and not held_from_region("card_shares", share, scope, tables)
        for share in shares
    )
    return owner(row, scope, tables) or reads


def _owned(sees: Predicate) -> Expected:
    return Expected(sees=sees, inserts=owner, updates=owner, deletes=never)


def _appended(sees: Predicate, *, by: Predicate) -> Expected:
    return Expected(sees=sees, inserts=by, updates=never, deletes=never)


def dispute_opened(row: Row, scope: Scope, tables: Tables) -> bool:
    return partner(row, scope, tables) and row["state"] == "open"


def dispute_changed(row: Row, scope: Scope, tables: Tables) -> bool:
    """The owner answers; the partner withdraws while it is open."""
    return owner(row, scope, tables) or dispute_opened(row, scope, tables)


def exception_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    granted = row["state"] in ("granted", "ended")
    return owner(row, scope, tables) or (granted and partner(row, scope, tables))


def _load_table(*, deletes: Predicate = never, updates: Predicate = owner) -> Expected:
    """What operations brings in is the owner's own business."""
    return Expected(sees=owner, inserts=owner, updates=updates, deletes=deletes)


def own_view(row: Row, scope: Scope, tables: Tables) -> bool:
    """What somebody likes to see, at a vendor that person works for."""
    return owner(row, scope, tables) and row["person"] == scope.person


def own_notification(row: Row, scope: Scope, tables: Tables) -> bool:
    """What somebody was told, as one of the side that was told."""
    mine = owner if row["side"] == "vendor" else partner
    return bool(row["person"] == scope.person) and mine(row, scope, tables)


def own_choice(row: Row, scope: Scope, tables: Tables) -> bool:
    return bool(row["person"] == scope.person) and either(row, scope, tables)


_FACTS_OF_BOTH = (
    "activities agreements assignments associations cases claims credentials deal_parties decisions employments"
    " point_of_sale references subscriptions surveys targets transactions usage"
)
_FACTS_OF_OWNER = "costs tier_decisions touches"
_CATALOGUES = "positions products credential_types exchange_rates coverage holidays"
_PARTNER_REFERENCES = "organizations offices enrolments people customers"

EXPECTED: Mapping[str, Expected] = {
    "organizations": Expected(organization_seen, organization_written, organization_written, never),
    "memberships": Expected(membership_seen, member_of_mine, member_of_mine, member_of_mine),
    "programs": _owned(enrolled_in_program),
    "program_versions": _appended(enrolled_in_program, by=owner),
    "enrolments": _owned(enrolment_seen),
    "activity_reports": Expected(either, report_submitted, report_changed, never),
    "standings": _appended(standing_seen, by=owner),
    "standing_requirements": _appended(either, by=owner),
    "notes": _appended(note_seen, by=own_side),
    "audit_entries": _appended(act_seen, by=own_side),
    "proposed_versions": _owned(version_shown),
    "version_acts": _appended(owner, by=owner),
    "version_comparisons": _owned(owner),
    "version_effects": Expected(effect_seen, owner, never, owner),
    "version_letters": _appended(either, by=owner),
    "letter_receipts": _appended(either, by=partner),
    "reviews": _owned(owner),
    "review_lines": _owned(either),
    "review_acts": _appended(owner, by=owner),
    "appeals": Expected(either, appeal_filed, owner, never),
    "tier_exceptions": _owned(exception_seen),
    "stored_files": _appended(either, by=either),
    "report_files": _appended(either, by=either),
    "portfolio_rows": _owned(owner),
    "rhythm_periods": Expected(either, owner, owner, owner),
    "console_views": Expected(own_view, own_view, own_view, own_view),
    "partner_visits": Expected(own_view, own_view, own_view, never),
    "partner_documents": _appended(note_seen, by=own_side),
    "week_acts": _appended(owner, by=owner),
    "nudges": _appended(either, by=owner),
    "prospects": _owned(either),
    "points_histories": _owned(either),
    "scorecards": _owned(either),
    "scorecard_lines": Expected(either, owner, never, owner),
    "disputes": Expected(either, dispute_opened, dispute_changed, never),
    "deal_registrations": Expected(either, deal_registered, registration_changed, never),
    "deal_progress": Expected(either, progress_told, progress_told, never),
    "nightly_runs": _owned(owner),
    "disagreements": _owned(owner),
    "notifications": Expected(own_notification, either, own_notification, own_notification),
    "notification_choices": Expected(own_choice, own_choice, own_choice, own_choice),
    "uploads": _load_table(),
    "saved_mappings": _load_table(),
    "cure_decisions": _load_table(),
    "upload_tables": _load_table(updates=never, deletes=owner),
    "unmatched_values": _load_table(updates=never, deletes=owner),
    "api_tokens": Expected(token_seen, member_of_mine, member_of_mine, never),
    "doorways": Expected(doorway_seen, member_of_mine, member_of_mine, never),
    "identity_providers": Expected(provider_seen, member_of_mine, member_of_mine, member_of_mine),
    "provider_identities": Expected(member_of_mine, member_of_mine, never, member_of_mine),
    "standing_shares": Expected(share_seen, partner, share_ended, never),
    "invitations": Expected(member_of_mine, member_of_mine, member_of_mine, never),
    "terms_versions": _appended(terms_read, by=owner),
    "terms_acceptances": _appended(acceptance_seen, by=own_acceptance),
    "mails": Expected(member_of_mine, member_of_mine, member_of_mine, never),
    "certification_catalogues": _appended(member_of_mine, by=member_of_mine),
    "learners": _appended(member_of_mine, by=member_of_mine),
    "learning_events": _appended(own_failure, by=own_failure),
    "certification_needs": Expected(member_of_mine, member_of_mine, member_of_mine, never),
    "badge_keys": Expected(badge_key_seen, member_of_mine, member_of_mine, never),
    "badges": Expected(badge_seen, own_paper, badge_changed, never),
    "foreign_badges": Expected(own_paper, own_paper, never, own_paper),
    "board_counts": Expected(member_of_mine, member_of_mine, never, member_of_mine),
    "partner_board_counts": Expected(owner, owner, never, owner),
    "coverage_counts": Expected(member_of_mine, member_of_mine, never, member_of_mine),
    "coverage_portions": Expected(member_of_mine, member_of_mine, member_of_mine, member_of_mine),
    "partner_coverages": Expected(owner, owner, owner, owner),
    "region_coverages": Expected(owner, owner, owner, owner),
    "board_choices": Expected(member_of_mine, own_paper, own_paper, own_paper),
    "board_countries": Expected(member_of_mine, member_of_mine, never, member_of_mine),
    "study_sharings": Expected(sharing_seen, sharing_seen, never, sharing_seen),
    "study_wishes": Expected(study_or_job, own_study, never, study_or_job),
    "spoken_languages": Expected(languages_read, own_study, own_study, own_study),
    "study_circles": Expected(circle_found, circle_founded, circle_found, never),
    "study_seats": Expected(study_or_job, own_study, never, study_or_job),
    "study_members": Expected(seated, own_and_seated, seated, study_or_job),
    "study_checkins": Expected(seated, own_and_seated, never, study_or_job),
    "program_stakes": _appended(sharing_seen, by=sharing_seen),
    "stories": Expected(story_read, story_told, story_changed, told),
    "story_tellers": Expected(study_or_job, own_study, never, study_or_job),
    "thanks": Expected(thanks_seen, thanks_given, never, thanks_seen),
    "kept_aftermaths": Expected(study_or_job, own_study, study_or_job, study_or_job),
    "study_rules": Expected(sharing_seen, sharing_seen, sharing_seen, never),
    "study_hours": Expected(hours_read, own_study, own_study, own_study),
    "voucher_budgets": Expected(member_of_mine, member_of_mine, member_of_mine, never),
    "vouchers": Expected(voucher_seen, voucher_brought_in, voucher_held, never),
    "voucher_codes": Expected(code_known, code_brought_in, code_known, never),
    "kept_cards": _owned(owner),
    "card_decisions": _appended(owner, by=owner),
    "experiments": _owned(owner),
    "experiment_plans": _appended(owner, by=owner),
    "card_editions": _appended(edition_read, by=owner),
    "card_shares": _owned(card_shared),
    "kept_answers": Expected(member_of_mine, member_of_mine, never, member_of_mine),
    **{f"fact_{name}": _owned(either) for name in _FACTS_OF_BOTH.split()},
    **{name: _owned(deal_read) for name in DEALS},
    **{f"fact_{name}": _owned(owner) for name in _FACTS_OF_OWNER.split()},
    **{f"ref_{name}": _owned(enrolled) for name in _CATALOGUES.split()},
    **{f"ref_{name}": _owned(either) for name in _PARTNER_REFERENCES.split()},
}


# --- regional leads ---------------------------------------------------------------------------------------------------

_LISTS = {f"ref_{name}" for name in _CATALOGUES.split()}
_HELD = set("version_comparisons uploads upload_tables unmatched_values cure_decisions saved_mappings".split())
_HELD |= {"kept_cards", "card_decisions", "card_editions", "experiments", "experiment_plans"}


def held_from_region(table: str, row: Row, scope: Scope, tables: Tables) -> bool:
    """Whether a row is kept from a regional lead: it is about a partner elsewhere, or tells of partners without names."""
    if table == "organizations":
        return _organization_elsewhere(row, scope, tables)
    if row.get("owner_org") not in scope.limited_owners:
        return False
    if table == "region_coverages":
        return f"{row['owner_org']}/{row['region']}" not in scope.led_regions
    if table == "review_acts":
        lines = {line["id"]: line for line in (*tables["review_lines"], *tables["tier_exceptions"])}
        about = lines[row["line"] or row["exception"]]
        return about["partner_org"] not in scope.region_partners
    if "partner_org" not in row or table in _LISTS:
        return table in _HELD
    return row["partner_org"] != row["owner_org"] and row["partner_org"] not in scope.region_partners


def _organization_elsewhere(row: Row, scope: Scope, tables: Tables) -> bool:
    if row["registered_by"] not in scope.limited_owners or row["id"] in scope.limited_owners | scope.region_partners:
        return False
    related = [item for item in tables["enrolments"] if _finds(item, scope, tables)]
    return all(row["id"] != item["partner_org"] for item in related)


def limited(table: str, expected: Expected) -> Expected:
    """What is expected, with what a regional lead does not see and touch taken away."""

    def inside(predicate: Predicate) -> Predicate:
        return lambda row, scope, tables: (
            predicate(row, scope, tables) and not held_from_region(table, row, scope, tables)
        )

    parts = (expected.sees, expected.inserts, expected.updates, expected.deletes)
    found = Expected(*map(inside, parts))
    return replace(found, sees=either_reads(found.sees, shared_in_region)) if table in DEALS else found


EXPECTED = {table: limited(table, expected) for table, expected in EXPECTED.items()}
