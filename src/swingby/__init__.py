"""Swingby: partner programs that lift both sides, and prove that they do."""

__version__ = "0.1.0"
