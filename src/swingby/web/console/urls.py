"""Addresses of the vendor's side."""

from __future__ import annotations

from django.urls import path

from swingby.web.console import views

app_name = "console"
urlpatterns = [
    path("<str:owner>/", views.overview, name="overview"),
    path("<str:owner>/reports/", views.reports, name="reports"),
    path("<str:owner>/reports/<str:report>/accept/", views.accept, name="accept"),
    path("<str:owner>/reports/<str:report>/return/", views.send_back, name="return"),
    path("<str:owner>/reports/<str:report>/decline/", views.decline, name="decline"),
    path("<str:owner>/partners/<str:enrolment>/", views.partner, name="partner"),
]
