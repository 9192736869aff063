"""The address of a provider is typed by an admin: it leads to no machine inside the network that we stand in."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from swingby.web.openid.errors import ProviderError
from swingby.web.openid.fetching import checked_address, fetched, is_outside
from tests.web.openid.provider import running_provider

INSIDE = (
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.1.2.3"),
    *("224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "no address"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_our_own_network_are_inside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_addresses_of_everybody_are_outside(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "http://login.example.com",
            "ftp://login.example.com",
            "file:///etc/passwd",
            "https://",
            "",
            "login.example.com",
        ),
        *("https://user@login.example.com", "https://a:b@login.example.com", "https://login.example.com/#x"),
        *(
            "https://login.example.com:0",
            "https://login.example.com:99999",
            "https://login.example.com/ x",
            "https://[x",
        ),
        *("https://login.example.com/\r\nHost: evil", "https://lögin.example.com", "gopher://127.0.0.1"),
    ],
)
def test_only_plain_https_addresses_are_asked(address: str, settings: Settings) -> None:
    settings.SWINGBY_PROVIDERS_INSIDE = False
    with pytest.raises(ProviderError, match="begins with https"):
        checked_address(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "2130706433", "0x7f.1"])
def test_names_and_numbers_of_this_machine_are_refused_before_anything_is_sent(host: str, settings: Settings) -> None:
    settings.SWINGBY_PROVIDERS_INSIDE = False
    with pytest.raises(ProviderError):
        fetched(f"https://{host}:9/")


def test_a_name_that_stands_for_one_inner_address_among_others_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SWINGBY_PROVIDERS_INSIDE = False
    asked: list[str] = []

    def resolved(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", (each, port)) for each in ("93.184.216.34", "10.0.0.7")]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(ProviderError, match="outside the own network"):
        fetched("https://login.example.com/")
    # Looked up once: who answers otherwise the second time is never asked a second time.
    assert asked == ["login.example.com"]


def test_nobody_is_followed_elsewhere(settings: Settings) -> None:
    settings.SWINGBY_PROVIDERS_INSIDE = True
    with running_provider() as provider:
        assert fetched(f"{provider.address}/.well-known/openid-configuration")["issuer"] == provider.address
        with pytest.raises(ProviderError, match="does not answer"):
            fetched(f"{provider.address}/elsewhere/.well-known/openid-configuration")


def test_an_answer_without_end_is_cut(settings: Settings) -> None:
    settings.SWINGBY_PROVIDERS_INSIDE = True
    with running_provider() as provider:
        provider.discovery["padding"] = "x" * 300_000
        with pytest.raises(ProviderError, match="does not answer"):
            fetched(f"{provider.address}/.well-known/openid-configuration")
