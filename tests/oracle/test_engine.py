"""The engine equals the oracle on generated programs and facts."""

from __future__ import annotations

import os

import pytest

from tests.oracle.shares import EXAMPLES, hold


@pytest.mark.skipif(os.environ.get("CI") == "true", reason="by design: the three hundred examples say more")
def test_engine_equals_oracle_on_a_hundred_examples() -> None:
    hold(EXAMPLES["quick"])


@pytest.mark.slow
def test_engine_equals_oracle_on_three_hundred_examples() -> None:
    hold(EXAMPLES["test"])


@pytest.mark.slow
@pytest.mark.long
def test_engine_equals_oracle_on_a_thousand_examples() -> None:
    hold(EXAMPLES["by hand"])


@pytest.mark.slow
@pytest.mark.long
def test_engine_equals_oracle_on_ten_thousand_examples() -> None:
    hold(EXAMPLES["long"])
