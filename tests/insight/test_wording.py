"""Numbers read as people write them; the examples in the module are the cases."""

import doctest

import pytest

from swingby.insight import wording


def test_the_examples_hold() -> None:
    found = doctest.testmod(wording)
    assert (found.failed, found.attempted) == (0, 5)


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0994, "9.9 %"), (0.0996, "10 %"), (-0.0001, "0.0 %"), (1.5, "150 %"), (0.0, "0.0 %"), (-0.5, "−50 %")],
)
def test_small_shares_have_a_decimal_and_nothing_has_no_sign(share: float, words: str) -> None:
    assert wording.percent(share) == words
