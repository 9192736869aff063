"""Pages of lists: a bounded number of rows and a cursor that names the last one, so that no page skips or repeats."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from ninja import Schema
from pydantic import Field

from swingby.web.api.problems import Issue, ProblemError

MOST_ROWS = 200
USUAL_ROWS = 50
LONGEST_CURSOR = 600
Row = TypeVar("Row", bound=models.Model)


class PageQuery(Schema):
    """How much of a list, and from where on."""

    limit: int = Field(USUAL_ROWS, ge=1, le=MOST_ROWS, description="How many rows at most.")
    cursor: str = Field("", max_length=LONGEST_CURSOR, description="The `next` of the page before.")


def page_of(rows: models.QuerySet[Row], query: PageQuery, *, order: Sequence[str]) -> tuple[list[Row], str | None]:
    """The rows of one page and the cursor of the next one; ``order`` names fields, all in one direction.

    The last field must tell rows apart.
    """
    if query.cursor:
        rows = rows.filter(_after(rows.model, order, query.cursor))
    found = list(rows.order_by(*order)[: query.limit + 1])
    page = found[: query.limit]
    return page, _cursor(page[-1], order) if len(found) > query.limit else None


def _names(order: Sequence[str]) -> list[str]:
    return [name.removeprefix("-") for name in order]


def _cursor(row: models.Model, order: Sequence[str]) -> str:
    values = [_written(getattr(row, name)) for name in _names(order)]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _written(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _after(model: type[models.Model], order: Sequence[str], cursor: str) -> models.Q:
    """What comes behind the row that a cursor names: a greater first field, or the same and a greater second."""
    test = "lt" if order[0].startswith("-") else "gt"
    condition, same = models.Q(pk__in=[]), models.Q()
    for name, value in zip(_names(order), _read(model, order, cursor), strict=True):
        condition |= same & models.Q(**{f"{name}__{test}": value})
        same &= models.Q(**{name: value})
    return condition


def _read(model: type[models.Model], order: Sequence[str], cursor: str) -> list[Any]:
    try:
        texts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        if not isinstance(texts, list) or len(texts) != len(order):
            raise _wrong_cursor()
        return [_value(model, name, text) for name, text in zip(_names(order), texts, strict=True)]
    except (binascii.Error, ValueError, ValidationError) as error:
        raise _wrong_cursor() from error


def _value(model: type[models.Model], name: str, text: Any) -> Any:
    if not isinstance(text, str) or "\0" in text:
        raise _wrong_cursor()
    text.encode()  # Half a character is no text that PostgreSQL knows.
    field: Any = model._meta.get_field("id" if name == "pk" else name)  # noqa: SLF001 - Django's public name
    value = field.to_python(text)
    if value is None or (isinstance(value, int) and not -(2**63) <= value < 2**63):
        raise _wrong_cursor()
    return value


def _wrong_cursor() -> ProblemError:
    issue = Issue(location="query.cursor", code="cursor", message="This is no cursor of this list.")
    return ProblemError(
        HTTPStatus.NOT_FOUND, "Send `next` of the page before as it came.", code="cursor", issues=[issue]
    )
