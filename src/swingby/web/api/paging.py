"""Pages of lists: a bounded number of rows and a cursor that names the last one, so that no page skips or repeats."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
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
Item = TypeVar("Item")


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


def keyed_page(rows: Sequence[Item], query: PageQuery, *, key: Callable[[Item], str]) -> tuple[list[Item], str | None]:
    """One page of rows behind the key of a cursor; each key is there once, and they may be more than fit."""
    after = key_after(query)
    waiting = sorted((row for row in rows if key(row) > after), key=key)
    page = waiting[: query.limit]
    return page, key_cursor(key(page[-1])) if len(waiting) > query.limit else None


def key_after(query: PageQuery) -> str:
    """The key behind which a page begins."""
    return _texts(query.cursor, 1)[0] if query.cursor else ""


def key_cursor(key: str) -> str:
    """The cursor of a list that is in the order of one key."""
    return _written_cursor([key])


def _names(order: Sequence[str]) -> list[str]:
    return [name.removeprefix("-") for name in order]


def _cursor(row: models.Model, order: Sequence[str]) -> str:
    return _written_cursor([_written(getattr(row, name)) for name in _names(order)])


def _written_cursor(values: Sequence[str]) -> str:
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
    texts = _texts(cursor, len(order))
    try:
        return [_value(model, name, text) for name, text in zip(_names(order), texts, strict=True)]
    except (ValueError, OverflowError, ValidationError) as error:
        raise _wrong_cursor() from error


def _texts(cursor: str, many: int) -> list[str]:
    """The texts that a cursor holds, without any that PostgreSQL does not know."""
    try:
        texts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        if not isinstance(texts, list) or len(texts) != many:
            raise _wrong_cursor()
        for text in texts:
            if not isinstance(text, str) or "\0" in text:
                raise _wrong_cursor()
            text.encode()  # Half a character is no text that PostgreSQL knows.
    except (ValueError, RecursionError) as error:
        raise _wrong_cursor() from error
    return texts


def _value(model: type[models.Model], name: str, text: str) -> Any:
    field: Any = model._meta.get_field("id" if name == "pk" else name)  # noqa: SLF001 - Django's public name
    value = field.to_python(text)
    if value is None or (isinstance(value, int) and not -(2**63) <= value < 2**63):
        raise _wrong_cursor()
    return _moment(value) if isinstance(value, datetime) else value


def _moment(value: datetime) -> datetime:
    """A moment without a zone is none of ours, and PostgreSQL knows no zone as far away as Python does."""
    if value.tzinfo is None:
        raise _wrong_cursor()
    return value.astimezone(UTC)


def _wrong_cursor() -> ProblemError:
    issue = Issue(location="query.cursor", code="cursor", message="This is no cursor of this list.")
    return ProblemError(
        HTTPStatus.NOT_FOUND, "Send `next` of the page before as it came.", code="cursor", issues=[issue]
    )
