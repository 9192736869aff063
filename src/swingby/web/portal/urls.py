"""Addresses of the partner's side."""

from __future__ import annotations

from django.urls import path

from swingby.web.evidence import partner_views as evidence
from swingby.web.people import notification_views as told
from swingby.web.portal import (
    benefits,
    changes,
    deals,
    disputes,
    guides,
    people,
    points,
    registrations,
    reviews,
    scorecard,
    views,
)

app_name = "portal"
urlpatterns = [
    path("<str:enrolment>/", views.home, name="home"),
    path("<str:enrolment>/standing/", views.standing, name="standing"),
    path("<str:enrolment>/points/", points.points, name="points"),
    path("<str:enrolment>/deals/", deals.deals, name="deals"),
    path("<str:enrolment>/registrations/", registrations.registrations, name="registrations"),
    path("<str:enrolment>/registrations/new/", registrations.new_registration, name="new_registration"),
    path("<str:enrolment>/registrations/<str:registration>/", registrations.registration, name="registration"),
    path(
        "<str:enrolment>/registrations/<str:registration>/edit/",
        registrations.edit_registration,
        name="edit_registration",
    ),
    path("<str:enrolment>/registrations/<str:registration>/act/", registrations.act, name="registration_act"),
    path("<str:enrolment>/scorecard/", scorecard.scorecard, name="scorecard"),
    path("<str:enrolment>/scorecard/<str:number>/", scorecard.number, name="scorecard_number"),
    path("<str:enrolment>/scorecard/<str:number>/dispute/", disputes.dispute_line, name="dispute_line"),
    path("<str:enrolment>/disputes/", disputes.disputes, name="disputes"),
    path("<str:enrolment>/disputes/<str:dispute>/", disputes.dispute, name="dispute"),
    path("<str:enrolment>/disputes/<str:dispute>/withdraw/", disputes.withdraw, name="dispute_withdraw"),
    path("<str:enrolment>/disputes/<str:dispute>/file/", disputes.file, name="dispute_file"),
    path("<str:enrolment>/people/", people.people, name="people"),
    path("<str:enrolment>/records/<str:kind>/<path:record>/", scorecard.record, name="scorecard_record"),
    path("<str:enrolment>/changes/", changes.changes, name="changes"),
    path("<str:enrolment>/changes/<str:proposed>/", changes.change, name="change"),
    path("<str:enrolment>/changes/<str:proposed>/confirm/", changes.confirm, name="confirm_letter"),
    path("<str:enrolment>/benefits/", benefits.benefits, name="benefits"),
    path("<str:enrolment>/guide/", guides.guide, name="guide"),
    path("<str:enrolment>/guide/file/", guides.guide_file, name="guide_file"),
    path("<str:enrolment>/evidence/", evidence.cards, name="evidence"),
    path("<str:enrolment>/evidence/<str:share>/", evidence.card, name="evidence_card"),
    path("<str:enrolment>/evidence/<str:share>/paper/", evidence.paper, name="evidence_paper"),
    path("<str:enrolment>/notifications/", told.notifications, name="notifications"),
    path("<str:enrolment>/notifications/read/", told.all_read, name="notifications_read"),
    path("<str:enrolment>/notifications/settings/", told.notification_settings, name="notification_settings"),
    path("<str:enrolment>/notifications/<str:notification>/", told.notification, name="notification"),
    path("<str:enrolment>/reviews/", reviews.reviews, name="tier_reviews"),
    path("<str:enrolment>/reviews/<str:line>/", reviews.review, name="tier_review"),
    path("<str:enrolment>/reviews/<str:line>/file/", reviews.appeal_file, name="appeal_file"),
    path("<str:enrolment>/reports/", views.reports, name="reports"),
    path("<str:enrolment>/reports/new/", views.new_report, name="new_report"),
    path("<str:enrolment>/reports/<str:report>/", views.edit_report, name="edit_report"),
    path("<str:enrolment>/reports/<str:report>/files/<int:file>/", views.report_file, name="report_file"),
    path("<str:enrolment>/reports/<str:report>/withdraw/", views.withdraw, name="withdraw"),
]
