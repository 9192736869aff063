"""What surrounds every operation: all or nothing, and one answer to a request that is sent again with the same key."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone

from swingby.web.api.problems import NO_FORM, ProblemError, problem_response
from swingby.web.middleware import ActingRequest
from swingby.web.models import KeptAnswer

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 255
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")
KEPT_FOR = timedelta(hours=24)
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")
Run = Callable[..., HttpResponse]


def whole_or_nothing(run: Run) -> Run:
    """Undo what an operation wrote before it refused; keep the answer of one that has a key."""

    @wraps(run)
    def guarded(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                answer = _answered(run, request, *args, **kwargs)
                if answer.status_code >= HTTPStatus.BAD_REQUEST:
                    transaction.set_rollback(True)
        except ProblemError as error:
            return error.response()
        except MultiPartParserError:
            return problem_response(HTTPStatus.BAD_REQUEST, NO_FORM)
        return answer

    return guarded


def _answered(run: Run, request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    key = request.headers.get(KEY_HEADER)
    if key is None or request.bearer is None or request.method != "POST":
        return run(request, *args, **kwargs)
    if not _KEY.fullmatch(key):
        words = f"An idempotency key has 1 to {LONGEST_KEY} letters, digits and signs without spaces."
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, words, code="key")
    route = f"{request.method} {request.path}"
    _wait_for_turn(request.bearer.token.pk, route, key)
    known = _known(request, route, key)
    if known is not None:
        return _again(known, asked=_hash(request))
    answer = run(request, *args, **kwargs)
    if answer.status_code < HTTPStatus.BAD_REQUEST and not answer.streaming:
        _keep(request, answer, route=route, key=key)
    return answer


def _wait_for_turn(*parts: str) -> None:
    """A repeat that comes while the first one runs waits for its answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"answer:{json.dumps(parts)}"])


def _known(request: ActingRequest, route: str, key: str) -> KeptAnswer | None:
    mine = KeptAnswer.objects.filter(token_id=request.bearer.token.pk) if request.bearer else KeptAnswer.objects.none()
    mine.filter(kept_at__lt=timezone.now() - KEPT_FOR).delete()
    return mine.filter(route=route, key=key).first()


def _again(known: KeptAnswer, *, asked: str) -> HttpResponse:
    if known.request_hash != asked:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "This idempotency key came with another request before. Use a new key for each request.",
            code="key-reused",
        )
    answer = HttpResponse(known.body, status=known.status)
    for name, value in known.headers.items():
        answer[name] = value
    answer["Idempotency-Replayed"] = "true"
    return answer


def _keep(request: ActingRequest, answer: HttpResponse, *, route: str, key: str) -> None:
    if request.bearer is None:
        return
    token = request.bearer.token
    KeptAnswer.objects.create(
        organization_id=token.organization_id,
        token=token,
        route=route,
        key=key,
        request_hash=_hash(request),
        status=answer.status_code,
        headers={name: answer[name] for name in _KEPT_HEADERS if answer.has_header(name)},
        body=answer.content.decode(),
        kept_at=timezone.now(),
    )


def _hash(request: ActingRequest) -> str:
    said = hashlib.sha256(request.META.get("QUERY_STRING", "").encode() + b"\n")
    if request.content_type == "multipart/form-data":
        return _hash_of_parts(request, said)
    said.update(request.headers.get("Content-Type", "").encode() + b"\n")
    said.update(request.body)
    return said.hexdigest()


def _hash_of_parts(request: ActingRequest, said: hashlib._Hash) -> str:
    """What the parts hold: the words between them differ each time."""
    said.update(json.dumps(sorted(request.POST.lists())).encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            said.update(json.dumps([name, file.name, file.size]).encode())
            for chunk in file.chunks():
                said.update(chunk)
    return said.hexdigest()
