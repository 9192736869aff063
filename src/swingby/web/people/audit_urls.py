"""Addresses of the record of acts."""

from __future__ import annotations

from django.urls import path

from swingby.web.people import audit_views

app_name = "audit"
urlpatterns = [path("<str:organization>/", audit_views.acts, name="acts")]
