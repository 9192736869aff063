"""The firm is written once for all tests of this folder."""

from __future__ import annotations

from tests.generation.firm.conftest import firm

__all__ = ["firm"]
