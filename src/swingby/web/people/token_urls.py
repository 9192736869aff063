"""Addresses of the page on which people make and revoke tokens."""

from __future__ import annotations

from django.urls import path

from swingby.web.people import token_views

app_name = "tokens"
urlpatterns = [
    path("<str:organization>/", token_views.tokens, name="tokens"),
    path("<str:organization>/<str:token>/revoke/", token_views.revoke, name="revoke"),
]
