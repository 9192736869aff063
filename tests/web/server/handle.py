"""Do what was asked for with an upload, in a process of its own: ``python -m tests.web.server.handle KEY ACT``."""

from __future__ import annotations

import sys

import django

django.setup()

from swingby.web.domain.uploading import handle_upload  # noqa: E402 - models need the set-up

handle_upload(sys.argv[1], owner="harbor", act=sys.argv[2])
