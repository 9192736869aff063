"""An identity provider on this machine: it keeps to the protocol unless a test tells it to do something wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "swingby-at-tarn", "an example: secret/with+signs"
KEY_NAME = "first"
#: How often a server looks whether it is to end: each test waits for that.
LOOKS_SECONDS = 0.01


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """A key of its own for each name; ``first`` is the provider's."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(slots=True)
class Provider:
    """What the provider says of whoever comes, and what is wrong with it."""

    address: str
    claims: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    signed_by: str = KEY_NAME
    algorithm: str = "RS256"
    userinfo: dict[str, Any] | None = None
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def describes(self) -> dict[str, Any]:
        places = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
        return {**places, **self.discovery}

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key(KEY_NAME).public_key()))
        return {"keys": [{**public, "kid": KEY_NAME, "use": "sig", "alg": "RS256"}]}

    def authorized(self, asked: Mapping[str, str]) -> str:
        """Where the person is sent back to, with a code."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def tokens(self, form: Mapping[str, str], authorization: str) -> dict[str, Any] | None:
        """Tokens for a code, once, to who holds the secret and the word that the code was asked for with."""
        asked = self.codes.pop(form.get("code", ""), None)
        user, _, word = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        is_client = (unquote(user), unquote(word)) == (CLIENT, SECRET)
        if asked is None or not is_client or proof.decode().rstrip("=") != asked["code_challenge"]:
            return None
        return {"access_token": "access", "token_type": "Bearer", "id_token": self._token(asked)}

    def _token(self, asked: Mapping[str, str]) -> str:
        now = int(time.time())
        usual = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "mei",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        said = {**usual, "email": "mei@tarn.example", "email_verified": True, "name": "Mei Example", **self.claims}
        claims = {name: value for name, value in said.items() if value is not None}
        if self.algorithm == "none":
            return jwt.encode(claims, "", algorithm="none")
        if self.algorithm == "HS256":
            return jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": KEY_NAME})
        return jwt.encode(claims, key(self.signed_by), algorithm=self.algorithm, headers={"kid": KEY_NAME})


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        self.provider.asked.append(path.path)
        answers: dict[str, Callable[[], object]] = {
            "/.well-known/openid-configuration": self.provider.describes,
            "/keys": self.provider.keys,
            "/userinfo": lambda: self.provider.userinfo,
        }
        if path.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorized(_flat(path.query)))
            self.end_headers()
        elif path.path == "/elsewhere/.well-known/openid-configuration":
            self.send_response(302)
            self.send_header("Location", f"{self.provider.address}/.well-known/openid-configuration")
            self.end_headers()
        else:
            self._answer(answers.get(path.path, _nothing)())

    def do_POST(self) -> None:
        form = _flat(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._answer(self.provider.tokens(form, self.headers.get("Authorization", "")))

    def _answer(self, said: object) -> None:
        self.send_response(404 if said is None else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


def _nothing() -> None:
    return None


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def running_provider() -> Iterator[Provider]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"provider": provider})
    thread = threading.Thread(target=server.serve_forever, args=[LOOKS_SECONDS], daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
