"""The tokens of the small world; Django is not needed to know them."""

from __future__ import annotations


def token_of(person: str) -> str:
    """The token that a person's other system presents: good for everything that the person may do."""
    return f"swb_{person}_an-example-secret"
