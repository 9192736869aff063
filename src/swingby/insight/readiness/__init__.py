"""Question 11: which questions these facts can answer."""
