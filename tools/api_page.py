"""docs/reference/api.md, made from the description that the API gives of itself.

`python -m tools.api_page` writes the page anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tools.places import ROOT

PAGE = ROOT / "docs" / "reference" / "api.md"
PROBLEM = "application/problem+json"
_HEAD = """# API

Made from the description that a running application gives at `/api/v1/openapi.json` (OpenAPI 3.1) by
`python -m tools.api_page`. How to begin: [Use the API](../how-to/use-the-api.md) and
[Send facts from your own system](../how-to/send-facts.md).

- Every request presents a token: `Authorization: Bearer swb_...`. It acts for who made it, at one organization, within its
  scopes. Strangers get 404, insiders without the right 403.
- Lists come in pages of at most 200 rows; `next` is the `cursor` of the following page.
- What is read carries an `ETag`: `If-None-Match` answers 304, and `If-Match` refuses to act on what changed (412).
- `Idempotency-Key` gives a repeated request the answer of the first one for 24 hours.
- Amounts and counts are text such as `"1200.50"`; estimates on cards of evidence are numbers.
- A refusal is `application/problem+json` with a stable `code`, and `issues` that each have a place, a code and a hint.
- So many requests a minute are let through for each token, counted at each web process; then 429 with `Retry-After`.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_operations(description())])


def description() -> Mapping[str, Any]:
    """What the API says of itself."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swingby.web.settings")
    django.setup()
    from swingby.web.api.urls import api

    return api.get_openapi_schema(path_prefix="/api/v1/")


def _operations(schema: Mapping[str, Any]) -> Iterator[str]:
    sections: dict[str, list[str]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            written = _operation(method.upper(), path, operation, schema["components"]["schemas"])
            sections.setdefault(operation["tags"][0], []).extend(written)
    for tag, lines in sections.items():
        yield f"## {tag.capitalize()}\n"
        yield from lines


def _operation(method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {method} {path}\n"
    yield f"{operation['description']}\n"
    yield f"Scope `{operation['security'][0]['Token'][0]}`.\n"
    asked = [f"`{each['name']}`" for each in operation["parameters"] if each["in"] == "query"]
    if asked:
        yield f"Query: {', '.join(asked)}.\n"
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"Body `{media_type}`: {_fields(content['schema'], schemas)}.\n"
    for status, answer in operation["responses"].items():
        for media_type, content in answer.get("content", {}).items():
            if media_type != PROBLEM:
                yield f"Answer {status}: {_fields(content['schema'], schemas)}.\n"


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """The fields of a value, those that must be there in bold."""
    for inner in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        if inner.get("type") != "null":
            return _fields(inner, schemas)
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "array":
        return f"a list of {_fields(schema['items'], schemas)}"
    names = schema.get("properties", {})
    required = set(schema.get("required", ()))
    listed = [f"**`{name}`**" if name in required else f"`{name}`" for name in names]
    return ", ".join(listed) or "nothing" if schema.get("type") == "object" else "a file"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
