"""What every job of evidence does around its question: it begins once, says how far it is, and tells what broke."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

from swingby.errors import SwingbyError
from swingby.web.domain.cards.asking import UNFINISHED
from swingby.web.domain.cards.plain_words import in_plain_words
from swingby.web.domain.errors import RefusedError
from swingby.web.models import CardState, Experiment, KeptCard
from swingby.web.tenancy import act_for_owner

BROKE_OFF = "It broke off. Ask again; if it breaks off again, tell whoever runs this application."
Row = TypeVar("Row", KeptCard, Experiment)


def begin(model: type[Row], key: str, *, owner: str, progress: str) -> Row | None:
    """The row of a job that is to be done now; None where it is done already."""
    with act_for_owner(owner):
        rows = model.objects.filter(pk=key, state__in=UNFINISHED)
        changed = rows.update(state=CardState.RUNNING, progress=progress)
        return model.objects.select_related("program").get(pk=key) if changed == 1 else None


def tell(row: KeptCard | Experiment, **said: Any) -> None:
    """Write down how far a job is, or how it ended."""
    with act_for_owner(row.owner_id):
        type(row).objects.filter(pk=row.pk).update(**said)


@contextmanager
def told_if_it_fails(row: KeptCard | Experiment, **also: Callable[[], Any]) -> Iterator[ExitStack]:
    """Do the work; what is entered into the stack is closed, and what breaks is told, with ``also`` as it is then.

    Raises
    ------
    Exception
        What nobody foresaw, once it is told: who runs the application finds it in the worker's log.
    """
    try:
        with ExitStack() as opened:
            yield opened
    except SwingbyError as error:
        _fail(row, in_plain_words(f"{error.message} {error.hint}".strip()), also)
    except RefusedError as error:
        _fail(row, str(error), also)
    except Exception:
        # A progress that never ends would say less than this.
        _fail(row, BROKE_OFF, also)
        raise


def _fail(row: KeptCard | Experiment, reason: str, also: Mapping[str, Callable[[], Any]]) -> None:
    tell(row, state=CardState.FAILED, progress=reason, **{name: value() for name, value in also.items()})
