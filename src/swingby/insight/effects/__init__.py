"""Question 1: whether an act raised an outcome."""
