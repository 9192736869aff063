"""The one Django app that owns every table of the web application."""

from __future__ import annotations

import gc

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    """Swingby's web application."""

    name = "swingby.web"
    label = "swingby"
    verbose_name = "Swingby"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the application role its rights again after each migration run, and look for garbage less often."""
        from swingby.web.policies import grant_rights
        from swingby.web.region_policies import limit_regions

        post_migrate.connect(grant_rights, sender=self, dispatch_uid="swingby.grant_rights")
        post_migrate.connect(limit_regions, sender=self, dispatch_uid="swingby.limit_regions")
        # Programs and plans are large trees: looking through them as often as usual costs a fifth of the time.
        gc.set_threshold(100_000, 50, 100)
