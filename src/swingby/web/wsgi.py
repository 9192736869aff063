"""The WSGI application."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swingby.web.settings")

application = get_wsgi_application()

# They need the application to be set up.
from swingby.web.domain.columnar.manifest import copied_owners  # noqa: E402
from swingby.web.domain.warming import warming  # noqa: E402

#: A page comes back from the database some twenty times, and each time waits so long for a thread that works.
TURN_SECONDS = 0.001

sys.setswitchinterval(TURN_SECONDS)
warming.start(copied_owners())
