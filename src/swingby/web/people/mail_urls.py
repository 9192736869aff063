"""Addresses of the mails of an organization."""

from __future__ import annotations

from django.urls import path

from swingby.web.people import mail_views

app_name = "mail"
urlpatterns = [
    path("<str:organization>/", mail_views.mails, name="mails"),
    path("<str:organization>/<str:mail>/", mail_views.mail, name="mail"),
    path("<str:organization>/<str:mail>/again/", mail_views.again, name="again"),
]
