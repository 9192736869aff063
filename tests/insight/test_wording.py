"""Numbers read as people write them; the examples in the module are the cases."""

import doctest
from types import ModuleType

import pytest

from swingby.insight import wording
from swingby.insight.showing import chart, markup, saying


@pytest.mark.parametrize(("module", "examples"), [(wording, 8), (saying, 11), (markup, 1), (chart, 2)])
def test_the_examples_hold(module: ModuleType, examples: int) -> None:
    found = doctest.testmod(module)
    assert (found.failed, found.attempted) == (0, examples)


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0994, "9.9 %"), (0.0996, "10 %"), (-0.0001, "0.0 %"), (1.5, "150 %"), (0.0, "0.0 %"), (-0.5, "−50 %")],
)
def test_small_shares_have_a_decimal_and_nothing_has_no_sign(share: float, words: str) -> None:
    assert wording.percent(share) == words
