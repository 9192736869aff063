"""Addresses of what a partner shares with its distributor."""

from __future__ import annotations

from django.urls import path

from swingby.web.people import sharing_views

app_name = "sharing"
urlpatterns = [
    path("<str:organization>/", sharing_views.sharing, name="sharing"),
    path("<str:organization>/<int:share>/end/", sharing_views.end, name="end"),
]
