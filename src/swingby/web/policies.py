"""Row-level security of the web application's own tables, and the rights of the application's role.

The statements are made once by a migration. Lists of organizations stand in transaction-local settings; a scalar
subquery reads them once per statement, not once per row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from swingby.web.learning_policies import (
    ALLOWED_VENDOR,
    ANSWERED_STORY,
    BADGE_POLICIES,
    BOARD_POLICIES,
    COVERING_POLICIES,
    HOUR_POLICIES,
    LANGUAGE_POLICIES,
    LEARNING_POLICIES,
    OF_FIRM,
    OWN_OR_JOB,
    OWN_STUDY,
    REGION_SUM_POLICIES,
    STORY_POLICIES,
    STUDY_POLICIES,
    VOUCHER_POLICIES,
)
from swingby.web.policy_parts import (
    BOTH_SIDES,
    OWN_ORGANIZATION,
    OWNER_SIDE,
    OWNERS,
    PARTNER_SIDE,
    PARTNERS,
    PERSON,
    SHARED,
)
from swingby.web.tenancy import TOKEN_SETTING

VISIBLE_ORGANIZATION = (
    f"(lineage && {OWNERS} OR lineage && {PARTNERS} OR registered_by = ANY ({OWNERS})"
    " OR EXISTS (SELECT 1 FROM enrolments e WHERE e.owner_org = organizations.id)"
    " OR EXISTS (SELECT 1 FROM enrolments e WHERE e.partner_org = organizations.id))"
)
OWN_NOTE = f"(({OWNER_SIDE} AND side = 'vendor') OR ({PARTNER_SIDE} AND side = 'partner'))"
VISIBLE_NOTE = (
    f"(({OWNER_SIDE} AND (audience = 'shared' OR side = 'vendor'))"
    f" OR ({PARTNER_SIDE} AND (audience = 'shared' OR side = 'partner')))"
)
VISIBLE_ENTRY = f"({OWNER_SIDE} OR ({PARTNER_SIDE} AND side = 'partner'))"
#: A partner may write a report and take it back; deciding is the owner's.
OWN_REPORT = f"({OWNER_SIDE} OR ({PARTNER_SIDE} AND state IN ('submitted', 'withdrawn')))"
OPEN_REPORT = f"({OWNER_SIDE} OR ({PARTNER_SIDE} AND state IN ('submitted', 'returned')))"

#: Files of either side; they are never changed.
FILE_TABLES = ("stored_files",)
REPORT_TABLES = ("report_files",)
#: What operations brings in, and decides about it.
LOAD_TABLES = ("uploads", "saved_mappings", "cure_decisions")
#: What a check found is written anew by the next check.
COUNT_TABLES = ("upload_tables", "unmatched_values")

#: A partner sees a version on its way once it is shown; the first policy of ``proposed_versions`` says when.
SHOWN_VERSION = (
    f"({OWNER_SIDE} OR ((state IN ('preview', 'announced', 'effective') OR state = 'withdrawn' AND published IS NOT NULL)"
    " AND EXISTS (SELECT 1 FROM enrolments e WHERE e.program = proposed_versions.program)))"
)
SHOWN_EFFECT = (
    f"({OWNER_SIDE} OR ({PARTNER_SIDE}"
    " AND EXISTS (SELECT 1 FROM proposed_versions v WHERE v.id = version_effects.proposed)))"
)
VERSION_POLICIES: Mapping[str, Mapping[str, str]] = {
    "proposed_versions": {"SELECT": SHOWN_VERSION, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
    "version_acts": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE},
    "version_comparisons": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
    "version_effects": {"SELECT": SHOWN_EFFECT, "INSERT": OWNER_SIDE, "DELETE": OWNER_SIDE},
    "version_letters": {"SELECT": BOTH_SIDES, "INSERT": OWNER_SIDE},
    "letter_receipts": {"SELECT": BOTH_SIDES, "INSERT": PARTNER_SIDE},
}

#: The daily pages of the vendor. What somebody likes is seen by that person alone.
OWN_VIEW = f"({OWNER_SIDE} AND person = {PERSON})"
PORTFOLIO_POLICIES: Mapping[str, Mapping[str, str]] = {
    "portfolio_rows": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
    "rhythm_periods": {"SELECT": BOTH_SIDES, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE, "DELETE": OWNER_SIDE},
    "console_views": {"SELECT": OWN_VIEW, "INSERT": OWN_VIEW, "UPDATE": OWN_VIEW, "DELETE": OWN_VIEW},
}
PARTNER_PAGE_POLICIES: Mapping[str, Mapping[str, str]] = {
    "partner_visits": {"SELECT": OWN_VIEW, "INSERT": OWN_VIEW, "UPDATE": OWN_VIEW},
    "partner_documents": {"SELECT": VISIBLE_NOTE, "INSERT": OWN_NOTE},
}
WEEK_POLICIES: Mapping[str, Mapping[str, str]] = {
    "week_acts": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE},
}
NUDGE_POLICIES: Mapping[str, Mapping[str, str]] = {
    "nudges": {"SELECT": BOTH_SIDES, "INSERT": OWNER_SIDE},
}
#: What lies ahead of a partner is worked out by the owner's jobs.
PORTAL_POLICIES: Mapping[str, Mapping[str, str]] = {
    "prospects": {"SELECT": BOTH_SIDES, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
    "points_histories": {"SELECT": BOTH_SIDES, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
}

#: A scorecard is worked out by the owner's jobs; its lines are written anew each time.
SCORECARD_POLICIES: Mapping[str, Mapping[str, str]] = {
    "scorecards": {"SELECT": BOTH_SIDES, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
    "scorecard_lines": {"SELECT": BOTH_SIDES, "INSERT": OWNER_SIDE, "DELETE": OWNER_SIDE},
}

#: A partner opens a dispute and may withdraw it while it is open; answering is the owner's.
OPENED_DISPUTE = f"({PARTNER_SIDE} AND state = 'open')"
OPEN_DISPUTE = f"({OWNER_SIDE} OR {OPENED_DISPUTE})"
DISPUTE_POLICIES: Mapping[str, Mapping[str, str]] = {
    "disputes": {"SELECT": BOTH_SIDES, "INSERT": OPENED_DISPUTE, "UPDATE": OPEN_DISPUTE},
}

#: A partner registers, mends and withdraws; whether a deal is protected is the owner's, how it goes the partner's.
OWN_REGISTRATION = f"({PARTNER_SIDE} AND state = 'waiting')"
OPEN_REGISTRATION = f"({OWNER_SIDE} OR ({PARTNER_SIDE} AND state IN ('waiting', 'returned')))"
OF_ITS_REGISTRATION = (
    f"({PARTNER_SIDE} AND EXISTS (SELECT 1 FROM deal_registrations r WHERE r.id = deal_progress.registration"
    " AND r.partner_org = deal_progress.partner_org AND r.owner_org = deal_progress.owner_org))"
)
REGISTRATION_POLICIES: Mapping[str, Mapping[str, str]] = {
    "deal_registrations": {"SELECT": BOTH_SIDES, "INSERT": OWN_REGISTRATION, "UPDATE": OPEN_REGISTRATION},
    "deal_progress": {"SELECT": BOTH_SIDES, "INSERT": OF_ITS_REGISTRATION, "UPDATE": OF_ITS_REGISTRATION},
}

#: Lines and appeals stand between both sides; why somebody of ours decided as they did is only ours.
GRANTED_EXCEPTION = f"({OWNER_SIDE} OR ({PARTNER_SIDE} AND state IN ('granted', 'ended')))"
OWN_APPEAL = f"({PARTNER_SIDE} AND state = 'filed')"
REVIEW_POLICIES: Mapping[str, Mapping[str, str]] = {
    "reviews": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
    "review_lines": {"SELECT": BOTH_SIDES, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
    "review_acts": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE},
    "appeals": {"SELECT": BOTH_SIDES, "INSERT": OWN_APPEAL, "UPDATE": OWNER_SIDE},
    "tier_exceptions": {"SELECT": GRANTED_EXCEPTION, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
}

#: Who presents a code finds the one row that it opens.
PRESENTED_CODE = (
    f"(SELECT NULLIF(current_setting('{TOKEN_SETTING}', true), '')) IN (doorways.join_code, doorways.share_code)"
)
#: A token is found by its hash before anybody is known; who may see those of an organization works for it.
PRESENTED_TOKEN = f"hash = (SELECT NULLIF(current_setting('{TOKEN_SETTING}', true), ''))"
TOKEN_POLICIES: Mapping[str, Mapping[str, str]] = {
    "api_tokens": {
        "SELECT": f"({OWN_ORGANIZATION} OR {PRESENTED_TOKEN})",
        "INSERT": OWN_ORGANIZATION,
        "UPDATE": OWN_ORGANIZATION,
    },
    "kept_answers": {"SELECT": OWN_ORGANIZATION, "INSERT": OWN_ORGANIZATION, "DELETE": OWN_ORGANIZATION},
}

#: Mails that go out, of the organization on whose behalf they are sent.
MAIL_POLICIES: Mapping[str, Mapping[str, str]] = {
    "mails": {"SELECT": OWN_ORGANIZATION, "INSERT": OWN_ORGANIZATION, "UPDATE": OWN_ORGANIZATION},
}

#: What a partner shares with its distributor, until either of them ends it; and how others find an organization.
SHARING_POLICIES: Mapping[str, Mapping[str, str]] = {
    "standing_shares": {
        "SELECT": f"({BOTH_SIDES} OR distributor = ANY ({PARTNERS}))",
        "INSERT": PARTNER_SIDE,
        "UPDATE": f"({PARTNER_SIDE} OR distributor = ANY ({PARTNERS}))",
    },
    "doorways": {
        "SELECT": f"({OWN_ORGANIZATION} OR {PRESENTED_CODE})",
        "INSERT": OWN_ORGANIZATION,
        "UPDATE": OWN_ORGANIZATION,
    },
}

#: Who is on the way into an organization.
INVITATION_POLICIES: Mapping[str, Mapping[str, str]] = {
    "invitations": {"SELECT": OWN_ORGANIZATION, "INSERT": OWN_ORGANIZATION, "UPDATE": OWN_ORGANIZATION},
}

#: Terms of use are read by everybody in one of the vendor's programs, and accepted by each person alone.
TERMS_READER = f"({OWNER_SIDE} OR EXISTS (SELECT 1 FROM enrolments e WHERE e.owner_org = terms_versions.owner_org))"
TERMS_POLICIES: Mapping[str, Mapping[str, str]] = {
    "terms_versions": {"SELECT": TERMS_READER, "INSERT": OWNER_SIDE},
    "terms_acceptances": {"SELECT": f"({OWNER_SIDE} OR person = {PERSON})", "INSERT": f"person = {PERSON}"},
}

#: What a nightly run found is the owner's business; the partner sees the standing that counts.
NIGHTLY_POLICIES: Mapping[str, Mapping[str, str]] = {
    "nightly_runs": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
    "disagreements": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
}

#: What somebody is told is read by that person alone, as long as the person works for the side that was told.
OWN_NOTIFICATION = (
    f"(person = {PERSON} AND ((side = 'vendor' AND {OWNER_SIDE}) OR (side = 'partner' AND {PARTNER_SIDE})))"
)
OWN_CHOICE = f"(person = {PERSON} AND {BOTH_SIDES})"
NOTIFICATION_POLICIES: Mapping[str, Mapping[str, str]] = {
    "notifications": {
        "SELECT": OWN_NOTIFICATION,
        "INSERT": BOTH_SIDES,
        "UPDATE": OWN_NOTIFICATION,
        "DELETE": OWN_NOTIFICATION,
    },
    "notification_choices": dict.fromkeys(("SELECT", "INSERT", "UPDATE", "DELETE"), OWN_CHOICE),
}

#: Who types a mail address at the sign-in page finds the provider that speaks for its domain, before anybody is known.
ASKED_DOMAIN = f"(SELECT NULLIF(current_setting('{TOKEN_SETTING}', true), '')) = ANY (domains)"
PROVIDER_POLICIES: Mapping[str, Mapping[str, str]] = {
    "identity_providers": {
        "SELECT": f"({OWN_ORGANIZATION} OR {ASKED_DOMAIN})",
        "INSERT": OWN_ORGANIZATION,
        "UPDATE": OWN_ORGANIZATION,
        "DELETE": OWN_ORGANIZATION,
    },
    "provider_identities": {"SELECT": OWN_ORGANIZATION, "INSERT": OWN_ORGANIZATION, "DELETE": OWN_ORGANIZATION},
}

#: Who answers for a program at the firm, and what it is worth to it, no vendor sees; what was said is never changed.
OWN_STAKE = (
    f"({OF_FIRM} AND EXISTS (SELECT 1 FROM enrolments e"
    " WHERE e.id = program_stakes.enrolment AND e.partner_org = program_stakes.organization))"
)
STAKE_POLICIES: Mapping[str, Mapping[str, str]] = {
    "program_stakes": {"SELECT": OF_FIRM, "INSERT": OWN_STAKE},
}

#: What becomes of a program if somebody left is read by who asked, and worked out by jobs of the firm, for which nobody
#: asks. It is about one of the firm's own programs, in which no vendor sees that anybody asked.
OF_ITS_ENROLMENT = (
    "EXISTS (SELECT 1 FROM enrolments e"
    " WHERE e.id = kept_aftermaths.enrolment AND e.partner_org = kept_aftermaths.organization)"
)
AFTERMATH_POLICIES: Mapping[str, Mapping[str, str]] = {
    "kept_aftermaths": {
        "SELECT": OWN_OR_JOB,
        "INSERT": f"({OWN_STUDY} AND {OF_ITS_ENROLMENT})",
        "UPDATE": f"({OWN_OR_JOB} AND {OF_ITS_ENROLMENT})",
        "DELETE": OWN_OR_JOB,
    },
}

#: Cards of evidence are the owner's; a partner reads editions that are shared with it, and nobody else's.
SHARED_CARD = f"({OWNER_SIDE} OR ({PARTNER_SIDE} AND withdrawn_at IS NULL))"
SHARED_EDITION = f"({OWNER_SIDE} OR EXISTS (SELECT 1 FROM card_shares s WHERE s.edition = card_editions.id))"
CARD_POLICIES: Mapping[str, Mapping[str, str]] = {
    "kept_cards": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
    "card_decisions": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE},
    "card_editions": {"SELECT": SHARED_EDITION, "INSERT": OWNER_SIDE},
    "card_shares": {"SELECT": SHARED_CARD, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
}

#: The plan of an experiment is added, and never changed: it has no policy for that, and the application no right.
EXPERIMENT_POLICIES: Mapping[str, Mapping[str, str]] = {
    "experiments": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
    "experiment_plans": {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE},
}

#: Table -> command -> which rows; INSERT and the new row of UPDATE are checked, the rest is filtered.
POLICIES: Mapping[str, Mapping[str, str]] = {
    "organizations": {
        "SELECT": VISIBLE_ORGANIZATION,
        "INSERT": f"registered_by = ANY ({OWNERS})",
        "UPDATE": f"registered_by = ANY ({OWNERS})",
    },
    "memberships": {
        "SELECT": f"(person = {PERSON} OR {OWN_ORGANIZATION})",
        "INSERT": OWN_ORGANIZATION,
        "UPDATE": OWN_ORGANIZATION,
        "DELETE": OWN_ORGANIZATION,
    },
    "programs": {
        "SELECT": f"({OWNER_SIDE} OR EXISTS (SELECT 1 FROM enrolments e WHERE e.program = programs.id))",
        "INSERT": OWNER_SIDE,
        "UPDATE": OWNER_SIDE,
    },
    "program_versions": {
        "SELECT": f"({OWNER_SIDE} OR EXISTS (SELECT 1 FROM enrolments e WHERE e.program = program_versions.program))",
        "INSERT": OWNER_SIDE,
    },
    "enrolments": {"SELECT": f"({BOTH_SIDES} OR id = ANY ({SHARED}))", "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE},
    "activity_reports": {"SELECT": BOTH_SIDES, "INSERT": OWN_REPORT, "UPDATE": OPEN_REPORT},
    "standings": {"SELECT": f"({BOTH_SIDES} OR enrolment = ANY ({SHARED}))", "INSERT": OWNER_SIDE},
    "standing_requirements": {"SELECT": BOTH_SIDES, "INSERT": OWNER_SIDE},
    "notes": {"SELECT": VISIBLE_NOTE, "INSERT": OWN_NOTE},
    "audit_entries": {"SELECT": VISIBLE_ENTRY, "INSERT": OWN_NOTE},
    **{table: {"SELECT": BOTH_SIDES, "INSERT": BOTH_SIDES} for table in (*FILE_TABLES, *REPORT_TABLES)},
    **{table: {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE, "UPDATE": OWNER_SIDE} for table in LOAD_TABLES},
    **{table: {"SELECT": OWNER_SIDE, "INSERT": OWNER_SIDE, "DELETE": OWNER_SIDE} for table in COUNT_TABLES},
    **VERSION_POLICIES,
    **PORTFOLIO_POLICIES,
    **PARTNER_PAGE_POLICIES,
    **REVIEW_POLICIES,
    **WEEK_POLICIES,
    **NUDGE_POLICIES,
    **PORTAL_POLICIES,
    **SCORECARD_POLICIES,
    **DISPUTE_POLICIES,
    **REGISTRATION_POLICIES,
    **TOKEN_POLICIES,
    **MAIL_POLICIES,
    **SHARING_POLICIES,
    **INVITATION_POLICIES,
    **TERMS_POLICIES,
    **NIGHTLY_POLICIES,
    **NOTIFICATION_POLICIES,
    **LEARNING_POLICIES,
    **BADGE_POLICIES,
    **BOARD_POLICIES,
    **COVERING_POLICIES,
    **REGION_SUM_POLICIES,
    **PROVIDER_POLICIES,
    **CARD_POLICIES,
    **EXPERIMENT_POLICIES,
    **STUDY_POLICIES,
    **STAKE_POLICIES,
    **STORY_POLICIES,
    **AFTERMATH_POLICIES,
    **VOUCHER_POLICIES,
    **HOUR_POLICIES,
    **LANGUAGE_POLICIES,
}

#: New rows of an UPDATE that are held to another rule than the rows it may find.
UPDATE_CHECKS: Mapping[str, str] = {
    "activity_reports": OWN_REPORT,
    "disputes": f"({OWNER_SIDE} OR ({PARTNER_SIDE} AND state IN ('open', 'withdrawn')))",
    "deal_registrations": f"({OWNER_SIDE} OR ({PARTNER_SIDE} AND state IN ('waiting', 'withdrawn')))",
    # Only the end of a share can be written, so that nobody turns it into another one; it needs no rule of its own.
    "standing_shares": "",
    # Whoever joins from another firm counts a seat, and the last to leave closes the door; the rest is the firm's.
    "study_circles": f"({OF_FIRM} OR (is_open AND {ALLOWED_VENDOR} AND (closed_at IS NULL OR size = 0)))",
    # Tellers write, moderators answer, the vendor says yes to its program; nobody does the work of another.
    "stories": ANSWERED_STORY,
    # Only the pair and the day of a nudge can be written.
    "study_members": "",
}

#: Tables without row-level security, each with its reason. A new table must stand here or carry a policy.
EXCEPTIONS: Mapping[str, str] = {
    "people": "Sign-in finds a person by mail address before anyone is known; it holds no tenant's data.",
    "account_emailaddress": "As people: mail addresses known to sign-in.",
    "account_emailconfirmation": "As people: keys that confirm a mail address.",
    "mfa_authenticator": "As people: second factors, found while somebody signs in; their secrets are sealed.",
    "django_session": "Found by an unguessable key before anyone is known.",
    "django_content_type": "Names of models.",
    "django_migrations": "Names of migrations.",
    "auth_group": "Comes with Django's accounts; empty.",
    "auth_group_permissions": "Comes with Django's accounts; empty.",
    "auth_permission": "Names of Django's model permissions.",
    "procrastinate_jobs": "Arguments are keys only; a test holds that.",
    "procrastinate_events": "Times of jobs.",
    "procrastinate_periodic_defers": "Times of periodic jobs.",
    "procrastinate_workers": "Heartbeats of workers.",
}

#: What the application's role may do where it is not simply everything the policies name.
OTHER_RIGHTS: Mapping[str, str] = {
    "django_migrations": "SELECT",
    "django_content_type": "SELECT",
    "auth_permission": "SELECT",
    "standing_shares": "SELECT, INSERT, UPDATE (ended_at, ended_by)",
    "study_circles": "SELECT, INSERT, UPDATE (size, is_open, closed_at)",
    "study_members": "SELECT, INSERT, DELETE, UPDATE (pair, nudged_on)",
}


#: Tables of the first migration; later ones are put under their policies by the migration that makes them.
FIRST_TABLES = (
    *("organizations", "memberships", "programs", "program_versions", "enrolments", "activity_reports", "standings"),
    *("standing_requirements", "notes", "audit_entries"),
)


def policy_statements(tables: Collection[str] = FIRST_TABLES) -> list[str]:
    """Everything that puts tables of the web application under row-level security."""
    statements = []
    for table, commands in POLICIES.items():
        if table not in tables:
            continue
        statements.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        statements.append(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        statements.extend(_policy(table, command, rows) for command, rows in commands.items())
    return statements


def renewed_statements(tables: Collection[str], commands: Collection[str] = ("SELECT",)) -> list[str]:
    """Put the policies of older tables in place as they are declared today."""
    return [
        statement
        for table in tables
        for command in commands
        for statement in (
            f"DROP POLICY IF EXISTS {table}_{command.lower()} ON {table}",
            _policy(table, command, POLICIES[table][command]),
        )
    ]


def _policy(table: str, command: str, rows: str) -> str:
    start = f"CREATE POLICY {table}_{command.lower()} ON {table} FOR {command}"
    if command == "INSERT":
        return f"{start} WITH CHECK ({rows})"
    if command == "UPDATE":
        check = UPDATE_CHECKS.get(table, rows)
        return f"{start} USING ({rows})" + (f" WITH CHECK ({check})" if check else "")
    return f"{start} USING ({rows})"


def grant_rights(*, using: str, **_: Any) -> None:
    """Give the application its rights and the backup role reading; runs as the owner after migrations."""
    app, backup = settings.SWINGBY_APP_ROLE, settings.SWINGBY_BACKUP_ROLE
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user, array(SELECT rolname::text FROM pg_roles)")
        current, roles = cursor.fetchone()
        if current == app or app not in roles:
            return
        for statement in _grant_statements(cursor, app=app):
            cursor.execute(statement)
        if backup in roles:
            cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {backup}")
            cursor.execute(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {backup}")


def _grant_statements(cursor: Any, *, app: str) -> list[str]:
    cursor.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
    tables = [row[0] for row in cursor.fetchall()]
    cursor.execute(
        "SELECT tablename::text, array_agg(DISTINCT cmd::text) FROM pg_policies"
        # What only takes away gives no right.
        " WHERE schemaname = 'public' AND permissive = 'PERMISSIVE' GROUP BY 1"
    )
    commands = dict(cursor.fetchall())
    statements = [f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {app}"]
    statements += [f"GRANT {_rights(table, commands.get(table))} ON {table} TO {app}" for table in tables]
    statements.append(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}")
    return statements


def _rights(table: str, commands: list[str] | None) -> str:
    if table in OTHER_RIGHTS:
        return OTHER_RIGHTS[table]
    if commands is None or "ALL" in commands:
        return "SELECT, INSERT, UPDATE, DELETE"
    return ", ".join(sorted(commands))
