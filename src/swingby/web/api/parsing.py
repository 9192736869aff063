"""Bodies as values: numbers with a point become decimals as they are written, never floats."""

from __future__ import annotations

import json
from decimal import Decimal
from http import HTTPStatus
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny

from swingby.web.api.problems import Issue, ProblemError


class ExactParser(Parser):
    """JSON without floats and without what is no JSON."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body as values; every body here is an object."""
        found = read_json(request.body) if request.body else {}
        if not isinstance(found, dict):
            issue = Issue(location="body", code="object", message="Send an object: {...}.")
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "Mend what the issues name.", issues=[issue])
        return found


def read_json(text: bytes | str) -> Any:
    """Values of a JSON text, or a refusal."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "The body is no JSON. Send JSON in UTF-8.") from error


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)
