"""The room of evidence: which questions can be answered, asking, cards with their decisions, and what partners read."""
