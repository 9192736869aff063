"""Addresses of the page on which people make and revoke tokens."""

from __future__ import annotations

from django.urls import path

from swingby.web.api import pages

app_name = "tokens"
urlpatterns = [
    path("<str:organization>/", pages.tokens, name="tokens"),
    path("<str:organization>/<str:token>/revoke/", pages.revoke, name="revoke"),
]
