"""The engine equals the oracle on generated programs and facts."""

from __future__ import annotations

import os

import pytest

from tests.oracle import parts
from tests.oracle.shares import EXAMPLES, hold


@pytest.mark.skipif(os.environ.get("CI") == "true", reason="by design: the three hundred say more")
def test_engine_equals_oracle_on_a_hundred_examples() -> None:
    hold(EXAMPLES["quick"])


@pytest.mark.slow
@pytest.mark.proof
def test_engine_equals_oracle_on_three_hundred_examples() -> None:
    hold(EXAMPLES["proof"])


@pytest.mark.slow
@pytest.mark.long
def test_engine_equals_oracle_on_ten_thousand_examples() -> None:
    parts.hold(parts.run())
