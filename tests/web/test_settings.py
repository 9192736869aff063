from __future__ import annotations

import os
import subprocess
import sys

import pytest


def _setting(name: str, **environment: str) -> str:
    code = f"from swingby.web import settings; print(settings.{name})"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(("behind", "proxies"), [("", "0"), ("1", "1")])
def test_attempts_to_sign_in_are_counted_by_visitor(behind: str, proxies: str) -> None:
    assert _setting("ALLAUTH_TRUSTED_PROXY_COUNT", SWINGBY_BEHIND_PROXY=behind) == proxies
