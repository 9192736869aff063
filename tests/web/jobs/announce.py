"""Announces a version of the small world's program, and says its key: ``python -m tests.web.jobs.announce``."""

from __future__ import annotations

import sys

import django

if __name__ == "__main__":
    django.setup()
    from tests.web.domain.proposing import announced

    sys.stdout.write(announced().pk)
