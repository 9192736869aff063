"""The parts of ``./run bench engine``: the rules, the facts, Swingby and its peers."""
