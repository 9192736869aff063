"""Question 8: what a change of the program did."""
