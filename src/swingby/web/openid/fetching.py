"""Requests to a provider: an admin typed its address, so that it may lead to no machine inside our network.

The name is resolved once and the connection goes to the address that was looked at. Nobody is followed elsewhere.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings

from swingby.web.openid.errors import ProviderError

SECONDS = 5
MOST_BYTES = 256 * 1024
OK = 200
_NOT_SAFE = "The address of a provider begins with https and leads outside the own network."
_NO_ANSWER = "The provider does not answer as it should. Try again in a while, or ask your admin."


def checked_address(address: str) -> SplitResult:
    """The parts of a provider's address.

    Raises
    ------
    ProviderError
        If it is no https address, or names a user, a password or a place inside a page.
    """
    try:
        parts = urlsplit(address)
        usual = parts.port is None or parts.port > 0
    except ValueError as error:
        raise ProviderError(_NOT_SAFE) from error
    schemes = {"https", "http"} if settings.SWINGBY_PROVIDERS_INSIDE else {"https"}
    odd = parts.username or parts.password or parts.fragment or not usual or not address.isascii()
    if parts.scheme not in schemes or not parts.hostname or odd or any(ord(letter) <= ord(" ") for letter in address):
        raise ProviderError(_NOT_SAFE)
    return parts


def fetched(address: str, *, form: dict[str, str] | None = None, authorization: str = "") -> Any:
    """The JSON that a provider answers; with a form it is posted.

    Raises
    ------
    ProviderError
        If the address leads inside the own network, or the answer is none.
    """
    parts = checked_address(address)
    headers = {"Accept": "application/json", **({"Authorization": authorization} if authorization else {})}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection = _connection(parts)
    try:
        connection.request("GET" if form is None else "POST", path, urlencode(form) if form else None, headers)
        return _read(connection.getresponse())
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise ProviderError(_NO_ANSWER) from error
    finally:
        connection.close()


def _read(answer: http.client.HTTPResponse) -> Any:
    body = answer.read(MOST_BYTES + 1)
    if answer.status != OK or len(body) > MOST_BYTES:
        raise ProviderError(_NO_ANSWER)
    return json.loads(body)


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    host, is_open = str(parts.hostname), parts.scheme == "http"
    port = parts.port or (80 if is_open else 443)
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        plain = socket.create_connection((_outside(host, port), port), timeout=SECONDS)
        connection.sock = plain if is_open else ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError as error:
        raise ProviderError(_NO_ANSWER) from error
    return connection


def _outside(host: str, port: int) -> str:
    """The address that a name stands for, when all that it stands for lie outside."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not settings.SWINGBY_PROVIDERS_INSIDE and not all(map(is_outside, found)):
        raise ProviderError(_NOT_SAFE)
    return found[0]


def is_outside(address: str) -> bool:
    """Whether an address belongs to the public network, also when it wraps another one."""
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(each.is_global and not each.is_multicast and not each.is_reserved for each in _wrapped(number))


def _wrapped(
    number: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    if isinstance(number, ipaddress.IPv4Address):
        return [number]
    if number.ipv4_mapped is not None:
        return [number.ipv4_mapped]
    inner = [number.sixtofour] if number.sixtofour is not None else []
    if number in _TRANSLATED:
        inner.append(ipaddress.IPv4Address(int(number) & 0xFFFFFFFF))
    return [number, *inner]


_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
