"""Writes documents: PDF files from templates and values.

Outsiders import from here; the modules inside may move.
"""

from __future__ import annotations

from swingby.documents.guides import Marked, guide_paper
from swingby.documents.typesetting import typeset

__all__ = ["Marked", "guide_paper", "typeset"]
