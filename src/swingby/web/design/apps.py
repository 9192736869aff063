"""The Django app of the design system."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Templates, static files and template tags; no tables."""

    name = "swingby.web.design"
    label = "design"
