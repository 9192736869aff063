"""Question 10: who reached a line by its last days."""
