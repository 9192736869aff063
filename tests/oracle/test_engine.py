"""The engine equals the oracle on generated programs and facts."""

from __future__ import annotations

import os

import pytest

from tests.oracle import parts
from tests.oracle.shares import EXAMPLES, hold

#: A thousand in parts, of which continuous integration takes one with each commit.
PARTS = 10


@pytest.mark.skipif(os.environ.get("CI") == "true", reason="by design: a part of the thousand says more")
def test_engine_equals_oracle_on_a_hundred_examples() -> None:
    hold(EXAMPLES["quick"])


@pytest.mark.slow
@pytest.mark.proof(turns=PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_engine_equals_oracle_on_a_thousand_examples(part: int) -> None:
    hold(EXAMPLES["proof"] // PARTS, part=part)


@pytest.mark.slow
@pytest.mark.long
def test_engine_equals_oracle_on_ten_thousand_examples() -> None:
    parts.hold(parts.run())
