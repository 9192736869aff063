"""Every address of the web application."""

from __future__ import annotations

from django.urls import include, path

from swingby.web import entrance

urlpatterns = [
    path("", entrance.home, name="home"),
    path("health/", entrance.health, name="health"),
    path("accounts/", include("allauth.account.urls")),
    path("partner/", include("swingby.web.portal.urls")),
    path("console/", include("swingby.web.console.urls")),
    path("", include("swingby.web.design.urls")),
]
