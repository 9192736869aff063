"""Addresses of the API."""

from __future__ import annotations

from swingby.web.api import (
    appeals,
    badges,
    benefits,
    boards,
    disputes,
    evidence,
    exceptions,
    facts,
    guides,
    learning,
    loads,
    notes,
    notifications,
    partners,
    people,
    program_coverage,
    programs,
    registrations,
    reports,
    reviews,
    scorecards,
    users,
    vouchers,
)
from swingby.web.api.application import api

PARTS = (
    *(programs, partners, reports, notes, evidence, facts, loads, scorecards, disputes, benefits, notifications),
    *(guides, people, learning, reviews, appeals, exceptions, users, vouchers, badges, boards),
    program_coverage,
    registrations,
)
for part in PARTS:
    api.add_router("", part.router)

__all__ = ["api", "app_name", "urlpatterns"]

urlpatterns = api.urls[0]
app_name = "api"
