"""Going to the provider and back, as a browser does."""

from __future__ import annotations

import urllib.request
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

WAY, BACK = "/accounts/provider/", "/accounts/provider/back/"
HOME = "/partner/harbor-program-tarn/"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Nobody goes on by itself."""


def asked_address(client: Client, domain: str = "tarn.example") -> str:
    """Where we send the person."""
    return str(client.get(f"{WAY}to/{domain}/").headers["Location"])


def answer_of(address: str) -> str:
    """Where the provider sends the person back to, below our own address."""
    try:
        urllib.request.build_opener(_Stay).open(address, timeout=5)
    except urllib.error.HTTPError as redirected:
        parts = urlsplit(redirected.headers["Location"])
        redirected.close()
        return f"{parts.path}?{parts.query}"
    raise AssertionError("the provider did not send anybody back")


def come_back(client: Client) -> Any:
    """The whole way; what we say at its end."""
    return client.get(answer_of(asked_address(client)))


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200
