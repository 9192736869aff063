"""Addresses of the people of an organization."""

from __future__ import annotations

from django.urls import path

from swingby.web.people import factor_views, looking_views, provider_views, user_views

app_name = "users"
urlpatterns = [
    path("<str:organization>/", user_views.users, name="users"),
    path("<str:organization>/provider/", provider_views.provider, name="provider"),
    path("<str:organization>/second-factor/", factor_views.rule, name="factor"),
    path("<str:organization>/door/", user_views.door, name="door"),
    path("<str:organization>/invitations/<str:invitation>/", user_views.invitation, name="invitation"),
    path("<str:organization>/people/<str:person>/look/", looking_views.look, name="look"),
    path("<str:organization>/people/<str:person>/", user_views.user, name="user"),
]
