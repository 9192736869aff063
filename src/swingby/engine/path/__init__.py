"""Paths: the least effort, by acts that the partner controls, that reaches a tier."""

from __future__ import annotations

from swingby.engine.path.answer import Block, Condition, Gain, Least, Outlook, Path, PathStep, Risk, Total
from swingby.engine.path.finding import find_path
from swingby.engine.path.telling import unsaid

__all__ = [
    "Block",
    "Condition",
    "Gain",
    "Least",
    "Outlook",
    "Path",
    "PathStep",
    "Risk",
    "Total",
    "find_path",
    "unsaid",
]
