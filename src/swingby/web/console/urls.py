"""Addresses of the vendor's side."""

from __future__ import annotations

from django.urls import path

from swingby.web.console import version_views, views

app_name = "console"
urlpatterns = [
    path("<str:owner>/", views.overview, name="overview"),
    path("<str:owner>/reports/", views.reports, name="reports"),
    path("<str:owner>/reports/<str:report>/accept/", views.accept, name="accept"),
    path("<str:owner>/reports/<str:report>/return/", views.send_back, name="return"),
    path("<str:owner>/reports/<str:report>/decline/", views.decline, name="decline"),
    path("<str:owner>/versions/", version_views.versions, name="versions"),
    path("<str:owner>/versions/<str:proposed>/", version_views.version, name="version"),
    path("<str:owner>/versions/<str:proposed>/progress/", version_views.progress, name="version_progress"),
    path("<str:owner>/versions/<str:proposed>/who-moves.csv", version_views.movers, name="version_movers"),
    path("<str:owner>/versions/<str:proposed>/compare/", version_views.comparison, name="version_compare"),
    path("<str:owner>/versions/<str:proposed>/act/", version_views.act, name="version_act"),
    path("<str:owner>/partners/<str:enrolment>/", views.partner, name="partner"),
]
