"""The error family."""

import pickle

from swingby.errors import SwingbyError


class Lost(SwingbyError):
    """An error with a constructor of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(code="lost", message=f"{name} is lost.")


def test_an_error_reads_as_message_and_hint() -> None:
    assert str(SwingbyError(code="lost", message="It is lost.", hint="Look again.")) == "It is lost. Look again."


def test_an_error_without_a_hint_is_its_message() -> None:
    assert str(SwingbyError(code="lost", message="It is lost.")) == "It is lost."


def test_an_error_travels_between_processes() -> None:
    found = pickle.loads(pickle.dumps(Lost("The key")))
    assert (type(found), found.code, found.message, found.hint) == (Lost, "lost", "The key is lost.", "")
