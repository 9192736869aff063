"""Addresses of the vendor's side."""

from __future__ import annotations

from django.urls import path

from swingby.web.console import (
    daily_views,
    dispute_views,
    loads,
    money_views,
    operations_views,
    partner_views,
    registration_views,
    review_views,
    scorecard_views,
    version_views,
    views,
)
from swingby.web.console.benefit_views import benefits
from swingby.web.console.glance_views import glance
from swingby.web.enablement import story_views, vendor_views, voucher_views
from swingby.web.evidence import experiment_views as experiments
from swingby.web.evidence import views as evidence
from swingby.web.people import notification_views as told
from swingby.web.people.orphan_views import orphan_list
from swingby.web.people.terms_views import terms

app_name = "console"
urlpatterns = [
    path("<str:owner>/", daily_views.overview, name="overview"),
    path("<str:owner>/partners.csv", daily_views.overview_file, name="portfolio_file"),
    path("<str:owner>/columns/", daily_views.overview_columns, name="portfolio_columns"),
    path("<str:owner>/glance/", glance, name="glance"),
    path("<str:owner>/week/", daily_views.week, name="week"),
    path("<str:owner>/week/<str:enrolment>/", daily_views.week_act, name="week_act"),
    path("<str:owner>/rhythms/", daily_views.rhythms, name="rhythms"),
    path("<str:owner>/rhythms/<str:enrolment>/", daily_views.nudge, name="nudge"),
    path("<str:owner>/certifications/", vendor_views.program_certifications, name="program_certifications"),
    path("<str:owner>/boards/", vendor_views.boards, name="boards"),
    path("<str:owner>/stories/", story_views.stories, name="stories"),
    path("<str:owner>/stories/<str:story>/act/", story_views.vendor_story_act, name="story_act"),
    path("<str:owner>/vouchers/", voucher_views.partner_vouchers, name="vouchers"),
    path("<str:owner>/vouchers/load/", voucher_views.partner_vouchers_load, name="vouchers_load"),
    path("<str:owner>/vouchers/budget/", voucher_views.partner_voucher_budget, name="voucher_budget"),
    path("<str:owner>/money/", money_views.money, name="money"),
    path("<str:owner>/money/partners/", money_views.partners, name="money_partners"),
    path("<str:owner>/money/money.csv", money_views.file, name="money_file"),
    path("<str:owner>/operations/", operations_views.operations, name="operations"),
    path("<str:owner>/operations/night/", operations_views.night, name="night"),
    path("<str:owner>/loads/", loads.loads, name="loads"),
    path("<str:owner>/loads/cures/", loads.cure, name="cure"),
    path("<str:owner>/loads/<str:upload>/", loads.upload, name="upload"),
    path("<str:owner>/loads/<str:upload>/state/", loads.upload_state, name="upload_state"),
    path("<str:owner>/loads/<str:upload>/columns/", loads.describe, name="describe_upload"),
    path("<str:owner>/loads/<str:upload>/check/", loads.check, name="check_upload"),
    path("<str:owner>/loads/<str:upload>/load/", loads.load, name="load_upload"),
    path("<str:owner>/loads/<str:upload>/undo/", loads.undo, name="undo_upload"),
    path("<str:owner>/loads/<str:upload>/wrong/", loads.wrong_rows, name="wrong_rows"),
    path("<str:owner>/loads/<str:upload>/file/", loads.sent_file, name="sent_file"),
    path("<str:owner>/terms/", terms, name="terms"),
    path("<str:owner>/orphans/", orphan_list, name="orphans"),
    path("<str:owner>/reports/", views.reports, name="reports"),
    path("<str:owner>/reports/<str:report>/accept/", views.accept, name="accept"),
    path("<str:owner>/reports/<str:report>/return/", views.send_back, name="return"),
    path("<str:owner>/reports/<str:report>/decline/", views.decline, name="decline"),
    path("<str:owner>/reviews/", review_views.reviews, name="review_list"),
    path("<str:owner>/reviews/look/", review_views.look, name="review_look"),
    path("<str:owner>/reviews/settings/", review_views.settings, name="review_settings"),
    path("<str:owner>/reviews/<str:review>/", review_views.review, name="review"),
    path("<str:owner>/reviews/<str:review>/approve/", review_views.approve, name="review_approve"),
    path("<str:owner>/reviews/<str:review>/replay/", review_views.replay, name="review_replay"),
    path("<str:owner>/reviews/<str:review>/lines/<str:line>/", review_views.line, name="review_line"),
    path("<str:owner>/appeals/<str:appeal>/", review_views.answer, name="appeal_answer"),
    path("<str:owner>/appeals/<str:appeal>/file/", review_views.appeal_file, name="appeal_file"),
    path("<str:owner>/exceptions/", review_views.exceptions, name="exceptions"),
    path("<str:owner>/exceptions/<str:exception>/", review_views.exception, name="exception"),
    path("<str:owner>/versions/", version_views.versions, name="versions"),
    path("<str:owner>/versions/published/<int:version>/", version_views.published, name="published"),
    path(
        "<str:owner>/versions/published/<int:version>/program.zip", version_views.published_file, name="published_file"
    ),
    path("<str:owner>/versions/<str:proposed>/", version_views.version, name="version"),
    path("<str:owner>/versions/<str:proposed>/progress/", version_views.progress, name="version_progress"),
    path("<str:owner>/versions/<str:proposed>/who-moves.csv", version_views.movers, name="version_movers"),
    path("<str:owner>/versions/<str:proposed>/compare/", version_views.comparison, name="version_compare"),
    path("<str:owner>/versions/<str:proposed>/act/", version_views.act, name="version_act"),
    path("<str:owner>/evidence/", evidence.room, name="evidence"),
    path("<str:owner>/evidence/ask/<str:question>/", evidence.ask, name="evidence_ask"),
    path("<str:owner>/evidence/experiments/", experiments.experiments, name="experiments"),
    path("<str:owner>/evidence/experiments/plan/", experiments.plan, name="experiment_plan"),
    path("<str:owner>/evidence/experiments/<str:experiment>/", experiments.experiment, name="experiment"),
    path(
        "<str:owner>/evidence/experiments/<str:experiment>/progress/", experiments.progress, name="experiment_progress"
    ),
    path("<str:owner>/evidence/experiments/<str:experiment>/file/", experiments.file, name="experiment_file"),
    path("<str:owner>/evidence/experiments/<str:experiment>/look/", experiments.look, name="experiment_look"),
    path("<str:owner>/evidence/<str:card>/", evidence.card, name="evidence_card"),
    path("<str:owner>/evidence/<str:card>/progress/", evidence.progress, name="evidence_progress"),
    path("<str:owner>/evidence/<str:card>/paper/", evidence.paper, name="evidence_paper"),
    path("<str:owner>/evidence/<str:card>/decide/", evidence.decide, name="evidence_decide"),
    path("<str:owner>/evidence/<str:card>/share/", evidence.share, name="evidence_share"),
    path("<str:owner>/evidence/<str:card>/withdraw/", evidence.withdraw, name="evidence_withdraw"),
    path("<str:owner>/reports/<str:report>/confirm/", views.confirm, name="confirm"),
    path("<str:owner>/reports/<str:report>/take-back/", views.take_back, name="take_back"),
    path("<str:owner>/reports/<str:report>/files/<int:file>/", views.report_file, name="report_file"),
    path("<str:owner>/partners/<str:enrolment>/", partner_views.partner, name="partner"),
    path("<str:owner>/partners/<str:enrolment>/certifications/", vendor_views.certifications, name="certifications"),
    path("<str:owner>/partners/<str:enrolment>/people/", partner_views.people, name="people"),
    path("<str:owner>/partners/<str:enrolment>/documents/", partner_views.new_document, name="new_document"),
    path("<str:owner>/partners/<str:enrolment>/scorecard/", scorecard_views.scorecard, name="scorecard"),
    path(
        "<str:owner>/partners/<str:enrolment>/scorecard/<str:number>/", scorecard_views.number, name="scorecard_number"
    ),
    path(
        "<str:owner>/partners/<str:enrolment>/records/<str:kind>/<path:record>/",
        scorecard_views.record,
        name="scorecard_record",
    ),
    path("<str:owner>/disputes/", dispute_views.disputes, name="disputes"),
    path("<str:owner>/disputes/<str:dispute>/", dispute_views.dispute, name="dispute"),
    path("<str:owner>/disputes/<str:dispute>/answer/", dispute_views.answer, name="dispute_answer"),
    path("<str:owner>/disputes/<str:dispute>/cure/", dispute_views.cure, name="dispute_cure"),
    path("<str:owner>/disputes/<str:dispute>/file/", dispute_views.file, name="dispute_file"),
    path("<str:owner>/registrations/", registration_views.registrations, name="registrations"),
    path("<str:owner>/registrations/<str:registration>/", registration_views.registration, name="registration"),
    path("<str:owner>/registrations/<str:registration>/act/", registration_views.act, name="registration_act"),
    path("<str:owner>/notifications/", told.notifications, name="notifications"),
    path("<str:owner>/notifications/read/", told.all_read, name="notifications_read"),
    path("<str:owner>/notifications/settings/", told.notification_settings, name="notification_settings"),
    path("<str:owner>/notifications/<str:notification>/", told.notification, name="notification"),
    path("<str:owner>/partners/<str:enrolment>/benefits/", benefits, name="benefits"),
    path("<str:owner>/documents/<int:document>/", partner_views.document, name="document"),
]
