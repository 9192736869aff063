"""A slow, obvious second evaluator of the program language, for tests only.

It shares no code with the product: programs are raw YAML, numbers exact fractions, time is walked day by
day. Where it and the engine differ, one of them misreads the language.
"""

from .evaluate import evaluate, look_at
from .tree import Result, World, read_program, read_yaml

__all__ = ["Result", "World", "evaluate", "look_at", "read_program", "read_yaml"]
