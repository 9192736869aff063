"""Addresses of the design system: ``path("", include("swingby.web.design.urls"))``."""

from django.urls import path

from swingby.web.design import views
from swingby.web.design.gallery import views as gallery

app_name = "design"
urlpatterns = [
    path("look/theme/", views.theme, name="theme"),
    path("look/brand-<int:hue>.css", views.brand, name="brand"),
    path("gallery/", gallery.show, name="gallery"),
    path("gallery/standing/", gallery.standing, name="gallery_standing"),
]
