"""Addresses of a firm's learning."""

from __future__ import annotations

from django.urls import path

from swingby.web.enablement import views

app_name = "learning"
urlpatterns = [
    path("<str:firm>/", views.mine, name="mine"),
    path("<str:firm>/tell/", views.tell, name="tell"),
    path("<str:firm>/coverage/", views.coverage, name="coverage"),
    path("<str:firm>/coverage/<str:code>/", views.certification, name="certification"),
    path("<str:firm>/coverage/<str:code>/answer/", views.answer, name="answer"),
    path("<str:firm>/ahead/", views.ahead, name="ahead"),
    path("<str:firm>/catalogue/", views.changes, name="changes"),
]
