"""The WSGI application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swingby.web.settings")

application = get_wsgi_application()

# They need the application to be set up.
from swingby.web.domain.columnar.manifest import copied_owners  # noqa: E402
from swingby.web.domain.warming import warming  # noqa: E402

warming.start(copied_owners())
