"""The door of each operation: who is there, whether the token was made for this, and not too often."""

from __future__ import annotations

import math
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from ninja.security.base import SecuritySchema
from ninja.security.http import HttpAuthBase

from swingby.web.api.limits import LIMITER
from swingby.web.api.problems import ProblemError
from swingby.web.domain.tokens import Bearer, note_use
from swingby.web.middleware import ActingRequest
from swingby.web.models import TokenScope


class Token(HttpAuthBase):
    """Lets a request in that presents a living token which was made for this."""

    openapi_scheme = "bearer"

    def __init__(self, scope: TokenScope) -> None:
        super().__init__()
        self.scope = scope
        self.openapi_security_schema: SecuritySchema

    def __call__(self, request: HttpRequest) -> Bearer:
        """Who presents the token, or a refusal."""
        bearer: Bearer | None = getattr(request, "bearer", None)
        if bearer is None:
            raise ProblemError(
                HTTPStatus.UNAUTHORIZED,
                "Send a living token: Authorization: Bearer swb_...",
                headers={"WWW-Authenticate": "Bearer"},
            )
        _hold_to_limit(bearer)
        if not bearer.may(self.scope):
            raise ProblemError(HTTPStatus.FORBIDDEN, f"This token was not made for {self.scope}.", code="scope")
        note_use(bearer.token)
        return bearer


def _hold_to_limit(bearer: Bearer) -> None:
    wait = LIMITER.seconds_to_wait(bearer.token.pk, per_minute=settings.SWINGBY_API_PER_MINUTE)
    if wait:
        raise ProblemError(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"A token may make {settings.SWINGBY_API_PER_MINUTE} requests a minute. Wait, or send several in one.",
            headers={"Retry-After": str(math.ceil(wait))},
        )


def require(*, allowed: bool, otherwise: str) -> None:
    """Refuse with 403 and words."""
    if not allowed:
        raise ProblemError(HTTPStatus.FORBIDDEN, otherwise)


def bearer_in(request: ActingRequest) -> Bearer:
    """Who presents the token of a request that was let in."""
    if request.bearer is None:
        raise ProblemError(HTTPStatus.UNAUTHORIZED, "Send a token.")
    return request.bearer
