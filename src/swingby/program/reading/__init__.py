"""Reading YAML: from text to nodes, and from nodes to what they say, noting every issue on the way.

Programs are read with it, and so is whatever else people write in YAML. Other rooms import from here.
"""

from __future__ import annotations

from swingby.program.reading.folders import Roots, read_roots
from swingby.program.reading.header import CURRENCY_CODE
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.reader import Fields, Reader, did_you_mean, shorten
from swingby.program.reading.scalars import COUNT, DAY, NAME, NUMBER, TEXT, TRUTH, WORD, choice, from_text, list_of
from swingby.program.reading.shapes import Construct, Key, ListOf, Literal, Shape
from swingby.program.reading.time import LENGTH

__all__ = [
    "COUNT",
    "CURRENCY_CODE",
    "DAY",
    "LENGTH",
    "NAME",
    "NUMBER",
    "TEXT",
    "TRUTH",
    "WORD",
    "Construct",
    "Fields",
    "Key",
    "ListNode",
    "ListOf",
    "Literal",
    "MapNode",
    "Node",
    "Reader",
    "Roots",
    "ScalarNode",
    "Shape",
    "choice",
    "did_you_mean",
    "from_text",
    "list_of",
    "read_roots",
    "shorten",
]
