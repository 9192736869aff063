"""What the description of the API says beyond the types: refusals, headers, and which scope opens which door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from swingby.web.api.events import TYPE
from swingby.web.api.guard import Token
from swingby.web.api.problems import MEDIA_TYPE, Problem
from swingby.web.domain.sent_facts import MOST_FACTS
from swingby.web.models import TokenScope

if TYPE_CHECKING:
    from ninja import NinjaAPI

#: What may be said once and is kept for a day.
KEY: Mapping[str, Any] = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]+$"}
_MATCHED = tuple(
    f"/api/v1/{name}/"
    for name in (
        *(
            "reports/{report}",
            "disputes/{dispute}",
            "registrations/{registration}",
            "review-lines/{line}",
            "appeals/{appeal}",
        ),
        *("exceptions/{exception}", "organizations/{organization}/users/{person}"),
        *("firms/{firm}/vouchers/{voucher}", "firms/{firm}/badges/own/{badge}"),
    )
)
_REF = "#/components/schemas/{model}"
_PROBLEM = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_ALWAYS: Mapping[str, str] = {
    "400": "The body cannot be read",
    "401": "No living token",
    "403": "The token or its maker may not do this",
    "404": "Nothing here that the token may see",
    "422": "Something is wrong with the request; every issue has its place",
    "429": "Too many requests; `Retry-After` says when",
}
_WHEN_WRITING: Mapping[str, str] = {
    "409": "Somebody else was faster",
    "412": "It changed since it was read",
    "413": "Too much for one request",
}


def complete_description(schema: dict[str, Any], api: NinjaAPI) -> None:
    """Add to the description what ninja does not know."""
    schema["components"].setdefault("schemas", {}).update(_problem_schemas())
    schema["components"]["securitySchemes"] = {
        "Token": {"type": "http", "scheme": "bearer", "description": "A token from the page API tokens."}
    }
    scopes = _scopes(api)
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            _complete(operation, (method, path), scopes.get(operation["operationId"]))


def _problem_schemas() -> dict[str, Any]:
    problem = Problem.model_json_schema(ref_template=_REF, mode="serialization")
    return {**problem.pop("$defs"), "Problem": problem}


def _scopes(api: NinjaAPI) -> dict[str, TokenScope]:
    """Operation -> the scope that it asks for."""
    return {
        operation.operation_id or api.get_openapi_operation_id(operation): auth.scope
        for router in api._get_bound_routers()  # noqa: SLF001 - ninja's own description is made from them
        for view in router.path_operations.values()
        for operation in view.operations
        for auth in operation.auth_callbacks
        if isinstance(auth, Token)
    }


def _complete(operation: dict[str, Any], at: tuple[str, str], scope: TokenScope | None) -> None:
    method, path = at
    refusals = {**_ALWAYS, **(_WHEN_WRITING if method != "get" else {})}
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    answers |= {status: {"description": words, **_PROBLEM} for status, words in refusals.items()}
    if method == "get":
        answers["304"] = {"description": "As `If-None-Match` says: nothing new"}
        operation["parameters"].append(_header("If-None-Match", "The ETag of what you have."))
    else:
        operation["parameters"].append(
            _header("Idempotency-Key", "The same key within a day gets the same answer.", KEY)
        )
        if path.startswith(_MATCHED):
            operation["parameters"].append(_header("If-Match", "Refuse with 412 if it is no longer this ETag."))
    operation["responses"] = answers
    _describe_files(operation)
    if operation.pop("x-cloudevents", False):
        _describe_events(operation)
    operation["responses"] = dict(sorted(operation["responses"].items()))
    if scope is not None:
        operation["security"] = [{"Token": [str(scope)]}]


def _describe_files(operation: dict[str, Any]) -> None:
    """A file is no JSON: which media type it has."""
    media_type = operation.pop("x-media-type", "application/octet-stream")
    for answer in operation["responses"].values():
        described = answer.get("content", {}).get("application/json", {}).get("schema", {})
        if described.get("format") == "binary":
            answer["content"] = {media_type: {"schema": described}}


def _describe_events(operation: dict[str, Any]) -> None:
    """The body of CloudEvents, which three media types carry."""
    event = {
        "type": "object",
        "required": ["specversion", "type", "source", "id"],
        "properties": {
            "specversion": {"const": "1.0"},
            "type": {"type": "string", "pattern": TYPE.pattern, "maxLength": 200},
            "source": {"type": "string", "minLength": 1, "maxLength": 200},
            "id": {"type": "string", "minLength": 1, "maxLength": 200},
            "time": {"type": "string", "format": "date-time"},
            "data": {"type": "object"},
        },
    }
    many = {"type": "array", "items": event, "minItems": 1, "maxItems": MOST_FACTS}
    operation["requestBody"] = {
        "required": True,
        "content": {
            "application/cloudevents+json": {"schema": event},
            "application/cloudevents-batch+json": {"schema": many},
        },
    }
    operation["responses"]["415"] = {"description": "No media type of CloudEvents", **_PROBLEM}


def _header(name: str, words: str, schema: Mapping[str, Any] | None = None) -> dict[str, Any]:
    described = schema or {"type": "string"}
    return {"in": "header", "name": name, "required": False, "description": words, "schema": dict(described)}
