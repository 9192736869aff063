"""Question 7: what the next quarter brings."""
