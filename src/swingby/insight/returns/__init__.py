"""Question 9: whether an act pays for what it costs."""
