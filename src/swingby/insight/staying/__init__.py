"""Question 5: who stays, and for how long."""
